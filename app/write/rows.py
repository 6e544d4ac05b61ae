"""Convert records to table rows and back, guided by the same marks as rendering."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from json import JSONEncoder
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import Table
from sqlmodel import SQLModel

from app.read.joins import between
from app.resources import ALL
from app.schema.columns import Key, Stamp
from app.schema.curation import CURATION
from app.schema.index import INDEX
from app.schema.markers import InColumn, Inline, Many, TypeIn, nested
from app.schema.stored_counts import KEPT
from app.schema.words import word_tables

JSON = JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Values = dict[str, Any]
Row = tuple[str, Values]
"""A table and the values of one row in it."""
Tables = Mapping[str, Mapping[tuple[Any, ...], Values]]
"""The rows of each table, by primary key."""
Mark = Many | InColumn | Inline | TypeIn

RESOURCES = {one.name: one for one in ALL}
SHAPES: Mapping[str, type[Key]] = {one.name: one.write for one in ALL if one.write}
"""The written form of each type, by the name of its table."""
NAMES = {shape: name for name, shape in SHAPES.items()}
KINDS = {RESOURCES[name].plural: name for name in SHAPES}
"""The plurals of the written types, each with the name of its table."""


def rows(record: Key) -> Iterator[Row]:
    """All the rows that a record makes, owners before what belongs to them."""
    yield from _rows(NAMES[type(record)], record, {})


def gathered(rows: Iterable[Row]) -> Tables:
    """Group rows by table and primary key."""
    found: dict[str, dict[tuple[Any, ...], Values]] = {name: {} for name in tables()}
    for name, values in rows:
        found[name][tuple([values[key] for key in keys(name)])] = values
    return found


def curated_entry(record: BaseModel) -> Values:
    """The written form of a record, just as its rows would give it back."""
    found: Values = {}
    for field in _fields(type(record)):
        value = _plain(getattr(record, field.name))
        if value is not None or field.required:
            found[field.key] = value
    return found


def curated_json(record: BaseModel) -> str:
    """The written form of a record as JSON."""
    # Pydantic is ten times as fast, but cannot leave out only what may be left out.
    if _is_whole(type(record)):
        return record.model_dump_json(by_alias=True)
    return JSON.encode(curated_entry(record))


@cache
def _is_whole(shape: type[BaseModel]) -> bool:
    """Whether records of a shape have all their fields written."""
    return all(
        one.required and (one.inner is None or _is_whole(one.inner)) for one in _fields(shape)
    )


def gathered_entries(name: str, rows: Tables) -> Iterator[Values]:
    """The records of a type that these rows make, in the written form, ordered by id."""
    below = _Below(rows)
    for _, row in sorted(rows[name].items()):
        yield below.entry(SHAPES[name], name, row)


@cache
def tables() -> Mapping[str, Table]:
    """The tables of the content, each after those it refers to."""
    aside = (*word_tables().values(), *KEPT, *INDEX, *CURATION)
    others = {"dataset", *(one.name for one in aside)}
    return {one.name: one for one in SQLModel.metadata.sorted_tables if one.name not in others}


@cache
def joins(child: str, owner: str) -> tuple[tuple[str, str], ...]:
    """The columns of a table that refer to its owner, each with the owner's column."""
    key = between(tables()[owner], tables()[child])
    return tuple((one.parent.name, one.column.name) for one in key.elements)


@cache
def own_columns(name: str) -> tuple[str, ...]:
    """The columns of a table that come from a record: neither stamps nor derived later."""
    return tuple(
        one.name
        for one in tables()[name].columns
        if one.name not in Stamp.model_fields and not one.info.get("follows")
    )


@cache
def keys(name: str) -> tuple[str, ...]:
    """The primary key columns of a table."""
    return tuple(column.name for column in tables()[name].primary_key)


@cache
def owner_of(name: str) -> tuple[str, str]:
    """The type to which the rows of a table belong, and the column with its row's id."""
    if name in RESOURCES:
        return name, "id"
    column = keys(name)[0]
    return column.removesuffix("_id"), column


@cache
def nested_types() -> Mapping[str, tuple[str, str]]:
    """Types written within another, each with that type and the column that refers to it."""
    return {
        mark.path: (owner, joins(mark.path, owner)[0][0])
        for owner, shape in SHAPES.items()
        for mark in (field.mark for field in _fields(shape))
        if isinstance(mark, Many) and mark.path in RESOURCES
    }


