"""Turn the network into the shapes of an answer.

The database has checked every value, so most shapes are built without validating them again.
"""

from collections import Counter
from collections.abc import Iterable

from app.graph.claims import Linking
from app.graph.load import NetworkData
from app.graph.sentences import CELL_RULE, linking_sentence, path_sentence, reason_sentence
from app.graph.shapes import (
    About,
    CausalPath,
    Claim,
    Graph,
    GraphEdge,
    GraphNode,
    Nodes,
    Paths,
    PathStep,
    WhyNoPath,
)
from app.network import (
    ANY_CELL,
    LEVELS,
    ORIGINS,
    Answer,
    Network,
    Path,
    Place,
    Proof,
    Step,
    Why,
    moves,
)
from app.schema.shapes import EntityRef, EvidenceCounts, LevelCounts, OriginCounts

LICENCE = "CC-BY-4.0"


def about(data: NetworkData, name: str, nodes: Nodes = "per-entity") -> About:
    """The name of what is shown, the state of the data, and what the nodes stand for."""
    return About(
        name=name,
        release=data.release,
        revision=data.revision,
        licence=LICENCE,
        nodes=nodes,
        cell_rule=CELL_RULE[nodes],
    )


def graph(data: NetworkData, edges: Iterable[Step], name: str) -> Graph:
    """These edges with the nodes they join."""
    shown = list(edges)
    ends = sorted({end for edge in shown for end in (edge.source, edge.target)})
    return Graph(
        graph=about(data, name),
        nodes=[_node(data, end) for end in ends],
        edges=[_edge(data, edge) for edge in shown],
    )


def network(data: NetworkData, kept: Network, name: str, nodes: Nodes) -> Graph:
    """A part of the network with one node per entity or per cell, as requested."""
    if nodes == "per-cell":
        return _per_cell(data, kept, name)
    return graph(data, kept.edges.values(), name)


def _per_cell(data: NetworkData, kept: Network, name: str) -> Graph:
    """The causal steps between places, so that every path from place to place keeps the cell rule.

    Other steps are left out: no path contains them.
    """
    shown = moves(kept)
    places = sorted({end for move in shown for end in (move.source, move.target)})
    return Graph(
        graph=about(data, name, "per-cell"),
        nodes=[_placed(data, place) for place in places],
        edges=[
            _edge(data, move.step).model_copy(
                update={
                    **dict.fromkeys(("id", "key"), _in_cell(move.step.id, move.source.cell)),
                    "source": _in_cell(*move.source),
                    "target": _in_cell(*move.target),
                }
            )
            for move in shown
        ],
    )


def _in_cell(row: str, cell: str) -> str:
    return row if cell == ANY_CELL else f"{row}.{cell}"


def _placed(data: NetworkData, place: Place) -> GraphNode:
    node, cell = _node(data, place.node), _cell(data, place.cell)
    update: dict[str, object] = {"cell": cell}
    if place.cell != ANY_CELL:
        update |= {"id": _in_cell(*place), "label": f"{node.label} ({cell.label})"}
    return node.model_copy(update=update)


def entity(data: NetworkData, node: str) -> EntityRef:
    """A node of the network in its short form."""
    found = data.network.nodes[node]
    return EntityRef.model_construct(id=found.id, label=found.label, kind=found.kind)


def path(data: NetworkData, found: Path) -> CausalPath:
    """A path with its steps and their evidence."""
    return CausalPath(
        sign=found.sign,
        origin=found.origin,
        level=found.level,
        contexts=list(found.contexts),
        sentence=path_sentence(data.network, found),
        steps=[_step(data, step) for step in found.steps],
    )


def paths(
    data: NetworkData,
    ends: tuple[EntityRef, EntityRef],
    answer: Answer,
    linking: Linking | None,
    *,
    cell_rule: bool,
) -> Paths:
    """The answer to a query for paths; if there is none, with claims that name both ends."""
    source, target = ends
    return Paths(
        graph=about(data, f"Paths from {source.label} to {target.label}"),
        source=source,
        target=target,
        cell_rule=cell_rule,
        items=[path(data, found) for found in answer.paths],
        total=len(answer.paths),
        truncated=answer.truncated,
        stopped_by=answer.stopped_by,
        why=_why(data, ends, answer.why, linking) if answer.why else None,
    )


def _why(
    data: NetworkData, ends: tuple[EntityRef, EntityRef], why: Why, linking: Linking | None
) -> WhyNoPath:
    reason = reason_sentence(why, *(end.label for end in ends))
    named = f" {linking_sentence(linking.total, len(linking.claims))}" if linking else ""
    return WhyNoPath(
        kind=why.kind,
        sentence=f"{reason}{named}",
        by=list(why.by),
        after=list(why.after),
        path=path(data, why.path) if why.path else None,
        claims=linking.claims if linking else [],
    )


def _node(data: NetworkData, node: str) -> GraphNode:
    found, naming = data.network.nodes[node], data.naming[node]
    return GraphNode.model_construct(
        id=found.id,
        label=found.label,
        kind=found.kind,
        entity=found.id,
        cell=None,
        name=naming.name,
        symbol=naming.symbol,
        crosses_cells=found.crosses_cells,
        state_of=naming.state_of,
        state=naming.state,
        xrefs=list(naming.xrefs),
    )


def _cell(data: NetworkData, cell: str) -> EntityRef:
    return EntityRef.model_construct(id=cell, label=data.network.cells[cell].label, kind="cell")


def _contact(data: NetworkData, edge: Step) -> EntityRef | None:
    return None if edge.contact_with is None else _cell(data, edge.contact_with)


def _edge(data: NetworkData, edge: Step) -> GraphEdge:
    return GraphEdge.model_construct(
        id=edge.id,
        key=edge.id,
        edge=edge.id,
        source=edge.source,
        target=edge.target,
        relation=edge.relation,
        sign=edge.sign,
        type=edge.type,
        basis=edge.basis,
        cell=_cell(data, edge.cell),
        contact_with=_contact(data, edge),
        origin=edge.origin,
        level=edge.level,
        evidence_counts=evidence_counts(edge.evidence),
        evidence=[row.id for row in edge.evidence],
        pmids=list(dict.fromkeys(row.pmid for row in edge.evidence if row.pmid)),
        publications=list(dict.fromkeys(row.publication for row in edge.evidence)),
        mechanisms=list(edge.mechanisms),
    )


def evidence_counts(rows: tuple[Proof, ...]) -> EvidenceCounts:
    """How many claims there are, by level and by origin."""
    levels, origins = Counter(row.level for row in rows), Counter(row.origin for row in rows)
    return EvidenceCounts.model_construct(
        total=len(rows),
        level=LevelCounts.model_validate({word: levels[word] for word in LEVELS}),
        origin=OriginCounts.model_validate({word: origins[word] for word in ORIGINS[:4]}),
    )


def _step(data: NetworkData, step: Step) -> PathStep:
    return PathStep.model_construct(
        id=step.id,
        source=entity(data, step.source),
        relation=step.relation,
        sign=step.sign,
        target=entity(data, step.target),
        cell=_cell(data, step.cell),
        contact_with=_contact(data, step),
        basis=step.basis,
        origin=step.origin,
        level=step.level,
        evidence=[_claim(data, row) for row in step.evidence],
    )


def _claim(data: NetworkData, row: Proof) -> Claim:
    return Claim.model_construct(
        id=row.id,
        statement=row.statement,
        level=row.level,
        origin=row.origin,
        reference=data.sources[row.id],
        contexts=list(row.contexts),
        in_review=row.in_review,
    )
