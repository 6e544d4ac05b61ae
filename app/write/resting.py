"""What rests on a row: all rows that lead to it, by the foreign keys of the tables."""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, Table, or_, select

from app.errors import Resting
from app.write.rows import RESOURCES, nested_types, owner_of, tables
from app.write.stored import stored_conflicts

MOST = 50


def resting_on(connection: Connection, name: str, row_id: str) -> Resting | None:
    """The rows that lead to this one; None if it may go."""
    found: set[tuple[str, str]] = set()
    computed = set(stored_conflicts(connection, computed=True))
    for table, keys in _leading_to(name):
        owner, column = owner_of(table.name)
        rows = select(table.c[column]).where(or_(*(key == row_id for key in keys)))
        ids = set(connection.execute(rows).scalars())
        if owner in nested_types():
            owner, ids = _holders(connection, owner, ids)
        found |= {(RESOURCES[owner].plural, one) for one in ids}
    found -= {(RESOURCES[name].plural, row_id), *(("conflicts", one) for one in computed)}
    return Resting(tuple(sorted(found)[:MOST]), len(found)) if found else None


def _leading_to(name: str) -> Iterator[tuple[Table, list[Column[str]]]]:
    """The tables with foreign keys to a type, but for the key of what is part of its rows."""
    for table in tables().values():
        own = owner_of(table.name)
        keys = [
            one.parent
            for one in table.foreign_keys
            if one.column.table.name == name and (name, one.parent.name) != own
        ]
        if keys:
            yield table, keys


def _holders(connection: Connection, name: str, ids: set[str]) -> tuple[str, set[str]]:
    """The type and the ids of the rows within which rows of a type are written."""
    owner, column = nested_types()[name]
    table = tables()[name]
    rows = select(table.c[column]).where(table.c.id.in_(sorted(ids)))
    return owner, set(connection.execute(rows).scalars())