@cache
def place_of(name: str, field: str) -> tuple[str, str]:
    """The table and column that hold a field of a record; `a.b` means field `b` within `a`."""
    return _place(SHAPES[name], name, field)


def _place(shape: type[BaseModel], table: str, field: str) -> tuple[str, str]:
    first, _, rest = field.partition(".")
    field_of = {one.name: one for one in _fields(shape)}[first]
    inner = field_of.inner if rest else None
    match field_of.mark:
        case Many(path):
            table, _, column = path.partition(".")
            return _place(inner, table, rest) if inner else (table, column)
        case InColumn(column):
            return table, column
    return _place(inner, table, rest) if inner else (table, first)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return curated_entry(value) if isinstance(value, BaseModel) else value


class _Field(NamedTuple):
    """A field of a shape: its name, its name in the files, and where it is stored."""

    name: str
    key: str
    mark: Mark | None
    inner: type[BaseModel] | None
    """The shape of the mappings in the field, if it holds any."""
    required: bool


@cache
def _fields(shape: type[BaseModel]) -> tuple[_Field, ...]:
    return tuple(
        _Field(
            name,
            info.alias or name,
            next((mark for mark in info.metadata if isinstance(mark, Mark)), None),
            nested(info),
            info.is_required(),
        )
        for name, info in shape.model_fields.items()
    )


def _rows(name: str, record: BaseModel, place: Values) -> Iterator[Row]:
    """The row of a record, with `place` naming its owner and position, then its lists."""
    lists: list[tuple[str, list[Any]]] = []
    own = {**_empty(name), **place, **_own(record, lists)}
    yield name, own
    for path, items in lists:
        if not items:
            continue
        table, _, column = path.partition(".")
        named = {key: own[of] for key, of in joins(table, name)}
        for position, item in enumerate(items, 1):
            if column:
                yield table, {**_empty(table), **named, "position": position, column: item}
            else:
                yield from _rows(table, item, {**named, "position": position})


@cache
def _empty(name: str) -> Mapping[str, None]:
    return dict.fromkeys(own_columns(name))


class _Plan(NamedTuple):
    """How the fields of a shape become columns: of the row itself, or rows of other tables."""

    plain: tuple[tuple[str, str], ...]
    """Fields, each with its column."""
    inline: tuple[str, ...]
    lists: tuple[tuple[str, str], ...]
    """Fields, each with the path to its table."""
    typed: tuple[tuple[str, str], ...]
    """Fields, each with the one that names the type of row it refers to."""


@cache
def _plan(shape: type[BaseModel]) -> _Plan:
    found = [(one.name, one.mark) for one in _fields(shape)]
    return _Plan(
        tuple(
            (name, mark.column if isinstance(mark, InColumn) else name)
            for name, mark in found
            if not isinstance(mark, Inline | Many)
        ),
        tuple(name for name, mark in found if isinstance(mark, Inline)),
        tuple((name, mark.path) for name, mark in found if isinstance(mark, Many)),
        tuple((name, mark.field) for name, mark in found if isinstance(mark, TypeIn)),
    )


def _own(record: BaseModel, lists: list[tuple[str, list[Any]]]) -> Values:
    """The values of the record's own row; its lists are added to `lists`."""
    plan, values = _plan(type(record)), record.__dict__
    own = {column: values[name] for name, column in plan.plain}
    for name in plan.inline:
        own |= _own(values[name], lists)
    lists += [(path, values[name]) for name, path in plan.lists]
    for name, of in plan.typed:
        own[f"{values[of]}_id"] = values[name]
    return own


class _Below:
    """Finds the rows that belong to a row, in order, and turns rows back into records."""

    def __init__(self, rows: Tables) -> None:
        self._rows = rows
        self._of: dict[tuple[str, str], dict[tuple[Any, ...], list[Values]]] = {}

    def entry(self, shape: type[BaseModel], name: str, row: Values) -> Values:
        """The written form of a row and everything that belongs to it."""
        found: Values = {}
        for field, key, mark, inner, required in _fields(shape):
            if isinstance(mark, Many):
                value: Any = self._listed(mark.path, inner, name, row)
            elif inner:
                value = self.entry(inner, name, row)
            else:
                value = row[mark.column if isinstance(mark, InColumn) else field]
            if value is not None or required:
                found[key] = value
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
