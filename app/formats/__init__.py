"""Files for other programs."""

from collections.abc import Callable, Mapping

from app.formats import cx2, graphml, sif, tsv
from app.graph.shapes import Graph

GRAPH_FILES: Mapping[str, Callable[[Graph], str]] = {
    "cx2": cx2.document,
    "graphml": graphml.document,
    "tsv": tsv.document,
    "sif": sif.document,
}
"""What makes a file of a graph, by the name of its form in `app.schema.forms`."""
