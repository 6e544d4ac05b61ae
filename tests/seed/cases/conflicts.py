"""Broken rules of conflicts, and how each is reported."""

from tests.seed.documents import Cases, drop, put

CASES: Cases = {
    "a conflict with one side": (
        drop("conflicts", "cd20-on-cll-cells", "sides", 0),
        "conflicts.yaml: cd20-on-cll-cells: sides: has fewer than 2 sides",
    ),
    "a side without evidence or explanation": (
        put("conflicts", "cd20-on-cll-cells", "sides", 0, "evidence", to=[]),
        (
            "conflicts.yaml: cd20-on-cll-cells: sides 1 (It raises CD20 and helps "
            "rituximab.): evidence: is empty, and the conflict has no explanation"
        ),
    ),
    "two sides without evidence": (
        put("conflicts", "tumour-flare-outside-cll", "sides", 0, "evidence", to=[]),
        (
            "conflicts.yaml: tumour-flare-outside-cll: sides: has 2 sides without evidence, "
            "expected at most 1"
        ),
    ),
    "an explained conflict without explanation": (
        put("conflicts", "cd20-on-cll-cells", "state", to="explained"),
        "conflicts.yaml: cd20-on-cll-cells: explanation: is empty, but the state is 'explained'",
    ),
}
