"""Plan, lay out and draw a part of the network as a picture."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from app.addresses import Addresses
from app.errors import Fault, Invalid, NotAcceptable
from app.graph.shapes import Graph
from app.picture.frame import Appearance, Caption
from app.picture.lanes import lane_map
from app.picture.lanes_file import lanes_picture
from app.picture.layout import Layouts, Point
from app.picture.plan import Cells, Plan, plan
from app.picture.svg import picture

MOST_STEPS = 600


class Draughtsman(NamedTuple):
    """What is needed to draw any picture."""

    layouts: Layouts
    addresses: Addresses
    path: str
    """The documented path of the answer, for the caption."""


def draw(graph: Graph, cells: Cells, note: str, by: Draughtsman, wanted: Appearance) -> str:
    """Draw a graph; the picture itself decides in which cells to draw each node."""
    if graph.graph.nodes == "per-cell":
        raise Invalid(
            "A picture decides by itself in which cells to draw an entity; leave out `nodes`.",
            faults=(Fault("nodes", "cannot be `per-cell` in a picture"),),
        )
    if len(graph.edges) > MOST_STEPS:
        raise NotAcceptable(
            f"A picture shows at most {MOST_STEPS} steps; narrow the query with filters, or choose "
            "another format."
        )
    about = graph.graph
    caption = Caption(
        about.name,
        note,
        f"Release {about.release}, revision {about.revision}.",
        f"lenalidomide-moa, release {about.release}, CC BY 4.0, {by.addresses.of(by.path)}",
    )
    if wanted.layout == "lanes":
        return lanes_picture(lane_map(graph, cells), caption, by.addresses, wanted)
    planned = plan(graph, cells)
    layout = by.layouts.of(_in_dot(planned))
    return picture(planned, layout, caption, by.addresses, wanted)


def node_places(graph: Graph, cells: Cells, layouts: Layouts) -> Mapping[str, Point]:
    """The middle of each node in the picture of a graph; of its first place, if it has several.

    Empty if the graph is too large for a picture, or Graphviz is missing.
    """
    if layouts.program is None or len(graph.edges) > MOST_STEPS:
        return {}
    planned = plan(graph, cells)
    layout = layouts.of(_in_dot(planned))
    found: dict[str, Point] = {}
    for spot in planned.spots:
        box = layout.nodes[spot.name]
        middle = (round(box.x + box.width / 2, 1), round(box.y + box.height / 2, 1))
        found.setdefault(spot.node.id, middle)
    return found


def _in_dot(planned: Plan) -> str:
    """The plan in the DOT language.

    Only pictures need the library that writes it, so it is imported for the first of them.
    """
    write: Callable[[Plan], str] = import_module("app.picture.dot").source
    return write(planned)
