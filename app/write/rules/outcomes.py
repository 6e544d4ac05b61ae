"""Rules for the outcomes of a trial: units, ranges, and figures that its evidence contains."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from app.write.known import Known, expected
from app.write.record import ContentFault, Record, shown
from app.write.rules.arms import is_contrast

FIGURE = re.compile(r"\d*\.?\d+", re.ASCII)
GRADE = re.compile(r"\bgrade\b", re.IGNORECASE)
MEDIAN, PERCENT, RATIO = ("months", "weeks"), ("percent",), ("ratio",)
WHOLE = 100
QUOTED = ("value", "ci_low", "ci_high", "n")
SAME = (
    "measure",
    "arm",
    "comparator",
    "subtype",
    "at",
    "event",
    "grade",
    "evidence",
    "note",
)


def outcome_faults(trial: Record, known: Known) -> Iterator[ContentFault]:
    """Check each outcome on its own and against its claim, and that none is given twice."""
    outcomes = trial.records("outcomes")
    for outcome in outcomes:
        yield from _unit(outcome, known)
        yield from _event(outcome)
        yield from _range(outcome)
        yield from _subtype(outcome, trial)
        claim = _claim(outcome, trial, known)
        yield from _source(outcome, claim, known)
        if claim:
            yield from _evidence(outcome, claim)
        if not claim and outcome.text("evidence"):
            yield outcome.fault("evidence", partial(_of_another, outcome, trial, known))
    yield from _repeated(outcomes)


def _of_another(outcome: Record, trial: Record, known: Known) -> str:
    named = known.beside("evidence", "trials", trial.id, "id")
    return expected(outcome.text("evidence"), "a row that names the trial", named)


def _unit(outcome: Record, known: Known) -> Iterator[ContentFault]:
    measure, unit = outcome.text("measure"), outcome.text("unit")
    due = MEDIAN if measure.endswith("_median") else PERCENT
    if is_contrast(outcome, known):
        due = RATIO
    if unit not in due:
        message = f"is {shown(unit)}, expected {' or '.join(due)} for {measure}"
        yield outcome.fault("unit", message)


def _event(outcome: Record) -> Iterator[ContentFault]:
    measure, event = outcome.text("measure"), outcome.text("event")
    if measure == "AE_rate" and not event:
        yield outcome.fault("event", "is empty, but AE_rate names its event")
    if measure != "AE_rate" and event:
        yield outcome.fault("event", f"is for AE_rate, but the measure is {shown(measure)}")
    if GRADE.search(event):
        yield outcome.fault("event", f"is {shown(event)}; write the grade in its own field")
    if outcome.text("grade") and not event:
        yield outcome.fault("grade", "is for an adverse event, but there is no event")


def _range(outcome: Record) -> Iterator[ContentFault]:
    value, unit = outcome.number("value"), outcome.text("unit")
    low, high = outcome.number("ci_low"), outcome.number("ci_high")
    if value is None:
        return
    if unit == "percent" and value > WHOLE:
        yield outcome.fault("value", f"is {shown(value)}, expected at most {WHOLE} percent")
    if low is not None and low > value:
        yield outcome.fault("ci_low", f"is {shown(low)}, above the value")
    if high is not None and high < value:
        yield outcome.fault("ci_high", f"is {shown(high)}, below the value")


def _subtype(outcome: Record, trial: Record) -> Iterator[ContentFault]:
    subtype, subtypes = outcome.text("subtype"), trial.texts("subtypes")
    if subtype and subtype not in subtypes:
        yield outcome.fault(
            "subtype", partial(expected, subtype, "a subtype of the trial", subtypes)
        )


def _claim(outcome: Record, trial: Record, known: Known) -> Record | None:
    """The claim in which the figure is found, if it names the trial."""
    name = outcome.text("evidence")
    claim = known.get("evidence", name) if name else None
    return claim if claim and trial.id in claim.texts("trials") else None


def _evidence(outcome: Record, row: Record) -> Iterator[ContentFault]:
    figures = _figures(f"{row.text('statement')} {row.text('note')}")
    for field in QUOTED:
        number = outcome.number(field)
        if number is not None and number not in figures:
            yield outcome.fault(field, f"is {shown(number)}, which {row.name} does not mention")
    p = outcome.text("p")
    if not _figures(p) <= figures:
        yield outcome.fault("p", f"is {shown(p)}, which {row.name} does not mention")


def _source(outcome: Record, row: Record | None, known: Known) -> Iterator[ContentFault]:
    reference = known.get("references", row.text("reference")) if row else None
    given = outcome.values.get("source_kind")
    if given is None and "source_kind" in outcome.values:
        yield outcome.fault("source_kind", "is empty, expected that of the reference of its claim")
        return
    if reference and reference.text("source_kind") != given:
        due = shown(reference.text("source_kind"))
        message = f"is {shown(given)}, but the reference {reference.id} has {due}"
        yield outcome.fault("source_kind", message)


def _figures(text: str) -> set[float]:
    return {float(figure) for figure in FIGURE.findall(text)}


def _repeated(outcomes: list[Record]) -> Iterator[ContentFault]:
    keys = [tuple(outcome.text(field) for field in SAME) for outcome in outcomes]
    times = Counter(keys)
    for key, outcome in zip(keys, outcomes, strict=True):
        if times[key] > 1:
            message = f"is given {times[key]} times with the same {', '.join(SAME)}"
            yield outcome.fault("measure", message)
