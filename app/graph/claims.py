"""Claims that name both ends of the path that was sought."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select, union

from app.db import Reading
from app.graph.shapes import MOST_CLAIMS, LinkingClaim
from app.read.filters import binds
from app.read.joins import table
from app.read.rendering import render
from app.read.unknown import bind_values

RESISTANCE = "confers_resistance_to"


@dataclass(frozen=True, slots=True)
class Linking:
    """The best claims, up to MOST_CLAIMS, and how many there are in all."""

    claims: list[LinkingClaim]
    total: int


def read_linking(reading: Reading, source: str, target: str) -> Linking:
    """Claims with one entity as subject and the other as object, best level first."""
    ends = bind_values({"source": [source], "target": [target]})
    found = reading.rows(lambda text, total: (text, total), ends, linking)
    return Linking(
        [LinkingClaim.model_validate_json(text) for text, _ in found], found[0][1] if found else 0
    )


def linking() -> Select[Any]:
    """The first claims as JSON texts, each with the total number."""
    row = table("evidence")
    (source,), (target,) = binds("source", 1), binds("target", 1)
    either = union(_from_to(source, target), _from_to(target, source))
    item: list[ColumnElement[Any]] = [render(LinkingClaim, row), func.count().over()]
    return (
        select(*item).where(row.c.id.in_(either)).order_by(row.c.level, row.c.id).limit(MOST_CLAIMS)
    )


def _from_to(subject: ColumnElement[Any], target: ColumnElement[Any]) -> Select[Any]:
    """The ids of claims with one entity as subject and the other as object."""
    row, start, end = (
        table(name) for name in ("evidence", "evidence_subject_link", "evidence_object_link")
    )
    # A claim that confers resistance to X is also about the entity `X-resistance`.
    resisted = (
        select(end.c.evidence_id)
        .join_from(row, end, row.c.id == end.c.evidence_id)
        .where(row.c.relation == RESISTANCE, end.c.entity_id + "-resistance" == target)
    )
    return select(row.c.id).where(
        row.c.id.in_(union(*_naming(start, subject))),
        row.c.id.in_(union(*_naming(end, target), resisted)),
    )


def _naming(link: FromClause, entity: ColumnElement[Any]) -> Iterator[Select[Any]]:
    """Ids of claims that name an entity, or the entity it is a state of, in that state."""
    yield select(link.c.evidence_id).where(link.c.entity_id == entity)
    state = table("entity")
    of_state = and_(link.c.entity_id == state.c.state_of_id, link.c.state == state.c.state)
    yield (select(link.c.evidence_id).join_from(state, link, of_state).where(state.c.id == entity))
