"""Broken rules of conflicts, and how each is reported."""

from tests.seed.documents import Cases, add, drop, put

CASES: Cases = {
    "a conflict with one side": (
        drop("conflicts", "cd20-on-cll-cells", "sides", 0),
        "conflicts.yaml: cd20-on-cll-cells: sides: has fewer than 2 sides",
    ),
    "a side without evidence": (
        put("conflicts", "cd20-on-cll-cells", "sides", 0, "evidence", to=[]),
        (
            "conflicts.yaml: cd20-on-cll-cells: sides 1 (It raises CD20 and helps "
            "rituximab.): evidence: is empty, but each side of a conflict has evidence"
        ),
    ),
    "a claim on two sides": (
        add(
            "conflicts", "cd20-on-cll-cells", "sides", 0, "evidence", item="lapalombella-cd20-down"
        ),
        "conflicts.yaml: cd20-on-cll-cells: sides: has 'lapalombella-cd20-down' on 2 sides",
    ),
    "an explained conflict without explanation": (
        put("conflicts", "cd20-on-cll-cells", "state", to="explained"),
        "conflicts.yaml: cd20-on-cll-cells: explanation: is empty, but the state is 'explained'",
    ),
}
