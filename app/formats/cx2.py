"""CX2, the exchange format of Cytoscape and NDEx: a JSON array of aspects."""

import json
from collections.abc import Iterable, Mapping

from app.formats.attributes import Value, Values, of_edge, of_graph, of_node
from app.formats.shown import Shown

TYPES = {str: "string", int: "integer", bool: "boolean", list: "list_of_string"}
SHAPES = {"+": "triangle", "-": "tee", "?": "diamond"}


def document(shown: Shown) -> str:
    """The graph as a CX2 document; nodes and edges are numbered, with their ids in `id`."""
    graph = shown.graph
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    nodes = [{"id": node.id, **of_node(node)} for node in graph.nodes]
    edges = [{"id": edge.id, **of_edge(edge)} for edge in graph.edges]
    about = of_graph(graph)
    aspects: dict[str, list[object]] = {
        "attributeDeclarations": [
            {
                "networkAttributes": _declared([about]),
                "nodes": _declared(nodes),
                "edges": _declared(edges),
            }
        ],
        "networkAttributes": [about],
        "nodes": [{"id": number, "v": values} for number, values in enumerate(nodes)],
        "edges": [
            {"id": number, "s": numbers[edge.source], "t": numbers[edge.target], "v": values}
            for number, (edge, values) in enumerate(zip(graph.edges, edges, strict=True))
        ],
        "visualProperties": [_looks()],
    }
    counts = [{"name": name, "elementCount": len(items)} for name, items in aspects.items()]
    document = [
        {"CXVersion": "2.0", "hasFragments": False},
        {"metaData": counts},
        *({name: items} for name, items in aspects.items()),
        {"status": [{"success": True, "error": ""}]},
    ]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _declared(rows: Iterable[Values]) -> dict[str, Mapping[str, str]]:
    """The type of each attribute that any row has."""
    found: dict[str, Value] = {}
    for row in rows:
        found |= row
    return {name: {"d": TYPES[type(value)]} for name, value in found.items()}


def _looks() -> dict[str, object]:
    """Labels, and arrowheads by sign, so that Cytoscape draws them as our pictures do."""
    heads = [{"v": sign, "vp": shape} for sign, shape in SHAPES.items()]
    return {
        "default": {"node": {}, "edge": {}, "network": {}},
        "nodeMapping": {
            "NODE_LABEL": {
                "type": "PASSTHROUGH",
                "definition": {"attribute": "label", "type": "string"},
            }
        },
        "edgeMapping": {
            "EDGE_TARGET_ARROW_SHAPE": {
                "type": "DISCRETE",
                "definition": {"attribute": "sign", "type": "string", "map": heads},
            }
        },
    }
