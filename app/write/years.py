"""What each claim copies from its reference: the year, for filtering, and the citation."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    bindparam,
    or_,
    select,
    update,
)

from app.write.rows import tables

OF_REFERENCE = ("year", "cite")


def date(connection: Connection, claims: Collection[str], references: Collection[str]) -> None:
    """Copy year and citation to these claims and to all claims of these references."""
    claim = tables()["evidence"]
    for column, ids in ((claim.c.id, claims), (claim.c.reference_id, references)):
        if ids:
            changed = update(claim).where(column == bindparam("one")).values(of_reference(claim))
            connection.execute(changed, [{"one": each} for each in ids])


def date_all(connection: Connection) -> None:
    """Copy year and citation to every claim that differs from its reference."""
    claim = tables()["evidence"]
    connection.execute(update(claim).where(_differs()).values(of_reference(claim)))


def misdated(connection: Connection) -> list[str]:
    """The table of claims, if any claim differs from its reference in year or citation."""
    claim = tables()["evidence"]
    found = connection.execute(select(claim.c.id).where(_differs()).limit(1))
    return [claim.name] if found.first() else []


def of_reference(claim: FromClause) -> dict[str, ScalarSelect[Any]]:
    """The values that claims copy from their references, by column."""
    reference = tables()["reference"]
    return {
        name: select(reference.c[name])
        .where(reference.c.id == claim.c.reference_id)
        .correlate(claim)
        .scalar_subquery()
        for name in OF_REFERENCE
    }


def _differs() -> ColumnElement[bool]:
    claim = tables()["evidence"]
    return or_(
        *(claim.c[name].is_distinct_from(value) for name, value in of_reference(claim).items())
    )
