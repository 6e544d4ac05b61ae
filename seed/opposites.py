"""Conflicts that no curator has named: claims of opposite sign about the same two entities."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from app.schema.vocabulary import vocabulary

Record = Mapping[str, Any]
Pair = tuple[str, str]
Signed = dict[str, list[Record]]
"""The claims about a pair, by sign."""

ANSWERS = {
    "+": "Positive: it raises, engages or strengthens it.",
    "-": "Negative: it lowers, blocks or weakens it.",
}


def opposites(content: Mapping[str, list[Record]]) -> Iterator[Record]:
    """Entries of conflicts for pairs on which claims differ in sign, in the order of their ids."""
    labels = {entity["id"]: entity["label"] for entity in content["entities"]}
    for pair, signed in sorted(_pairs(content["evidence"]).items()):
        if len(signed) == len(ANSWERS) and not _named(signed, content["conflicts"]):
            yield _conflict(pair, signed, labels, content["edges"])


def _pairs(evidence: list[Record]) -> dict[Pair, Signed]:
    """The claims with a sign, by the entities that their subject and object name."""
    signs = {word["id"]: word["sign"] for word in vocabulary()["relations"]}
    found: dict[Pair, Signed] = defaultdict(lambda: defaultdict(list))
    for claim in evidence:
        sign = signs[claim["relation"]]
        if sign in ANSWERS:
            for source in _entities(claim["subject"]):
                for target in _entities(claim["object"]):
                    found[source, target][sign].append(claim)
    return found


def _entities(end: Record) -> list[str]:
    return [link["id"] for link in end["links"] if link["type"] == "entity"]


def _named(signed: Signed, conflicts: list[Record]) -> bool:
    """Whether a curated conflict has one of each sign, on different sides."""
    raising, lowering = ({claim["id"] for claim in signed[sign]} for sign in ANSWERS)
    return any(
        raising & set(one["evidence"]) and lowering & set(other["evidence"])
        for conflict in conflicts
        for one in conflict["sides"]
        for other in conflict["sides"]
        if one is not other
    )


def _conflict(pair: Pair, signed: Signed, labels: Mapping[str, str], edges: list[Record]) -> Record:
    source, target = pair
    claims = [claim for sign in ANSWERS for claim in signed[sign]]
    ids = {claim["id"] for claim in claims}
    return {
        "id": f"computed-{source}-{target}",
        "question": f"Is the effect of {labels[source]} on {labels[target]} positive or negative?",
        "explanation": None,
        "state": "open",
        "computed": True,
        "subtypes": list(dict.fromkeys(one for claim in claims for one in claim["subtypes"])),
        "edges": [
            edge["id"]
            for edge in edges
            if (edge["source"], edge["target"]) == pair and ids & set(edge["evidence"])
        ],
        "sides": [
            {"answer": answer, "evidence": [claim["id"] for claim in signed[sign]]}
            for sign, answer in ANSWERS.items()
        ],
    }
