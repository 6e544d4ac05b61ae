"""From a record to the rows of the tables and back, by the marks that rendering reads."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Table
from sqlmodel import SQLModel

from app.read.joins import between
from app.resources import ALL
from app.schema.columns import Key, Stamp
from app.schema.curation import CURATION
from app.schema.index import INDEX
from app.schema.kept import KEPT
from app.schema.markers import InColumn, Inline, Many, TypeIn, nested
from app.schema.words import word_tables

Values = dict[str, Any]
Row = tuple[str, Values]
"""A table and the values of one row in it."""
Tables = Mapping[str, Mapping[tuple[Any, ...], Values]]
"""Of each table the rows by primary key."""
Mark = Many | InColumn | Inline | TypeIn

RESOURCES = {one.name: one for one in ALL}
SHAPES: Mapping[str, type[Key]] = {one.name: one.write for one in ALL if one.write}
"""What is written of each type, by the name of its table."""
NAMES = {shape: name for name, shape in SHAPES.items()}
KINDS = {RESOURCES[name].plural: name for name in SHAPES}
"""The plurals of what is written, each with the name of its table."""


def rows(record: Key) -> Iterator[Row]:
    """All rows that a record makes, owners before what belongs to them."""
    yield from _rows(NAMES[type(record)], record, {})


def gathered(rows: Iterable[Row]) -> Tables:
    """The rows by table and key."""
    found: dict[str, dict[tuple[Any, ...], Values]] = {name: {} for name in tables()}
    for name, values in rows:
        found[name][tuple(values[key] for key in keys(name))] = values
    return found


def gathered_entries(name: str, rows: Tables) -> Iterator[Values]:
    """The records that rows make, as a curator writes them, by id."""
    below = _Below(rows)
    for _, row in sorted(rows[name].items()):
        yield below.entry(SHAPES[name], name, row)


@cache
def tables() -> Mapping[str, Table]:
    """The tables of the content, each after those that it refers to."""
    aside = (*word_tables().values(), *KEPT, *INDEX, *CURATION)
    others = {"dataset", *(one.name for one in aside)}
    return {one.name: one for one in SQLModel.metadata.sorted_tables if one.name not in others}


@cache
def joins(child: str, owner: str) -> tuple[tuple[str, str], ...]:
    """The columns of a table that name its owner, each with the owner's column."""
    key = between(tables()[owner], tables()[child])
    return tuple((one.parent.name, one.column.name) for one in key.elements)


@cache
def own_columns(name: str) -> tuple[str, ...]:
    """The columns of a table that follow from a record."""
    return tuple(
        one.name
        for one in tables()[name].columns
        if one.name not in Stamp.model_fields and not one.info.get("follows")
    )


@cache
def keys(name: str) -> tuple[str, ...]:
    """The columns that name a row of a table."""
    return tuple(column.name for column in tables()[name].primary_key)


@cache
def owner_of(name: str) -> tuple[str, str]:
    """The type to whose rows those of a table belong, and the column that names them."""
    if name in RESOURCES:
        return name, "id"
    column = keys(name)[0]
    return column.removesuffix("_id"), column


@cache
def nested_types() -> Mapping[str, tuple[str, str]]:
    """Types that are written within another, each with that and the column that names it."""
    return {
        mark.path: (owner, joins(mark.path, owner)[0][0])
        for owner, shape in SHAPES.items()
        for _, mark in _marked(shape)
        if isinstance(mark, Many) and mark.path in RESOURCES
    }


@cache
def place_of(name: str, field: str) -> tuple[str, str]:
    """The table and the column that hold a field of a record; a field in another after a point."""
    return _place(SHAPES[name], name, field)


def _place(shape: type[BaseModel], table: str, field: str) -> tuple[str, str]:
    first, _, rest = field.partition(".")
    mark = dict(_marked(shape)).get(first)
    inner = nested(shape.model_fields[first]) if rest else None
    match mark:
        case Many(path):
            table, _, column = path.partition(".")
            return _place(inner, table, rest) if inner else (table, column)
        case InColumn(column):
            return table, column
    return _place(inner, table, rest) if inner else (table, first)


@cache
def _marked(shape: type[BaseModel]) -> tuple[tuple[str, Mark | None], ...]:
    """The fields of a shape, each with the mark that says where its value is stored."""
    return tuple(
        (name, next((mark for mark in info.metadata if isinstance(mark, Mark)), None))
        for name, info in shape.model_fields.items()
    )


def _rows(name: str, record: BaseModel, place: Values) -> Iterator[Row]:
    """The row of a record at a place, then those of its lists."""
    lists: list[tuple[str, list[Any]]] = []
    own = dict.fromkeys(own_columns(name)) | place | _own(record, lists)
    yield name, own
    for path, items in lists:
        table, _, column = path.partition(".")
        named = {key: own[of] for key, of in joins(table, name)}
        for position, item in enumerate(items, 1):
            there = named | {"position": position}
            if column:
                yield table, dict.fromkeys(own_columns(table)) | there | {column: item}
            else:
                yield from _rows(table, item, there)


def _own(record: BaseModel, lists: list[tuple[str, list[Any]]]) -> Values:
    """The values of the record's own row; its lists are put aside."""
    own: Values = {}
    for name, mark in _marked(type(record)):
        value = getattr(record, name)
        match mark:
            case Many(path):
                lists.append((path, value))
            case Inline():
                own |= _own(value, lists)
            case InColumn(column):
                own[column] = value
            case TypeIn(field):
                own |= {name: value, f"{getattr(record, field)}_id": value}
            case _:
                own[name] = value
    return own


class _Below:
    """The rows that belong to others, in order, by the columns that name their owner."""

    def __init__(self, rows: Tables) -> None:
        self._rows = rows
        self._of: dict[tuple[str, str], dict[tuple[Any, ...], list[Values]]] = {}

    def entry(self, shape: type[BaseModel], name: str, row: Values) -> Values:
        """What a curator writes of a row and what is below it."""
        found: Values = {}
        for field, mark in _marked(shape):
            info = shape.model_fields[field]
            inner = nested(info)
            if isinstance(mark, Many):
                value: Any = self._listed(mark.path, inner, name, row)
            elif inner:
                value = self.entry(inner, name, row)
            else:
                value = row[mark.column if isinstance(mark, InColumn) else field]
            if value is not None or info.is_required():
                found[info.alias or field] = value
        return found

    def _listed(
        self, path: str, shape: type[BaseModel] | None, name: str, row: Values
    ) -> list[Any]:
        table, _, column = path.partition(".")
        key = tuple(row[of] for _, of in joins(table, name))
        items = self._grouped(table, name).get(key, [])
        return [self.entry(shape, table, item) if shape else item[column] for item in items]

    def _grouped(self, table: str, owner: str) -> dict[tuple[Any, ...], list[Values]]:
        if (table, owner) not in self._of:
            groups = self._of[table, owner] = {}
            for item in sorted(self._rows[table].values(), key=lambda one: one["position"]):
                key = tuple(item[column] for column, _ in joins(table, owner))
                groups.setdefault(key, []).append(item)
        return self._of[table, owner]
