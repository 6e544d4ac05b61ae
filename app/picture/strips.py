"""A picture of lanes as SVG, for a page or as a separate file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from app.formats.xml import clean
from app.graph.shapes import GraphEdge, GraphNode
from app.picture.arrange import GOAL, LINE, Arranged, Position, arranged
from app.picture.gutters import LEVEL
from app.picture.lanes import LaneMap, Station, Track
from app.picture.letters import wrapped_narrow

SIGNS = {"+": "plus", "-": "minus", "?": "unclear"}
ROUND = {"process", "phenotype"}
NEAR = ("native", "mixed")
MARK = 8.0
MOST_MARKS = 2
# The corner radius of round nodes, small enough for the text of several lines to stay inside.
CORNER = 12.0
# The corner radius of lines.
CORNER_OF_LINE = 4.0
SIGN_SHAPES = {
    "plus": "M{0} {y}h8M{x} {1}v8",
    "minus": "M{0} {y}h8",
    "unclear": "M{0} {2}c1-5 3-3 4-1s3 4 4-1",
}
WORDS = {"near": "measured in lymphoma", "far": "not measured in lymphoma", "book": "textbook"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a picture is drawn: how its parts are coloured, and where its links lead."""

    ink: Callable[[str], str]
    """Gives the attributes of a part with this role."""
    node: Callable[[str], str]
    """Gives the address of a node."""
    step: Callable[[GraphEdge], str]
    """Gives the address of a step."""
    drug: str = "lenalidomide"
    """The drug whose marks have no rim; those of any other drug have one."""


def strips(lanes: LaneMap, drawing: Drawing, name: str) -> str:
    """The picture without a frame, for a page whose style sheet colours it."""
    found = arranged(lanes)
    size = f"{found.width:.0f} {found.height:.0f}"
    width, height = size.split()
    body = "".join(drawn(lanes, found, drawing))
    return (
        f'<svg class="net" role="group" aria-label="{_text(name)}" viewBox="0 0 {size}" '
        f'width="{width}" height="{height}">{body}</svg>'
    )


def drawn(lanes: LaneMap, found: Arranged, drawing: Drawing) -> Iterator[str]:
    """All parts, from bottom to top: lanes, lines, nodes."""
    yield from _bands(lanes, found, drawing)
    for track in lanes.tracks:
        yield _step(track, found, drawing)
    for station in sorted(lanes.stations, key=lambda one: _reading(found.places[one])):
        yield _node(station, found.places[station], lanes.drugs, drawing)


def _reading(place: Position) -> tuple[float, float]:
    return place.y, place.x


def _bands(lanes: LaneMap, found: Arranged, drawing: Drawing) -> Iterator[str]:
    for lane in lanes.lanes:
        top, height = found.bands[lane]
        yield (
            f'<rect {drawing.ink("band")} y="{top:.0f}" width="{found.width:.0f}" '
            f'height="{height:.0f}" rx="4"/>'
        )
        for row, line in enumerate(found.titles[lane]):
            yield (
                f'<text {drawing.ink("lane-name")} x="12" y="{top + 22 + 15 * row:.0f}">'
                f"{_text(line)}</text>"
            )


def how(edge: GraphEdge) -> str:
    """`near` if a step was measured in lymphoma, `far` if not, `book` if it is textbook."""
    if edge.basis == "textbook":
        return "book"
    return "near" if edge.origin in NEAR else "far"


def said(edge: GraphEdge, source: str, target: str) -> str:
    """A step in words."""
    relation = edge.relation.replace("_", " ")
    return f"{source} {relation} {target} ({WORDS[how(edge)]}; {edge.cell.label})"


def _step(track: Track, found: Arranged, drawing: Drawing) -> str:
    edge, sign = track.edge, SIGNS[track.edge.sign]
    way = [found.places[stop] for stop in found.ways[track]]
    line, head = _curve(
        way, found.levels[track], found.turns[track], sign, room=bool(track.head.marks)
    )
    title = said(edge, track.tail.node.label, track.head.node.label)
    return (
        f'<a href="{_text(drawing.step(edge))}" tabindex="-1" class="step" '
        f'data-s="{_text(edge.source)}" data-t="{_text(edge.target)}">'
        f"<title>{_text(title)}</title>"
        f'<path {drawing.ink(f"line {sign} {how(edge)}")} d="{line}"/>'
        f'<path {drawing.ink(f"head {sign}")} d="{head}"/></a>'
    )


def _curve(
    way: Sequence[Position],
    level: Sequence[float],
    turns: Sequence[float],
    sign: str,
    *,
    room: bool,
) -> tuple[str, str]:
    """The paths of a line through its passages, and of the head that shows its sign."""
    first, last = way[0], way[-1]
    if not turns:
        return _back(first.x + first.width, last.x + last.width + 3, level, sign)
    end = last.x - (21 if room else 3)
    path = [f"M{first.x + first.width:.0f} {level[0]:.0f}"]
    for other, (y, at), turn in zip(way[1:], pairwise(level), turns, strict=True):
        path.append(_hop(turn, y, other.x if other is not last else end - 6, at))
    return "".join(path), _head(sign, end, level[-1], 1)


