"""Rules of subtypes.yaml: one tree, and evidence at every node."""

from collections.abc import Iterator

from seed.check import cycles
from seed.check.doubles import repeated
from seed.check.known import Known
from seed.content import ContentFault, shown

ROOT = "b-cell-non-hodgkin-lymphoma"


def faults(known: Known) -> Iterator[ContentFault]:
    """Check each subtype for itself, then the tree."""
    named = {name for row in known.rows["evidence"] for name in row.texts("subtypes")}
    for subtype in known.rows["subtypes"]:
        related = [code for item in subtype.entries("related") for code in item.texts("xrefs")]
        yield from repeated(subtype, "xrefs", subtype.texts("xrefs") + related)
        if subtype.id not in named:
            yield subtype.fault("id", "is named by no row of evidence.yaml")
        is_root = subtype.values.get("parent") is None
        if is_root != (subtype.id == ROOT):
            message = f"is {shown(subtype.values.get('parent'))}; only {ROOT} is the root"
            yield subtype.fault("parent", message)
    yield from cycles.faults(known.ids["subtypes"], "parent")
