"""The content as a SQLite file, whichever database it comes from."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, create_engine, insert, select
from sqlmodel import SQLModel

ROWS_AT_ONCE = 1_000


def content_file(connection: Connection, tables: Sequence[Table]) -> bytes:
    """The bytes of a file with the rows of these tables, each after those that it refers to."""
    made = create_engine("sqlite://")
    with made.begin() as file:
        SQLModel.metadata.create_all(file, tables=tables)
        for table in tables:
            columns = [one for one in table.columns if one.computed is None]
            ordered = select(*columns).order_by(*table.primary_key)
            rows = [dict(row) for row in connection.execute(ordered).mappings()]
            for at in range(0, len(rows), ROWS_AT_ONCE):
                file.execute(insert(table), rows[at : at + ROWS_AT_ONCE])
    with made.connect() as file:
        whole: bytes = file.connection.driver_connection.serialize()  # type: ignore[union-attr]  # of sqlite3
    made.dispose()
    return whole
