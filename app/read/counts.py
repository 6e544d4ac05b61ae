"""Counts of evidence by dimensions, and the statements behind them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    case,
    distinct,
    func,
    select,
)

from app.read.filters import binds, condition
from app.read.joins import follow, table
from app.read.statements import StatementKey, conditions
from app.read.stored_counts import above
from app.schema.markers import Reaches
from app.schema.resource import Resource
from app.schema.vocabulary import words


@dataclass(frozen=True)
class Dimension:
    """One dimension: the values at the end of a path, and the filter for one of them."""

    filter: str
    path: str
    names: str | None = None
    """The table whose rows the values name; where it is a tree, counts roll up along it."""
    tree: bool = False


ROWS = {
    "mechanism": Dimension("mechanism", "mechanism_id", "mechanism"),
    "partner": Dimension("partner", "evidence_partner.partner_id", "partner"),
    "setting": Dimension("setting", "setting"),
    "level": Dimension("level_is", "level"),
    "cell": Dimension("cell", "cell_id", "entity", tree=True),
}
COLUMNS = {
    "subtype": Dimension("subtype", "evidence_subtype.subtype_id", "subtype", tree=True),
    "context": Dimension("context", "evidence_context.context"),
}
DIMENSIONS = ROWS | COLUMNS
KEYS = ("row", "column")


class CountRow(NamedTuple):
    """The number of claims for one value of each dimension: in all, by level and by origin."""

    values: tuple[str, ...]
    total: int
    level: dict[str, int]
    origin: dict[str, int]


def count_row(*found: Any) -> CountRow:
    """A row of `claim_counts`: words of the dimensions, then numbers."""
    levels, origins = words("levels"), words("origins")
    first = len(found) - len(levels) - len(origins)
    numbers = iter(found[first:])
    return CountRow(
        values=found[: first - 1],
        total=found[first - 1],
        level=dict(zip(levels, numbers, strict=False)),
        origin=dict(zip(origins, numbers, strict=True)),
    )


class Label(NamedTuple):
    """A row of a table and its name."""

    id: str
    name: str


def claim_counts(evidence: Resource, key: StatementKey, *by: str) -> Select[Any]:
    """The number of claims of each level and origin, by the dimensions."""
    row = table(evidence.name)
    parts = [_divided(DIMENSIONS[name], roll_up=key.roll_up) for name in by]
    joined: FromClause = row
    for part in parts:
        joined = joined.join(part, part.c.evidence_id == row.c.id)
    keys = [part.c.value.label(key) for part, key in zip(parts, KEYS, strict=False)]
    numbers = [
        *(_count(row.c.level, word).label(f"level_{word}") for word in words("levels")),
        *(_count(row.c.origin, word).label(f"origin_{word}") for word in words("origins")),
    ]
    return (
        select(*keys, func.count(distinct(row.c.id)).label("total"), *numbers)
        .select_from(joined)
        .where(*conditions(evidence, row, key))
        .group_by(*keys)
        .order_by(*keys)
    )


def within(of: Dimension, count: int, key: StatementKey) -> Select[Any]:
    """The values at or below those that a filter names."""
    row = table(str(of.names))
    mark = Reaches(("id",), tree=of.names)
    return select(row.c.id).where(
        condition(mark, row, binds(of.filter, count), roll_up=key.roll_up)
    )


def labels(name: str) -> Select[Any]:
    """The names of the rows of a table."""
    row = table(name)
    return select(row.c.id, (row.c.label if "label" in row.c else row.c.name).label("name"))


def _count(column: ColumnElement[Any], word: str) -> ColumnElement[int]:
    return func.count(case((column == word, 1)))


def _divided(dimension: Dimension, *, roll_up: bool) -> Subquery:
    """Each claim with each of its values, once; in a tree also with every value above."""
    row = table("evidence")
    *tables, column = dimension.path.split(".")
    steps = follow(row, tables)
    source = (steps[-1].table if steps else row).c[column]
    joined: FromClause = row
    for step in steps:
        joined = joined.join(step.table, step.on)
    if dimension.tree and roll_up:
        pairs = above(str(dimension.names))
        joined = joined.join(pairs, pairs.c.below == source)
        source = pairs.c.above
    found = select(row.c.id.label("evidence_id"), source.label("value")).select_from(joined)
    return found.where(source.is_not(None)).distinct().subquery()
