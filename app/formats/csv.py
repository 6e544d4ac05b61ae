"""The flat form of an answer: one row of a table, joinable by id.

A nested object becomes a column for each of its values (`reference.year`). A list of objects with
an id becomes one column of ids (`crbn`; if the objects have a type, `entity:crbn`) and one for each
further value. Other objects in a list become a column for each value. An object of unknown type
stays JSON.
Items of a list are joined by `|`, those of a list within a list by `,`; a `|` or a backslash in an
item is preceded by a backslash. A cell that a spreadsheet would take for a formula gets a `'` in
front, and so does one that begins with `'`: removing the first `'` always gives back the text.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.schema.columns import Stamp

SEPARATORS = "|,"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
TYPED = "type:id"
"""The key of a column of ids with their types."""
MARK = "\ufeff"
"""The byte-order mark, by which spreadsheets recognise UTF-8."""


class FieldAt(NamedTuple):
    """A field, and the shape that has it."""

    shape: type[BaseModel]
    name: str
    info: FieldInfo


class Column(NamedTuple):
    """A column of the flat form: its name, and the keys that lead to its value."""

    name: str
    path: tuple[str, ...]
    places: tuple[FieldAt, ...]
    """The fields that lead to it."""


def columns(shape: type[BaseModel]) -> list[Column]:
    """The columns of a shape, in the order of its fields; stamps come last."""
    fields = sorted(shape.model_fields.items(), key=lambda field: field[0] in Stamp.model_fields)
    return [column for field in fields for column in _named(shape, *field)]


def header(of: Sequence[Column]) -> str:
    """The first line of a table, with the names of its columns."""
    return _csv([[column.name for column in of]])


def lines(items: Iterable[str], of: Sequence[Column]) -> str:
    """The lines of a table (CSV, RFC 4180) for rows that are JSON texts."""
    rows = (json.loads(item) for item in items)
    return _csv([_safe(_cell(value(row, column.path))) for column in of] for row in rows)


def _below(annotation: Any) -> Iterator[Column]:
    """The columns within a field, with their names and paths relative to it."""
    shape = next(filter(_is_shape, (annotation, *get_args(annotation))), None)
    if shape is None:
        yield Column("", (), ())
        return
    fields = shape.model_fields
    listed = get_origin(annotation) is list and "id" in fields
    if listed and "type" not in fields:
        yield Column("", ("id",), (FieldAt(shape, "id", fields["id"]),))
        return
    if listed:
        yield Column("", (TYPED,), ())
    for name, info in fields.items():
        if not (listed and name in ("type", "id")):
            yield from _named(shape, name, info)


def _named(shape: type[BaseModel], name: str, info: FieldInfo) -> Iterator[Column]:
    """The columns of a field, their names beginning with its own."""
    here = FieldAt(shape, name, info)
    for suffix, path, places in _below(info.annotation):
        yield Column(".".join(filter(None, (name, suffix))), (name, *path), (here, *places))


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
