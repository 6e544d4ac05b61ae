"""Broken rules of edges, and how each is reported."""

from tests.seed.documents import EDGE, Cases, put

NURSED = "nurse-like-cell-increases-tumour-cell-survival-in-tumour-b-cell"

CASES: Cases = {
    "a relation is not for edges": (
        put("edges", EDGE, "relation", to="mediates"),
        f"edges.yaml: {EDGE}: relation: is 'mediates', which is not for edges",
    ),
    "a sign differs from its relation": (
        put("edges", EDGE, "sign", to="+"),
        f"edges.yaml: {EDGE}: sign: is '+', but the relation inhibits has '-'",
    ),
    "a synergy edge with another relation": (
        put("edges", EDGE, "type", to="synergy"),
        (
            f"edges.yaml: {EDGE}: type: is 'synergy' with relation 'inhibits'; 'synergy' and "
            "'synergizes' go together"
        ),
    ),
    "an edge rests on evidence that it lacks": (
        put("edges", EDGE, "evidence", to=[]),
        f"edges.yaml: {EDGE}: evidence: is empty, but the basis is 'evidence'",
    ),
    "a textbook edge with evidence": (
        put("edges", EDGE, "basis", to="textbook"),
        f"edges.yaml: {EDGE}: basis: is 'textbook', but the edge names evidence",
    ),
    "a textbook edge away from partners": (
        put("edges", EDGE, "basis", to="textbook"),
        (
            f"edges.yaml: {EDGE}: basis: is 'textbook', but the edge starts at "
            "'lenalidomide', which is no partner"
        ),
    ),
    "the id of an edge differs from its parts": (
        put("edges", EDGE, "cell", to="t-cell"),
        (
            f"edges.yaml: {EDGE}: id: is '{EDGE}', expected "
            "lenalidomide-inhibits-meis2-ubiquitination-in-t-cell, made of its parts"
        ),
    ),
    "an earlier id of an edge is shared": (
        put("edges", EDGE, "alias", to="e001"),
        (
            "edges.yaml: "
            "lenalidomide-activates-crl4-crbn-neosubstrate-ubiquitination-in-any-cell: "
            f"alias: 'e001' also appears in {EDGE}"
        ),
    ),
    "a claim says the opposite of its edge": (
        put("evidence", "zhu-crbn-resist", "subject", "links", 0, "state", to="increased"),
        (
            "edges.yaml: crbn-loss-increases-lenalidomide-resistance-in-tumour-b-cell: evidence: "
            "holds zhu-crbn-resist, whose relation and states give the sign opposite to '+'"
        ),
    ),
    "the source is another cell without a contact": (
        put("edges", NURSED, "contact_with", to=None),
        (
            f"edges.yaml: {NURSED}: contact_with: is empty, but the source is another cell than "
            "the cell"
        ),
    ),
    "an edge is in no mechanism": (
        put("mechanisms", "cereblon-engagement", "steps", to=[]),
        f"edges.yaml: {EDGE}: id: is not a step of any mechanism",
    ),
    "a contradictory edge is in no conflict": (
        put("conflicts", "cd20-on-cll-cells", "edges", to=[]),
        (
            "edges.yaml: lenalidomide-modulates-cd20-in-tumour-b-cell: sign: is '?', but no "
            "conflict names this edge"
        ),
    ),
}
