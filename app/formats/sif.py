"""SIF, the simple interaction format of Cytoscape: source, relation and target of each step."""

from app.formats.network_part import NetworkPart


def document(part: NetworkPart) -> str:
    """One step per line, then the nodes without any; Cytoscape splits lines with tabs at these."""
    graph = part.graph
    steps = [f"{one.source}\t{one.relation}\t{one.target}" for one in graph.edges]
    joined = {end for one in graph.edges for end in (one.source, one.target)}
    alone = [node.id for node in graph.nodes if node.id not in joined]
    return "".join(f"{line}\n" for line in dict.fromkeys([*steps, *alone]))
