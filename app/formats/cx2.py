"""CX2, the exchange format of Cytoscape and NDEx: a JSON array of aspects."""

import json
from collections.abc import Iterable, Mapping

from app.formats.attributes import Value, Values, named_edges, of_graph, of_node
from app.formats.network_part import NetworkPart, Places
from app.graph.shapes import GraphEdge

TYPES = {str: "string", int: "integer", bool: "boolean", list: "list_of_string"}
SIGNS = {"+": ("triangle", "#1d6fb8"), "-": ("tee", "#b3401a"), "?": ("diamond", "#6a4ba0")}
"""The arrowhead and the colour of a step, as in our pictures."""
WITHOUT_SIGN = "#6d7885"
FILLS = {
    "drug": "#26466d",
    "process": "#fdf3d7",
    "phenotype": "#fdf3d7",
    "transcription_factor": "#e3ecfa",
    "cytokine": "#e2f3e8",
    "surface_receptor": "#f1e6fa",
    "cell": "#fae6dd",
}
"""The colours of nodes by their kind; others are white."""
SHAPES = {"drug": "rectangle", "process": "ellipse", "phenotype": "ellipse"}
LINES = {"textbook": "dotted"}

Property = dict[str, object]


def document(part: NetworkPart) -> str:
    """The graph as a CX2 document; nodes and edges are numbered, with their ids in `id`."""
    graph, places = part.graph, part.places()
    numbers = {node.id: number for number, node in enumerate(graph.nodes)}
    nodes = [{"id": node.id, **of_node(node)} for node in graph.nodes]
    edges = [{"id": edge.id, **values} for edge, values in named_edges(graph)]
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
        "nodes": [
            {"id": number, **_place(places, node.id), "v": values}
            for number, (node, values) in enumerate(zip(graph.nodes, nodes, strict=True))
        ],
        "edges": [
            {"id": number, "s": numbers[edge.source], "t": numbers[edge.target], "v": values}
            for number, (edge, values) in enumerate(zip(graph.edges, edges, strict=True))
        ],
        "visualProperties": [_looks()],
        "edgeBypasses": list(_exceptions(graph.edges)),
    }
    counts = [{"name": name, "elementCount": len(items)} for name, items in aspects.items()]
    document = [
        {"CXVersion": "2.0", "hasFragments": False},
        {"metaData": counts},
        *({name: items} for name, items in aspects.items()),
        {"status": [{"success": True, "error": ""}]},
    ]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _place(places: Places, node: str) -> dict[str, float]:
    """Where our picture has the node, if it could be laid out; y grows downwards."""
    return dict(zip(("x", "y"), places.get(node, ()), strict=False))


def _declared(rows: Iterable[Values]) -> dict[str, Mapping[str, str]]:
    """The type of each attribute that any row has."""
    found: dict[str, Value] = {}
    for row in rows:
        found |= row
    return {name: {"d": TYPES[type(value)]} for name, value in found.items()}


def _looks() -> Property:
    """Nodes by kind and steps by sign, so that Cytoscape draws them as our pictures do."""
    heads = {sign: head for sign, (head, _) in SIGNS.items()}
    colours = {sign: colour for sign, (_, colour) in SIGNS.items()}
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": "#ffffff"},
            "node": {
                "NODE_BACKGROUND_COLOR": "#ffffff",
                "NODE_BORDER_COLOR": WITHOUT_SIGN,
                "NODE_BORDER_WIDTH": 1,
                "NODE_HEIGHT": 30,
                "NODE_LABEL_COLOR": "#1c232b",
                "NODE_LABEL_FONT_SIZE": 12,
                "NODE_SHAPE": "round-rectangle",
                "NODE_WIDTH": 100,
            },
            "edge": {"EDGE_LINE_COLOR": WITHOUT_SIGN, "EDGE_LINE_STYLE": "solid", "EDGE_WIDTH": 2},
        },
        "nodeMapping": {
            "NODE_LABEL": {
                "type": "PASSTHROUGH",
                "definition": {"attribute": "label", "type": "string"},
            },
            "NODE_BACKGROUND_COLOR": _discrete("kind", FILLS),
            "NODE_LABEL_COLOR": _discrete("kind", {"drug": "#ffffff"}),
            "NODE_SHAPE": _discrete("kind", SHAPES),
        },
        "edgeMapping": {
            "EDGE_TARGET_ARROW_SHAPE": _discrete("sign", heads),
            "EDGE_TARGET_ARROW_COLOR": _discrete("sign", colours),
            "EDGE_LINE_COLOR": _discrete("sign", colours),
            "EDGE_LINE_STYLE": _discrete("basis", LINES),
        },
    }


def _discrete(attribute: str, values: Mapping[str, str]) -> Property:
    pairs = [{"v": value, "vp": looks} for value, looks in values.items()]
    definition = {"attribute": attribute, "type": "string", "map": pairs}
    return {"type": "DISCRETE", "definition": definition}


def _exceptions(edges: list[GraphEdge]) -> Iterable[Property]:
    """What is not causal has neither a sign's colour nor an arrowhead."""
    plain = {"EDGE_LINE_COLOR": WITHOUT_SIGN, "EDGE_TARGET_ARROW_SHAPE": "none"}
    return (
        {"id": number, "v": plain} for number, edge in enumerate(edges) if edge.type != "causal"
    )
