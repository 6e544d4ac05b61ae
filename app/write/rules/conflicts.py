"""Rules for conflicts.yaml: at least two sides, and an explanation if the state claims one."""

from collections import Counter
from collections.abc import Iterator

from app.write.known import Known
from app.write.record import ContentFault, Record, shown

FEWEST_SIDES = 2


def one(conflict: Record, _known: Known) -> Iterator[ContentFault]:
    """Check a conflict on its own."""
    yield from _sides(conflict)
    if conflict.text("state") == "explained" and not conflict.text("explanation"):
        yield conflict.fault("explanation", "is empty, but the state is 'explained'")


def _sides(conflict: Record) -> Iterator[ContentFault]:
    sides = conflict.records("sides")
    if len(sides) < FEWEST_SIDES:
        yield conflict.fault("sides", f"has fewer than {FEWEST_SIDES} sides")
    for side in sides:
        if not side.texts("evidence"):
            yield side.fault("evidence", "is empty, but each side of a conflict has evidence")
    times = Counter(claim for side in sides for claim in set(side.texts("evidence")))
    for claim in (claim for claim, number in times.items() if number > 1):
        yield conflict.fault("sides", f"has {shown(claim)} on {times[claim]} sides")
