"""The stored counts: claims are subtracted before they change and added again afterwards."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, delete, insert, update

from app.read.stored_counts import Claims, count_evidence, count_kinds
from app.schema.stored_counts import claim_kind, evidence_count

MOST = 200
"""Up to this many claims are counted one by one; beyond it a full recount is faster."""

COUNTED: dict[Table, Callable[[Claims], Select[Any]]] = {
    evidence_count: count_evidence,
    claim_kind: count_kinds,
}


@contextmanager
def adjusted(connection: Connection, claims: Claims) -> Iterator[None]:
    """Keep the counts right around a change of these claims or of what is linked to them.

    None means all claims, as when the tree along which counts roll up changes.
    """
    if claims is None or len(claims) > MOST:
        yield
        recount(connection)
        return
    if not claims:
        yield
        return
    _add(connection, claims, -1)
    yield
    _add(connection, claims, 1)
    for table in COUNTED:
        connection.execute(delete(table).where(table.c.rows == 0))


def recount(connection: Connection) -> None:
    """Count all claims from scratch."""
    for table, counted in COUNTED.items():
        connection.execute(delete(table))
        connection.execute(insert(table).from_select(list(table.c.keys()), counted(None)))


def wrong(connection: Connection) -> list[str]:
    """The tables whose counts do not match the claims."""
    return [
        table.name
        for table, counted in COUNTED.items()
        if _rows(connection, table.select()) != _rows(connection, counted(None))
    ]


def _rows(connection: Connection, found: Select[Any]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in connection.execute(found)}


def _add(connection: Connection, claims: Collection[str], sign: int) -> None:
    for table, counted in COUNTED.items():
        for row in connection.execute(counted(claims)).mappings().all():
            key = and_(*(column == row[column.name] for column in table.primary_key))
            more = update(table).where(key).values(rows=table.c.rows + sign * row["rows"])
            if not connection.execute(more).rowcount:
                connection.execute(insert(table).values(**row))
