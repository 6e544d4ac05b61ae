"""The controlled lists: the values of every coded field, with their definitions."""

from functools import cache
from typing import NotRequired, TypedDict

import yaml

from app.settings import ROOT

FILE = ROOT / "seed" / "data" / "vocabulary.yaml"


class Term(TypedDict):
    """One value of a controlled list, with its definition and attributes."""

    id: str
    definition: str
    rank: NotRequired[int]
    rule: NotRequired[str]
    sign: NotRequired[str | None]
    edge: NotRequired[bool]
    eco: NotRequired[str | None]
    eco_label: NotRequired[str | None]
    xrefs: NotRequired[list[str]]


@cache
def _loaded() -> dict[str, list[Term] | str]:
    """The content of the curated file."""
    found: dict[str, list[Term] | str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


@cache
def vocabulary() -> dict[str, list[Term]]:
    """All lists by name, in the order of the curated file."""
    return {name: words for name, words in _loaded().items() if isinstance(words, list)}


def level_note() -> str:
    """What the levels mean, and what they do not."""
    return str(_loaded()["level_note"])


def words(name: str) -> list[str]:
    """The values of one controlled list, in the order of the curated file."""
    return [word["id"] for word in vocabulary()[name]]
