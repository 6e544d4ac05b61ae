"""Part of the network as a picture: planned, laid out and drawn."""

from collections.abc import Callable
from importlib import import_module

from app.addresses import Addresses
from app.errors import Fault, Invalid, NotAcceptable
from app.graph.shapes import Graph
from app.picture.layout import Layouts
from app.picture.plan import Cells, Plan, plan
from app.picture.svg import Caption, picture

MOST_STEPS = 600


def draw(graph: Graph, cells: Cells, note: str, addresses: Addresses, layouts: Layouts) -> str:
    """The graph as a picture, which decides by itself in which cells a node is drawn."""
    if graph.graph.nodes == "per-cell":
        raise Invalid(
            "A picture draws each entity in its cells by itself; leave out `nodes`.",
            faults=(Fault("nodes", "cannot be `per-cell` in a picture"),),
        )
    if len(graph.edges) > MOST_STEPS:
        raise NotAcceptable(
            f"A picture shows at most {MOST_STEPS} steps; narrow the query with filters, or choose "
            "another format."
        )
    planned = plan(graph, cells)
    layout = layouts.of(_in_dot(planned))
    about = graph.graph
    caption = Caption(about.name, note, f"Release {about.release}, revision {about.revision}.")
    return picture(planned, layout, caption, addresses)


def _in_dot(planned: Plan) -> str:
    """The plan in the language of Graphviz.

    Only pictures need the library that writes it, so it is loaded with the first one.
    """
    write: Callable[[Plan], str] = import_module("app.picture.dot").source
    return write(planned)
