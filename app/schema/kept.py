"""Counts that the writer keeps up to date, so that no answer has to count the claims again."""

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
"""How many claims each row of each type has; `own` are those linked to it, not to one below it."""

claim_kind = _kept(
    "claim_kind",
    *map(_text, ("mechanism", "cell", "setting", "level", "origin")),
    _flag("in_review"),
    *map(_text, ("subtypes", "partners", "contexts")),
)
"""How many claims are alike in all that the matrix divides by; lists as sorted ids, none empty."""

KEPT = (evidence_count, claim_kind)
