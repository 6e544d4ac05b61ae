"""Rules for subtypes.yaml: one tree, with evidence for every node."""

from collections.abc import Iterator

from app.write.fields import repeated
from app.write.known import Known, loops
from app.write.record import ContentFault, Record, shown

ROOT = "b-cell-non-hodgkin-lymphoma"


def one(subtype: Record, known: Known) -> Iterator[ContentFault]:
    """Check a subtype with its codes and its place in the tree."""
    related = [code for item in subtype.records("related") for code in item.texts("xrefs")]
    yield from repeated(subtype, "xrefs", subtype.texts("xrefs") + related)
    is_root = subtype.values.get("parent") is None
    if is_root != (subtype.id == ROOT):
        message = f"is {shown(subtype.values.get('parent'))}; only {ROOT} is the root"
        yield subtype.fault("parent", message)
    yield from loops(known, "subtypes", "parent", subtype)


def whole(known: Known) -> Iterator[ContentFault]:
    """Check that there is evidence for each subtype."""
    named = {name for row in known.all("evidence") for name in row.texts("subtypes")}
    for subtype in known.all("subtypes"):
        if subtype.id not in named:
            yield subtype.fault("id", "is named by no row of evidence.yaml")
