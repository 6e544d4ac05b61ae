"""Place everything in a picture of lanes: columns from left to right, rows within lanes.

Layered drawing after Sugiyama, Tagawa and Toda (1981): each station's column follows from the
longest path to it, lines get room in every column they pass, and rows are ordered by the mean
position of their neighbours.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.picture.gutters import Bend, Gutter
from app.picture.lanes import Group, LaneMap, Station, Track
from app.picture.letters import wide, wrapped_narrow
from app.picture.ports import Passage, Stop, levels

HEAD, INDENT, MARGIN = 104.0, 20.0, 14.0
# A picture whose boxes and gutters fit into this width has the names of its lanes above them, so
# that a phone shows more of it.
SMALL, TITLE, TITLE_SIZE = 640.0, 18.0, 14.0
# Gutters are NARROW if wider ones would make the picture wider than a page, else up to ROOMY.
PAGE, NARROW, ROOMY = 1176.0, 46.0, 72.0
LEAD, GAP, LINE, PASSAGE = 8.0, 9.0, 14.0, 13.0
SMALLEST, PADDING = 44.0, 14.0
LAST = 6
SWEEPS = 8
# The last node of the effects of the drug, always in the rightmost column.
GOAL = "tumour-cell-death"


@dataclass(frozen=True, slots=True)
class Position:
    """A station or passage: `x` is its left edge, `y` its vertical middle, and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Arranged:
    """The positions of everything, and the size of the picture."""

    width: float
    height: float
    bands: Mapping[Group, tuple[float, float]]
    """The top and the height of each lane."""
    titles: Mapping[Group, Sequence[str]]
    """The lines of the name of each lane."""
    places: Mapping[Stop, Position]
    ways: Mapping[Track, Sequence[Stop]]
    """The stops of each line, from its tail through its passages to its head."""
    levels: Mapping[Track, Sequence[float]]
    """The height of each line at each of its stops."""
    turns: Mapping[Track, Sequence[float]]
    """Where each line begins to turn in the gutters between its stops."""


def arranged(lanes: LaneMap) -> Arranged:
    """Find a position for everything."""
    columns = _columns(lanes)
    ways = {track: list(_way(track, columns)) for track in lanes.tracks}
    grid: dict[Group, dict[int, list[Stop]]] = {lane: defaultdict(list) for lane in lanes.lanes}
    for stop, column in columns.items():
        grid[stop.lane][column].append(stop)
    _order(grid, ways.values(), list(lanes.lanes))
    widths = _widths(columns)
    above = sum(widths) + NARROW * (len(widths) - 1) <= SMALL
    titles = {
        lane: (name,) if above else wrapped_narrow(name) for lane, name in lanes.lanes.items()
    }
    bands, heights = _stacked(grid, titles, TITLE if above else 0)
    level = levels(ways, columns, heights)
    hops = {track: list(_hops(track, way, columns, level[track])) for track, way in ways.items()}
    left, roomy = (INDENT + 4, NARROW) if above else (HEAD + INDENT, ROOMY)
    across = _across(widths, (left, roomy), list(itertools.chain.from_iterable(hops.values())))
    places = {
        stop: Position(
            across.lefts[column],
            heights[stop],
            _width(stop) or across.rights[column] - across.lefts[column],
            _height(stop) - GAP,
        )
        for stop, column in columns.items()
    }
    turns = {track: [across.turn(*each) for each in way] for track, way in hops.items()}
    named = [wide(line, TITLE_SIZE) + MARGIN for lines in titles.values() for line in lines]
    rights = [place.x + place.width for place in places.values()]
    width = max([HEAD, *named, *rights]) + MARGIN
    height = max((top + tall for top, tall in bands.values()), default=0)
    return Arranged(width, height, bands, titles, places, ways, level, turns)


