"""Conflicts that no curator has named: claims of opposite sign about the same two entities.

Signs are compared, not relations: if IKZF1 lowers something and less of IKZF1 raises it, that is
no conflict.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import permutations
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Label, delete, false, select

from app.resources.conflicts import ConflictSideWrite, ConflictWrite
from app.schema.values import MAX_ID
from app.write.rows import Row, rows, tables
from app.write.signs import WRITTEN, End, effects
from app.write.stored import chosen, stored_conflicts

ANSWERS = {
    "+": "Positive: it raises, engages or strengthens it.",
    "-": "Negative: it lowers, blocks or weakens it.",
}
LINKS = {
    "evidence": "conflict_side_evidence",
    "edge": "conflict_edge",
    "subtype": "conflict_subtype",
}
"""The types a conflict links to, each with the table of the links."""

CLAIM_TABLES = ("evidence", "evidence_subject_link", "evidence_object_link")

Pair = tuple[str, str]
Signed = Mapping[str, set[str]]
"""The ids of the claims about a pair, by sign."""


class Facts(NamedTuple):
    """What a conflict needs besides its claims: labels by entity, subtypes and edges by claim."""

    labels: Mapping[str, str]
    subtypes: Mapping[str, list[str]]
    edges: Mapping[str, list[tuple[str, Pair]]]


def opposites(connection: Connection) -> Iterator[Row]:
    """The rows of all computed conflicts, derived from what the database holds now."""
    named = _named(connection)
    pairs = {
        pair: signed
        for pair, signed in _pairs(connection).items()
        if not any(signed["+"] & one and signed["-"] & other for one, other in named)
    }
    facts = _facts(connection, pairs)
    for pair, signed in sorted(pairs.items()):
        for name, own in rows(_conflict(pair, signed, facts)):
            yield name, own | ({"computed": True} if name == "conflict" else {})


def unlink(connection: Connection, gone: Mapping[str, set[str]]) -> None:
    """Unlink computed conflicts from rows about to be removed; curated ones still block that."""
    ours = stored_conflicts(connection, computed=True)
    for name, links in LINKS.items():
        table = tables()[links]
        for one in gone[name]:
            held = table.c[f"{name}_id"] == one
            connection.execute(delete(table).where(held, table.c.conflict_id.in_(ours)))


def _pairs(connection: Connection) -> dict[Pair, Signed]:
    """The claims by sign, for each pair of entities about which both signs are claimed."""
    said, ends = _triple_columns()
    facing: dict[Pair, dict[str, list[SignedTriple]]] = defaultdict(lambda: defaultdict(list))
    bases = _bases(connection)
    for row in connection.execute(select(*said).where(*ends).distinct()):
        one = SignedTriple(*row)
        start, end = End(one.start, one.start_state or ""), End(one.end, one.end_state or "")
        for source, target, sign in effects(one.relation, [start], [end], bases.get):
            facing[source, target][WRITTEN[sign]].append(one)
    opposite = {pair: said for pair, said in facing.items() if len(said) == len(ANSWERS)}
    claims = _claims_saying(connection, opposite.values())
    return {
        pair: {
            sign: {claim for one in found for claim in claims[one]} for sign, found in said.items()
        }
        for pair, said in opposite.items()
    }


class SignedTriple(NamedTuple):
    """What several claims may say alike: a relation, and at each end an entity and its state."""

    relation: str
    start: str
    start_state: str | None
    end: str
    end_state: str | None


def _triple_columns() -> tuple[list[Label[Any]], list[ColumnElement[bool]]]:
    """The columns of a SignedTriple, and the conditions that join their tables."""
    claim, source, target = (tables()[name] for name in CLAIM_TABLES)
    columns = [link.c[name] for link in (source, target) for name in ("entity_id", "state")]
    named = zip(SignedTriple._fields, (claim.c.relation, *columns), strict=True)
    joined = [link.c.evidence_id == claim.c.id for link in (source, target)]
    given = [link.c.entity_id.is_not(None) for link in (source, target)]
    return [column.label(name) for name, column in named], [*joined, *given]


def _claims_saying(
    connection: Connection, wanted: Iterable[Mapping[str, list[SignedTriple]]]
) -> Mapping[SignedTriple, set[str]]:
    """The ids of the claims that say each of the wanted things."""
    claims: dict[SignedTriple, set[str]] = {
        one: set() for said in wanted for found in said.values() for one in found
    }
    said, ends = _triple_columns()
    _, start, *_ = said
    found = select(tables()["evidence"].c.id, *said).where(*ends)
    for row in chosen(connection, found, start, {one.start for one in claims}):
        one = SignedTriple(*(row[name] for name in SignedTriple._fields))
        if one in claims:
            claims[one].add(row["id"])
    return claims


def _bases(connection: Connection) -> Mapping[str, End]:
    """For each entity, the one it is a state of (or itself) with that state."""
    entity = tables()["entity"]
    states = select(entity.c.id, entity.c.state_of_id, entity.c.state)
    return {
        one: End(state_of or one, state or "")
        for one, state_of, state in connection.execute(states)
    }


def _named(connection: Connection) -> list[tuple[set[str], set[str]]]:
    """For each curated conflict, every ordered pair of sides as sets of claims."""
    conflict, claim = tables()["conflict"], tables()["conflict_side_evidence"]
    found = select(claim.c.conflict_id, claim.c.side, claim.c.evidence_id).where(
        claim.c.conflict_id == conflict.c.id, conflict.c.computed == false()
    )
    sides: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for conflict_id, side, claim_id in connection.execute(found):
        sides[conflict_id][side].add(claim_id)
    return [
        (one, other) for each in sides.values() for one, other in permutations(each.values(), 2)
    ]


def _facts(connection: Connection, pairs: Mapping[Pair, Signed]) -> Facts:
    claims = {claim for signed in pairs.values() for some in signed.values() for claim in some}
    entity, edge, subtype, proof = (
        tables()[name] for name in ("entity", "edge", "evidence_subtype", "edge_evidence")
    )
    facts = Facts({}, defaultdict(list), defaultdict(list))
    named = select(entity.c.id, entity.c.label)
    labels = chosen(connection, named, entity.c.id, {end for pair in pairs for end in pair})
    of_claims = select(subtype.c.evidence_id, subtype.c.subtype_id).order_by(subtype.c.position)
    for row in chosen(connection, of_claims, subtype.c.evidence_id, claims):
        facts.subtypes[row["evidence_id"]].append(row["subtype_id"])
    steps = select(edge.c.id, edge.c.source_id, edge.c.target_id, proof.c.evidence_id)
    steps = steps.where(edge.c.id == proof.c.edge_id)
    for row in chosen(connection, steps, proof.c.evidence_id, claims):
        ends = (row["source_id"], row["target_id"])
        facts.edges[row["evidence_id"]].append((row["id"], ends))
    return facts._replace(labels={row["id"]: row["label"] for row in labels})


def _conflict(pair: Pair, signed: Signed, facts: Facts) -> ConflictWrite:
    claims = [claim for sign in ANSWERS for claim in sorted(signed[sign])]
    source, target = (facts.labels[end] for end in pair)
    subtypes = [one for claim in claims for one in facts.subtypes[claim]]
    edges = {edge for claim in claims for edge, ends in facts.edges[claim] if ends == pair}
    return ConflictWrite.model_construct(
        id=_id(pair),
        question=f"Is the effect of {source} on {target} positive or negative?",
        explanation=None,
        state="open",
        subtypes=list(dict.fromkeys(subtypes)),
        edges=sorted(edges),
        sides=[
            ConflictSideWrite.model_construct(answer=answer, evidence=sorted(signed[sign]))
            for sign, answer in ANSWERS.items()
        ],
    )


def _id(pair: Pair) -> str:
    """An id made of the pair, or of its hash if that would be too long."""
    plain = f"computed-{'-'.join(pair)}"
    return plain if len(plain) <= MAX_ID else f"computed-{sha256(plain.encode()).hexdigest()}"
