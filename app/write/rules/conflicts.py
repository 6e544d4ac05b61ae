"""Rules of conflicts.yaml: two sides or more, and an explanation where one is claimed."""

from collections.abc import Iterator

from app.write.known import Known
from app.write.record import ContentFault, Record

FEWEST_SIDES = 2


def one(conflict: Record, _known: Known) -> Iterator[ContentFault]:
    """Check a conflict for itself."""
    yield from _sides(conflict)
    if conflict.text("state") == "explained" and not conflict.text("explanation"):
        yield conflict.fault("explanation", "is empty, but the state is 'explained'")


def _sides(conflict: Record) -> Iterator[ContentFault]:
    sides = conflict.records("sides")
    if len(sides) < FEWEST_SIDES:
        yield conflict.fault("sides", f"has fewer than {FEWEST_SIDES} sides")
    bare = [side for side in sides if not side.texts("evidence")]
    if len(bare) > 1:
        yield conflict.fault("sides", f"has {len(bare)} sides without evidence, expected at most 1")
    if len(bare) == 1 and not conflict.text("explanation"):
        yield bare[0].fault("evidence", "is empty, and the conflict has no explanation")
