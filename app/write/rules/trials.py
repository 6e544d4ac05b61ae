"""Rules for trials.yaml: lenalidomide in the regimen; references and outcomes match evidence."""

from collections.abc import Iterator

from app.write.known import Known, Lean
from app.write.record import ContentFault, Record, shown
from app.write.rules import arms, outcomes

DRUG = "lenalidomide"

LEANS = (
    Lean("evidence", says="trials", own="id"),
    Lean("subtypes", says="id", own="subtypes", tree="parent"),
)


def one(trial: Record, known: Known) -> Iterator[ContentFault]:
    """Check a trial against the evidence that names it, then its outcomes."""
    if DRUG not in trial.texts("regimen"):
        yield trial.fault("regimen", f"lacks {DRUG}")
    for reference, claim in known.beside("evidence", "trials", trial.id, "reference").items():
        if reference not in trial.texts("references"):
            message = f"lacks {shown(reference)}, the reference of the evidence row {claim}"
            yield trial.fault("references", message)
    yield from outcomes.outcome_faults(trial, known)
    yield from arms.arm_faults(trial, known)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check that there is evidence for each trial."""
    named = {name for row in known.all("evidence") for name in row.texts("trials")}
    for trial in known.all("trials"):
        if trial.id not in named:
            yield trial.fault("id", "is named by no row of evidence.yaml")
