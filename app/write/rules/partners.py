"""Rules for partners.yaml: each partner agrees with its entity and has evidence."""

from collections.abc import Iterator

from app.write.known import Known
from app.write.record import ContentFault, Record, shown

SAME_AS_ENTITY = ("components", "members", "xrefs", "synonyms")


def one(partner: Record, known: Known) -> Iterator[ContentFault]:
    """Check a partner against its entity."""
    yield from _components(partner)
    yield from _entity(partner, known)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check that there is a claim about each partner."""
    rows = known.all("evidence")
    claimed = {claim.text("partner") for row in rows for claim in row.records("partners")}
    for partner in known.all("partners"):
        if partner.id not in claimed:
            yield partner.fault("id", "is named by no row of evidence.yaml")


def _components(partner: Record) -> Iterator[ContentFault]:
    kind, components = partner.text("kind"), partner.texts("components")
    if kind == "regimen" and not components:
        yield partner.fault("components", "is empty, but a regimen has components")
    if kind != "regimen" and components:
        yield partner.fault("components", f"is for regimens, but the kind is {shown(kind)}")


def _entity(partner: Record, known: Known) -> Iterator[ContentFault]:
    entity = known.get("entities", partner.text("entity"))
    if entity is None:
        return
    for field in SAME_AS_ENTITY:
        if partner.texts(field) != entity.texts(field):
            there = ", ".join(map(shown, entity.texts(field))) or "none"
            yield partner.fault(field, f"differs from the entity {entity.id}, which has {there}")
