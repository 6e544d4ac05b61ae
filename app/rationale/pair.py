"""Read what the database holds on one partner: its claims, trials and conflicts."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Select, select

from app.db import Reading
from app.rationale.shapes import PairClaim, TrialAsRead
from app.read.filters import binds
from app.read.joins import table
from app.read.rendering import render
from app.read.unknown import bind_values
from app.resources.conflicts import ConflictRead
from app.resources.partners import PartnerRead

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known about lenalidomide and one partner, apart from the network."""

    partner: PartnerRead
    claims: list[PairClaim]
    trials: list[TrialAsRead]
    conflicts: list[str]
    """The ids of conflicts with a claim about the pair on any side."""


def read_pair(reading: Reading, partner: PartnerRead) -> Pair:
    """Read the claims about a partner, and the trials of its drug or of members of its class."""
    given = [*([partner.entity] if partner.entity else []), *partner.members]
    drugs = [drug.id for drug in given]
    return Pair(
        partner=partner,
        claims=_all(reading, PairClaim, [partner.id], claims),
        trials=_all(reading, TrialAsRead, drugs, trials, len(drugs)) if drugs else [],
        conflicts=reading.rows(str, bind_values({"id": [partner.id]}), conflicts_of),
    )


def read_conflicts(reading: Reading, ids: Collection[str]) -> list[ConflictRead]:
    """The conflicts with these ids."""
    return _all(reading, ConflictRead, sorted(ids), conflicts, len(ids)) if ids else []


def _all(
    reading: Reading,
    shape: type[S],
    ids: Sequence[str],
    make: Callable[..., Select[Any]],
    *of: Hashable,
) -> list[S]:
    texts = reading.rows(str, bind_values({"id": list(ids)}), make, *of)
    return [shape.model_validate_json(text) for text in texts]


def claims() -> Select[Any]:
    """The claims about one partner as JSON texts."""
    row = table("evidence_partner")
    (partner,) = binds("id", 1)
    return (
        select(render(PairClaim, row).label("item"))
        .where(row.c.partner_id == partner)
        .order_by(row.c.evidence_id)
    )


def trials(count: int) -> Select[Any]:
    """The trials with any of the entities in their regimen as JSON texts."""
    row, regimen = table("trial"), table("trial_regimen")
    found = select(regimen.c.trial_id).where(regimen.c.entity_id.in_(binds("id", count)))
    return (
        select(render(TrialAsRead, row).label("item")).where(row.c.id.in_(found)).order_by(row.c.id)
    )


def conflicts(count: int) -> Select[Any]:
    """The conflicts with these ids as JSON texts."""
    row = table("conflict")
    return (
        select(render(ConflictRead, row).label("item"))
        .where(row.c.id.in_(binds("id", count)))
        .order_by(row.c.id)
    )


def conflicts_of() -> Select[Any]:
    """The ids of conflicts that include a claim about one partner."""
    side, row = table("conflict_side_evidence"), table("evidence_partner")
    (partner,) = binds("id", 1)
    return (
        select(side.c.conflict_id)
        .join_from(side, row, row.c.evidence_id == side.c.evidence_id)
        .where(row.c.partner_id == partner)
        .order_by(side.c.conflict_id)
        .distinct()
    )
