"""Rows by their names and identifiers, in whatever spelling."""

from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, select

from app.db import Reading
from app.read.joins import follow, is_table, table
from app.schema.identifiers import normal
from app.schema.index import search_name, search_row
from app.schema.values import Names

SURE = ("id", "symbol", "abbreviation", "label", "name")
"""Fields whose texts are a row's own name, rather than another one for it."""
EARLIER = ("alias", "aliases")
"""Fields with earlier ids."""
MOST = 10
EXAMINED = 10_000
SHORTEST = 200
"""Most names whose rows are read: rows may have several that start alike."""


class NamedRow(NamedTuple):
    """A row, and the field that has the name that was looked up."""

    type: str
    id: str
    label: str
    field: str


def named(reading: Reading, name: str) -> list[NamedRow]:
    """The rows of any type that have a name; those whose own name it is come first."""
    rows = reading.rows(NamedRow, {"name": normal(name)}, _named)
    return sorted(rows, key=_certainty)


def ids_named(reading: Reading, of: Names, name: str) -> list[str]:
    """The ids of the rows of one type, and kind if one is meant, that have a name."""
    rows = reading.rows(NamedRow, {"name": normal(name)}, _named, of)
    return [row.id for row in sorted(rows, key=_certainty)]


def earlier(reading: Reading, of: Names, row_id: str) -> str | None:
    """The id of the one row that had this id earlier."""
    name = normal(row_id)
    rows = reading.rows(NamedRow, {"name": name}, _named, of)
    found = {row.id for row in rows if row.field in EARLIER or _had(reading, of, row.id, name)}
    return found.pop() if len(found) == 1 else None


def _had(reading: Reading, of: Names, row_id: str, name: str) -> bool:
    """Whether the name that led to a row is also one of its earlier ids."""
    if not is_table(_aliases_of(of)):
        return False
    return name in map(normal, reading.rows(str, {"id": row_id}, _aliases, of))


def starting(reading: Reading, start: str) -> list[NamedRow]:
    """Up to ten rows with a name that starts like this, the shortest name first.

    Only the first 10,000 such names in alphabetical order are examined.
    """
    first = normal(start)
    if not first:
        return []
    values = {"first": first, "last": f"{first}\uffff"}
    rows: dict[tuple[str, str], NamedRow] = {}
    for row in reading.rows(NamedRow, values, _starting):
        rows.setdefault((row.type, row.id), row)
    return list(rows.values())[:MOST]


def _certainty(row: NamedRow) -> tuple[bool, int]:
    return row.field not in SURE, len(row.id)


def _named(of: Names | None = None) -> Select[Any]:
    found = (
        select(search_row.c.type, search_row.c.id, search_row.c.label, search_name.c.field)
        .join(search_name, search_name.c.document == search_row.c.document)
        .where(search_name.c.name == bindparam("name", None))
        .order_by(search_row.c.document)
    )
    if of is None:
        return found
    found = found.where(search_row.c.type == of.table)
    if of.kind is None:
        return found
    row = table(of.table)
    return found.where(exists().where(row.c.id == search_row.c.id, row.c.kind == of.kind))


def _aliases_of(of: Names) -> str:
    return f"{of.table}_alias"


def _aliases(of: Names) -> Select[Any]:
    row = table(of.table)
    (aliases,) = follow(row, [_aliases_of(of)])
    return (
        select(aliases.table.c.text)
        .join(row, aliases.on)
        .where(row.c.id == bindparam("id", None))
        .order_by(aliases.table.c.text)
    )


def _starting() -> Select[Any]:
    name = search_name.c
    first: Any = bindparam("first", None)
    last: Any = bindparam("last", None)
    some = (
        select(name.name, name.document, name.field)
        .where(name.name >= first, name.name < last)
        .order_by(name.name, name.document)
        .limit(EXAMINED)
        .subquery()
    )
    length = func.length(some.c.name)
    shortest = (
        select(some, length.label("length"))
        .order_by(length, some.c.document, some.c.name)
        .limit(SHORTEST)
    ).subquery()
    return (
        select(search_row.c.type, search_row.c.id, search_row.c.label, shortest.c.field)
        .join(shortest, shortest.c.document == search_row.c.document)
        .order_by(shortest.c.length, search_row.c.document, shortest.c.name)
    )
