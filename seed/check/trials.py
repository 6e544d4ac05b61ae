"""Rules of trials.yaml: lenalidomide is given, and the evidence and its references are named."""

from collections import defaultdict
from collections.abc import Iterator

from seed.check import outcomes
from seed.check.known import Known
from seed.content import ContentEntry, ContentFault, shown

DRUG = "lenalidomide"


def faults(known: Known) -> Iterator[ContentFault]:
    """Check each trial with the evidence that names it, then its outcomes."""
    named: dict[str, dict[str, ContentEntry]] = defaultdict(dict)
    for row in known.rows["evidence"]:
        for trial_id in row.texts("trials"):
            named[trial_id][row.id] = row
    for trial in known.rows["trials"]:
        rows = named[trial.id]
        if DRUG not in trial.texts("regimen"):
            yield trial.fault("regimen", f"lacks {DRUG}")
        if not rows:
            yield trial.fault("id", "is named by no row of evidence.yaml")
        for row in rows.values():
            reference = row.text("reference")
            if reference not in trial.texts("references"):
                message = f"lacks {shown(reference)}, the reference of the evidence row {row.name}"
                yield trial.fault("references", message)
        yield from outcomes.faults(trial, rows)
