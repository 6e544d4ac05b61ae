"""The controlled lists: the values of every coded field, with their definitions."""

from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import yaml

from app.settings import ROOT

FILE = ROOT / "seed" / "data" / "vocabulary.yaml"
# The C loader is ten times as fast, but not every build of PyYAML has it.
YAML: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Term(TypedDict):
    """One value of a controlled list, with its definition and attributes."""

    id: str
    definition: str
    rank: NotRequired[int]
    rule: NotRequired[str]
    sign: NotRequired[str | None]
    edge: NotRequired[bool]
    contrast: NotRequired[bool]
    favours: NotRequired[str | None]
    eco: NotRequired[str | None]
    eco_label: NotRequired[str | None]
    xrefs: NotRequired[list[str]]


class Unusable(SystemExit):
    """The vocabulary cannot be used, so no type can be built: the program ends with one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot start: {reason}")


def read_lists(path: Path) -> dict[str, list[Term] | str]:
    """Read the controlled lists of a file; every word must have an id."""
    try:
        found = yaml.load(path.read_text("utf-8"), YAML)  # noqa: S506 - a safe one
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise Unusable(f"{path}: {where}is not valid YAML in UTF-8") from error
    if not isinstance(found, dict):
        raise Unusable(f"{path}: is not a mapping of lists")
    for name, listed in found.items():
        if isinstance(listed, list) and not all(map(_has_id, listed)):
            raise Unusable(f"{path}: {name}: holds a word whose id is missing or not a text")
    return found


def _has_id(word: object) -> bool:
    return isinstance(word, dict) and isinstance(word.get("id"), str)


@cache
def _loaded() -> dict[str, list[Term] | str]:
    """The content of the curated file."""
    return read_lists(FILE)


@cache
def vocabulary() -> dict[str, list[Term]]:
    """All lists by name, in the order of the curated file."""
    return {name: words for name, words in _loaded().items() if isinstance(words, list)}


def level_note() -> str:
    """What the levels mean, and what they do not."""
    return str(_loaded()["level_note"])


def words(name: str) -> list[str]:
    """The values of one controlled list, in the order of the curated file."""
    listed = vocabulary().get(name)
    if not listed:
        raise Unusable(f"{FILE}: {name}: is missing, or holds no words")
    return [word["id"] for word in listed]
