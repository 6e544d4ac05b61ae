"""The controlled words as rows: coded columns refer to them, so a new word needs no migration.

Each list has its own table, so that a plain foreign key restricts a column to the words of the
right list. The curated file remains authoritative; the tables are a copy.
"""

from functools import cache

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    String,
    Table,
    literal,
    select,
    union_all,
)
from sqlmodel import SQLModel

from app.schema.values import MAX_ID, WORD_CHARACTERS

PREFIX = "word_"


def word_key(column: str, vocabulary: str) -> ForeignKeyConstraint:
    """Restrict a column to the words of a controlled list."""
    return ForeignKeyConstraint([column], [_table(vocabulary).c.id], name=f"fk_{column}")


def word_tables() -> dict[str, Table]:
    """The tables of words, by the name of their controlled list."""
    tables = SQLModel.metadata.tables.items()
    return {name.removeprefix(PREFIX): one for name, one in tables if name.startswith(PREFIX)}


def read_words(connection: Connection) -> dict[str, set[str]]:
    """The words of each controlled list that the database holds."""
    tables = word_tables()
    found: dict[str, set[str]] = {name: set() for name in tables}
    each = (select(literal(name), table.c.id) for name, table in tables.items())
    for name, word in connection.execute(union_all(*each)):
        found[name].add(word)
    return found


@cache
def _table(vocabulary: str) -> Table:
    """The table of one list; no word has a character that JSON escapes: answers quote it as is."""
    only = f"trim(id, '{WORD_CHARACTERS}') = ''"
    return Table(
        f"{PREFIX}{vocabulary}",
        SQLModel.metadata,
        Column("id", String, primary_key=True),
        CheckConstraint(f"length(id) BETWEEN 1 AND {MAX_ID} AND {only}", name="ck_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
