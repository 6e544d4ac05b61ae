"""Files for other programs, and the one table of forms with their media types."""

from app.formats import cx2, graphml
from app.graph.shapes import Graph

JSON = "application/json"
# The short name of each form with its media type, the preferred first.
GRAPH_FORMS = {
    "json": JSON,
    "cx2": "application/x-cx2+json",
    "graphml": "application/graphml+xml",
    "svg": "image/svg+xml",
}
LIST_FORMS = {
    "json": JSON,
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
}
LIST_MEDIA_TYPES = {name: media_type.partition(";")[0] for name, media_type in LIST_FORMS.items()}


def file(graph: Graph, form: str) -> str:
    """The graph as a file for other programs."""
    return cx2.document(graph) if form == "cx2" else graphml.document(graph)
