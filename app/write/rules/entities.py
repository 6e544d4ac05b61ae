"""Rules of entities.yaml: one name space, true to the network and to Figure 1."""

from collections import Counter
from collections.abc import Iterator

from app.write.known import Known, loops, shared
from app.write.record import ContentFault, Record, shown

CROSSING = ("cytokine", "surface_receptor", "process", "phenotype", "cell", "drug")
DEFINITION = "rev-fig1-"


def one(entity: Record, known: Known) -> Iterator[ContentFault]:
    """Check an entity with its parents, and that its codes and aliases are its own."""
    yield from _crossing(entity)
    yield from _parent(entity, known)
    yield from shared(known, "entities", "xrefs", entity)
    yield from shared(known, "entities", "aliases", entity)
    for alias in entity.texts("aliases"):
        if alias != entity.id and known.get("entities", alias):
            yield entity.fault("aliases", f"{shown(alias)} is the id of another entity")
    yield from loops(known, "entities", "parent", entity)
    yield from loops(known, "entities", "state_of", entity)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check the entities with the network and with the definitions of Figure 1."""
    touched = {edge.text(end) for edge in known.all("edges") for end in ("source", "target")}
    for entity in known.all("entities"):
        yield from _network(entity, touched)
    yield from _terms(known)
    yield from _definitions(known)


def _network(entity: Record, touched: set[str]) -> Iterator[ContentFault]:
    marked = entity.flag("in_network")
    if marked is True and entity.id not in touched:
        yield entity.fault("in_network", "is true, but no edge starts or ends here")
    if marked is False and entity.id in touched:
        yield entity.fault("in_network", "is false, but an edge starts or ends here")


def _crossing(entity: Record) -> Iterator[ContentFault]:
    kind = entity.text("kind")
    crosses = entity.flag("crosses_cells")
    if crosses is not None and crosses != (kind in CROSSING):
        message = f"is {shown(crosses)} for kind {shown(kind)}; true is for {', '.join(CROSSING)}"
        yield entity.fault("crosses_cells", message)


def _parent(entity: Record, known: Known) -> Iterator[ContentFault]:
    parent = known.get("entities", entity.text("parent"))
    if parent and (entity.text("kind") == "cell") != (parent.text("kind") == "cell"):
        message = f"is {shown(parent.id)}; a cell has a cell as its parent, and nothing else has"
        yield entity.fault("parent", message)


def _terms(known: Known) -> Iterator[ContentFault]:
    entities = [entity for entity in known.all("entities") if entity.text("figure1_term")]
    times = Counter(entity.text("figure1_term").lower() for entity in entities)
    defined = {_defined(row) for row in known.all("evidence")}
    for entity in entities:
        term = entity.text("figure1_term")
        if times[term.lower()] > 1:
            yield entity.fault("figure1_term", f"{shown(term)} is the term of two entities")
        if term.lower() not in defined:
            row = DEFINITION + term.lower()
            message = f"is {shown(term)}, but evidence.yaml has no definition {shown(row)}"
            yield entity.fault("figure1_term", message)


def _definitions(known: Known) -> Iterator[ContentFault]:
    terms = {entity.text("figure1_term").lower() for entity in known.all("entities")}
    for row in known.all("evidence"):
        term = _defined(row)
        if term and term not in terms:
            message = f"is a definition, but no entity has the figure1_term {shown(term)}"
            yield row.fault("kind", message)


def _defined(row: Record) -> str:
    return row.id.removeprefix(DEFINITION) if row.text("kind") == "definition" else ""