@dataclass(frozen=True, slots=True)
class _Across:
    """The left and right edge of each column, and the gutter to the right of each."""

    lefts: Sequence[float]
    rights: Sequence[float]
    gutters: Sequence[Gutter]

    def turn(self, column: int, hop: Bend) -> float:
        """Where a line turns, or begins to bend, in the gutter after a column."""
        gutter = self.gutters[column]
        return self.rights[column] + gutter.width - gutter.offset(hop)


def _hops(
    track: Track, way: Sequence[Stop], columns: Mapping[Stop, int], level: Sequence[float]
) -> Iterator[tuple[int, Bend]]:
    """The gutters that a line passes through; one that leads back passes through none."""
    between = itertools.pairwise(zip(way, level, strict=True))
    for (one, start), (other, end) in between:
        if columns[one] < columns[other]:
            yield columns[one], Bend((one, track.edge.sign), start, end)


def _widths(columns: Mapping[Stop, int]) -> list[float]:
    """The width of each column: that of its widest box."""
    widths = [SMALLEST] * (max(columns.values(), default=0) + 1)
    for stop, column in columns.items():
        widths[column] = max(widths[column], _width(stop))
    return widths


def _across(
    widths: Sequence[float], frame: tuple[float, float], hops: Iterable[tuple[int, Bend]]
) -> _Across:
    """Make each gutter as wide as its lines need.

    `frame` is where the first column begins, and how wide gutters are where there is room.
    """
    left, roomy = frame
    inside: defaultdict[int, list[Bend]] = defaultdict(list)
    for column, hop in hops:
        inside[column].append(hop)
    gutters = [Gutter(inside[column]) for column in range(len(widths))]
    spare = PAGE - left - MARGIN - sum(widths)
    least = min(roomy, max(NARROW, _least([one.width for one in gutters[:-1]], spare)))
    for gutter in gutters:
        gutter.width = max(gutter.width, least)
    lefts = [left]
    for width, gutter in zip(widths, gutters, strict=True):
        lefts.append(lefts[-1] + width + gutter.width)
    rights = [left + width for left, width in zip(lefts, widths, strict=False)]
    return _Across(lefts, rights, gutters)


def _least(needs: Sequence[float], room: float) -> float:
    """The least width of a gutter, such that all gutters together fill the room."""
    for at, need in enumerate(sorted(needs, reverse=True)):
        alike = len(needs) - at
        if need * alike <= room:
            return room / alike
        room -= need
    return 0


def _columns(lanes: LaneMap) -> dict[Stop, int]:
    """The column of each station: one to the right of all stations with lines to it."""
    linked = {end for track in lanes.tracks for end in (track.tail, track.head)}
    depth = dict.fromkeys((one for one in lanes.stations if one in linked), 0)
    for _ in range(LAST):
        for track in lanes.tracks:
            if depth[track.head] <= depth[track.tail] < LAST:
                depth[track.head] = depth[track.tail] + 1
    _pull(depth, lanes.tracks)
    used = {at: column for column, at in enumerate(sorted(set(depth.values())))}
    found: dict[Stop, int] = {station: used[at] for station, at in depth.items()}
    last = max(found.values(), default=0)
    for station in lanes.stations:
        if station.node.id == GOAL:
            found[station] = last
    _fill(found, [one for one in lanes.stations if one not in linked], last)
    return found


def _pull(depth: dict[Station, int], tracks: Iterable[Track]) -> None:
    """Move stations without incoming lines next to the nearest station they lead to."""
    after: defaultdict[Station, list[int]] = defaultdict(list)
    for track in tracks:
        after[track.tail].append(depth[track.head])
    for station in depth.keys() - {track.head for track in tracks}:
        depth[station] = max(0, min(after[station]) - 1)


def _fill(found: dict[Stop, int], apart: Iterable[Station], last: int) -> None:
    """Put stations without lines into the column where their lane has the fewest stops."""
    load: defaultdict[tuple[Group, int], int] = defaultdict(int)
    for stop, column in found.items():
        load[stop.lane, column] += 1
    columns = range(max(last, 4) + 1)
    for station in sorted(apart, key=lambda one: (-len(one.marks), one.node.label)):
        column = min(columns, key=lambda at: (load[station.lane, at], at))
        found[station] = column
        load[station.lane, column] += 1


