"""Give lines of different signs places of their own at each side of a box.

Otherwise one would hide the other where both begin, and an arrowhead would lie on a bar where both
end.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from app.picture.lanes import Group, Station, Track

# The distance between two ports, and at most between the first and the last.
APART, SPAN = 12.0, 18.0


@dataclass(frozen=True, eq=False)
class Passage:
    """Room for a line in a column that it passes through."""

    lane: Group


Stop = Station | Passage
Ways = Mapping[Track, Sequence[Stop]]
Side = tuple[Station, bool]


def levels(
    ways: Ways, columns: Mapping[Stop, int], heights: Mapping[Stop, float]
) -> dict[Track, list[float]]:
    """The height of each line at each of its stops.

    At a side of a box that lines of several signs share, the signs are one below the other, in the
    order in which their lines come from above.
    """
    sides: defaultdict[Side, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for track, way in ways.items():
        sides[track.tail, True][track.edge.sign].append(heights[way[1]])
        sides[_end(track, columns)][track.edge.sign].append(heights[way[-2]])
    offsets = {side: _offsets(signs) for side, signs in sides.items()}
    found = {}
    for track, way in ways.items():
        found[track] = [heights[stop] for stop in way]
        found[track][0] += offsets[track.tail, True][track.edge.sign]
        found[track][-1] += offsets[_end(track, columns)][track.edge.sign]
    return found


def _end(track: Track, columns: Mapping[Stop, int]) -> Side:
    """The side where a line ends: the left one, but the right one if the line leads back."""
    return track.head, columns[track.head] <= columns[track.tail]


def _offsets(signs: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """How far below the middle of a side the lines of each sign are."""
    order = sorted(signs, key=lambda sign: (mean(signs[sign]), sign))
    apart = min(APART, SPAN / max(1, len(order) - 1))
    return {sign: (at - (len(order) - 1) / 2) * apart for at, sign in enumerate(order)}
