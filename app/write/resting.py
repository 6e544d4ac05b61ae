"""What rests on a row: all rows that lead to it, by the foreign keys of the tables."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Column, Connection, Table, or_, select

from app.errors import Resting
from app.write.rows import RESOURCES, nested_types, owner_of, tables
from app.write.rules import faults_of_one
from app.write.stored import StoredRecords, stored_conflicts

MOST = 50
FEW = 5
"""So many rows of a type are read one by one; more of them are read with all others."""


def resting_on(connection: Connection, name: str, row_id: str) -> Resting | None:
    """The rows that lead to this one; None if it may go."""
    return _resting(rows_resting(connection, name, row_id))


def broken_by(connection: Connection, name: str, row_id: str) -> Resting | None:
    """The rows that lead to this one, and that break their rules now that it has changed."""
    known = StoredRecords(connection)
    rows = rows_resting(connection, name, row_id)
    for kind, number in Counter(kind for kind, _ in rows).items():
        if number > FEW:
            known.all(kind)  # read together
    records = ((kind, one, known.get(kind, one)) for kind, one in sorted(rows))
    return _resting(
        {
            (kind, one)
            for kind, one, record in records
            if record and any(faults_of_one(kind, record, known))
        }
    )


def rows_resting(connection: Connection, name: str, row_id: str) -> set[tuple[str, str]]:
    """The rows that lead to this one, by type and id."""
    found: set[tuple[str, str]] = set()
    computed = set(stored_conflicts(connection, computed=True))
    for table, keys in _leading_to(name):
        owner, column = owner_of(table.name)
        rows = select(table.c[column]).where(or_(*(key == row_id for key in keys)))
        ids = set(connection.execute(rows).scalars())
        if owner in nested_types():
            owner, ids = _holders(connection, owner, ids)
        found |= {(RESOURCES[owner].plural, one) for one in ids}
    return found - {(RESOURCES[name].plural, row_id), *(("conflicts", one) for one in computed)}


def _resting(found: set[tuple[str, str]]) -> Resting | None:
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
