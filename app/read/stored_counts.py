"""The statements that count claims for the tables of stored counts."""

from collections.abc import Collection

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    case,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)

from app.read.joins import follow, table
from app.resources import ALL
from app.resources.evidence import EVIDENCE
from app.schema.markers import Reaches, Tally, filter_marks
from app.schema.resource import Resource

Claims = Collection[str] | None
"""The ids of some claims; None for all."""

BETWEEN = " "
"""Separates the ids of a list; no id or context contains it."""


def count_evidence(claims: Claims = None) -> Select[tuple[object, ...]]:
    """The rows of `evidence_count` that follow from the claims.

    A claim counts for a row if the filter of the row's type finds it, roll-up included.
    """
    pairs = union_all(*(_pairs(one, claims) for one in ALL if _is_counted(one))).subquery()
    key = (pairs.c.type, pairs.c.id, pairs.c.level, pairs.c.origin, pairs.c.own)
    return select(*key, func.count().label("rows")).group_by(*key)


def count_kinds(claims: Claims = None) -> Select[tuple[object, ...]]:
    """The rows of `claim_kind` that follow from the claims."""
    claim = table("evidence")
    kinds = (
        select(
            func.coalesce(claim.c.mechanism_id, "").label("mechanism"),
            func.coalesce(claim.c.cell_id, "").label("cell"),
            *(claim.c[name] for name in ("setting", "level", "origin", "in_review")),
            _listed(claim, "evidence_subtype", "subtype_id").label("subtypes"),
            _listed(claim, "evidence_partner", "partner_id").label("partners"),
            _listed(claim, "evidence_context", "context").label("contexts"),
        )
        .where(_among(claim, claims))
        .subquery()
    )
    return select(*kinds.c, func.count().label("rows")).group_by(*kinds.c)


def above(tree: str) -> FromClause:
    """Each row of a tree with itself and every row above it."""
    row, parent = table(tree), table(tree)
    pairs = select(row.c.id.label("below"), row.c.id.label("above")).cte(recursive=True)
    higher = select(pairs.c.below, parent.c.parent_id).where(parent.c.id == pairs.c.above)
    return pairs.union(higher.where(parent.c.parent_id.is_not(None)))


def _is_counted(resource: Resource) -> bool:
    return any(
        isinstance(mark, Tally)
        for info in resource.read.model_fields.values()
        for mark in info.metadata
    )


def _pairs(resource: Resource, claims: Claims) -> Select[tuple[object, ...]]:
    """Each claim with each row of a type for which it counts, once, and whether it names it."""
    marks = filter_marks(EVIDENCE.filters.model_fields[resource.name])
    (mark,) = (one for one in marks if isinstance(one, Reaches))
    found = union_all(*(_linked(path, mark.tree, claims) for path in mark.paths)).subquery()
    key = (found.c.id, found.c.claim, found.c.level, found.c.origin)
    own = (func.max(found.c.own) == literal_column("1")).label("own")
    once = select(*key, own).group_by(*key).subquery()
    names = ("id", "level", "origin", "own")
    return select(literal(resource.name).label("type"), *(once.c[name] for name in names))


def _linked(path: str, tree: str | None, claims: Claims) -> Select[tuple[object, ...]]:
    claim = table("evidence")
    *tables, column = path.split(".")
    steps = follow(claim, tables)
    joined: FromClause = claim
    for step in steps:
        joined = joined.join(step.table, step.on)
    value: ColumnElement[str] = (steps[-1].table if steps else claim).c[column]
    own: ColumnElement[int] = literal_column("1")
    if tree:
        pairs = above(tree)
        joined = joined.join(pairs, pairs.c.below == value)
        own = case((pairs.c.above == value, own), else_=literal_column("0"))
        value = pairs.c.above
    return (
        select(
            value.label("id"),
            claim.c.id.label("claim"),
            claim.c.level,
            claim.c.origin,
            own.label("own"),
        )
        .select_from(joined)
        .where(value.is_not(None), _among(claim, claims))
    )


def _among(claim: FromClause, claims: Claims) -> ColumnElement[bool]:
    return true() if claims is None else claim.c.id.in_(sorted(claims))


def _listed(claim: FromClause, name: str, column: str) -> ColumnElement[str]:
    """The ids that a list of a claim holds, in their own order."""
    link = table(name)
    items: Subquery = (
        select(link.c[column].label("item"))
        .where(link.c.evidence_id == claim.c.id)
        .order_by(link.c[column])
        .correlate(claim)
        .subquery()
    )
    listed = select(func.aggregate_strings(items.c.item, BETWEEN)).scalar_subquery()
    return func.coalesce(listed, "")
