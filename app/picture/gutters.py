"""Give each line its own place to turn in the gutters between the columns of a picture of lanes.

A line runs level from a box to a gutter, up or down in it, and level on to the next column. So it
passes behind no box.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

# A line that rises or falls less than this needs no slot: it bends within the gutter.
LEVEL = 30.0
# The distance between two slots, and the least between two lines in one slot.
SLOT, APART = 4.0, 10.0
# What a gutter holds left of its slots, and right of them: a corner, an arrowhead and a mark.
BEFORE, AFTER = 4.0, 32.0


@dataclass(frozen=True, slots=True)
class Bend:
    """A line, or several from one box with one sign, on the way from a column to the next."""

    trunk: Hashable
    """The same for lines that share a slot."""
    start: float
    """The height at which it enters the gutter."""
    end: float
    """The height at which it leaves the gutter."""

    @property
    def steep(self) -> bool:
        """Whether it needs a slot."""
        return abs(self.end - self.start) > LEVEL

    @property
    def falls(self) -> bool:
        """Whether it leaves the gutter below where it enters."""
        return self.end > self.start


Trunk = Sequence[Bend]
Key = tuple[Hashable, bool]


class Gutter:
    """The slots of one gutter, numbered from the right."""

    def __init__(self, hops: Iterable[Bend]) -> None:
        trunks: defaultdict[Key, list[Bend]] = defaultdict(list)
        for hop in hops:
            if hop.steep:
                trunks[hop.trunk, hop.falls].append(hop)
        tried = [_slots(sorted(trunks.items(), key=order)) for order in (_crossing, _sparing)]
        self._slots = min(tried, key=lambda slots: len(set(slots.values())))
        last = max(self._slots.values(), default=0)
        self.width = BEFORE + SLOT * last + AFTER
        """As much as the slots need; it may be made wider."""

    def offset(self, hop: Bend) -> float:
        """Where a line turns, from the right edge of the gutter; its left edge for a level one."""
        if not hop.steep:
            return self.width
        return AFTER + SLOT * self._slots[hop.trunk, hop.falls]


def _crossing(item: tuple[Key, Trunk]) -> tuple[bool, float]:
    """The order from right to left in which lines cross least: first all that fall."""
    hop = item[1][0]
    return not hop.falls, hop.start if hop.falls else -hop.start


def _sparing(item: tuple[Key, Trunk]) -> tuple[bool, float]:
    """The order in which lines need the fewest slots: from the top."""
    return False, _reach(item[1])[0]


def _slots(trunks: Iterable[tuple[Key, Trunk]]) -> dict[Key, int]:
    """Give each line the first slot in which it meets no other, and a new one if there is none."""
    found: dict[Key, int] = {}
    taken: list[list[Trunk]] = []
    for key, trunk in trunks:
        found[key] = next((at for at in range(len(taken)) if _fits(trunk, at, taken)), len(taken))
        if found[key] == len(taken):
            taken.append([])
        taken[found[key]].append(trunk)
    return found


def _fits(trunk: Trunk, slot: int, taken: Sequence[Sequence[Trunk]]) -> bool:
    """Whether a line in this slot runs over no other, upright or level."""
    return not (
        any(_touch(trunk, other) for other in taken[slot])
        or any(_follows(trunk, other) for others in taken[:slot] for other in others)
        or any(_follows(other, trunk) for others in taken[slot + 1 :] for other in others)
    )


def _touch(one: Trunk, other: Trunk) -> bool:
    """Whether the upright parts of lines would meet in one slot."""
    (top, bottom), (high, low) = _reach(one), _reach(other)
    return top < low + APART and high < bottom + APART


def _reach(trunk: Trunk) -> tuple[float, float]:
    heights = [height for hop in trunk for height in (hop.start, hop.end)]
    return min(heights), max(heights)


def _follows(left: Trunk, right: Trunk) -> bool:
    """Whether a line that turns on the left leaves at the height where one on the right enters."""
    return any(abs(hop.end - right[0].start) < SLOT for hop in left)
