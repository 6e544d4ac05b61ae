"""A picture in lanes as a separate file: framed, with a legend and without a style sheet."""

from collections.abc import Iterator

from app.addresses import Addresses
from app.graph.shapes import GraphEdge
from app.picture.arrange import arranged
from app.picture.frame import Appearance, Body, Caption, dressed, framed
from app.picture.lanes import LaneMap
from app.picture.strips import SIGN_SHAPES, SIGNS, Drawing, drawn, how, kind_of
from app.picture.style import Dress
from app.wording import counted

DASHES = {"far": "5 4", "book": "1.5 3"}
RIM_DASHES = {"far": "3 2", "book": "1.5 2"}
BOXES = {
    "molecule": ("node", "edge"),
    "cell": ("node", "edge"),
    "process": ("process", "edge"),
    "goal": ("drug", "drug"),
}
SHAPES = {"molecule": 3, "process": 6, "cell": 3}
MEANINGS = {"plus": "raises", "minus": "lowers", "unclear": "sources differ"}
HEADS = {
    "plus": "M18 6L26 10 18 14z",
    "minus": "M20 4h3v12h-3z",
    "unclear": "M19 10a3 3 0 1 1 6 0a3 3 0 1 1 -6 0z",
}


def lanes_picture(
    lanes: LaneMap, caption: Caption, addresses: Addresses, wanted: Appearance
) -> str:
    """The whole picture, with links to its nodes and steps."""
    steps = [track.edge for track in lanes.tracks]
    marks = [edge for station in lanes.stations for edge in station.marks]
    dress = dressed(caption, (edge.id for edge in (*steps, *marks)), wanted.theme)
    drawing = Drawing(
        ink=lambda role: _ink(role, dress),
        node=lambda node: addresses.item("entities", node),
        step=lambda edge: addresses.item("edges", edge.id),
    )
    found = arranged(lanes)
    nodes = len({station.node.id for station in lanes.stations} | set(lanes.drugs))
    body = Body(
        found.width,
        found.height,
        drawn(lanes, found, drawing),
        [*_shapes(lanes, drawing), *_keys(steps, marks, drawing)],
        f"{counted(nodes, 'node')} and {counted(len(steps) + len(marks), 'step')}.",
    )
    return framed(caption, body, dress, wanted.width)


def _ink(role: str, dress: Dress) -> str:
    """The attributes of a part with this role, matching the style sheet of the pages."""
    kind, *words = role.split()
    if kind in BOXES:
        fill, stroke = BOXES[kind]
        dashes = ' stroke-dasharray="2 2"' if kind == "cell" else ""
        return dress.paint(fill=fill, stroke=stroke) + dashes
    if kind == "band":
        return dress.paint(fill="box")
    if kind == "lane-name":
        return dress.paint(fill="ink") + ' font-size="13" font-weight="bold"'
    if kind == "on":
        ink = dress.paint(fill="on-drug" if words == ["goal"] else "ink")
        return f'{ink} text-anchor="middle" font-size="12"'
    return _of_step(kind, words, dress)


def _of_step(kind: str, words: list[str], dress: Dress) -> str:
    """The attributes of a line, an arrowhead or a mark."""
    sign, *rest = words
    if kind == "head":
        return dress.paint(fill=sign)
    place = rest[0]
    if kind == "line":
        return f'{dress.paint(stroke=sign)} fill="none" stroke-width="1.7"{_dashed(DASHES, place)}'
    if kind == "in-mark":
        ink = dress.paint(stroke="page" if place == "near" else sign)
        return f'{ink} fill="none" stroke-width="2"'
    fill = sign if place == "near" else "page"
    other = "other" in rest
    rim = dress.paint(fill=fill, stroke="ink" if other else sign)
    return f'{rim} stroke-width="1.8"{"" if other else _dashed(RIM_DASHES, place)}'


def _dashed(dashes: dict[str, str], place: str) -> str:
    return f' stroke-dasharray="{dashes[place]}"' if place in dashes else ""


def _shapes(lanes: LaneMap, drawing: Drawing) -> Iterator[tuple[str, str]]:
    """The legend for the shapes of nodes; the goal needs none, being labelled itself."""
    there = {kind_of(station.node) for station in lanes.stations}
    for kind, corner in SHAPES.items():
        if kind in there:
            box = f'x="1" y="4" width="24" height="12" rx="{corner}"'
            yield f"<rect {drawing.ink(kind)} {box}/>", kind


def _keys(
    steps: list[GraphEdge], marks: list[GraphEdge], drawing: Drawing
) -> Iterator[tuple[str, str]]:
    """The legend for marks and lines, as far as they occur in the picture."""
    direct = {SIGNS[edge.sign] for edge in marks}
    for sign, meaning in MEANINGS.items():
        if sign in direct:
            yield _mark(f"{sign} near", sign, drawing), f"{drawing.drug}: {meaning}"
    if any(edge.source != drawing.drug for edge in marks):
        sign = next(SIGNS[edge.sign] for edge in marks if edge.source != drawing.drug)
        yield _mark(f"{sign} near other", sign, drawing), "with a rim: another drug"
    drawn_signs = {SIGNS[edge.sign] for edge in steps}
    for sign, meaning in MEANINGS.items():
        if sign in drawn_signs:
            line = f'<path {drawing.ink(f"line {sign} near")} d="M0 10H20"/>'
            head = f'<path {drawing.ink(f"head {sign}")} d="{HEADS[sign]}"/>'
            yield line + head, f"step: {meaning}"
    for place, meaning in (
        ("far", "not measured in lymphoma"),
        ("book", "textbook, no claim here"),
    ):
        found = [SIGNS[edge.sign] for edge in (*steps, *marks) if how(edge) == place]
        if found:
            yield f'<path {drawing.ink(f"line {found[0]} {place}")} d="M0 10H26"/>', meaning


def _mark(roles: str, sign: str, drawing: Drawing) -> str:
    """A mark for the legend."""
    shape = SIGN_SHAPES[sign].format("9", "6", "11", x="13", y="10")
    inside = " ".join(roles.split()[:2])
    return (
        f'<circle {drawing.ink(f"mark {roles}")} cx="13" cy="10" r="8"/>'
        f'<path {drawing.ink(f"in-mark {inside}")} d="{shape}"/>'
    )
