"""Rules for what an outcome compares and which patients it counts."""

from collections.abc import Iterator, Sequence

from app.write.known import Known
from app.write.record import ContentFault, Record, shown

REPEATED = ("measure", "arm", "comparator", "subtype")
CONTRAST = "contrast"


def arm_faults(trial: Record, known: Known) -> Iterator[ContentFault]:
    """Check the arms of each outcome, what it repeats, and which patients it counts."""
    outcomes = trial.records("outcomes")
    for position, outcome in enumerate(outcomes, 1):
        yield from _compared(outcome, known)
        yield from _tests(outcome, trial)
        yield from _repeats(outcome, outcomes[: position - 1])
        yield from _population(outcome, trial, known)


def is_contrast(outcome: Record, known: Known) -> bool:
    """Whether the measure compares two arms."""
    measure = known.word("measures", outcome.text("measure"))
    return measure is not None and measure.flag("contrast") is True


def _compared(outcome: Record, known: Known) -> Iterator[ContentFault]:
    measure, comparator = outcome.text("measure"), outcome.text("comparator")
    if outcome.text("arm") == CONTRAST:
        message = "is 'contrast', expected the arm that the figure is for; name the other one as "
        yield outcome.fault("arm", f"{message}its comparator")
    if is_contrast(outcome, known):
        if not comparator:
            yield outcome.fault("comparator", f"is empty, but {measure} compares two arms")
        if not outcome.texts("tests"):
            message = f"is empty, but {measure} tests the drugs given in only one of the two arms"
            yield outcome.fault("tests", message)
        if comparator and comparator == outcome.text("arm"):
            yield outcome.fault("comparator", f"is {shown(comparator)}, which is the arm itself")
        return
    for field in ("comparator", "tests"):
        if outcome.values.get(field):
            yield outcome.fault(field, f"is for a contrast, but {measure} is of a single arm")


def _tests(outcome: Record, trial: Record) -> Iterator[ContentFault]:
    for drug in outcome.texts("tests"):
        if drug not in trial.texts("regimen"):
            message = f"holds {shown(drug)}, which is not in the regimen of the trial"
            yield outcome.fault("tests", message)


def _repeats(outcome: Record, earlier: Sequence[Record]) -> Iterator[ContentFault]:
    position = outcome.values.get("repeats")
    if not isinstance(position, int) or isinstance(position, bool):
        return
    if not 1 <= position <= len(earlier):
        yield outcome.fault("repeats", f"is {shown(position)}, which is no earlier outcome")
        return
    other = earlier[position - 1]
    differ = [field for field in REPEATED if other.values.get(field) != outcome.values.get(field)]
    if differ:
        message = f"is {shown(position)}, an outcome of another {', '.join(differ)}"
        yield outcome.fault("repeats", message)


def _population(outcome: Record, trial: Record, known: Known) -> Iterator[ContentFault]:
    given = outcome.text("population")
    subtypes = trial.texts("subtypes")
    due = "mixed"
    if outcome.text("subtype"):
        due = "subgroup"
    elif is_one_disease(subtypes, known):
        due = "all"
    if given != due:
        of = outcome.text("subtype") or ", ".join(subtypes) or "none"
        message = f"is {shown(given or None)}, expected {shown(due)} for {of}"
        yield outcome.fault("population", message)


def is_one_disease(subtypes: Sequence[str], known: Known) -> bool:
    """Whether these are one disease, alone or with subtypes of it.

    The root of the tree and the nodes directly below it (B-cell lymphoma, and indolent and
    aggressive lymphoma) are groups of diseases, not one.
    """
    above = {subtype: _above(subtype, known) for subtype in subtypes}
    tops = [subtype for subtype, over in above.items() if not set(over) & set(subtypes)]
    return len(tops) == 1 and len(above[tops[0]]) > 1


def _above(subtype: str, known: Known) -> list[str]:
    """The subtypes above this one, up to the root."""
    found: list[str] = []
    at = known.get("subtypes", subtype)
    while at and (parent := at.text("parent")) and parent not in found:
        found.append(parent)
        at = known.get("subtypes", parent)
    return found
