"""The legend of a picture in lanes: each look that is in it, drawn as it is there."""

from collections.abc import Iterable, Iterator, Sequence

from app.graph.shapes import GraphEdge
from app.picture.lanes import LaneMap
from app.picture.strips import SIGN_SHAPES, SIGNS, Drawing, how, kind_of

# The corner radius and the meaning of each kind of box.
SHAPES = {
    "molecule": (3, "molecule"),
    "process": (6, "process"),
    "cell": (3, "cell"),
    "goal": (6, "what the effects lead to"),
}
EFFECTS = {"plus": "raises or engages", "minus": "lowers or blocks", "unclear": "sources differ"}
STEPS = {
    "plus": "raises, engages or is needed",
    "minus": "lowers or blocks",
    "unclear": "a step on which sources differ",
}
HEADS = {
    "plus": "M18 6L26 10 18 14z",
    "minus": "M20 4h3v12h-3z",
    "unclear": "M19 10a3 3 0 1 1 6 0a3 3 0 1 1 -6 0z",
}
LINES = {"far": "dashed: not measured in lymphoma", "book": "dotted: textbook, no claim here"}
# What the rims of marks mean, by where the effect was measured.
RIMS = {"near": "", "far": "not in lymphoma", "book": "textbook"}

Key = tuple[str, str]
"""A sign, drawn within 26 by 20 units, and its meaning."""


def legend(lanes: LaneMap, drawing: Drawing) -> list[Key]:
    """The legend for the shapes of nodes, for marks and for lines, as far as they occur."""
    marks = [edge for station in lanes.stations for edge in station.marks]
    own = [edge for edge in marks if edge.source == drawing.drug]
    others = [edge for edge in marks if edge.source != drawing.drug]
    steps = [track.edge for track in lanes.tracks]
    return [
        *_shapes(lanes, drawing),
        *_own(own, drawing),
        *_of_others(others, drawing),
        *_steps(steps, drawing),
    ]


def _shapes(lanes: LaneMap, drawing: Drawing) -> Iterator[Key]:
    there = {kind_of(station.node) for station in lanes.stations}
    for kind, (corner, meaning) in SHAPES.items():
        if kind in there:
            box = f'x="1" y="4" width="24" height="12" rx="{corner}"'
            yield f"<rect {drawing.ink(kind)} {box}/>", meaning


def _own(marks: Sequence[GraphEdge], drawing: Drawing) -> Iterator[Key]:
    """The effects of the picture's own drug, then its marks not measured in lymphoma."""
    for sign, meaning in EFFECTS.items():
        places = {how(edge) for edge in marks if SIGNS[edge.sign] == sign}
        for place in [one for one in RIMS if one in places][:1]:
            said = meaning if sign == "unclear" else f"{drawing.drug} {meaning}"
            yield _mark(sign, place, drawing), said
    for place, meaning in RIMS.items():
        for sign in _signs(marks, place)[:1] if meaning else ():
            yield _mark(sign, place, drawing), f"{drawing.drug}, {meaning}"


def _of_others(marks: Sequence[GraphEdge], drawing: Drawing) -> Iterator[Key]:
    """Marks of other drugs, by where their effects were measured."""
    for place, meaning in RIMS.items():
        for sign in _signs(marks, place)[:1]:
            said = f"another drug, {meaning}" if meaning else "rim: another drug"
            yield _mark(sign, place, drawing, " other"), said


def _steps(steps: Sequence[GraphEdge], drawing: Drawing) -> Iterator[Key]:
    drawn = {SIGNS[edge.sign] for edge in steps}
    for sign, meaning in STEPS.items():
        if sign in drawn:
            line = f'<path {drawing.ink(f"line {sign} near")} d="M0 10H20"/>'
            head = f'<path {drawing.ink(f"head {sign}")} d="{HEADS[sign]}"/>'
            yield line + head, meaning
    for place, meaning in LINES.items():
        for sign in _signs(steps, place)[:1]:
            yield f'<path {drawing.ink(f"line {sign} {place}")} d="M0 10H26"/>', meaning


def _signs(edges: Iterable[GraphEdge], place: str) -> list[str]:
    """The signs that occur with this proof."""
    there = {SIGNS[edge.sign] for edge in edges if how(edge) == place}
    return [sign for sign in EFFECTS if sign in there]


def _mark(sign: str, place: str, drawing: Drawing, other: str = "") -> str:
    shape = SIGN_SHAPES[sign].format("9", "6", "11", x="13", y="10")
    return (
        f'<circle {drawing.ink(f"mark {sign} {place}{other}")} cx="13" cy="10" r="8"/>'
        f'<path {drawing.ink(f"in-mark {sign} {place}")} d="{shape}"/>'
    )
