"""Rules of partners.yaml: each partner agrees with its entity and has evidence."""

from collections.abc import Iterator

from seed.check.known import Known
from seed.content import ContentEntry, ContentFault, shown

SAME_AS_ENTITY = ("components", "members", "xrefs")


def faults(known: Known) -> Iterator[ContentFault]:
    """Check each partner with its entity and the claims made of it."""
    rows = known.rows["evidence"]
    claimed = {claim.text("partner") for row in rows for claim in row.entries("partners")}
    for partner in known.rows["partners"]:
        yield from _components(partner)
        yield from _entity(partner, known)
        if partner.id not in claimed:
            yield partner.fault("id", "is named by no row of evidence.yaml")


def _components(partner: ContentEntry) -> Iterator[ContentFault]:
    kind, components = partner.text("kind"), partner.texts("components")
    if kind == "regimen" and not components:
        yield partner.fault("components", "is empty, but a regimen has components")
    if kind != "regimen" and components:
        yield partner.fault("components", f"is for regimens, but the kind is {shown(kind)}")


def _entity(partner: ContentEntry, known: Known) -> Iterator[ContentFault]:
    entity = known.ids["entities"].get(partner.text("entity"))
    if entity is None:
        return
    for field in SAME_AS_ENTITY:
        if partner.texts(field) != entity.texts(field):
            there = ", ".join(map(shown, entity.texts(field))) or "none"
            yield partner.fault(field, f"differs from the entity {entity.id}, which has {there}")
