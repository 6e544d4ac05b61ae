"""The search index: tables derived from the content and kept up to date by the writer.

They have no foreign keys: each would cost a look-up for every word written, and `doctor` compares
them with a rebuild anyway.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint
from sqlmodel import SQLModel

from app.schema.columns import LINK

search_row = Table(
    "search_row",
    SQLModel.metadata,
    Column("document", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    Column("label", String, nullable=False),
    UniqueConstraint("type", "id", name="uq_search_row_id"),
    **LINK,
)
"""The rows that can be found. The number of a document is the same on every database."""

search_word = Table(
    "search_word",
    SQLModel.metadata,
    Column("word", String, primary_key=True),
    Column("document", BigInteger, primary_key=True, autoincrement=False),
    Column("impact", Integer, nullable=False),
    **LINK,
)
"""The words of each row, each with its weight for the ranking."""

search_name = Table(
    "search_name",
    SQLModel.metadata,
    Column("name", String, primary_key=True),
    Column("document", BigInteger, primary_key=True, autoincrement=False),
    Column("field", String, nullable=False),
    Column("words", String, nullable=False),
    Index("ix_search_name_document", "document"),
    **LINK,
)
"""The names of each row, without spaces, each with its field and its words."""

search_term = Table(
    "search_term",
    SQLModel.metadata,
    Column("word", String, primary_key=True),
    Column("rows", Integer, nullable=False),
    **LINK,
)
"""Every word, and the number of rows that contain it."""

INDEX = (search_row, search_word, search_name, search_term)
