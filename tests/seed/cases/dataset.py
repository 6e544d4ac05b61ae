"""Broken rules of what is said of the dataset, and how each is reported."""

from tests.seed.documents import Cases, drop, put

CASES: Cases = {
    "no scope": (
        put("dataset", "scope", to=[]),
        "dataset.yaml: scope: is an empty list, expected at least 1 item",
    ),
    "a date as text": (
        put("dataset", "searched_until", to="2026-11-24"),
        (
            "dataset.yaml: searched_until: is '2026-11-24', expected a date such as 2026-11-24; "
            "take it out of quotes"
        ),
    ),
    "a part of the method is missing": (
        drop("dataset", "method", "read"),
        "dataset.yaml: method: read: is missing",
    ),
    "an unknown key": (
        put("dataset", "scopes", to=[]),
        (
            "dataset.yaml: 'scopes': is not a field here; nearest: 'scope', 'out_of_scope', "
            "'searched_until'"
        ),
    ),
    "a re-check that does not add up": (
        put("dataset", "method", "rechecks", 0, "confirmed", to=50),
        (
            "dataset.yaml: method: rechecks 1 (first-a): id: checks 55 claims and outcomes, but "
            "says what was found of 56"
        ),
    ),
    "the newest release is another": (
        put("releases", 0, "id", to="2027.01"),
        "releases.yaml: 2027.01: id: is '2027.01', but this release is 2026.12",
    ),
    "a release without a change": (
        put("releases", 0, "changes", to=[]),
        "releases.yaml: 2026.12: changes: is an empty list, expected at least 1 item",
    ),
}
