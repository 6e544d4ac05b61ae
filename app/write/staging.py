"""The temporary tables of an import, beside those of the content.

No other connection sees them; they are dropped at the end of the import, or when it is rolled back.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, String, Table
from sqlalchemy.schema import CreateTable, DropTable

from app.db.bulk import add_rows, define
from app.schema.index import search_name, search_row, search_word
from app.write.index import entries_of
from app.write.rows import Tables, keys, own_columns, tables

LATER = MetaData()
ADDED, CHANGED, REMOVED, KEPT = "added", "changed", "removed", "kept"
INDEXED = (search_row, search_name, search_word)

import_line = Table(
    "import_line",
    LATER,
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    Column("entry", String, nullable=False),
    prefixes=["TEMPORARY"],
)
"""The row on each line of the file, in the written form, as JSON."""

import_row = Table(
    "import_row",
    LATER,
    Column("type", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("line", BigInteger),
    Column("action", String, nullable=False),
    Column("before", String),
    Column("after", String),
    Column("shown_before", String),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""The rows of the import, and the action for each: `added`, `changed`, `removed` or `kept`."""


def _for_content(name: str) -> Table:
    of = tables()[name]
    columns = [
        Column(one, of.c[one].type, primary_key=one in keys(name)) for one in own_columns(name)
    ]
    return Table(f"import_{name}", LATER, *columns, prefixes=["TEMPORARY"], sqlite_with_rowid=False)


def _for_index(table: Table) -> Table:
    columns = (Column(one.name, one.type) for one in table.columns)
    return Table(f"import_{table.name}", LATER, *columns, prefixes=["TEMPORARY"])


STAGED = {name: _for_content(name) for name in tables()}
"""The staged rows for each table of the content."""

# A table has more than one column, so that each of these gives a tuple.
_VALUES = {name: itemgetter(*table.columns.keys()) for name, table in STAGED.items()}

STAGED_INDEX = {table: _for_index(table) for table in INDEXED}
"""The staged rows for each table of the search index, in no order."""


def set_up(connection: Connection) -> None:
    """Create the tables."""
    define(connection, map(CreateTable, LATER.sorted_tables))


def take_down(connection: Connection) -> None:
    """Drop the tables."""
    define(connection, map(DropTable, LATER.sorted_tables))


def stage(connection: Connection, rows: Tables, ids: Mapping[str, Sequence[str]]) -> None:
    """Put rows of the content into their tables, with their entries in the search index."""
    for name, found in rows.items():
        add_rows(connection, STAGED[name], list(map(_VALUES[name], found.values())))
    for table, entries in entries_of(rows, ids).items():
        add_rows(connection, STAGED_INDEX[table], entries)
