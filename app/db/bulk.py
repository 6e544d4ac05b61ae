"""Many rows at once: straight to the driver, and with more memory for pages."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.schema import ExecutableDDLElement

# In KiB; the second is SQLite's default (sqlite.org/pragma.html#pragma_cache_size).
ROOM, USUAL_ROOM = 16_384, 2_000


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Let SQLite keep more pages in memory; PostgreSQL has its own memory."""
    embedded = connection.dialect.name == "sqlite"
    if embedded:
        connection.exec_driver_sql(f"PRAGMA cache_size={-ROOM}")
    try:
        yield
    finally:
        if embedded:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA cache_size={-USUAL_ROOM}")
            driver.execute("PRAGMA shrink_memory")


def define(connection: Connection, changes: Iterable[ExecutableDDLElement]) -> None:
    """Create or drop tables; PostgreSQL takes all at once, since each would wait for an answer."""
    driver: Any = connection.connection.driver_connection
    texts = [str(one.compile(dialect=connection.dialect)) for one in changes]
    if connection.dialect.name == "sqlite":
        for one in texts:
            driver.execute(one)
        return
    driver.execute(";".join(texts), prepare=False)


def add_rows(connection: Connection, table: Table, rows: Collection[Sequence[Any]]) -> None:
    """Add rows, each with a value for every column.

    They go straight to the driver: SQLAlchemy would take half of the time of an import.
    """
    if not rows:
        return
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{one.name}"' for one in table.columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(table.columns))
        into = f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})'  # noqa: S608  # our names
        driver.executemany(into, rows)
        return
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as to,
    ):
        for row in rows:
            to.write_row(row)
