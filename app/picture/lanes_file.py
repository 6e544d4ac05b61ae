"""A picture in lanes as a separate file: framed, with a legend and without a style sheet."""

from app.addresses import Addresses
from app.picture.arrange import arranged
from app.picture.frame import Appearance, Body, Caption, dressed, framed
from app.picture.lanes import LaneMap
from app.picture.legend import legend
from app.picture.strips import Drawing, drawn
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
        legend(lanes, drawing),
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
    rim = dress.paint(fill=fill, stroke="ink" if "other" in rest else sign)
    return f'{rim} stroke-width="1.8"{_dashed(RIM_DASHES, place)}'


def _dashed(dashes: dict[str, str], place: str) -> str:
    return f' stroke-dasharray="{dashes[place]}"' if place in dashes else ""
