"""Nodes and edges as flat attributes, for formats without nesting."""

from collections.abc import Iterator

from app.graph.shapes import Graph, GraphEdge, GraphNode

UNIPROT = "uniprot:"
Value = str | int | bool | list[str]
Values = dict[str, Value]


def of_node(node: GraphNode) -> Values:
    """The attributes of a node; unknown ones are left out."""
    return _filled(
        {
            "name": node.name,
            "label": node.label,
            "kind": node.kind,
            "entity": node.entity,
            "cell": node.cell.id if node.cell else None,
            "cell_label": node.cell.label if node.cell else None,
            "symbol": node.symbol,
            "crosses_cells": node.crosses_cells,
            "state_of": node.state_of,
            "state": node.state,
            "represents": next(iter(sorted(node.xrefs, key=_registry)), None),
            "xrefs": node.xrefs,
        }
    )


def uniprot(node: GraphNode) -> list[str]:
    """The accessions of a protein, without prefix."""
    return [one.removeprefix(UNIPROT) for one in node.xrefs if one.startswith(UNIPROT)]


def _registry(curie: str) -> bool:
    return not curie.startswith(UNIPROT)


def named_edges(graph: Graph) -> Iterator[tuple[GraphEdge, Values]]:
    """The edges with their attributes, the first of which is a name that people can read."""
    labels = {node.id: node.label for node in graph.nodes}
    for edge in graph.edges:
        relation = edge.relation.replace("_", " ")
        name = f"{labels[edge.source]} {relation} {labels[edge.target]}"
        yield edge, {"name": name, **_of_edge(edge)}


def _of_edge(edge: GraphEdge) -> Values:
    """The attributes of an edge, with its evidence counted by level and by origin."""
    counts = edge.evidence_counts
    return _filled(
        {
            "edge": edge.edge,
            "relation": edge.relation,
            # What Cytoscape and NDEx call it.
            "interaction": edge.relation,
            "sign": edge.sign,
            "type": edge.type,
            "basis": edge.basis,
            "cell": edge.cell.id,
            "cell_label": edge.cell.label,
            "contact_with": edge.contact_with.id if edge.contact_with else None,
            "contact_with_label": edge.contact_with.label if edge.contact_with else None,
            "origin": edge.origin,
            "level": edge.level,
            "evidence_total": counts.total,
            **{f"evidence_{name}": count for name, count in counts.level},
            **{f"evidence_{name}": count for name, count in counts.origin},
            "evidence": edge.evidence,
            "pmids": edge.pmids,
            "publications": edge.publications,
            "mechanisms": edge.mechanisms,
        }
    )


def of_graph(graph: Graph) -> Values:
    """The name of the network, and the state of its data."""
    return dict(graph.graph)


def _filled(values: dict[str, Value | None]) -> Values:
    return {name: value for name, value in values.items() if value is not None}
