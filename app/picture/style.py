"""How pictures look: colours for light and dark pages, arrowheads, and the legend."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from app.formats.xml import clean
from app.graph.shapes import GraphEdge, GraphNode

FONT = "Liberation Sans, Arial, sans-serif"

# Name: light, dark. The light colours are in the elements too, for programs without CSS
# variables.
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


def light(name: str) -> str:
    """The colour on a light page."""
    return COLOURS[name][0]


def _rules() -> Iterator[str]:
    for number, query in enumerate(("", "@media (prefers-color-scheme: dark)")):
        values = ";".join(f"--{name}:{pair[number]}" for name, pair in COLOURS.items())
        rule = f".moa{{{values}}}"
        yield f"{query}{{{rule}}}" if query else rule
    yield f".moa text{{font-family:{FONT};fill:var(--ink)}}"
    yield ".moa .page{fill:var(--page)}"
    yield ".moa .box{fill:var(--box);stroke:var(--frame)}"
    yield ".moa text.cell{fill:var(--quiet);stroke:var(--box)}"
    yield ".moa text.quiet{fill:var(--quiet)}"
    yield ".moa .molecule{fill:var(--node);stroke:var(--edge)}"
    yield ".moa .process{fill:var(--process);stroke:var(--edge)}"
    yield ".moa .drug{fill:var(--drug);stroke:var(--drug)}"
    yield ".moa text.on-drug{fill:var(--on-drug)}"
    for tone in (*SIGNS.values(), "none"):
        yield f".moa path.{tone}{{stroke:var(--{tone})}}.moa .head-{tone}{{stroke:var(--{tone})}}"
    yield ".moa path.head-plus,.moa path.head-unclear{stroke:none}"
    yield ".moa path.head-plus{fill:var(--plus)}.moa path.head-unclear{fill:var(--unclear)}"
    yield ".moa a:hover *,.moa a:focus *{stroke-width:2.6}.moa a:hover text,.moa a:focus text"
    yield "{stroke-width:0;text-decoration:underline}"


STYLE = "".join(_rules())

ARROW = "M0 0.8L10 5L0 9.2z"
HEAD_SHAPES = {
    "plus": f'<path class="head-plus" fill="{light("plus")}" d="{ARROW}"/>',
    "minus": f'<path class="head-minus" stroke="{light("minus")}" stroke-width="2.6" d="M8 0V10"/>',
    "unclear": f'<path class="head-unclear" fill="{light("unclear")}" d="{ARROW}"/>',
}
HEADS = "".join(
    f'<marker id="moa-{tone}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
    f'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">{shape}</marker>'
    for tone, shape in HEAD_SHAPES.items()
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is drawn, and what that means."""

    tone: str
    dashes: str = ""
    weak: bool = False

    def attributes(self) -> str:
        """The look as attributes of a path."""
        parts = [f'class="{self.tone}"', f'stroke="{light(self.tone)}"', 'fill="none"']
        parts.append('stroke-width="1.5"')
        if self.dashes:
            parts.append(f'stroke-dasharray="{self.dashes}"')
        if self.weak:
            parts.append(f'opacity="{WEAK}"')
        if self.tone != "none":
            parts.append(f'marker-end="url(#moa-{self.tone})"')
        return " ".join(parts)


def look(edge: GraphEdge) -> Look:
    """How a step is drawn: by its sign, by what it rests on, and by where that was measured."""
    tone = SIGNS[edge.sign] if edge.type == "causal" else "none"
    dashes = "1.5 3" if edge.basis == "textbook" else "6 3" if edge.sign == "?" else ""
    return Look(tone, dashes, weak=edge.origin in ("borrowed", "stated"))


def shape_of(node: GraphNode) -> str:
    """Which of the three shapes a node has."""
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
    """What the look of a step means, one feature at a time."""
    if edge.type == "causal":
        yield KEYS["+-?".index(edge.sign)], Look(SIGNS[edge.sign], "6 3" * (edge.sign == "?"))
    else:
        yield KEYS[3], Look("none")
    if edge.basis == "textbook":
        yield KEYS[4], Look("none", "1.5 3")
    if edge.origin in ("borrowed", "stated"):
        yield KEYS[5], Look("none", weak=True)


def wrapped(label: str) -> list[str]:
    """A label in lines short enough for a picture."""
    return textwrap.wrap(clean(label), LINE, break_long_words=False) or [label]
