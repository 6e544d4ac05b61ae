"""From the network to what is shown of it.

The database has checked each value, so shapes are made of them without checking them again.
"""

from collections.abc import Callable, Iterable

from app.graph.load import Atlas
from app.graph.sentences import reason, sentence
from app.graph.shapes import (
    About,
    Claim,
    Graph,
    GraphEdge,
    GraphNode,
    Paths,
    PathShape,
    PathStep,
    WhyShape,
)
from app.network import LEVELS, ORIGINS, Answer, Edge, Evidence, Path, Why
from app.schema.shapes import EntityRef, EvidenceCounts, LevelCounts, OriginCounts

LICENCE = "CC-BY-4.0"


def about(atlas: Atlas, name: str) -> About:
    """The name of what is shown, and the state of the data from which it was made."""
    return About(name=name, release=atlas.release, revision=atlas.revision, licence=LICENCE)


def graph(atlas: Atlas, edges: Iterable[Edge], name: str) -> Graph:
    """Some edges with the nodes that they touch."""
    shown = list(edges)
    ends = sorted({end for edge in shown for end in (edge.source, edge.target)})
    return Graph(
        graph=about(atlas, name),
        nodes=[_node(atlas, end) for end in ends],
        edges=[_edge(atlas, edge) for edge in shown],
    )


def entity(atlas: Atlas, node: str) -> EntityRef:
    """A node of the network in short."""
    found = atlas.network.nodes[node]
    return EntityRef.model_construct(id=found.id, label=found.label, kind=found.kind)


def path(atlas: Atlas, found: Path) -> PathShape:
    """A path with its steps and their proof."""
    return PathShape(
        sign=found.sign,
        origin=found.origin,
        level=found.level,
        contexts=list(found.contexts),
        sentence=sentence(atlas.network, found),
        steps=[_step(atlas, step) for step in found.steps],
    )


def paths(
    atlas: Atlas, ends: tuple[EntityRef, EntityRef], answer: Answer, *, cell_rule: bool
) -> Paths:
    """The answer to a question for paths."""
    source, target = ends
    return Paths(
        graph=about(atlas, f"Paths from {source.label} to {target.label}"),
        source=source,
        target=target,
        cell_rule=cell_rule,
        items=[path(atlas, found) for found in answer.paths],
        total=len(answer.paths),
        truncated=answer.truncated,
        stopped_by=answer.stopped_by,
        why=_why(atlas, ends, answer.why) if answer.why else None,
    )


def _why(atlas: Atlas, ends: tuple[EntityRef, EntityRef], why: Why) -> WhyShape:
    return WhyShape(
        kind=why.kind,
        sentence=reason(why, *(end.label for end in ends)),
        by=list(why.by),
        after=list(why.after),
        path=path(atlas, why.path) if why.path else None,
    )


def _node(atlas: Atlas, node: str) -> GraphNode:
    found, naming = atlas.network.nodes[node], atlas.naming[node]
    return GraphNode.model_construct(
        id=found.id,
        label=found.label,
        kind=found.kind,
        name=naming.name,
        symbol=naming.symbol,
        crosses_cells=found.crosses_cells,
        xrefs=list(naming.xrefs),
    )


def _cell(atlas: Atlas, cell: str) -> EntityRef:
    return EntityRef.model_construct(id=cell, label=atlas.network.cells[cell].label, kind="cell")


def _contact(atlas: Atlas, edge: Edge) -> EntityRef | None:
    return None if edge.contact_with is None else _cell(atlas, edge.contact_with)


def _edge(atlas: Atlas, edge: Edge) -> GraphEdge:
    return GraphEdge.model_construct(
        id=edge.id,
        key=edge.id,
        source=edge.source,
        target=edge.target,
        relation=edge.relation,
        sign=edge.sign,
        type=edge.type,
        basis=edge.basis,
        cell=_cell(atlas, edge.cell),
        contact_with=_contact(atlas, edge),
        origin=edge.origin,
        level=edge.level,
        evidence_counts=counts(edge.evidence),
        evidence=[row.id for row in edge.evidence],
        mechanisms=list(edge.mechanisms),
    )


def counts(rows: tuple[Evidence, ...]) -> EvidenceCounts:
    """How many claims there are, by level and by origin."""

    def tally(words: tuple[str, ...], of: Callable[[Evidence], str]) -> dict[str, int]:
        values = [of(row) for row in rows]
        return {word: values.count(word) for word in words}

    return EvidenceCounts(
        total=len(rows),
        level=LevelCounts(**tally(LEVELS, lambda row: row.level)),
        origin=OriginCounts(**tally(ORIGINS[:4], lambda row: row.origin)),
    )


def _step(atlas: Atlas, step: Edge) -> PathStep:
    return PathStep.model_construct(
        id=step.id,
        source=entity(atlas, step.source),
        relation=step.relation,
        sign=step.sign,
        target=entity(atlas, step.target),
        cell=_cell(atlas, step.cell),
        contact_with=_contact(atlas, step),
        basis=step.basis,
        origin=step.origin,
        level=step.level,
        evidence=[_claim(atlas, row) for row in step.evidence],
    )


def _claim(atlas: Atlas, row: Evidence) -> Claim:
    return Claim.model_construct(
        id=row.id,
        statement=row.statement,
        level=row.level,
        origin=row.origin,
        reference=atlas.sources[row.id],
        contexts=list(row.contexts),
        in_review=row.in_review,
    )
