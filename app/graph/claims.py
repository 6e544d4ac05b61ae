"""The claims that name both ends of a path sought."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union

from app.db import Reading
from app.graph.shapes import MOST_CLAIMS, LinkingClaim
from app.read.filters import binds
from app.read.joins import table
from app.read.rendering import render
from app.read.unknown import bind_values


@dataclass(frozen=True, slots=True)
class Linking:
    """The best claims, and how many there are."""

    claims: list[LinkingClaim]
    total: int


def read_linking(reading: Reading, source: str, target: str) -> Linking:
    """The claims with one of two entities as subject and the other as object, best level first."""
    ends = bind_values({"source": [source], "target": [target]})
    found = reading.rows(lambda text, total: (text, total), ends, linking)
    return Linking(
        [LinkingClaim.model_validate_json(text) for text, _ in found], found[0][1] if found else 0
    )


def linking() -> Select[Any]:
    """The first claims as JSON texts, each with the number of all."""
    row = table("evidence")
    (source,), (target,) = binds("source", 1), binds("target", 1)
    either = union(_from_to(source, target), _from_to(target, source))
    item: list[ColumnElement[Any]] = [render(LinkingClaim, row), func.count().over()]
    return (
        select(*item).where(row.c.id.in_(either)).order_by(row.c.level, row.c.id).limit(MOST_CLAIMS)
    )


def _from_to(subject: ColumnElement[Any], target: ColumnElement[Any]) -> Select[Any]:
    """The ids of claims from one entity to the other."""
    start, end = table("evidence_subject_link"), table("evidence_object_link")
    return (
        select(start.c.evidence_id)
        .join_from(start, end, start.c.evidence_id == end.c.evidence_id)
        .where(start.c.entity_id == subject, end.c.entity_id == target)
    )
