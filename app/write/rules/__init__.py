"""Rules between fields and between rows: for each type, those for one row and those for all.

A write must keep the rules for its own row. Those for all rows cannot apply to a single write,
because a mechanism is added before the evidence that names it; they apply to the curated files and
to the whole database.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.write import fields
from app.write.known import Comparison, Known
from app.write.record import ContentFault, Record
from app.write.rows import KINDS, SHAPES
from app.write.rules import (
    conflicts,
    edges,
    entities,
    evidence,
    mechanisms,
    partners,
    references,
    subtypes,
    trials,
)


def nothing(_known: Known) -> Iterator[ContentFault]:
    """No rules for all rows together."""
    yield from ()


@dataclass(frozen=True)
class TypeRules:
    """The rules of a type, and the lists that they compare.

    They apply only if all these lists could be read; otherwise one unreadable file would turn every
    reference to it into a fault.
    """

    needs: tuple[str, ...]
    one: Callable[[Record, Known], Iterator[ContentFault]]
    whole: Callable[[Known], Iterator[ContentFault]] = nothing
    comparisons: tuple[Comparison, ...] = ()
    """The rows against which `one` checks a record that does not refer to them."""
    alone: tuple[str, ...] = ()
    """Lists whose texts no other record of the type may have, neither there nor as its id."""


RULES: Mapping[str, TypeRules] = {
    "evidence": TypeRules(
        ("entities", "trials", "partners", "edges", "conflicts"),
        evidence.one,
        evidence.whole,
        evidence.COMPARISONS,
    ),
    "references": TypeRules((), references.one),
    "entities": TypeRules(
        ("edges", "evidence", "mechanisms", "partners", "trials"),
        entities.one,
        entities.whole,
        entities.COMPARISONS,
        ("aliases", "xrefs"),
    ),
    "edges": TypeRules(
        ("partners", "mechanisms", "conflicts", "relations", "entities", "evidence"),
        edges.one,
        edges.whole,
        edges.COMPARISONS,
    ),
    "mechanisms": TypeRules(("evidence", "edges"), mechanisms.one, mechanisms.whole),
    "subtypes": TypeRules(("evidence",), subtypes.one, subtypes.whole),
    "partners": TypeRules(("entities", "evidence"), partners.one, partners.whole),
    "trials": TypeRules(
        ("evidence", "references", "subtypes", "measures"),
        trials.one,
        trials.whole,
        trials.COMPARISONS,
    ),
    "conflicts": TypeRules((), conflicts.one),
}


def faults_of_one(
    kind: str, record: Record, known: Known, *, fits: bool = False, plain: bool = False
) -> Iterator[ContentFault]:
    """Everything that is wrong with a record, given the others.

    Callers may know already that it `fits` its shape, or that its texts are `plain`.
    """
    yield from fields.field_faults(record, SHAPES[KINDS[kind]], known, fits=fits, plain=plain)
    if _applies(kind, known):
        yield from RULES[kind].one(record, known)


def faults_of_all(known: Known) -> Iterator[ContentFault]:
    """Everything that is wrong with the records, one by one and taken together."""
    for kind in KINDS:
        for record in known.all(kind):
            yield from faults_of_one(kind, record, known)
        if _applies(kind, known):
            yield from RULES[kind].whole(known)


def _applies(kind: str, known: Known) -> bool:
    return kind in RULES and all(known.readable(one) for one in (kind, *RULES[kind].needs))
