"""Counts kept up to date by the writer, so that no answer has to count claims."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table
from sqlmodel import SQLModel

from app.schema.columns import LINK


def _kept(name: str, *key: Column[str] | Column[bool]) -> Table:
    return Table(
        name,
        SQLModel.metadata,
        *key,
        Column("rows", Integer, nullable=False),
        CheckConstraint("rows >= 0", name="ck_rows"),
        **LINK,
    )


def _text(name: str) -> Column[str]:
    return Column(name, String, primary_key=True)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, primary_key=True)


evidence_count = _kept(
    "evidence_count", *map(_text, ("type", "id", "level", "origin")), _flag("own")
)
"""How many claims each row has; `own` marks those linked to the row itself, not to one below."""

claim_kind = _kept(
    "claim_kind",
    *map(_text, ("mechanism", "cell", "setting", "level", "origin")),
    _flag("in_review"),
    *map(_text, ("subtypes", "partners", "contexts")),
)
"""How many claims share the same value in every dimension of the matrix; lists as sorted ids."""

KEPT = (evidence_count, claim_kind)
