"""How many rows of each type there are."""

from typing import Any

from sqlalchemy import Select, false, func, literal_column, select

from app.read.joins import table
from app.schema.resource import Resource


def numbers(*found: int) -> tuple[int, ...]:
    """The numbers of a row."""
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
