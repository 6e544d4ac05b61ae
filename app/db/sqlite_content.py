"""The content as a SQLite file, whichever database it comes from."""

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, NullPool, Table, create_engine, insert, literal, select, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, CreateTable

ROWS_AT_ONCE = 200


def write_content(
    to: BinaryIO, connection: Connection, tables: Sequence[Table], go_on: Callable[[], None]
) -> None:
    """Write a file with the rows of these tables, each after those that it refers to.

    The same rows give the same bytes. `go_on` is called before each page of rows.
    """
    # Each statement is used once: SQLAlchemy would keep 5 MB of them.
    connection.execution_options(compiled_cache=None)
    with _made() as (file, found):
        with _kept():
            _create(file, tables)
        for table in tables:
            _copy(connection, table, file, go_on)
        with _kept():
            file.commit()
        shutil.copyfileobj(found, to)


@contextmanager
def _made() -> Iterator[tuple[Connection, BinaryIO]]:
    """A new file, written through the connection; it has no name, so it never outlives us."""
    with ExitStack() as stack:
        with tempfile.TemporaryDirectory(prefix="moa-content-") as folder, _kept():
            path = Path(folder, "content.db")
            engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
            file = stack.enter_context(engine.connect())
            # An incomplete file is never read, so it need not survive a crash.
            file.exec_driver_sql("PRAGMA journal_mode=OFF")
            file.exec_driver_sql("PRAGMA synchronous=OFF")
            # In KiB, a quarter of the default; what it takes would not be given back.
            file.exec_driver_sql("PRAGMA cache_size=-500")
            found = stack.enter_context(path.open("rb"))
        yield file, found


@contextmanager
def _kept() -> Iterator[None]:
    """An error of the new file is one of its disk, not one of our database."""
    try:
        yield
    except DBAPIError as error:
        full = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error.orig)) from error


def _create(file: Connection, tables: Sequence[Table]) -> None:
    """Create the tables, then their indexes by name: SQLAlchemy keeps these in no order."""
    for table in tables:
        file.execute(CreateTable(table))
    indexes = {str(index.name): index for table in tables for index in table.indexes}
    for name in sorted(indexes):
        file.execute(CreateIndex(indexes[name]))


def _copy(
    connection: Connection, table: Table, file: Connection, go_on: Callable[[], None]
) -> None:
    columns = [one for one in table.columns if one.computed is None]
    key = [*table.primary_key]
    # In pages, because each statement has a time limit.
    page = select(*columns).order_by(*key).limit(ROWS_AT_ONCE)
    rows = connection.execute(page).mappings().all()
    while rows:
        go_on()
        with _kept():
            file.execute(insert(table), [dict(row) for row in rows])
        last = tuple_(*(literal(rows[-1][one.name], one.type) for one in key))
        rows = connection.execute(page.where(tuple_(*key) > last)).mappings().all()
