"""Larger databases of the same shape as the content: copies of its claims, with all their links.

The copies differ from the curated rows only in their ids, so texts are as long and links as many
as in the content. An id starts with the number of the copy, so that a page shows as many different
claims as a page of the content. Nothing is random: the same number of rows gives the same rows.
"""

import time
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlmodel import SQLModel

from app.db import Database
from app.db.bulk import add_rows
from app.db.revision import revise
from app.resources.evidence import EVIDENCE
from app.schema.index import search_row, search_word
from app.search.index import document_number
from app.write import counts
from app.write.index import count_words
from seed import RELEASE

OWNER = "evidence_id"
# KiB of pages in memory, because every copy is entered in some thirty indexes.
MUCH = 400_000

# One row for each new claim: the curated one that it repeats, the number of the copy, its own id.
COPIES = Table(
    "bench_copy",
    MetaData(),
    Column("evidence_id", String),
    Column("n", Integer),
    Column("new_id", String),
    prefixes=["TEMPORARY"],
)
DOCUMENTS = Table(
    "bench_document",
    COPIES.metadata,
    Column("evidence_id", String),
    Column("new_id", String),
    Column("document", BigInteger),
    Index("ix_bench_document", "evidence_id", "document"),
    prefixes=["TEMPORARY"],
)
"""The copies as the search index knows them."""
FILL = text("""
INSERT INTO bench_copy
WITH RECURSIVE
  original AS (
    SELECT id, row_number() OVER (ORDER BY id) AS number, count(*) OVER () AS size FROM evidence
  ),
  turn(n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM turn WHERE n * (SELECT max(size) FROM original) < :wanted
  )
SELECT id, n, substr(CAST(1000000 + n AS TEXT), 2) || '-' || id
FROM turn CROSS JOIN original WHERE n * size + number <= :wanted
""")


def grow(db: Database, wanted: int, *, indexed: bool = False) -> float:
    """Fill a seeded database up to a number of claims; return the seconds that it took."""
    since = time.perf_counter()
    evidence = SQLModel.metadata.tables[EVIDENCE.name]
    with db.load() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA cache_size={-MUCH}")
        there = connection.execute(select(func.count()).select_from(evidence)).scalar_one()
        if wanted < there:
            raise ValueError(f"the content alone has {there} claims")
        COPIES.create(connection)
        connection.execute(FILL, {"wanted": wanted})
        _copy(connection, evidence, "id")
        for table in SQLModel.metadata.sorted_tables:
            if OWNER in table.primary_key.columns:
                _copy(connection, table, OWNER)
        if indexed:
            _index(connection)
        COPIES.drop(connection)
        counts.recount(connection)
        revise(connection, RELEASE)
    return time.perf_counter() - since


def _copy(connection: Connection, table: Table, key: str) -> None:
    """Repeat the rows of one table, under the ids of the copies."""
    old = table.alias()
    written = [column.name for column in table.columns if column.computed is None]
    values: dict[str, ColumnElement[Any]] = {name: old.c[name] for name in written}
    values[key] = COPIES.c.new_id
    if key == OWNER and table.primary_key.columns[0].name != OWNER:
        # A list of claims that belongs to another row: the copies come after those it has.
        length = select(func.max(table.c.position) + 1).scalar_subquery()
        values["position"] = old.c.position + COPIES.c.n * length
    found = select(*values.values()).join_from(COPIES, old, old.c[key] == COPIES.c.evidence_id)
    connection.execute(insert(table).from_select(written, found))


def _index(connection: Connection) -> None:
    """Let the search find the copies by the words of their originals."""
    DOCUMENTS.create(connection)
    copies = connection.execute(select(COPIES.c.evidence_id, COPIES.c.new_id)).all()
    numbered = [(one, new, document_number(EVIDENCE.name, new)) for one, new in copies]
    add_rows(connection, DOCUMENTS, numbered)
    add_rows(connection, search_row, [(at, EVIDENCE.name, new, one) for one, new, at in numbered])
    of = DOCUMENTS.c
    words = (
        select(search_word.c.word, of.document, search_word.c.impact)
        .join(search_row, search_row.c.document == search_word.c.document)
        .join(DOCUMENTS, of.evidence_id == search_row.c.id)
        .where(search_row.c.type == EVIDENCE.name)
        .order_by(search_word.c.word, of.document)
    )
    connection.execute(insert(search_word).from_select(["word", "document", "impact"], words))
    DOCUMENTS.drop(connection)
    count_words(connection)
