"""Read what the database holds on one partner: its claims, trials and conflicts."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.sql.selectable import NamedFromClause

from app.db import Reading
from app.rationale.shapes import PairClaim, TrialAsRead
from app.read.filters import binds
from app.read.joins import table
from app.read.rendering import render
from app.read.unknown import bind_values
from app.resources.conflicts import ConflictRead
from app.resources.partners import PartnerRead

S = TypeVar("S", bound=BaseModel)
Verdict = tuple[str | None, str]
"""What the claims of a group say about the pair, and where they were measured."""


class VerdictCount(NamedTuple):
    """How many claims a group has."""

    interaction: str | None
    origin: str
    total: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known about lenalidomide and one partner, apart from the network."""

    partner: PartnerRead
    claims: list[PairClaim]
    trials: list[TrialAsRead]
    conflicts: list[str]
    """The ids of conflicts with a claim about the pair on any side."""
    totals: Mapping[Verdict, int] = field(default_factory=dict)
    """How many claims each group has, if not all of them were read."""


def read_pair(reading: Reading, partner: PartnerRead) -> Pair:
    """Read the claims about a partner, and the trials of its drug or of members of its class.

    Trials of a regimen that contains such a drug count as well.
    """
    given = [*([partner.entity] if partner.entity else []), *partner.members]
    drugs = [drug.id for drug in given]
    return Pair(
        partner=partner,
        claims=_all(reading, PairClaim, [partner.id], claims),
        trials=_all(reading, TrialAsRead, drugs, trials, len(drugs)) if drugs else [],
        conflicts=reading.rows(str, bind_values({"id": [partner.id]}), conflicts_of),
    )


def read_strongest(reading: Reading, partner: PartnerRead, most: int) -> Pair:
    """What is known about a partner: no trials, and a limited number of claims of each group.

    Claims from the strongest kinds of study come first.
    """
    places = bind_values({"id": [partner.id]})
    counted = reading.rows(VerdictCount, places, counts)
    few = reading.rows(str, places | {"most": most}, strongest)
    return Pair(
        partner=partner,
        claims=[PairClaim.model_validate_json(text) for text in few],
        trials=[],
        conflicts=reading.rows(str, places, conflicts_of),
        totals={(one.interaction, one.origin): one.total for one in counted},
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


def _verdicts() -> tuple[NamedFromClause, NamedFromClause, Sequence[ColumnElement[Any]]]:
    row, claim = table("evidence_partner"), table("evidence")
    return row, claim, (row.c.interaction, claim.c.origin)


def counts() -> Select[Any]:
    """How many claims about one partner there are in each group."""
    row, claim, verdict = _verdicts()
    (partner,) = binds("id", 1)
    return (
        select(*verdict, func.count().label("total"))
        .join_from(row, claim, claim.c.id == row.c.evidence_id)
        .where(row.c.partner_id == partner)
        .group_by(*verdict)
    )


def strongest() -> Select[Any]:
    """The claims from the strongest kinds of study in each group, as JSON texts."""
    row, claim, verdict = _verdicts()
    (partner,) = binds("id", 1)
    order = (claim.c.level, claim.c.id)
    ranked = (
        select(
            claim.c.id,
            claim.c.level,
            func.row_number().over(partition_by=verdict, order_by=order).label("place"),
        )
        .join_from(row, claim, claim.c.id == row.c.evidence_id)
        .where(row.c.partner_id == partner)
        .subquery()
    )
    return (
        select(render(PairClaim, row).label("item"))
        .join_from(row, ranked, ranked.c.id == row.c.evidence_id)
        .where(row.c.partner_id == partner, ranked.c.place <= bindparam("most", None))
        .order_by(ranked.c.level, ranked.c.id)
    )


def trials(count: int) -> Select[Any]:
    """The trials with any of the entities in their regimen, or in a part of it, as JSON texts."""
    row, regimen, part = table("trial"), table("trial_regimen"), table("entity_component")
    meant = binds("id", count)
    holding = select(part.c.entity_id).where(part.c.component_id.in_(meant))
    given = regimen.c.entity_id
    found = select(regimen.c.trial_id).where(or_(given.in_(meant), given.in_(holding)))
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