def _hop(turn: float, y: float, to: float, at: float) -> str:
    """A line from one column to the next: level to its turn, up or down there, and level on."""
    if abs(at - y) <= LEVEL:
        middle = (turn + to) / 2
        return f"H{turn:.0f}C{middle:.0f} {y:.0f} {middle:.0f} {at:.0f} {to:.0f} {at:.0f}"
    corner = CORNER_OF_LINE if at > y else -CORNER_OF_LINE
    return (
        f"H{turn - CORNER_OF_LINE:.0f}Q{turn:.0f} {y:.0f} {turn:.0f} {y + corner:.0f}"
        f"V{at - corner:.0f}Q{turn:.0f} {at:.0f} {turn + CORNER_OF_LINE:.0f} {at:.0f}H{to:.0f}"
    )


def _back(x: float, end: float, level: Sequence[float], sign: str) -> tuple[str, str]:
    """A line to the same column or an earlier one: it leaves and arrives on the right."""
    far, (y, at) = max(x, end) + 20, level
    line = f"M{x:.0f} {y:.0f}C{far:.0f} {y:.0f} {far:.0f} {at:.0f} {end + 6:.0f} {at:.0f}"
    return line, _head(sign, end, at, -1)


def _head(sign: str, x: float, y: float, way: int) -> str:
    if sign == "plus":
        return f"M{x - 8 * way:.0f} {y - 4:.0f}L{x:.0f} {y:.0f} {x - 8 * way:.0f} {y + 4:.0f}z"
    if sign == "minus":
        return f"M{x - 6 * way:.0f} {y - 6:.0f}h{3 * way}v12h{-3 * way}z"
    return f"M{x - 7 * way:.0f} {y:.0f}a3 3 0 1 1 {6 * way} 0a3 3 0 1 1 {-6 * way} 0z"


def kind_of(node: GraphNode) -> str:
    """The role of a node in the picture."""
    if node.id == GOAL:
        return "goal"
    if node.kind in ROUND:
        return "process"
    return "cell" if node.kind == "cell" else "molecule"


def _node(station: Station, place: Position, drugs: Mapping[str, str], drawing: Drawing) -> str:
    node, kind = station.node, kind_of(station.node)
    lines = wrapped_narrow(node.label)
    height = 10 + LINE * len(lines)
    corner = CORNER if kind in ("process", "goal") else 3
    rows = "".join(
        f'<tspan x="{place.x + place.width / 2:.0f}" '
        f'y="{place.y + 4 - LINE / 2 * (len(lines) - 1) + LINE * row:.0f}">{_text(line)}</tspan>'
        for row, line in enumerate(lines)
    )
    return (
        f'<a href="{_text(drawing.node(node.id))}" class="node" data-n="{_text(node.id)}">'
        f"<title>{_text(node.name)}</title>"
        f'<rect {drawing.ink(kind)} x="{place.x:.0f}" y="{place.y - height / 2:.0f}" '
        f'width="{place.width:.0f}" height="{height:.0f}" rx="{corner:.0f}"/>'
        f"<text {drawing.ink(f'on {kind}')}>{rows}</text>"
        f"{''.join(_marks(station, place, drugs, drawing))}</a>"
    )


def _marks(
    station: Station, place: Position, drugs: Mapping[str, str], drawing: Drawing
) -> Iterator[str]:
    """The direct effects of drugs, left of a node, with that of the picture's own drug first.

    There is room for MOST_MARKS; the last of them names all effects that have no mark.
    """
    effects = sorted(station.marks, key=lambda one: one.source != drawing.drug)
    count = min(len(effects), MOST_MARKS)
    for row, edge in enumerate(effects[:MOST_MARKS]):
        x, y = place.x - 11, place.y + (row - (count - 1) / 2) * 17
        sign, other = SIGNS[edge.sign], " other" if edge.source != drawing.drug else ""
        shape = SIGN_SHAPES[sign].format(
            f"{x - 4:.0f}", f"{y - 4:.1f}", f"{y + 1:.1f}", x=f"{x:.0f}", y=f"{y:.1f}"
        )
        named = effects[row:] if row == MOST_MARKS - 1 else [edge]
        words = "\n".join(said(one, drugs[one.source], station.node.label) for one in named)
        yield (
            f"<g><title>{_text(words)}</title>"
            f'<circle {drawing.ink(f"mark {sign} {how(edge)}{other}")} cx="{x:.0f}" cy="{y:.1f}" '
            f'r="{MARK:.0f}"/><path {drawing.ink(f"in-mark {sign} {how(edge)}")} d="{shape}"/></g>'
        )


def _text(text: str) -> str:
    """A text with its markup escaped."""
    return escape(clean(text))
