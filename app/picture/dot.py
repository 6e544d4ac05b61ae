"""The plan of a picture in the DOT language, for Graphviz to lay out."""

from collections.abc import Sequence

import graphviz  # type: ignore[import-untyped]  # it has none

from app.formats.xml import clean
from app.picture.plan import Plan, Spot
from app.picture.style import wrapped

# A large picture runs from left to right: its many short ranks make a page, not a ribbon.
LARGE = 36
# Most lines come from above or from the left; cell names go where the fewest lines pass.
WAYS = {
    True: {"rankdir": "LR", "ranksep": "0.45", "labelloc": "t"},
    False: {"rankdir": "TB", "ranksep": "0.8", "labelloc": "b"},
}
GRAPH = {
    "nodesep": "0.22",
    "fontname": "Arial",
    "fontsize": "14.5",  # as wide as bold letters of 13
    "labeljust": "l",
    "newrank": "true",
}
NODE = {
    "shape": "box",
    "fontname": "Arial",
    "fontsize": "12",
    "height": "0.32",
    "margin": "0.11,0.05",
}


def source(plan: Plan) -> str:
    """The plan as DOT source; nodes and edges keep their names from the plan."""
    way = WAYS[len(plan.spots) > LARGE]
    whole = graphviz.Digraph(graph_attr=GRAPH | way, node_attr=NODE)
    _fill(whole, plan, (), plan.spots)
    for line in plan.lines:
        free = {"constraint": "false"} if line.crosses else {}
        whole.edge(line.tail.name, line.head.name, id=line.name, **free)
    return str(whole.source)


def _fill(
    graph: graphviz.Digraph, plan: Plan, within: Sequence[str], spots: Sequence[Spot]
) -> None:
    """Add the nodes of a box, then the boxes inside it with their nodes."""
    depth = len(within)
    for spot in spots:
        if len(spot.within) == depth:
            graph.node(spot.name, graphviz.escape("\n".join(wrapped(spot.node.label))))
    for cell in dict.fromkeys(spot.within[depth] for spot in spots if len(spot.within) > depth):
        inside = [spot for spot in spots if spot.within[depth : depth + 1] == (cell,)]
        with graph.subgraph(name=f"cluster_{cell}") as box:
            box.attr(label=graphviz.escape(clean(plan.cells[cell])), margin="10")
            _fill(box, plan, (*within, cell), inside)
