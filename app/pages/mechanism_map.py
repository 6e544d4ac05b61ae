"""The mechanisms by cell, and how often each was studied in which lymphoma."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.db import Reading
from app.network import ANY_CELL
from app.pages.phrases import by_origin
from app.pages.plots import bars
from app.picture.lanes import Cells, Group, group_of, in_order, title_of, widest
from app.read.counts import CountRow
from app.read.kinds import Kinds
from app.read.statements import StatementKey
from app.resources.mechanisms import MechanismRead
from app.resources.subtypes import SubtypeRead
from app.schema.shapes import OriginCounts
from app.spelling import order_key

SEVERAL = "Several cells"
MOST_LANES = 2
# Modes that are not tied to a cell: each has a lane of its own at the end.
APART = {"resistance": "Resistance", "adverse_effect": "Adverse effects"}
# Mechanisms of a lane that are visible at once on a phone, and on a wide screen.
NARROW, SHOWN = 3, 12
# The numbers of claims from which a cell of the matrix takes its second to fourth shade.
SHADES = (2, 4, 7)


@dataclass(frozen=True, slots=True)
class Chip:
    """A mechanism with the bar of its claims."""

    mechanism: MechanismRead
    bar: Markup


@dataclass(frozen=True, slots=True)
class MapLane:
    """The mechanisms that happen in the same cells; those with the fewest claims are folded."""

    title: str
    chips: Sequence[Chip]

    @property
    def mechanisms(self) -> list[MechanismRead]:
        """The mechanisms of the lane, folded or not."""
        return [chip.mechanism for chip in self.chips]

    @property
    def first(self) -> Sequence[Chip]:
        """The chips that are always visible."""
        return self.chips[:NARROW]

    @property
    def wide(self) -> Sequence[Chip]:
        """The chips that a phone shows on request and a wide screen always."""
        return self.chips[NARROW:SHOWN]

    @property
    def folded(self) -> Sequence[Chip]:
        """The chips shown when the reader unfolds the lane."""
        return self.chips[SHOWN:]


def mechanism_map(mechanisms: Iterable[MechanismRead], cells: Cells) -> list[MapLane]:
    """The lanes of the map, from top to bottom."""
    lanes: defaultdict[Group, list[Chip]] = defaultdict(list)
    apart: defaultdict[str, list[Chip]] = defaultdict(list)
    for chip in chips(sorted(mechanisms, key=_most_first)):
        one = chip.mechanism
        groups = list(dict.fromkeys(group_of(cell.id, cells) for cell in one.effector_cells))
        if one.mode in APART:
            apart[APART[one.mode]].append(chip)
        else:
            lanes[groups[0] if 0 < len(groups) <= MOST_LANES else ()].append(chip)
    several = [MapLane(SEVERAL, lanes.pop(()))] if () in lanes else []
    # What acts in no particular cell is the vaguest, and comes last.
    groups = sorted(in_order(lanes), key=lambda group: ANY_CELL in group)
    by_cell = [MapLane(_title(group, lanes[group], cells), lanes[group]) for group in groups]
    return [*by_cell, *several, *(MapLane(title, found) for title, found in apart.items())]


def _title(group: Group, found: Sequence[Chip], cells: Cells) -> str:
    """The title of a lane: those of its cells in which one of its mechanisms acts."""
    named = {widest(cell.id, cells) for chip in found for cell in chip.mechanism.effector_cells}
    return title_of([cell for cell in group if cell in named], cells)


def chips(mechanisms: Sequence[MechanismRead]) -> list[Chip]:
    """Mechanisms with the bars of their claims, all drawn to the same scale."""
    drawn = bars([one.evidence_counts.origin.model_dump() for one in mechanisms])
    return [Chip(one, bar) for one, bar in zip(mechanisms, drawn, strict=True)]


def _most_first(one: MechanismRead) -> tuple[int, str]:
    return -one.evidence_counts.total, one.name


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A column of the matrix: a subtype, or, in the last column, claims that name none."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class MatrixEntry:
    """The claims about one mechanism in one subtype: number, shade, and origins in words."""

    total: int
    shade: str
    words: str


@dataclass(frozen=True, slots=True)
class StudyMatrix:
    """How many claims each mechanism has in each subtype."""

    columns: Sequence[MatrixColumn]
    entries: Mapping[tuple[str, str], MatrixEntry]


ELSEWHERE = MatrixColumn("", "claims that name no lymphoma", "none named")


def study_matrix(reading: Reading, subtypes: Sequence[SubtypeRead]) -> StudyMatrix:
    """Count the claims by mechanism and subtype, as `/v1/matrix` does."""
    kinds = Kinds(reading, {}, StatementKey(roll_up=True))
    entries = {
        (mechanism, subtype): _entry(row)
        for row in kinds.counted("mechanism", "subtype")
        for mechanism, subtype in (row.values,)
    }
    entries |= {
        (row.values[0], ELSEWHERE.id): _entry(row) for row in kinds.lacking("subtype", "mechanism")
    }
    used = {subtype for _, subtype in entries}
    columns = [
        MatrixColumn(one.id, one.name, one.abbreviation)
        for one in from_the_top(subtypes)
        if one.id in used
    ]
    return StudyMatrix([*columns, ELSEWHERE], entries)


def _entry(row: CountRow) -> MatrixEntry:
    origin = row.origin
    hue = "n" if origin["native"] or origin["mixed"] else "b" if origin["borrowed"] else "s"
    step = 1 + sum(row.total >= least for least in SHADES)
    return MatrixEntry(row.total, f"{hue}{step}", by_origin(OriginCounts(**origin)))


def from_the_top(subtypes: Sequence[SubtypeRead]) -> list[SubtypeRead]:
    """The subtypes in depth-first order, each before those below it; siblings by name."""
    below = defaultdict(list)
    for one in subtypes:
        below[one.parent.id if one.parent else None].append(one)

    def walk(parent: str | None) -> Iterator[SubtypeRead]:
        for one in sorted(below[parent], key=lambda each: order_key(each.name)):
            yield one
            yield from walk(one.id)

    return list(walk(None))
