"""How pictures look: colours for light and dark pages, arrowheads, and the legend."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from app.formats.xml import clean
from app.graph.shapes import GraphEdge, GraphNode

FONT = "Liberation Sans, Arial, sans-serif"

# Name: light, dark.
COLOURS = {
    "page": ("#ffffff", "#14181d"),
    "ink": ("#1c232b", "#e6ebf0"),
    "quiet": ("#5b6672", "#9aa6b2"),
    "box": ("#f4f6f8", "#1c222a"),
    "frame": ("#c9d1d9", "#3b4652"),
    "node": ("#ffffff", "#242c36"),
    "edge": ("#6d7885", "#7e8a97"),
    "drug": ("#26466d", "#a9c7ee"),
    "on-drug": ("#ffffff", "#10151b"),
    "process": ("#fdf3d7", "#3d3520"),
    "plus": ("#1d6fb8", "#6db3f2"),
    "minus": ("#b3401a", "#f2906d"),
    "unclear": ("#6a4ba0", "#b9a2ea"),
    "none": ("#6d7885", "#9aa6b2"),
}
SIGNS = {"+": "plus", "-": "minus", "?": "unclear"}
PROCESSES = {"process", "phenotype"}
WEAK = 0.55
LINE = 20


PAINTED = ("fill", "stroke")
ARROW = "M0 0.8L10 5L0 9.2z"
HEAD_SHAPES = {
    "plus": ("fill", f'd="{ARROW}"'),
    "minus": ("stroke", 'stroke-width="2.6" d="M8 0V10"'),
    "unclear": ("fill", f'd="{ARROW}"'),
}


@dataclass(frozen=True, slots=True)
class Dress:
    """The colours of one picture, and the prefix of its ids.

    Each element carries its colour as an attribute, for programs without style sheets. CSS
    variables are not used, because some programs draw them black.
    """

    key: str
    """Different for every picture, so that several can be on one page."""
    theme: str | None = None
    """`light` or `dark`; None follows the reader's system setting."""

    def colour(self, name: str) -> str:
        """The value of a colour, by its name in COLOURS."""
        return COLOURS[name][self.theme == "dark"]

    def sheet(self) -> str:
        """The rules that attributes cannot express: hover, focus, and dark mode."""
        here = f".{self.key}"
        rules = (
            f"{here} a:hover *,{here} a:focus *{{stroke-width:2.6}}"
            f"{here} a:hover text,{here} a:focus text"
            "{stroke-width:0;text-decoration:underline}"
        )
        if self.theme:
            return rules
        dark = "".join(
            f"{here} .{part[0]}-{name}{{{part}:{colours[1]}}}"
            for name, colours in COLOURS.items()
            for part in PAINTED
        )
        return f"{rules}@media (prefers-color-scheme: dark){{{dark}}}"

    def paint(self, **colours: str) -> str:
        """The attributes that fill or stroke an element, and its class for dark mode."""
        named = " ".join(f"{part[0]}-{name}" for part, name in colours.items())
        painted = [f'{part}="{self.colour(name)}"' for part, name in colours.items()]
        return " ".join([f'class="{named}"', *painted])

    def heads(self) -> str:
        """The arrowheads, as SVG markers."""
        return "".join(
            f'<marker id="{self.key}-{tone}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
            f'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">'
            f"<path {self.paint(**{painted: tone})} {shape}/></marker>"
            for tone, (painted, shape) in HEAD_SHAPES.items()
        )


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is drawn: its colour, dashes and weakness."""

    tone: str
    dashes: str = ""
    weak: bool = False

    def along(self, way: str, dress: Dress) -> str:
        """The line along this path.

        A weak line is put in a group: CairoSVG draws the head of a translucent path in full colour.
        """
        path = f'<path {self._attributes(dress)} d="{way}"/>'
        return f'<g opacity="{WEAK}">{path}</g>' if self.weak else path

    def _attributes(self, dress: Dress) -> str:
        parts = [dress.paint(stroke=self.tone), 'fill="none"', 'stroke-width="1.5"']
        if self.dashes:
            parts.append(f'stroke-dasharray="{self.dashes}"')
        if self.tone != "none":
            parts.append(f'marker-end="url(#{dress.key}-{self.tone})"')
        return " ".join(parts)


def look(edge: GraphEdge) -> Look:
    """How a step is drawn, depending on its sign, its basis and its origin."""
    tone = SIGNS[edge.sign] if edge.type == "causal" else "none"
    dashes = "1.5 3" if edge.basis == "textbook" else "6 3" if edge.sign == "?" else ""
    return Look(tone, dashes, weak=edge.origin in ("borrowed", "stated"))


def shape_of(node: GraphNode) -> str:
    """The shape of a node: `drug`, `process` or `molecule`."""
    if node.kind == "drug":
        return "drug"
    return "process" if node.kind in PROCESSES else "molecule"


KEYS = (
    "raises, engages",
    "lowers, blocks",
    "contradictory sources",
    "stronger together",
    "textbook, no claim here",
    "not measured in lymphoma",
)


def meanings(edge: GraphEdge) -> Iterator[tuple[str, Look]]:
    """What each feature of the look of a step means, with the line that shows it."""
    if edge.type == "causal":
        yield KEYS["+-?".index(edge.sign)], Look(SIGNS[edge.sign], "6 3" * (edge.sign == "?"))
    else:
        yield KEYS[3], Look("none")
    if edge.basis == "textbook":
        yield KEYS[4], look(edge)
    if edge.origin in ("borrowed", "stated"):
        yield KEYS[5], look(edge)


def wrapped(label: str) -> list[str]:
    """A label wrapped into lines short enough for a picture."""
    return textwrap.wrap(clean(label), LINE, break_long_words=False) or [label]
