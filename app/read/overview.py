"""How many rows of each type there are, and when one was last changed."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, false, func, literal_column, select
from sqlmodel import SQLModel

from app.db import Reading
from app.read.joins import table
from app.read.rendering import render
from app.resources import ALL
from app.schema.resource import Resource

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def numbers(*found: int) -> tuple[int, ...]:
    """A row of numbers, as a tuple."""
    return found


def row_counts(resources: tuple[Resource, ...]) -> Select[Any]:
    """The rows of each resource type, in one row."""
    return select(
        *(
            select(func.count(literal_column("1")))
            .select_from(row)
            # Conflicts that no curator has judged are listed only on request.
            .where(*([row.c.computed == false()] if "computed" in row.c else []))
            .scalar_subquery()
            .label(resource.plural)
            for resource in resources
            for row in (table(resource.name),)
        )
    )


def first_row(resource: Resource) -> Select[Any]:
    """The first row of a resource type as its JSON text."""
    return select(render(resource.read, table(resource.name))).limit(1)


def last_change(reading: Reading) -> datetime:
    """When a row of any type was last changed; the year 1970 if there is none."""
    # Not under an alias, of which SQLAlchemy would keep all columns with the statement.
    tables = [SQLModel.metadata.tables[one.name] for one in ALL]
    moments: list[datetime | None] = [
        reading.connection.execute(select(func.max(one.c.updated_at))).scalar() for one in tables
    ]
    return max([EPOCH, *(one for one in moments if one)])
