"""GraphML, which networkx, igraph, Gephi, yEd and Cytoscape read."""

from collections.abc import Iterator, Mapping
from html import escape

from app.formats.attributes import Value, Values, named_edges, of_graph, of_node
from app.formats.network_part import NetworkPart
from app.formats.xml import clean
from app.graph.shapes import Graph

JOINT = "|"
TYPES = {str: "string", list: "string", int: "long", bool: "boolean"}
OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
    'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


def document(part: NetworkPart) -> str:
    """The graph as an XML document; items of a list are joined by `|`."""
    return "".join([OPENING, *_whole(part.graph), "</graphml>\n"])


def _whole(graph: Graph) -> Iterator[str]:
    about = of_graph(graph)
    nodes = [(node.id, of_node(node)) for node in graph.nodes]
    edges = list(named_edges(graph))
    kinds = {
        "graph": _types([about]),
        "node": _types(values for _, values in nodes),
        "edge": _types(values for _, values in edges),
    }
    for kind, types in kinds.items():
        for name, of in types.items():
            yield f'<key id="{kind}-{name}" for="{kind}" attr.name="{name}" attr.type="{of}"/>\n'
    yield '<graph edgedefault="directed">\n'
    yield from _data("graph", about)
    for row, values in nodes:
        yield f'<node id="{_text(row)}">\n'
        yield from _data("node", values)
        yield "</node>\n"
    for edge, values in edges:
        ends = f'source="{_text(edge.source)}" target="{_text(edge.target)}"'
        yield f'<edge id="{_text(edge.id)}" {ends}>\n'
        yield from _data("edge", values)
        yield "</edge>\n"
    yield "</graph>\n"


def _types(rows: Iterator[Values] | list[Values]) -> Mapping[str, str]:
    """The type of each attribute that any row has."""
    return {name: TYPES[type(value)] for row in rows for name, value in row.items()}


def _data(kind: str, values: Values) -> Iterator[str]:
    for name, value in values.items():
        yield f'<data key="{kind}-{name}">{_text(_plain(value))}</data>\n'


def _plain(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return JOINT.join(value)
    return str(value)


def _text(text: str) -> str:
    """The text, escaped so that XML parsers do not normalise its white space."""
    marked = escape(clean(text))
    return marked.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
