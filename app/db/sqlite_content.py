"""The content as a SQLite file, whichever database it comes from."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Table, create_engine, insert, literal, select, tuple_
from sqlmodel import SQLModel

ROWS_AT_ONCE = 1_000


def write_content(to: BinaryIO, connection: Connection, tables: Sequence[Table]) -> None:
    """Write a file with the rows of these tables, each after those that it refers to."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "content.db")
        made = create_engine(f"sqlite:///{path}")
        with made.begin() as file:
            SQLModel.metadata.create_all(file, tables=tables)
            for table in tables:
                _copy(connection, table, file)
        made.dispose()
        with path.open("rb") as found:
            shutil.copyfileobj(found, to)


def _copy(connection: Connection, table: Table, file: Connection) -> None:
    columns = [one for one in table.columns if one.computed is None]
    key = [*table.primary_key]
    # In pages, for each statement has a limit of time.
    page = select(*columns).order_by(*key).limit(ROWS_AT_ONCE)
    rows = connection.execute(page).mappings().all()
    while rows:
        file.execute(insert(table), [dict(row) for row in rows])
        last = tuple_(*(literal(rows[-1][one.name], one.type) for one in key))
        rows = connection.execute(page.where(tuple_(*key) > last)).mappings().all()
