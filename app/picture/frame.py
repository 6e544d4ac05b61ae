"""What surrounds every picture: title, legend, source, size and background."""

import hashlib
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from app.formats.xml import clean
from app.picture.style import FONT, Dress

MARGIN = 16.0
KEY_WIDTH, KEY_HEIGHT = 210.0, 20.0
LEAST_WIDTH = 2 * KEY_WIDTH + 2 * MARGIN
# Width of a letter relative to its height, generously, for wrapping text without a layout.
LETTER = 0.5
SMALL = 10.0


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the caller wants a picture to look."""

    theme: str | None = None
    """`light` or `dark`; None follows the reader's system setting."""
    width: int | None = None
    """In pixels; None means as wide as needed."""
    layout: str = "dot"
    """`dot` or `lanes`."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The text around a picture, which screen readers read out instead of it."""

    name: str
    note: str
    state: str
    """The release of the data in the picture."""
    source: str
    """Where the picture is from: name, release, licence and address."""


@dataclass(frozen=True, slots=True)
class Body:
    """The content of the frame."""

    width: float
    height: float
    parts: Iterable[str]
    keys: Sequence[tuple[str, str]]
    """The legend: each sign, drawn within 26 by 20 units, with its meaning."""
    counts: str
    """The numbers of nodes and steps, in words."""


def dressed(caption: Caption, shown: Iterable[str], theme: str | None) -> Dress:
    """The colours of a picture, with ids derived from its caption and what it shows."""
    identity = "|".join([caption.name, caption.source, *shown])
    return Dress(f"moa-{hashlib.blake2b(identity.encode(), digest_size=4).hexdigest()}", theme)


def framed(caption: Caption, body: Body, dress: Dress, wanted: int | None) -> str:
    """The whole SVG; `wanted` is its width in pixels, if one is asked for."""
    width = max(body.width + 2 * MARGIN, LEAST_WIDTH)
    head = list(_head(caption, width - 2 * MARGIN))
    top = MARGIN + sum(size * 1.3 for _, size, _ in head) + 8
    columns = max(1, int((width - 2 * MARGIN) // KEY_WIDTH))
    bottom = top + body.height + 8
    foot = bottom + -(-len(body.keys) // columns) * KEY_HEIGHT + 10
    letters = int((width - 2 * MARGIN) / (SMALL * LETTER))
    source = textwrap.wrap(caption.source, letters, break_on_hyphens=False)
    height = foot + len(source) * SMALL * 1.3 + MARGIN
    said = f"{caption.note} {body.counts} {caption.state}".strip()
    return "".join(
        [
            _opening((round(width), round(height)), (caption.name, said), dress, wanted),
            *_titles(head, dress),
            f'<g transform="translate({(width - body.width) / 2:.1f} {top:.1f})">',
            *body.parts,
            "</g>",
            *_legend(body.keys, columns, bottom, dress),
            *_source(source, foot, dress),
            "</svg>\n",
        ]
    )


def _opening(size: tuple[int, int], said: tuple[str, str], dress: Dress, wanted: int | None) -> str:
    (width, height), (name, described) = size, said
    scale = (wanted or width) / width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="moa {dress.key}" role="img" '
        f'aria-labelledby="{dress.key}-title {dress.key}-desc" '
        f'width="{width * scale:.0f}" height="{height * scale:.0f}" '
        f'viewBox="0 0 {width} {height}" font-family="{FONT}">'
        f'<title id="{dress.key}-title">{text_of(name)}</title>'
        f'<desc id="{dress.key}-desc">{text_of(described)}</desc>'
        f"<style>{dress.sheet()}</style><defs>{dress.heads()}</defs>"
        f'<rect {dress.paint(fill="page")} width="100%" height="100%"/>'
    )


def _head(caption: Caption, width: float) -> Iterator[tuple[str, float, str]]:
    """The lines of text above the picture, each with its font size and kind."""
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
        ink = dress.paint(fill="quiet" if kind == "quiet" else "ink")
        yield (
            f'<text {ink} x="{MARGIN}" y="{y - size * 0.3:.1f}" '
            f'font-size="{size:.0f}"{bold}>{text_of(text)}</text>'
        )


def _legend(
    keys: Sequence[tuple[str, str]], columns: int, top: float, dress: Dress
) -> Iterator[str]:
    for number, (sign, meaning) in enumerate(keys):
        x, y = MARGIN + number % columns * KEY_WIDTH, top + number // columns * KEY_HEIGHT
        yield (
            f'<g class="key" transform="translate({x:.1f} {y:.1f})">{sign}'
            f'<text {dress.paint(fill="ink")} x="32" y="14" font-size="11">{text_of(meaning)}'
            "</text></g>"
        )


def _source(lines: Sequence[str], top: float, dress: Dress) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (
            f'<text {dress.paint(fill="quiet")} x="{MARGIN}" '
            f'y="{top + (number + 0.7) * SMALL * 1.3:.1f}" font-size="{SMALL:.0f}">'
            f"{text_of(line)}</text>"
        )


def text_of(text: str) -> str:
    """A text with its markup escaped."""
    return escape(clean(text))