def _way(track: Track, columns: dict[Stop, int]) -> Iterator[Stop]:
    """The tail, a passage in each column between (in the lane of the head), and the head."""
    yield track.tail
    for column in range(columns[track.tail] + 1, columns[track.head]):
        passage = Passage(track.head.lane)
        columns[passage] = column
        yield passage
    yield track.head


def _order(
    grid: Mapping[Group, Mapping[int, list[Stop]]],
    ways: Iterable[Sequence[Stop]],
    lanes: Sequence[Group],
) -> None:
    """Order the rows of every column by the mean position of their neighbours."""
    near: defaultdict[Stop, list[Stop]] = defaultdict(list)
    for way in ways:
        for one, other in itertools.pairwise(way):
            near[one].append(other)
            near[other].append(one)
    rank = {lane: 10.0 * number for number, lane in enumerate(lanes)}
    at: dict[Stop, float] = {}
    for lane, columns in grid.items():
        for stops in columns.values():
            at |= _spread(stops, rank[lane])
    for sweep in range(SWEEPS):
        for lane, columns in grid.items():
            for column in sorted(columns, reverse=bool(sweep % 2)):
                stops = columns[column]
                stops.sort(key=lambda stop: _mean(stop, near, at))
                at |= _spread(stops, rank[lane])


def _mean(stop: Stop, near: Mapping[Stop, Sequence[Stop]], at: Mapping[Stop, float]) -> float:
    joined = near.get(stop, ())
    return sum(at[one] for one in joined) / len(joined) if joined else at[stop]


def _spread(stops: Sequence[Stop], lane: float) -> dict[Stop, float]:
    return {stop: lane + (row + 0.5) / len(stops) for row, stop in enumerate(stops)}


def _stacked(
    grid: Mapping[Group, Mapping[int, Sequence[Stop]]],
    titles: Mapping[Group, Sequence[str]],
    above: float,
) -> tuple[dict[Group, tuple[float, float]], dict[Stop, float]]:
    """The top and height of each lane, and the vertical middle of each stop.

    `above` is the room for a name above the boxes; without, it has its own at their left.
    """
    bands: dict[Group, tuple[float, float]] = {}
    heights: dict[Stop, float] = {}
    top = 0.0
    for lane, rows in grid.items():
        least = 0 if above else 20 + 15 * len(titles[lane])
        height = max(least, *map(_tall, rows.values()))
        for stops in rows.values():
            heights |= _spaced(stops, top + LEAD + above, height)
        bands[lane] = top, height + 2 * LEAD + above
        top += height + 2 * LEAD + above + 6
    return bands, heights


def _spaced(stops: Sequence[Stop], top: float, height: float) -> Iterator[tuple[Stop, float]]:
    """The middles of stops one below the other, spread evenly over the height of the lane."""
    spare = (height - _tall(stops)) / len(stops)
    y = top
    for stop in stops:
        tall = _height(stop) + spare
        yield stop, y + tall / 2
        y += tall


def _tall(stops: Iterable[Stop]) -> float:
    return sum(map(_height, stops))


def _height(stop: Stop) -> float:
    """The height of a stop, including the gap below it."""
    if isinstance(stop, Passage):
        return PASSAGE
    rows = len(wrapped_narrow(stop.node.label))
    return max(10 + LINE * rows, 17.0 * len(stop.marks[:2])) + GAP


def _width(stop: Stop) -> float:
    """The width of a box; a passage has none of its own and is as wide as its column."""
    if isinstance(stop, Passage):
        return 0
    lines = wrapped_narrow(stop.node.label)
    return max(SMALLEST, max(map(wide, lines)) + PADDING)
