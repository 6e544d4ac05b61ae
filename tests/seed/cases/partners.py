"""Broken rules of partners, and how each is reported."""

from tests.seed.documents import Cases, every, put

CASES: Cases = {
    "a regimen has no components": (
        put("partners", "r-chop", "components", to=[]),
        "partners.yaml: r-chop: components: is empty, but a regimen has components",
    ),
    "an antibody has components": (
        put("partners", "rituximab", "components", to=["rituximab"]),
        "partners.yaml: rituximab: components: is for regimens, but the kind is 'antibody'",
    ),
    "a partner differs from its entity in components": (
        put("partners", "rituximab", "components", to=["rituximab"]),
        "partners.yaml: rituximab: components: differs from the entity rituximab, which has none",
    ),
    "a partner differs from its entity in members": (
        put("partners", "rituximab", "members", to=["rituximab"]),
        "partners.yaml: rituximab: members: differs from the entity rituximab, which has none",
    ),
    "a partner differs from its entity in codes": (
        put("partners", "r-chop", "xrefs", to=["CHEBI:1"]),
        "partners.yaml: r-chop: xrefs: differs from the entity r-chop, which has none",
    ),
    "a partner differs from its entity in synonyms": (
        put("partners", "rituximab", "synonyms", to=[]),
        (
            "partners.yaml: rituximab: synonyms: differs from the entity rituximab, which has "
            "'Rituxan', 'MabThera'"
        ),
    ),
    "a partner has no evidence": (
        every("evidence", "partners", to=[]),
        "partners.yaml: dexamethasone: id: is named by no row of evidence.yaml",
    ),
}
