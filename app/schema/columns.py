"""Parts shared by all tables: keys, stamps, link tables, and checks from value types."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic.fields import FieldInfo
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Constraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem
from sqlmodel import Field, SQLModel

from app.schema.markers import marks
from app.schema.values import MAX_ID, SLUG_CHARACTERS, Id, Text, Word
from app.schema.words import word_key

STRICT: dict[str, Any] = {"sqlite_strict": True}
LINK: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}

FOLLOWS: dict[str, Any] = {"info": {"follows": True}}
"""Marks a column that the writer fills from another row; records do not set it."""


SORTS = "sorts"
"""Of a column that holds the key by which rows are sorted in the order of another."""


def now() -> datetime:
    """The current time in UTC, for stamps."""
    return datetime.now(UTC)


class Key(SQLModel):
    """The id of a row: readable, and never changed."""

    id: Id = Field(primary_key=True)


class Stamp(SQLModel):
    """The version of a row, raised by every change, and when it was created and last changed."""

    version: int = Field(default=1, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


class Citing(SQLModel):
    """How to cite the reference of a row."""

    cite: Text = Field(
        sa_column_kwargs=FOLLOWS | {"server_default": ""},
        description="Its reference in one line, in Vancouver style.",
    )


def sorting(column: str) -> Any:
    """The column by which rows are sorted in place of another, which holds what people read."""
    return Field(sa_column_kwargs={"info": {SORTS: column}, "server_default": ""})


def sort_column(table: Table, name: str) -> Column[Any] | None:
    """The column that rows are sorted by where they are read in the order of another."""
    return next((one for one in table.columns if one.info.get(SORTS) == name), None)


def checks(fields: type[SQLModel], *more: Any) -> tuple[Any, ...]:
    """The table arguments of a class: constraints from the types of its fields, then `more`.

    With them the database itself refuses an unknown word, a malformed id, or a flag that is
    neither true nor false.
    """
    found = [rule for name, info in fields.model_fields.items() for rule in _rules(name, info)]
    return (*found, CheckConstraint("version > 0", name="ck_version"), *more, STRICT)


def _rules(name: str, info: FieldInfo) -> Iterator[Constraint]:
    """The constraints that follow from the type of a field, the same on both databases."""
    for word in marks(info, Word):
        yield word_key(name, word.vocabulary)
    if info.annotation is bool:
        yield CheckConstraint(f"{name} = ({name} <> false)", name=f"ck_{name}")
    if name == "id":
        only = f"trim(id, '{SLUG_CHARACTERS}') = ''"
        yield CheckConstraint(f"length(id) BETWEEN 1 AND {MAX_ID} AND {only}", name="ck_id")


def owner_key(owner: str, column: str | None = None) -> Column[str]:
    """The column of a primary key that refers to the row a link or value belongs to."""
    return Column(
        column or f"{owner}_id",
        String,
        ForeignKey(f"{owner}.id", ondelete="CASCADE"),
        primary_key=True,
    )


def link(name: str, owner: str, target: str, column: str | None = None, *more: SchemaItem) -> Table:
    """A table of ordered links from rows to other rows, each link at most once."""
    key = column or f"{target}_id"
    return Table(
        name,
        SQLModel.metadata,
        owner_key(owner),
        Column(key, String, ForeignKey(f"{target}.id"), primary_key=True),
        Column("position", Integer, nullable=False),
        UniqueConstraint(f"{owner}_id", "position", name=f"uq_{name}_position"),
        Index(f"ix_{name}_{key}", key, f"{owner}_id"),
        *more,
        **LINK,
    )


def texts(name: str, owner: str, column: str, *rules: SchemaItem) -> Table:
    """A table of ordered texts that belong to rows, each at most once per row."""
    return Table(
        name,
        SQLModel.metadata,
        owner_key(owner),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column(column, String, nullable=False),
        *rules,
        UniqueConstraint(f"{owner}_id", column, name=f"uq_{name}_{column}"),
        Index(f"ix_{name}_{column}", column, f"{owner}_id"),
        **LINK,
    )
