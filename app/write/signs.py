"""The sign of a claim: that of its relation, reversed for each end in the state `decreased`.

The vocabulary gives the sign of each relation (`relation_signs`) and says what each state means.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from app.resources.evidence import ClaimLinkWrite, EvidenceWrite
from app.schema.vocabulary import vocabulary
from app.write.known import Known
from app.write.record import Record

SIGNS = {"+": 1, "-": -1}
WRITTEN = {sign: word for word, sign in SIGNS.items()}
STATES = {"": 1, "increased": 1, "decreased": -1}
"""How each state changes a sign; `altered` has no direction, so it gives none."""
RESISTANCE, RESISTANT = "confers_resistance_to", "-resistance"


class End(NamedTuple):
    """An entity that a claim or an edge names, and the state it is in."""

    entity: str
    state: str = ""


class Effect(NamedTuple):
    """What more of one entity does to another: 1 raises it, -1 lowers it."""

    source: str
    target: str
    sign: int


StateOf = Callable[[str], End | None]
"""Gives the entity and state an id stands for: itself if not a state; None if unknown."""


@cache
def relation_sign(relation: str) -> int | None:
    """The sign that a relation gives to a claim, as 1 or -1; None if it gives none."""
    signs = {word["id"]: word.get("sign") for word in vocabulary()["relation_signs"]}
    return SIGNS.get(signs.get(relation) or "")


def sign_of(claim: EvidenceWrite) -> str | None:
    """The sign of a claim, if every pair of entities it links has the same one."""
    ends = (_ends(claim.subject.links), _ends(claim.object.links))
    found = {_sign(claim.relation, one, other) for one, other in product(*ends)}
    (sign,) = found if len(found) == 1 else (None,)
    return WRITTEN.get(sign or 0)


def effects(
    relation: str, subjects: Sequence[End], objects: Sequence[End], state_of: StateOf
) -> Iterator[Effect]:
    """The effects a claim states, between the entities themselves rather than their states."""
    for one, other in product(subjects, objects):
        target = End(f"{other.entity}{RESISTANT}", other.state)
        if relation == RESISTANCE and state_of(target.entity):
            yield from _effect(_sign(relation, one, other), one, target, state_of, -1)
        else:
            yield from _effect(_sign(relation, one, other), one, other, state_of)


def effects_of_claim(claim: Record, known: Known) -> Iterator[Effect]:
    """The effects that the record of a claim states."""
    subjects, objects = (
        [
            End(link.id, link.text("state"))
            for link in claim.record(field).records("links")
            if link.text("type") == "entity"
        ]
        for field in ("subject", "object")
    )
    return effects(claim.text("relation"), subjects, objects, _states(known))


def effects_of_edge(edge: Record, known: Known) -> Iterator[Effect]:
    """The effect that an edge states, if it has one."""
    ends = (End(edge.text("source")), End(edge.text("target")))
    return _effect(SIGNS.get(edge.text("sign")), *ends, _states(known))


def _sign(relation: str, one: End, other: End) -> int | None:
    sign = relation_sign(relation)
    for end in (one, other):
        sign = sign and STATES.get(end.state, 0) * sign
    return sign or None


def _effect(
    sign: int | None, one: End, other: End, state_of: StateOf, turned: int = 1
) -> Iterator[Effect]:
    """The effect between the entities of which the two ends are states."""
    bases = [state_of(end.entity) for end in (one, other)]
    whole = (sign or 0) * turned
    for base in bases:
        whole *= STATES.get(base.state, 0) if base else 0
    if whole and bases[0] and bases[1]:
        yield Effect(bases[0].entity, bases[1].entity, whole)


def _states(known: Known) -> StateOf:
    def state_of(entity_id: str) -> End | None:
        entity = known.get("entities", entity_id)
        return End(entity.text("state_of") or entity.id, entity.text("state")) if entity else None

    return state_of


def _ends(links: Sequence[ClaimLinkWrite]) -> list[End]:
    return [End(link.id, link.state or "") for link in links if link.type == "entity"]
