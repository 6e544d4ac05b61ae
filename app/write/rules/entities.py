"""Rules for entities.yaml: unique names, consistent with the network and with Figure 1."""

from collections import Counter
from collections.abc import Iterator

from app.write.known import Comparison, Known, loops, shared
from app.write.record import ContentFault, Record, shown

CROSSING = ("cytokine", "surface_receptor", "process", "phenotype", "cell", "drug")
DEFINITION = "rev-fig1-"
NAMED_BY = {
    "entities": ("state_of", "parent", "members", "components"),
    "evidence": ("cell",),
    "edges": ("source", "target", "cell", "contact_with"),
    "mechanisms": ("effector_cells",),
    "partners": ("entity", "components", "members"),
    "trials": ("regimen",),
}
"""The fields that name entities, besides the links of claims and the tests of outcomes."""
# From the first release: nothing names them any more, but ids are never withdrawn.
UNUSED = frozenset(
    {
        "actin-organisation",
        "antiproliferation",
        "bad",
        "bcl2",
        "bcr-signalling",
        "casp3",
        "casp8",
        "casp9",
        "cross-presentation",
        "cxcl12",
        "fcgr3a",
        "follicular-dendritic-cell",
        "foxp3",
        "hgf",
        "ifng-production",
        "igf1",
        "klrk1",
        "mapk8",
        "nk-tumour-killing",
        "oxaliplatin",
        "phagocytosis",
        "proteasomal-degradation",
        "stromal-cell",
        "t-cell-cytotoxicity",
        "tnf-production",
        "ubiquitination",
        "vegfc",
    }
)

COMPARISONS = (Comparison("entities", says="id", own="aliases"),)


def one(entity: Record, known: Known) -> Iterator[ContentFault]:
    """Check an entity against its parents; its codes and aliases must be its own."""
    yield from _crossing(entity)
    yield from _parent(entity, known)
    yield from shared(known, "entities", "xrefs", entity)
    yield from shared(known, "entities", "aliases", entity)
    for alias in entity.texts("aliases"):
        if alias != entity.id and known.get("entities", alias):
            yield entity.fault("aliases", f"{shown(alias)} is the id of another entity")
    yield from loops(known, "entities", "parent", entity)
    yield from loops(known, "entities", "state_of", entity)
    if entity.text("state") and not entity.text("state_of"):
        yield entity.fault("state", "is given, but state_of does not say of what")


def whole(known: Known) -> Iterator[ContentFault]:
    """Check the entities against the network and the definitions of Figure 1."""
    touched = {edge.text(end) for edge in known.all("edges") for end in ("source", "target")}
    for entity in known.all("entities"):
        yield from _network(entity, touched)
    yield from _terms(known)
    yield from _definitions(known)
    yield from _unused(known)


def _unused(known: Known) -> Iterator[ContentFault]:
    used = set(_named(known))
    for entity in known.all("entities"):
        if entity.id not in used and entity.id not in UNUSED:
            yield entity.fault("id", "is used by no claim, edge, mechanism, partner or trial")


def _named(known: Known) -> Iterator[str]:
    """The ids of entities that other records name."""
    for kind, fields in NAMED_BY.items():
        for record in known.all(kind):
            for field in fields:
                yield record.text(field)
                yield from record.texts(field)
    for claim in known.all("evidence"):
        for field in ("subject", "object"):
            yield from (link.id for link in claim.record(field).records("links"))
    for trial in known.all("trials"):
        for outcome in trial.records("outcomes"):
            yield from outcome.texts("tests")


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
