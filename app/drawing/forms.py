"""The forms in which part of the network is given beside JSON."""

from collections.abc import Callable
from importlib import import_module

from app.atlas.shapes import Graph
from app.drawing import cx2, graphml
from app.drawing.layout import Layouts
from app.drawing.plan import Cells, Plan, plan
from app.drawing.svg import Caption, picture
from app.errors import NotAcceptable

JSON = "application/json"
# The short name of each form with its media type, the preferred first.
FORMS = {
    "json": JSON,
    "cx2": "application/x-cx2+json",
    "graphml": "application/graphml+xml",
    "svg": "image/svg+xml",
}
MOST_STEPS = 600


def file(graph: Graph, form: str) -> str:
    """The graph as a file for other programs."""
    return cx2.text(graph) if form == "cx2" else graphml.text(graph)


def drawn(graph: Graph, cells: Cells, note: str, root: str, layouts: Layouts) -> str:
    """The graph as a picture."""
    if len(graph.edges) > MOST_STEPS:
        raise NotAcceptable(
            f"There is no picture of more than {MOST_STEPS} steps; narrow the question by its "
            "filters, or take another form."
        )
    planned = plan(graph, cells)
    layout = layouts.of(_in_dot(planned))
    about = graph.graph
    caption = Caption(about.name, note, f"Release {about.release}, revision {about.revision}.")
    return picture(planned, layout, caption, root)


def _in_dot(planned: Plan) -> str:
    """The plan in the language of Graphviz, by a library that only pictures need.

    It is loaded when the first picture is asked for.
    """
    write: Callable[[Plan], str] = import_module("app.drawing.dot").text
    return write(planned)
