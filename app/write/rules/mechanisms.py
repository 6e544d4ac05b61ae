"""Rules for mechanisms.yaml: evidence for each mechanism, and steps that are causal."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.write.known import Known
from app.write.record import ContentFault, Record, shown

SENTENCE_END = re.compile(r"[.](?=\s|\Z)")
SENTENCES = (2, 3)
PLACES = {"abstract": "abstract", "caption": "figure"}


def one(mechanism: Record, known: Known) -> Iterator[ContentFault]:
    """Check a mechanism with its summary and steps."""
    yield from _summary(mechanism)
    yield from _steps(mechanism, known)
    yield from _in_review(mechanism)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check each mechanism against the evidence that names it."""
    named: dict[str, list[Record]] = defaultdict(list)
    for row in known.all("evidence"):
        named[row.text("mechanism")].append(row)
    for mechanism in known.all("mechanisms"):
        if not named[mechanism.id]:
            yield mechanism.fault("id", "is named by no row of evidence.yaml")
        yield from _basis(mechanism, named[mechanism.id])


def _summary(mechanism: Record) -> Iterator[ContentFault]:
    sentences = len(SENTENCE_END.findall(mechanism.text("summary")))
    if sentences not in SENTENCES:
        yield mechanism.fault("summary", f"counts {sentences} sentences, expected 2 or 3")


def _steps(mechanism: Record, known: Known) -> Iterator[ContentFault]:
    for step in mechanism.texts("steps"):
        edge = known.get("edges", step)
        if edge and (edge.text("type"), edge.text("basis")) != ("causal", "evidence"):
            message = f"holds {step}, which is not causal or does not rest on evidence"
            yield mechanism.fault("steps", message)


def _in_review(mechanism: Record) -> Iterator[ContentFault]:
    flag, basis = mechanism.flag("in_review"), mechanism.values.get("in_review_basis")
    if flag is not None and flag == (basis is None):
        message = f"is {shown(flag)}, but in_review_basis is {shown(basis)}"
        yield mechanism.fault("in_review", message)


def _basis(mechanism: Record, rows: Sequence[Record]) -> Iterator[ContentFault]:
    basis = mechanism.text("in_review_basis")
    places = [row.text("locator").lower() for row in rows if row.flag("in_review")]
    if basis in PLACES and not any(place.startswith(PLACES[basis]) for place in places):
        message = f"is {shown(basis)}, but no row of evidence.yaml from there names this mechanism"
        yield mechanism.fault("in_review_basis", message)
    if basis not in PLACES and any(place.startswith("abstract") for place in places):
        given = shown(mechanism.values.get("in_review_basis"))
        message = f"is {given}, but a row from the abstract names this mechanism"
        yield mechanism.fault("in_review_basis", message)
