"""Conflicts that no curator has named: claims of opposite sign about the same two entities.

Signs are compared, not relations: that less of IKZF1 raises what IKZF1 is said to lower is no
conflict.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import permutations
from typing import NamedTuple

from sqlalchemy import Connection, delete, false, select

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
"""What a conflict leads to, each with the table of the links."""

Pair = tuple[str, str]
Signed = Mapping[str, set[str]]
"""The ids of the claims about a pair, by sign."""


class Facts(NamedTuple):
    """What a conflict says beside its claims: labels by entity, subtypes and edges by claim."""

    labels: Mapping[str, str]
    subtypes: Mapping[str, list[str]]
    edges: Mapping[str, list[tuple[str, Pair]]]


def opposites(connection: Connection) -> Iterator[Row]:
    """The rows of all computed conflicts, as they follow from what the database holds now."""
    named = _named(connection)
    pairs = {
        pair: signed
        for pair, signed in _pairs(connection).items()
        if len(signed) == len(ANSWERS)
        and not any(signed["+"] & one and signed["-"] & other for one, other in named)
    }
    facts = _facts(connection, pairs)
    for pair, signed in sorted(pairs.items()):
        for name, own in rows(_conflict(pair, signed, facts)):
            yield name, own | ({"computed": True} if name == "conflict" else {})


def unlink(connection: Connection, gone: Mapping[str, set[str]]) -> None:
    """Take the computed conflicts off rows that are about to go; a curated one holds them."""
    ours = stored_conflicts(connection, computed=True)
    for name, links in LINKS.items():
        table = tables()[links]
        for one in gone[name]:
            held = table.c[f"{name}_id"] == one
            connection.execute(delete(table).where(held, table.c.conflict_id.in_(ours)))


def _pairs(connection: Connection) -> dict[Pair, Signed]:
    """The claims with a sign, by the entities that their subject and object name."""
    claim, source, target, entity = (
        tables()[name]
        for name in ("evidence", "evidence_subject_link", "evidence_object_link", "entity")
    )
    ends = select(
        claim.c.id,
        claim.c.relation,
        *(link.c[name] for link in (source, target) for name in ("entity_id", "state")),
    ).where(
        source.c.evidence_id == claim.c.id,
        target.c.evidence_id == claim.c.id,
        source.c.entity_id.is_not(None),
        target.c.entity_id.is_not(None),
    )
    states = select(entity.c.id, entity.c.state_of_id, entity.c.state)
    bases = {
        one: End(state_of or one, state or "")
        for one, state_of, state in connection.execute(states)
    }
    found: dict[Pair, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim_id, relation, start, start_state, end, end_state in connection.execute(ends):
        named = ([End(start, start_state or "")], [End(end, end_state or "")])
        for source_id, target_id, sign in effects(relation, *named, bases.get):
            found[source_id, target_id][WRITTEN[sign]].add(claim_id)
    return dict(found)


def _named(connection: Connection) -> list[tuple[set[str], set[str]]]:
    """The claims on one side and on another of each conflict that a curator has named."""
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
    """An id that says the pair, or stands for it where that would be too long."""
    plain = f"computed-{'-'.join(pair)}"
    return plain if len(plain) <= MAX_ID else f"computed-{sha256(plain.encode()).hexdigest()}"
