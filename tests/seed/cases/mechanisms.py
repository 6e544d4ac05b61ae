"""Broken rules of mechanisms, and how each is reported."""

from tests.seed.documents import Cases, add, each, put

CASES: Cases = {
    "a mechanism has no evidence": (
        each("evidence", "mechanism", "nf-kb-survival-signal-loss", to="cereblon-engagement"),
        "mechanisms.yaml: nf-kb-survival-signal-loss: id: is named by no row of evidence.yaml",
    ),
    "a summary of one sentence": (
        put("mechanisms", "cereblon-engagement", "summary", to="One sentence."),
        "mechanisms.yaml: cereblon-engagement: summary: counts 1 sentences, expected 2 or 3",
    ),
    "a step without evidence": (
        add(
            "mechanisms",
            "cereblon-engagement",
            "steps",
            item="rituximab-binds-cd20-in-tumour-b-cell",
        ),
        (
            "mechanisms.yaml: cereblon-engagement: steps: holds "
            "rituximab-binds-cd20-in-tumour-b-cell, which is not causal or does not rest on "
            "evidence"
        ),
    ),
    "a mechanism of the review denies it": (
        put("mechanisms", "cereblon-engagement", "in_review", to=False),
        (
            "mechanisms.yaml: cereblon-engagement: in_review: is false, but in_review_basis "
            "is 'abstract'"
        ),
    ),
    "a mechanism of the review has no basis": (
        put("mechanisms", "cereblon-engagement", "in_review_basis", to=None),
        "mechanisms.yaml: cereblon-engagement: in_review: is true, but in_review_basis is empty",
    ),
    "a mechanism hides its row of the abstract": (
        put("mechanisms", "cereblon-engagement", "in_review_basis", to=None),
        (
            "mechanisms.yaml: cereblon-engagement: in_review_basis: is empty, but a row "
            "from the abstract names this mechanism"
        ),
    ),
    "a mechanism has no row from its basis": (
        put("mechanisms", "cereblon-engagement", "in_review_basis", to="caption"),
        (
            "mechanisms.yaml: cereblon-engagement: in_review_basis: is 'caption', but no "
            "row of evidence.yaml from there names this mechanism"
        ),
    ),
}
