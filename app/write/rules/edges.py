"""Rules for edges.yaml: signs, the basis of an edge, and its place in a mechanism or conflict."""

from collections.abc import Iterator

from app.write.known import Comparison, Known, shared
from app.write.record import ContentFault, Record, shown
from app.write.signs import effects_of_claim, effects_of_edge

COMPARISONS = (Comparison("partners", says="entity", own="source"),)


def one(edge: Record, known: Known) -> Iterator[ContentFault]:
    """Check an edge against its relation, basis, source and claims; its alias must be unique."""
    yield from _relation(edge, known)
    yield from _basis(edge, known)
    yield from _id(edge, known)
    yield from _contact(edge, known)
    for claim in edge.texts("evidence"):
        row = known.get("evidence", claim)
        if row:
            yield from contradiction(edge, row, known)
    yield from shared(known, "edges", "alias", edge)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check that each edge that needs one has a place in a mechanism or conflict."""
    yield from _steps(known)
    yield from _contradictions(known)


def contradiction(edge: Record, claim: Record, known: Known) -> Iterator[ContentFault]:
    """Refuse an edge whose claim says the opposite about the same entities, given their states."""
    if edge.text("type") != "causal":
        return
    opposite = {step._replace(sign=-step.sign) for step in effects_of_edge(edge, known)}
    if opposite.intersection(effects_of_claim(claim, known)):
        message = f"holds {claim.id}, whose relation and states give the sign opposite to"
        yield edge.fault("evidence", f"{message} {shown(edge.text('sign'))}")


def _contact(edge: Record, known: Known) -> Iterator[ContentFault]:
    source = known.get("entities", edge.text("source"))
    elsewhere = edge.text("source") != edge.text("cell")
    if source and source.text("kind") == "cell" and elsewhere and not edge.text("contact_with"):
        yield edge.fault("contact_with", "is empty, but the source is another cell than the cell")


def _relation(edge: Record, known: Known) -> Iterator[ContentFault]:
    name, sign, kind = edge.text("relation"), edge.text("sign"), edge.text("type")
    relation = known.word("relations", name)
    if relation and not relation.flag("edge"):
        yield edge.fault("relation", f"is {shown(name)}, which is not for edges")
    elif relation and relation.text("sign") != sign:
        due = shown(relation.text("sign"))
        yield edge.fault("sign", f"is {shown(sign)}, but the relation {name} has {due}")
    if (kind == "synergy") != (name == "synergizes"):
        message = f"is {shown(kind)} with relation {shown(name)}"
        yield edge.fault("type", f"{message}; 'synergy' and 'synergizes' go together")


def _basis(edge: Record, known: Known) -> Iterator[ContentFault]:
    basis, rows = edge.text("basis"), edge.texts("evidence")
    if basis == "evidence" and not rows:
        yield edge.fault("evidence", "is empty, but the basis is 'evidence'")
    if basis != "evidence" and rows:
        yield edge.fault("basis", f"is {shown(basis)}, but the edge names evidence")
    if basis == "textbook" and not known.having("partners", "entity", edge.text("source")):
        source = shown(edge.text("source"))
        message = f"is 'textbook', but the edge starts at {source}, which is no partner"
        yield edge.fault("basis", message)


def _id(edge: Record, known: Known) -> Iterator[ContentFault]:
    source, target, cell = ends = [edge.text(name) for name in ("source", "target", "cell")]
    relation = edge.text("relation")
    due = f"{source}-{relation.replace('_', '-')}-{target}-in-{cell}"
    # Parts that are unknown are faults of their own.
    complete = known.word("relations", relation) and all(known.get("entities", one) for one in ends)
    if complete and edge.id != due:
        yield edge.fault("id", f"is {shown(edge.id)}, expected {due}, made of its parts")


def _steps(known: Known) -> Iterator[ContentFault]:
    starts = {partner.text("entity") for partner in known.all("partners")}
    stepped = {step for row in known.all("mechanisms") for step in row.texts("steps")}
    for edge in known.all("edges"):
        free = edge.text("type") != "causal" or edge.text("source") in starts
        if not free and edge.id not in stepped:
            yield edge.fault("id", "is not a step of any mechanism")


def _contradictions(known: Known) -> Iterator[ContentFault]:
    disputed = {edge for row in known.all("conflicts") for edge in row.texts("edges")}
    for edge in known.all("edges"):
        if edge.text("sign") == "?" and edge.id not in disputed:
            yield edge.fault("sign", "is '?', but no conflict names this edge")
