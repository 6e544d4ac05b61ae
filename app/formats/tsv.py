"""The edges of a graph as a table: one a row, with what a script needs of both ends."""

from app.formats.attributes import uniprot
from app.graph.shapes import Graph, GraphEdge, GraphNode

COLUMNS = (
    *("id", "source", "source_symbol", "source_uniprot", "relation", "sign"),
    *("target", "target_symbol", "target_uniprot", "cell", "contact_with", "type", "basis"),
    *("origin", "level", "claims", "mechanisms", "evidence", "pmids"),
)
JOINT = "|"
BREAKS = {ord(one): " " for one in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}


def document(graph: Graph) -> str:
    """A header and a line for each edge; items of a list are joined by `|`."""
    nodes = {node.id: node for node in graph.nodes}
    rows = (_row(edge, nodes[edge.source], nodes[edge.target]) for edge in graph.edges)
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *rows))


def _row(edge: GraphEdge, source: GraphNode, target: GraphNode) -> list[str]:
    found = (
        *(edge.id, edge.source, source.symbol, uniprot(source), edge.relation, edge.sign),
        *(edge.target, target.symbol, uniprot(target), edge.cell.id),
        *(edge.contact_with.id if edge.contact_with else None, edge.type, edge.basis),
        *(edge.origin, edge.level, str(edge.evidence_counts.total)),
        *(edge.mechanisms, edge.evidence, edge.pmids),
    )
    return [_cell(one) for one in found]


def _cell(value: str | list[str] | None) -> str:
    """A cell without what would end it; an unknown value is empty."""
    text = JOINT.join(value) if isinstance(value, list) else value or ""
    return text.translate(BREAKS)
