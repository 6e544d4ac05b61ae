"""Read JSON strictly: no repeated keys, no NaN, no lone surrogates, no excessive nesting."""

import json
from typing import Any

DEEPEST = 32
NO_VALUE = "is not valid JSON: a number or a repeated key in it cannot be read"
HALF = "is not valid JSON: it contains half a character (a lone surrogate)"
TOO_DEEP = "is nested too deeply; at most {} levels are read"


class NotJson(Exception):
    """Why a text cannot be read, worded as the end of a sentence, and the place, if known."""

    def __init__(self, reason: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(reason)
        self.place = place
        """Line and column."""


def read_json(text: bytes, deepest: int = DEEPEST) -> Any:
    """The value of a JSON text; raises NotJson if it is not valid or too deeply nested."""
    try:
        found = json.loads(
            text.decode(),
            parse_constant=_refuse_constant,
            parse_float=_number,
            object_pairs_hook=_mapping,
        )
    except UnicodeDecodeError as error:
        raise NotJson("is not valid UTF-8") from error
    except json.JSONDecodeError as error:
        raise NotJson("is not valid JSON", (error.lineno, error.colno)) from error
    except ValueError as error:
        # Numbers with more digits than Python allows, and what the functions below refuse.
        raise NotJson(NO_VALUE) from error
    except RecursionError as error:
        raise NotJson(TOO_DEEP.format(deepest)) from error
    # A text with few brackets cannot be nested deeply, which is the usual case.
    if text.count(b"{") + text.count(b"[") > deepest and _depth(found) > deepest:
        raise NotJson(TOO_DEEP.format(deepest))
    if b"\\ud" in text or b"\\uD" in text:
        _refuse_half_characters(found)
    return found


def _refuse_half_characters(found: Any) -> None:
    """Refuse lone surrogates, which only escapes can produce and nothing can store."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NotJson(HALF) from error


def _refuse_constant(_: str) -> float:
    raise ValueError("not a JSON number")


def _number(text: str) -> int | float:
    """A number; one without a fraction becomes an integer, however it is written."""
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise ValueError("too large")
    return int(found) if found.is_integer() and abs(found) < 2**53 else found


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _depth(value: Any) -> int:
    """How deeply a value is nested, counted without recursion."""
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        inner: list[Any] = []
        for one in level:
            inner += one.values() if isinstance(one, dict) else one
        depth, level = depth + 1, inner
    return depth
