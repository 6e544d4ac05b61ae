"""Broken rules of subtypes, and how each is reported."""

from tests.seed.documents import Cases, add, each, put

CASES: Cases = {
    "a code stands with a subtype and a related term": (
        add("subtypes", "b-cell-non-hodgkin-lymphoma", "xrefs", item="NCIT:C3211"),
        "subtypes.yaml: b-cell-non-hodgkin-lymphoma: xrefs: holds 'NCIT:C3211' 2 times",
    ),
    "a subtype has no evidence": (
        each("evidence", "subtypes", ["burkitt-lymphoma"], to=[]),
        "subtypes.yaml: burkitt-lymphoma: id: is named by no row of evidence.yaml",
    ),
    "a second root": (
        put("subtypes", "burkitt-lymphoma", "parent", to=None),
        (
            "subtypes.yaml: burkitt-lymphoma: parent: is empty; only "
            "b-cell-non-hodgkin-lymphoma is the root"
        ),
    ),
    "the root has a parent": (
        put("subtypes", "b-cell-non-hodgkin-lymphoma", "parent", to="cll-sll"),
        (
            "subtypes.yaml: b-cell-non-hodgkin-lymphoma: parent: is 'cll-sll'; only "
            "b-cell-non-hodgkin-lymphoma is the root"
        ),
    ),
    "a subtype is its own ancestor": (
        put("subtypes", "b-cell-non-hodgkin-lymphoma", "parent", to="cll-sll"),
        (
            "subtypes.yaml: b-cell-non-hodgkin-lymphoma: parent: leads back to this entry: "
            "b-cell-non-hodgkin-lymphoma > cll-sll > indolent-b-cell-lymphoma > "
            "b-cell-non-hodgkin-lymphoma"
        ),
    ),
}
