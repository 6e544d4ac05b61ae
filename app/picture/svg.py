"""A picture as SVG: our elements at the positions found by `dot`, with links but no script."""

from collections.abc import Iterator, Sequence

from app.addresses import Addresses
from app.picture.frame import Appearance, Body, Caption, dressed, framed, text_of
from app.picture.layout import Box, Layout, Point
from app.picture.letters import wide
from app.picture.plan import Line, Plan, Spot
from app.picture.style import KEYS, Dress, look, meanings, shape_of, wrapped
from app.wording import counted

KEY_BOX = Box(1, 4, 24, 12)
# Text may be up to a quarter wider than in Arial if another font is substituted.
NEARLY_FULL = 0.75


def picture(
    plan: Plan, layout: Layout, caption: Caption, addresses: Addresses, wanted: Appearance
) -> str:
    """The whole picture, with links to its nodes and edges."""
    dress = dressed(caption, (line.edge.id for line in plan.lines), wanted.theme)
    nodes = len({spot.node.id for spot in plan.spots})
    parts = [
        *_boxes(plan, layout, dress),
        *(_line(line, layout, addresses, dress) for line in plan.lines),
        *(_spot(spot, layout.nodes[spot.name], addresses, dress) for spot in plan.spots),
        *_cells(plan, layout, dress),
    ]
    counts = f"{counted(nodes, 'node')} and {counted(len(plan.lines), 'step')}."
    body = Body(layout.width, layout.height, parts, list(_keys(plan, dress)), counts)
    return framed(caption, body, dress, wanted.width)


def _boxes(plan: Plan, layout: Layout, dress: Dress) -> Iterator[str]:
    outer_first = sorted(plan.cells, key=lambda cell: -layout.boxes[cell].height)
    for cell in outer_first:
        box = layout.boxes[cell]
        yield f'<rect {dress.paint(fill="box", stroke="frame")} {_place(box)} rx="8"/>'


def _cells(plan: Plan, layout: Layout, dress: Dress) -> Iterator[str]:
    """The names of the boxes; they come last, so that no line runs across them.

    The outline of the letters is a separate text: LibreOffice paints outlines over the letters.
    """
    for cell, label in plan.cells.items():
        x, y = layout.titles[cell]
        place = (
            f'text-anchor="middle" x="{x:.1f}" y="{y + 4.5:.1f}" font-size="13" font-weight="bold"'
        )
        yield (
            f'<text {dress.paint(fill="box", stroke="box")} aria-hidden="true" {place} '
            f'stroke-width="5" stroke-linejoin="round">{text_of(label)}</text>'
            f"<text {dress.paint(fill='quiet')} {place}>{text_of(label)}</text>"
        )


def _line(line: Line, layout: Layout, addresses: Addresses, dress: Dress) -> str:
    edge = line.edge
    where = edge.cell.label
    claims = counted(edge.evidence_counts.total, "claim")
    proof = f"{claims}, {edge.origin}, level {edge.level}"
    if edge.basis == "textbook":
        proof = "textbook knowledge, no claim here"
    said = (
        f"{line.tail.node.label} {edge.relation.replace('_', ' ')} {line.head.node.label}; "
        f"{where}; {proof}"
    )
    way = _curve(layout.lines[line.name])
    # An invisible line with pointer events makes the thin line a target for the pointer.
    aim = f'<path d="{way}" fill="none" stroke="none" pointer-events="stroke"/>'
    return _link(addresses.item("edges", edge.id), said, aim + look(edge).along(way, dress))


def _spot(spot: Spot, box: Box, addresses: Addresses, dress: Dress) -> str:
    shape = shape_of(spot.node)
    round_ = min(box.height / 2, 15) if shape == "process" else 4
    ink = dress.paint(fill="on-drug" if shape == "drug" else "ink")
    lines = wrapped(spot.node.label)
    x, y = box.x + box.width / 2, box.y + box.height / 2 - (len(lines) - 1) * 7.2 + 4.2
    body = (
        f'<rect {_dress_of(shape, dress)} {_place(box)} rx="{round_:.1f}"/>'
        f'<text {ink} text-anchor="middle" font-size="12">'
        + "".join(
            f'<tspan x="{x:.1f}" y="{y + number * 14.4:.1f}"{_fit(text, box)}>'
            f"{text_of(text)}</tspan>"
            for number, text in enumerate(lines)
        )
        + "</text>"
    )
    return _link(addresses.item("entities", spot.node.id), spot.node.name, body)


def _fit(text: str, box: Box) -> str:
    """Keep a long line of text within its box, whatever the font."""
    width = min(wide(text), box.width - 6)
    if width < NEARLY_FULL * box.width:
        return ""
    return f' textLength="{width:.0f}" lengthAdjust="spacingAndGlyphs"'


def _link(address: str, said: str, body: str) -> str:
    return f'<a href="{text_of(address)}"><title>{text_of(said)}</title>{body}</a>'


def _keys(plan: Plan, dress: Dress) -> Iterator[tuple[str, str]]:
    """The legend, limited to what occurs in the picture."""
    for shape in sorted({shape_of(spot.node) for spot in plan.spots}):
        corner = 6 if shape == "process" else 3
        yield f'<rect {_dress_of(shape, dress)} {_place(KEY_BOX)} rx="{corner}"/>', shape
    looks = dict(meaning for line in plan.lines for meaning in meanings(line.edge))
    for key in KEYS:
        if key in looks:
            yield looks[key].along("M0 10H26", dress), key


def _dress_of(shape: str, dress: Dress) -> str:
    """The colours of a box of this shape."""
    edge = "drug" if shape == "drug" else "edge"
    return dress.paint(fill={"molecule": "node"}.get(shape, shape), stroke=edge)


def _place(box: Box) -> str:
    return f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'


def _curve(points: Sequence[Point]) -> str:
    """A chain of cubic curves; a point left over at the end is joined by a straight line."""
    at = [f"{x:.1f} {y:.1f}" for x, y in points]
    curves = (len(at) - 1) // 3
    text = f"M{at[0]}" + "".join(
        f"C{' '.join(at[1 + 3 * number : 4 + 3 * number])}" for number in range(curves)
    )
    return text + "".join(f"L{point}" for point in at[1 + 3 * curves :])
