"""The edges of a graph as a table: one per row, with what a script needs about both ends."""

from collections.abc import Iterable, Sequence

from app.formats.attributes import uniprot
from app.formats.network_part import NetworkPart
from app.graph.shapes import GraphEdge, GraphNode

COLUMNS = (
    *("id", "source", "source_symbol", "source_uniprot", "relation", "sign"),
    *("target", "target_symbol", "target_uniprot", "cell", "contact_with", "type", "basis"),
    *("origin", "level", "claims", "mechanisms", "evidence", "pmids", "publications"),
)
JOINT = "|"
BREAKS = {ord(one): " " for one in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}

Content = str | int | list[str] | None


def document(part: NetworkPart) -> str:
    """A header and a line for each edge."""
    nodes = {node.id: node for node in part.graph.nodes}
    edges = part.graph.edges
    rows = (_row(edge, nodes[edge.source], nodes[edge.target]) for edge in edges)
    return tab_table([COLUMNS, *rows])


def tab_table(rows: Iterable[Sequence[Content]]) -> str:
    """A line for each row; items of a list are joined by `|`."""
    texts = ([_text(cell) for cell in row] for row in rows)
    return "".join("\t".join(row) + "\n" for row in texts)


def _row(edge: GraphEdge, source: GraphNode, target: GraphNode) -> list[Content]:
    return [
        *(edge.id, edge.source, source.symbol, uniprot(source), edge.relation, edge.sign),
        *(edge.target, target.symbol, uniprot(target), edge.cell.id),
        *(edge.contact_with.id if edge.contact_with else None, edge.type, edge.basis),
        *(edge.origin, edge.level, edge.evidence_counts.total),
        *(edge.mechanisms, edge.evidence, edge.pmids, edge.publications),
    ]


def _text(value: Content) -> str:
    """A cell without tabs and line breaks; an unknown value is empty."""
    text = JOINT.join(value) if isinstance(value, list) else str("" if value is None else value)
    return text.translate(BREAKS)
