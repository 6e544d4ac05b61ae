"""The statements behind an item, a page and its total."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlmodel import SQLModel

from app.read import filters
from app.read.filters import Condition, binds
from app.read.joins import table
from app.read.rendering import render
from app.schema.columns import sort_column
from app.schema.markers import filter_marks
from app.schema.pages import MAX_TOTAL
from app.schema.resource import Resource
from app.schema.values import Id, Names

TOTAL = "total"

Key = ColumnElement[Any]
LAST: Key = bindparam("after_id", None)
"""The id of the row before the page."""


class StatementKey(NamedTuple):
    """What distinguishes the statements of two pages, apart from their values."""

    sort: str = "id"
    filters: tuple[tuple[str, int], ...] = ()
    """The filters that are given, each with its number of values."""
    roll_up: bool = False
    mixed: bool = False
    """Whether a row also counts if only a part of it meets the filter."""
    after: bool | None = None
    """None on a first page; else whether the row before has a value to sort by."""


class ItemRow(NamedTuple):
    """A row as JSON text, and its version."""

    item: str
    version: int


class PageRow(NamedTuple):
    """A row of a page as JSON text, its place in the order, and any total."""

    item: str
    by: str | int | None
    id: str
    total: int = 0


def item(resource: Resource) -> Select[Any]:
    """The JSON text of one row, and its version."""
    row = table(resource.name)
    (place,) = binds("id", 1)
    return select(render(resource.read, row).label("item"), row.c.version).where(row.c.id == place)


def page(resource: Resource, key: StatementKey, *counts: str) -> Select[Any]:
    """The JSON texts of one page, with the sort values, the ids and any `TOTAL`.

    The rows are picked by their keys first, so that only those shown are rendered.
    """
    way = order(resource, key.sort)
    picked = _picked(resource, key, way).subquery()
    whole = table(resource.name)
    return (
        select(
            render(resource.read, whole).label("item"),
            picked.c.by,
            picked.c.id,
            *(total(resource, key).scalar_subquery().label(name) for name in counts),
        )
        .select_from(picked.join(whole, whole.c.id == picked.c.id))
        .order_by(*way.terms(picked.c.by, picked.c.id))
    )


def _picked(
    resource: Resource, key: StatementKey, way: "Order"
) -> Select[Any] | CompoundSelect[Any]:
    """The keys of the rows of a page, with what they are sorted by.

    Rows with a value and those without are read apart: no one index has its nulls last in both
    directions on both databases.
    """
    row = table(resource.name)
    by = row.c[way.column]
    rows: Key = bindparam("rows", None)
    found = select(by.label("by"), row.c.id).where(*conditions(resource, row, key)).limit(rows)
    parts = [
        found.where(*part).order_by(*way.within(by, row.c.id))
        for part in way.parts(by, row.c.id, key)
    ]
    if len(parts) == 1:
        return parts[0]
    both = union_all(*(select(*part.subquery().c) for part in parts)).subquery()
    return select(both.c.by, both.c.id).order_by(*way.terms(both.c.by, both.c.id)).limit(rows)


def total(resource: Resource, key: StatementKey) -> Select[Any]:
    """The number of matching rows, counted up to one more than the largest exact total."""
    row = table(resource.name)
    found = select(row.c.id).where(*conditions(resource, row, key))
    some = found.limit(literal_column(f"{MAX_TOTAL + 1}"))
    return select(func.count()).select_from(some.subquery())


def in_column(resource: Resource, key: StatementKey, name: str) -> Select[Any]:
    """The ids of all rows that match, and what is in a column."""
    row = table(resource.name)
    return select(row.c.id, row.c[name]).where(*conditions(resource, row, key)).order_by(row.c.id)


def existing(of: Names, count: int) -> Select[Any]:
    """The ids among these that exist."""
    row = table(of.table)
    kind = [row.c.kind == of.kind] if of.kind else []
    return select(row.c.id).where(row.c.id.in_(binds("id", count)), *kind)


def spelled(resource: Resource, count: int) -> Select[Any]:
    """The identifiers among these that a row of the type has."""
    spelling = table(f"{resource.name}_identifier").c.spelling
    return select(spelling).where(spelling.in_(binds("xref", count))).distinct()


def conditions(resource: Resource, row: FromClause, key: StatementKey) -> list[Condition]:
    """The conditions of a query on a row."""
    fields = resource.filters.model_fields
    given = (
        (mark, binds(name, count))
        for name, count in key.filters
        for mark in filter_marks(fields[name])
    )
    return list(filters.conditions_of(row, given, roll_up=key.roll_up, mixed=key.mixed))


class Order(NamedTuple):
    """How a list is ordered: by one column, nulls last, and by id where that is equal."""

    column: str
    descending: bool
    nullable: bool

    def terms(self, by: Key, row_id: Key) -> list[Key]:
        """The terms of ORDER BY."""
        first, *rest = self.within(by, row_id)
        return [first.nulls_last() if self.nullable else first, *rest]

    def within(self, by: Key, row_id: Key) -> list[Key]:
        """The terms within one part; ids run the same way, so that one index gives the order."""
        if self.column == "id":
            return [_way(row_id, self)]
        return [_way(by, self), _way(row_id, self)]

    def parts(self, by: Key, row_id: Key, key: StatementKey) -> list[list[Condition]]:
        """Conditions for the parts of the rows after the end of the page before."""
        if not self.nullable:
            return [self._beyond(by, row_id, key)]
        known, unknown = by.is_not(None), by.is_(None)
        if key.after is False:
            return [[unknown, self._later(row_id)]]
        return [[known, *self._beyond(by, row_id, key)], [unknown]]

    def _beyond(self, by: Key, row_id: Key, key: StatementKey) -> list[Condition]:
        if key.after is None:
            return []
        if self.column == "id":
            return [self._later(row_id)]
        value: Key = bindparam("after_value", None)
        here, there = tuple_(by, row_id), tuple_(value, LAST)
        return [here < there if self.descending else here > there]

    def _later(self, row_id: Key) -> Condition:
        return row_id < LAST if self.descending else row_id > LAST


def order(resource: Resource, sort: str) -> Order:
    """The order that the value of `sort` names."""
    column = _column(resource, sort.removeprefix("-"))
    return Order(column.name, sort.startswith("-"), bool(column.nullable))


@cache
def sort_values(resource: Resource) -> Mapping[str, TypeAdapter[Any]]:
    """The names that a list can be sorted by, each with the type of its column."""
    sorts = get_args(resource.filters.model_fields["sort"].annotation)
    names = {sort.removeprefix("-") for sort in sorts}
    return {name: TypeAdapter(_type(resource, _column(resource, name))) for name in names}


def _type(resource: Resource, column: Column[Any]) -> Any:
    """The type of a column; a link has the type of the id that it holds."""
    if column.name not in resource.read.model_fields and column.foreign_keys:
        return Id | None if column.nullable else Id
    info = resource.table.model_fields[column.name]
    return Annotated[info.annotation, info]


def _column(resource: Resource, name: str) -> Column[Any]:
    """The column that a list is sorted by: a key of names, or the id that a link holds."""
    table = SQLModel.metadata.tables[resource.name]
    keyed = sort_column(table, name)
    return keyed if keyed is not None else table.c[name if name in table.c else f"{name}_id"]


def _way(column: Key, order: Order) -> Key:
    return column.desc() if order.descending else column.asc()
