"""Rules for trials.yaml: lenalidomide in the regimen; references and outcomes match evidence."""

from collections.abc import Iterator

from app.write.known import Comparison, Known
from app.write.record import ContentFault, Record, shown
from app.write.rules import arms, outcomes

DRUG = "lenalidomide"
MOST_NAMED = 10
"""References named, beside the first, of those that a trial lacks."""

COMPARISONS = (
    Comparison("evidence", says="trials", own="id"),
    Comparison("subtypes", says="id", own="subtypes", tree="parent"),
)


def one(trial: Record, known: Known) -> Iterator[ContentFault]:
    """Check a trial against the evidence that names it, then its outcomes."""
    if DRUG not in trial.texts("regimen"):
        yield trial.fault("regimen", f"lacks {DRUG}")
    yield from _lacking(trial, known)
    yield from outcomes.outcome_faults(trial, known)
    yield from arms.arm_faults(trial, known)


def _lacking(trial: Record, known: Known) -> Iterator[ContentFault]:
    """One fault for all references that a trial lacks, the first claim that needs one first."""
    named = known.beside("evidence", "trials", trial.id, "reference")
    due = sorted(
        (claim, one) for one, claim in named.items() if one not in trial.texts("references")
    )
    if not due:
        return
    (claim, first), *others = due
    message = f"lacks {shown(first)}, the reference of the evidence row {claim}"
    if others:
        message += f"; other rows need {', '.join(shown(one) for _, one in others[:MOST_NAMED])}"
    if len(others) > MOST_NAMED:
        message += f" and {len(others) - MOST_NAMED:,} more"
    yield trial.fault("references", message)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check that there is evidence for each trial."""
    named = {name for row in known.all("evidence") for name in row.texts("trials")}
    for trial in known.all("trials"):
        if trial.id not in named:
            yield trial.fault("id", "is named by no row of evidence.yaml")
