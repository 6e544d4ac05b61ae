"""A picture as SVG: our own elements at the places that `dot` found, with links and no script."""

import hashlib
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from app.addresses import Addresses
from app.formats.xml import clean
from app.picture.layout import Box, Layout, Point
from app.picture.letters import wide
from app.picture.plan import Line, Plan, Spot
from app.picture.style import (
    FONT,
    KEYS,
    Dress,
    Look,
    look,
    meanings,
    shape_of,
    wrapped,
)

MARGIN = 16.0
KEY_WIDTH, KEY_HEIGHT = 178.0, 20.0
LEAST_WIDTH = 2 * KEY_WIDTH + 2 * MARGIN
# Width of a letter as a part of its height, rather too wide, to wrap what `dot` does not lay out.
LETTER = 0.5
SMALL = 10.0
# A wider font may be a quarter wider than Arial.
NEARLY_FULL = 0.75


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a picture is wanted."""

    theme: str | None = None
    """`light`, `dark`, or as the system of the reader."""
    width: int | None = None
    """In pixels; without it, as wide as it needs."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The text above a picture, which screen readers read out in its place."""

    name: str
    note: str
    state: str
    """The release of the data in the picture."""
    source: str
    """Where the picture is from: name, release, licence and address."""


def picture(
    plan: Plan, layout: Layout, caption: Caption, addresses: Addresses, look_of: Appearance
) -> str:
    """The whole picture, with links to its nodes and edges."""
    dress = Dress(_key(caption, plan), look_of.theme)
    width = max(layout.width + 2 * MARGIN, LEAST_WIDTH)
    head = list(_head(caption, width - 2 * MARGIN))
    top = MARGIN + sum(size * 1.3 for _, size, _ in head) + 8
    keys = _keys(plan)
    columns = max(1, int((width - 2 * MARGIN) // KEY_WIDTH))
    bottom = top + layout.height + 18
    source = textwrap.wrap(caption.source, int((width - 2 * MARGIN) / (SMALL * LETTER)))
    foot = bottom + -(-len(keys) // columns) * KEY_HEIGHT
    height = foot + len(source) * SMALL * 1.3 + MARGIN
    return "".join(
        [
            _opening((width, height), plan, caption, dress, look_of.width),
            *_titles(head, dress),
            f'<g transform="translate({(width - layout.width) / 2:.1f} {top:.1f})">',
            *_boxes(plan, layout, dress),
            *(_line(line, layout, addresses, dress) for line in plan.lines),
            *(_spot(spot, layout.nodes[spot.name], addresses, dress) for spot in plan.spots),
            *_cells(plan, layout, dress),
            "</g>",
            *_legend(keys, columns, bottom, dress),
            *_source(source, foot, dress),
            "</svg>\n",
        ]
    )


def _key(caption: Caption, plan: Plan) -> str:
    """What the ids of this picture begin with: they follow from what it shows."""
    shown = "|".join([caption.name, caption.source, *(line.edge.id for line in plan.lines)])
    return f"moa-{hashlib.blake2b(shown.encode(), digest_size=4).hexdigest()}"


def _opening(
    size: tuple[float, float], plan: Plan, caption: Caption, dress: Dress, wanted: int | None
) -> str:
    nodes = len({spot.node.id for spot in plan.spots})
    said = f"{caption.note} {nodes} nodes and {len(plan.lines)} steps. {caption.state}".strip()
    width, height = map(round, size)
    scale = (wanted or width) / width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="moa {dress.key}" role="img" '
        f'aria-labelledby="{dress.key}-title {dress.key}-desc" '
        f'width="{width * scale:.0f}" height="{height * scale:.0f}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}">'
        f'<title id="{dress.key}-title">{_text(caption.name)}</title>'
        f'<desc id="{dress.key}-desc">{_text(said)}</desc>'
        f"<style>{dress.sheet()}</style><defs>{dress.heads()}</defs>"
        f'<rect class="page" fill="{dress.colour("page")}" width="100%" height="100%"/>'
    )


def _head(caption: Caption, width: float) -> Iterator[tuple[str, float, str]]:
    """The lines above the picture, each with its size and class."""
    for text, size, kind in (
        (caption.name, 16.0, "name"),
        (caption.note, 12.0, "note"),
        (caption.state, 11.0, "quiet"),
    ):
        letters = max(10, int(width / (size * LETTER)))
        for line in textwrap.wrap(text, letters):
            yield line, size, kind


def _titles(head: Sequence[tuple[str, float, str]], dress: Dress) -> Iterator[str]:
    y = MARGIN
    for text, size, kind in head:
        y += size * 1.3
        bold = ' font-weight="bold"' if kind == "name" else ""
        ink = dress.colour("quiet" if kind == "quiet" else "ink")
        yield (
            f'<text class="{kind}" x="{MARGIN}" y="{y - size * 0.3:.1f}" '
            f'font-size="{size:.0f}" fill="{ink}"{bold}>{_text(text)}</text>'
        )


def _boxes(plan: Plan, layout: Layout, dress: Dress) -> Iterator[str]:
    outer_first = sorted(plan.cells, key=lambda cell: -layout.boxes[cell].height)
    for cell in outer_first:
        box = layout.boxes[cell]
        yield (
            f'<rect class="box" {_place(box)} rx="8" fill="{dress.colour("box")}" '
            f'stroke="{dress.colour("frame")}"/>'
        )


def _cells(plan: Plan, layout: Layout, dress: Dress) -> Iterator[str]:
    """The names of the boxes; they come last, so that no line runs through them.

    The rim around the letters is a text of its own: LibreOffice paints a rim over its letters.
    """
    for cell, label in plan.cells.items():
        x, y = layout.titles[cell]
        place = (
            f'text-anchor="middle" x="{x:.1f}" y="{y + 4.5:.1f}" font-size="13" font-weight="bold"'
        )
        box = dress.colour("box")
        yield (
            f'<text class="halo" aria-hidden="true" {place} fill="{box}" stroke="{box}" '
            f'stroke-width="5" stroke-linejoin="round">{_text(label)}</text>'
            f'<text class="cell" {place} fill="{dress.colour("quiet")}">{_text(label)}</text>'
        )


def _line(line: Line, layout: Layout, addresses: Addresses, dress: Dress) -> str:
    edge = line.edge
    where = edge.cell.label
    proof = f"{edge.evidence_counts.total} claims, {edge.origin}, level {edge.level}"
    if edge.basis == "textbook":
        proof = "textbook knowledge, no claim here"
    said = (
        f"{line.tail.node.label} {edge.relation.replace('_', ' ')} {line.head.node.label}; "
        f"{where}; {proof}"
    )
    path = f'<path {look(edge).attributes(dress)} d="{_curve(layout.lines[line.name])}"/>'
    # A line is thin; a wide, invisible one makes it easy to point at.
    aim = f'<path d="{_curve(layout.lines[line.name])}" fill="none" stroke="none" '
    return _link(addresses.item("edges", edge.id), said, f'{aim}pointer-events="stroke"/>{path}')


def _spot(spot: Spot, box: Box, addresses: Addresses, dress: Dress) -> str:
    shape = shape_of(spot.node)
    round_ = min(box.height / 2, 15) if shape == "process" else 4
    edge = dress.colour("drug" if shape == "drug" else "edge")
    fill = dress.colour({"molecule": "node"}.get(shape, shape))
    ink = "on-drug" if shape == "drug" else "ink"
    lines = wrapped(spot.node.label)
    x, y = box.x + box.width / 2, box.y + box.height / 2 - (len(lines) - 1) * 7.2 + 4.2
    body = (
        f'<rect class="{shape}" {_place(box)} rx="{round_:.1f}" fill="{fill}" stroke="{edge}"/>'
        f'<text class="{ink}" text-anchor="middle" font-size="12" fill="{dress.colour(ink)}">'
        + "".join(
            f'<tspan x="{x:.1f}" y="{y + number * 14.4:.1f}"{_fit(text, box)}>{_text(text)}</tspan>'
            for number, text in enumerate(lines)
        )
        + "</text>"
    )
    return _link(addresses.item("entities", spot.node.id), spot.node.name, body)


def _fit(text: str, box: Box) -> str:
    """Keep a long line within its box, whatever font shows it."""
    width = min(wide(text), box.width - 6)
    if width < NEARLY_FULL * box.width:
        return ""
    return f' textLength="{width:.0f}" lengthAdjust="spacingAndGlyphs"'


def _link(address: str, said: str, body: str) -> str:
    return f'<a href="{_text(address)}"><title>{_text(said)}</title>{body}</a>'


def _keys(plan: Plan) -> list[tuple[str, Look | str]]:
    """What the legend explains: only what is in the picture."""
    looks = dict(meaning for line in plan.lines for meaning in meanings(line.edge))
    shapes = dict.fromkeys(shape_of(spot.node) for spot in plan.spots)
    return [
        *((name, name) for name in sorted(shapes)),
        *((key, looks[key]) for key in KEYS if key in looks),
    ]


def _legend(
    keys: Sequence[tuple[str, Look | str]], columns: int, top: float, dress: Dress
) -> Iterator[str]:
    for number, (meaning, kind) in enumerate(keys):
        x = MARGIN + number % columns * KEY_WIDTH
        y = top + number // columns * KEY_HEIGHT
        if isinstance(kind, Look):
            yield f'<path {kind.attributes(dress)} d="M{x:.1f} {y:.1f}H{x + 26:.1f}"/>'
        else:
            place = _place(Box(x + 1, y - 6, 24, 12))
            fill = dress.colour({"molecule": "node"}.get(kind, kind))
            corner = 6 if kind == "process" else 3
            yield (
                f'<rect class="{kind}" {place} rx="{corner}" fill="{fill}" '
                f'stroke="{dress.colour("edge")}"/>'
            )
        yield (
            f'<text x="{x + 32:.1f}" y="{y + 4:.1f}" font-size="11" '
            f'fill="{dress.colour("ink")}">{meaning}</text>'
        )


def _source(lines: Sequence[str], top: float, dress: Dress) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (
            f'<text class="quiet" x="{MARGIN}" y="{top + (number + 0.7) * SMALL * 1.3:.1f}" '
            f'font-size="{SMALL:.0f}" fill="{dress.colour("quiet")}">{_text(line)}</text>'
        )


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


def _text(text: str) -> str:
    """A text with its markup escaped."""
    return escape(clean(text))
