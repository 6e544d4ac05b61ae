"""GraphML, which networkx, igraph, Gephi, yEd and Cytoscape read."""

import networkx as nx

from app.atlas.shapes import Graph
from app.drawing.attributes import Values, of_edge, of_graph, of_node
from app.drawing.clean import clean

JOINT = "|"


def text(graph: Graph) -> str:
    """The graph as an XML document; items of a list are joined by `|`."""
    whole: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    whole.graph.update(_plain(of_graph(graph)))
    for node in graph.nodes:
        whole.add_node(clean(node.id), **_plain(of_node(node)))
    for edge in graph.edges:
        step = clean(edge.source), clean(edge.target), clean(edge.id)
        whole.add_edge(*step)
        whole.edges[step].update(_plain(of_edge(edge)))
    lines = nx.generate_graphml(whole)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n"


def _plain(values: Values) -> dict[str, str | int | bool]:
    return {
        name: clean(JOINT.join(value)) if isinstance(value, list) else _cleaned(value)
        for name, value in values.items()
    }


def _cleaned(value: str | int | bool) -> str | int | bool:  # noqa: FBT001  # a value of any type
    return clean(value) if isinstance(value, str) else value
