"""Many rows at once: straight to the driver, and with room for pages in memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

# In kB; the second is what SQLite has by itself.
ROOM, USUAL_ROOM = 65_536, 2_000


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Let SQLite keep more pages in memory; PostgreSQL has its own memory."""
    embedded = connection.dialect.name == "sqlite"
    if embedded:
        connection.exec_driver_sql(f"PRAGMA cache_size={-ROOM}")
    yield
    if embedded:
        connection.exec_driver_sql(f"PRAGMA cache_size={-USUAL_ROOM}")
        connection.exec_driver_sql("PRAGMA shrink_memory")


def add_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows without SQLAlchemy in between, which would take half of the time of an import."""
    if rows:
        connection.exec_driver_sql(
            _insertion(table, connection.dialect), [dict(one) for one in rows]
        )


@cache
def _insertion(table: Table, dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect))
