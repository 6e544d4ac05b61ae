"""Rules of edges.yaml: signs, what an edge rests on, and its place in a mechanism or conflict."""

from collections.abc import Iterator

from seed.check import doubles
from seed.check.known import Known
from seed.content import ContentEntry, ContentFault, shown


def faults(known: Known) -> Iterator[ContentFault]:
    """Check each edge for itself, then earlier ids and what other files say of it."""
    rows = known.rows["edges"]
    starts = {partner.text("entity") for partner in known.rows["partners"]}
    for edge in rows:
        yield from _relation(edge, known)
        yield from _basis(edge, starts)
        yield from _id(edge)
    yield from doubles.shared(rows, "alias", lambda edge: filter(None, [edge.text("alias")]))
    yield from _steps(known, starts)
    yield from _contradictions(known)


def _relation(edge: ContentEntry, known: Known) -> Iterator[ContentFault]:
    name, sign, kind = edge.text("relation"), edge.text("sign"), edge.text("type")
    relation = known.ids["relations"].get(name)
    if relation and not relation.flag("edge"):
        yield edge.fault("relation", f"is {shown(name)}, which is not for edges")
    elif relation and relation.text("sign") != sign:
        due = shown(relation.text("sign"))
        yield edge.fault("sign", f"is {shown(sign)}, but the relation {name} has {due}")
    if (kind == "synergy") != (name == "synergizes"):
        message = f"is {shown(kind)} with relation {shown(name)}"
        yield edge.fault("type", f"{message}; 'synergy' and 'synergizes' go together")


def _basis(edge: ContentEntry, starts: set[str]) -> Iterator[ContentFault]:
    basis, rows = edge.text("basis"), edge.texts("evidence")
    if basis == "evidence" and not rows:
        yield edge.fault("evidence", "is empty, but the basis is 'evidence'")
    if basis != "evidence" and rows:
        yield edge.fault("basis", f"is {shown(basis)}, but the edge names evidence")
    if basis == "textbook" and edge.text("source") not in starts:
        source = shown(edge.text("source"))
        message = f"is 'textbook', but the edge starts at {source}, which is no partner"
        yield edge.fault("basis", message)


def _id(edge: ContentEntry) -> Iterator[ContentFault]:
    relation = edge.text("relation").replace("_", "-")
    due = f"{edge.text('source')}-{relation}-{edge.text('target')}-in-{edge.text('cell')}"
    if edge.id != due:
        yield edge.fault("id", f"differs from its parts, expected {due!r}")


def _steps(known: Known, starts: set[str]) -> Iterator[ContentFault]:
    stepped = {step for row in known.rows["mechanisms"] for step in row.texts("steps")}
    for edge in known.rows["edges"]:
        free = edge.text("type") != "causal" or edge.text("source") in starts
        if not free and edge.id not in stepped:
            yield edge.fault("id", "is a step of no mechanism")


def _contradictions(known: Known) -> Iterator[ContentFault]:
    disputed = {edge for row in known.rows["conflicts"] for edge in row.texts("edges")}
    for edge in known.rows["edges"]:
        if edge.text("sign") == "?" and edge.id not in disputed:
            yield edge.fault("sign", "is '?', but no conflict names this edge")
