"""The flat form of an answer: one row of a table, joinable by id.

A nested object becomes a column for each of its values (`reference.year`). A list of objects with
an id becomes one column of their ids, such as `crbn`, or, where their type tells whose id it is, of
both, such as `entity:crbn`, and one for each further value; other objects in a list become a column
for each value. An object of which no type is known stays JSON.
Items of a list are joined by `|`, those of a list within a list by `,`; a `|` or a backslash in an
item is preceded by a backslash. A cell that a spreadsheet would take for a formula gets a `'` in
front, and so does one that begins with `'`, so that taking it off again gives the text.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from app.schema.columns import Stamp

SEPARATORS = "|,"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
TYPED = "type:id"
"""The key of the column that tells whose id it is."""
MARK = "\ufeff"
"""What spreadsheets recognise UTF-8 by."""


@dataclass(frozen=True)
class Column:
    """A column of the flat form: its name, and the keys that lead to its value."""

    name: str
    path: tuple[str, ...]


def columns(shape: type[BaseModel]) -> list[Column]:
    """The columns of a shape, in the order of its fields; stamps come last."""
    fields = sorted(shape.model_fields.items(), key=lambda field: field[0] in Stamp.model_fields)
    return [
        Column(".".join((name, *suffix)), (name, *path))
        for name, info in fields
        for suffix, path in _below(info.annotation)
    ]


def header(of: Sequence[Column]) -> str:
    """The first line of a table, with the names of its columns."""
    return _csv([[column.name for column in of]])


def lines(items: Iterable[str], of: Sequence[Column]) -> str:
    """The lines of a table (CSV, RFC 4180) for rows that are JSON texts."""
    rows = (json.loads(item) for item in items)
    return _csv([_safe(_cell(value(row, column.path))) for column in of] for row in rows)


def _below(annotation: Any) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The names and the keys of the values within a field."""
    kind = next(filter(_is_shape, (annotation, *get_args(annotation))), None)
    listed = get_origin(annotation) is list
    if kind is None:
        yield (), ()
    elif listed and "id" in kind.model_fields and "type" not in kind.model_fields:
        yield (), ("id",)
    else:
        typed = {"type", "id"} if listed and "id" in kind.model_fields else set()
        if typed:
            yield (), (TYPED,)
        for name, info in kind.model_fields.items():
            if name in typed:
                continue
            for suffix, path in _below(info.annotation):
                yield (name, *suffix), (name, *path)


def _is_shape(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def value(of: Any, path: tuple[str, ...]) -> Any:
    """The value at the end of a path of keys; of each item where there is a list."""
    if of is None or not path:
        return of
    if isinstance(of, list):
        return [value(one, path) for one in of]
    if path[0] == TYPED:
        return f"{of['type']}:{of['id']}"
    return value(of[path[0]], path[1:])


def _cell(value: Any, depth: int = 0) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return SEPARATORS[depth].join(_escaped(_cell(one, depth + 1)) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _safe(cell: str) -> str:
    """A cell, quoted if a spreadsheet would take it for a formula; a lone sign is not one."""
    return f"'{cell}" if len(cell) > 1 and cell.startswith(FORMULA) else cell


def _csv(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
