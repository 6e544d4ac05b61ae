"""KGX, the exchange format of Biolink knowledge graphs: a table of nodes and one of edges."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.formats import biolink
from app.formats.archives import archive_of
from app.formats.biolink import (
    DIRECTIONS,
    MOLECULES,
    OTHER,
    OWN,
    PLAIN,
    SOURCE,
    STATEMENTS,
    WITHOUT_CELL,
)
from app.formats.network_part import NetworkPart
from app.formats.tsv import tab_table
from app.graph.shapes import GraphEdge, GraphNode
from app.network import Cell


class KgxNode(NamedTuple):
    """A row of `nodes.tsv`: first in the words of the model, then in ours."""

    id: str
    category: str
    name: str
    xref: list[str]
    provided_by: str
    symbol: str | None
    label: str
    node: str
    entity: str
    kind: str
    cell: str | None
    state_of: str | None
    state: str | None
    crosses_cells: str


class KgxEdge(NamedTuple):
    """A row of `edges.tsv`: first in the words of the model, then in ours."""

    id: str
    category: str
    subject: str
    predicate: str
    object: str
    qualified_predicate: str
    object_aspect_qualifier: str | None
    object_direction_qualifier: str | None
    anatomical_context_qualifier: str | None
    knowledge_level: str
    agent_type: str
    primary_knowledge_source: str
    publications: list[str]
    has_evidence: list[str]
    evidence_count: int
    original_predicate: str
    edge: str
    relation: str
    sign: str
    type: str
    basis: str
    cell: str
    cell_term: str | None
    contact_with: str | None
    origin: str
    level: str | None
    mechanisms: list[str]


def document(part: NetworkPart) -> bytes:
    """An archive with `nodes.tsv` and `edges.tsv`."""
    nodes = dict(_nodes(part.graph.nodes))
    edges = (_edge(edge, nodes, part.cells) for edge in part.graph.edges)
    return archive_of(
        {
            "nodes.tsv": tab_table([KgxNode._fields, *nodes.values()]).encode(),
            "edges.tsv": tab_table([KgxEdge._fields, *edges]).encode(),
        }
    )


def _nodes(nodes: list[GraphNode]) -> Iterator[tuple[str, KgxNode]]:
    """The row of each node, by our id; its `id` is a public identifier if no other node has it."""
    codes = {node.id: [biolink.curie(code) for code in node.xrefs] for node in nodes}
    kinds = {node.id: biolink.category(node.kind, codes[node.id]) for node in nodes}
    known = {node.id: biolink.preferred(kinds[node.id], codes[node.id]) for node in nodes}
    shared = Counter(known.values())
    for node in nodes:
        code = known[node.id]
        yield (
            node.id,
            KgxNode(
                id=code if code and shared[code] == 1 else OWN + node.id,
                category=kinds[node.id],
                name=node.name,
                xref=codes[node.id],
                provided_by=SOURCE,
                symbol=node.symbol,
                label=node.label,
                node=node.id,
                entity=node.entity,
                kind=node.kind,
                cell=node.cell.id if node.cell else None,
                state_of=node.state_of,
                state=node.state,
                crosses_cells="true" if node.crosses_cells else "false",
            ),
        )


def _edge(edge: GraphEdge, nodes: Mapping[str, KgxNode], cells: Mapping[str, Cell]) -> KgxEdge:
    stated = STATEMENTS.get(edge.relation, OTHER)
    source, target = nodes[edge.source], nodes[edge.target]
    category = biolink.association(stated, source.category, target.category)
    qualified, placed = category != PLAIN, category not in WITHOUT_CELL
    has_aspect = qualified and target.category in MOLECULES
    has_direction = qualified and stated.directed
    term = cells[edge.cell.id].term
    return KgxEdge(
        id=OWN + edge.id,
        category=category,
        subject=source.id,
        predicate=stated.predicate,
        object=target.id,
        qualified_predicate=stated.qualified if qualified else "",
        object_aspect_qualifier=stated.aspect if has_aspect else None,
        object_direction_qualifier=DIRECTIONS.get(edge.sign) if has_direction else None,
        anatomical_context_qualifier=(term or OWN + edge.cell.id) if placed else None,
        knowledge_level="knowledge_assertion",
        # No claim says whether a person or a program has read its source.
        agent_type="not_provided",
        primary_knowledge_source=SOURCE,
        publications=edge.publications,
        has_evidence=[OWN + claim for claim in edge.evidence],
        evidence_count=edge.evidence_counts.total,
        original_predicate=OWN + edge.relation,
        edge=edge.edge,
        relation=edge.relation,
        sign=edge.sign,
        type=edge.type,
        basis=edge.basis,
        cell=edge.cell.id,
        cell_term=term,
        contact_with=edge.contact_with.id if edge.contact_with else None,
        origin=edge.origin,
        level=edge.level,
        mechanisms=edge.mechanisms,
    )
