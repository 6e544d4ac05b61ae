"""The year of each claim: that of its reference, by which claims are chosen and sorted."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, select, update

from app.write.rows import tables


def date(connection: Connection, claims: Collection[str], references: Collection[str]) -> None:
    """Give these claims, and those of these references, the years of their references."""
    claim = tables()["evidence"]
    for column, ids in ((claim.c.id, claims), (claim.c.reference_id, references)):
        if ids:
            changed = update(claim).where(column == bindparam("one")).values(year=_year())
            connection.execute(changed, [{"one": each} for each in ids])


def date_all(connection: Connection) -> None:
    """Give every claim the year of its reference."""
    connection.execute(update(tables()["evidence"]).where(_differs()).values(year=_year()))


def misdated(connection: Connection) -> list[str]:
    """The table of claims, if a claim has another year than its reference."""
    claim = tables()["evidence"]
    found = connection.execute(select(claim.c.id).where(_differs()).limit(1))
    return [claim.name] if found.first() else []


def _year() -> ScalarSelect[int | None]:
    claim, reference = tables()["evidence"], tables()["reference"]
    return (
        select(reference.c.year)
        .where(reference.c.id == claim.c.reference_id)
        .correlate(claim)
        .scalar_subquery()
    )


def _differs() -> ColumnElement[bool]:
    return tables()["evidence"].c.year.is_distinct_from(_year())
