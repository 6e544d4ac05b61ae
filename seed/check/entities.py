"""Rules of entities.yaml: one name space, true to the network and to Figure 1."""

from collections import Counter
from collections.abc import Iterator

from seed.check import cycles, doubles
from seed.check.known import Known
from seed.content import ContentEntry, ContentFault, shown

CROSSING = ("cytokine", "surface_receptor", "process", "phenotype", "cell", "drug")
DEFINITION = "rev-fig1-"


def faults(known: Known) -> Iterator[ContentFault]:
    """Check each entity for itself, then codes, aliases, trees and the terms of Figure 1."""
    rows = known.rows["entities"]
    touched = {edge.text(end) for edge in known.rows["edges"] for end in ("source", "target")}
    for entity in rows:
        yield from _network(entity, touched)
        yield from _crossing(entity)
        yield from _parent(entity, known)
    yield from doubles.shared(rows, "xrefs", lambda entity: entity.texts("xrefs"))
    yield from _aliases(known)
    yield from cycles.faults(known.ids["entities"], "parent")
    yield from cycles.faults(known.ids["entities"], "state_of")
    yield from _terms(known)
    yield from _definitions(known)


def alias_owners(known: Known) -> dict[str, str]:
    """Map each alias to the entity that has it first."""
    owners: dict[str, str] = {}
    for entity in known.rows["entities"]:
        for alias in entity.texts("aliases"):
            owners.setdefault(alias, entity.name)
    return owners


def _network(entity: ContentEntry, touched: set[str]) -> Iterator[ContentFault]:
    marked = entity.flag("in_network")
    if marked is True and entity.id not in touched:
        yield entity.fault("in_network", "is true, but no edge starts or ends here")
    if marked is False and entity.id in touched:
        yield entity.fault("in_network", "is false, but an edge starts or ends here")


def _crossing(entity: ContentEntry) -> Iterator[ContentFault]:
    kind = entity.text("kind")
    crosses = entity.flag("crosses_cells")
    if crosses is not None and crosses != (kind in CROSSING):
        message = f"is {shown(crosses)} for kind {shown(kind)}; true is for {', '.join(CROSSING)}"
        yield entity.fault("crosses_cells", message)


def _parent(entity: ContentEntry, known: Known) -> Iterator[ContentFault]:
    parent = known.ids["entities"].get(entity.text("parent"))
    if parent and (entity.text("kind") == "cell") != (parent.text("kind") == "cell"):
        message = f"is {shown(parent.id)}; a cell has a cell as its parent, and nothing else has"
        yield entity.fault("parent", message)


def _aliases(known: Known) -> Iterator[ContentFault]:
    owners = alias_owners(known)
    for entity in known.rows["entities"]:
        for alias in entity.texts("aliases"):
            owner = owners[alias]
            if owner != entity.name:
                yield entity.fault("aliases", f"{shown(alias)} is already an alias of {owner}")
            if alias in known.ids["entities"] and alias != entity.id:
                yield entity.fault("aliases", f"{shown(alias)} is the id of another entity")


def _terms(known: Known) -> Iterator[ContentFault]:
    entities = [entity for entity in known.rows["entities"] if entity.text("figure1_term")]
    times = Counter(entity.text("figure1_term").lower() for entity in entities)
    defined = {_defined(row) for row in known.rows["evidence"]}
    for entity in entities:
        term = entity.text("figure1_term")
        if times[term.lower()] > 1:
            yield entity.fault("figure1_term", f"{shown(term)} is the term of two entities")
        if term.lower() not in defined:
            row = DEFINITION + term.lower()
            message = f"is {shown(term)}, but evidence.yaml has no definition {shown(row)}"
            yield entity.fault("figure1_term", message)


def _definitions(known: Known) -> Iterator[ContentFault]:
    terms = {entity.text("figure1_term").lower() for entity in known.rows["entities"]}
    for row in known.rows["evidence"]:
        term = _defined(row)
        if term and term not in terms:
            message = f"is a definition, but no entity has the figure1_term {shown(term)}"
            yield row.fault("kind", message)


def _defined(row: ContentEntry) -> str:
    return row.id.removeprefix(DEFINITION) if row.text("kind") == "definition" else ""
