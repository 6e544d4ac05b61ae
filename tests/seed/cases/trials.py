"""Broken rules of trials, and how each is reported."""

from tests.seed.documents import Cases, add, each, put

CASES: Cases = {
    "a trial has no lenalidomide": (
        put("trials", "augment", "regimen", to=["rituximab"]),
        "trials.yaml: augment: regimen: lacks lenalidomide",
    ),
    "a trial has no evidence": (
        each("evidence", "trials", ["sprint"], to=[]),
        "trials.yaml: sprint: id: is named by no row of evidence.yaml",
    ),
    "a trial lacks the references of rows": (
        put("trials", "augment", "references", to=["leonard-2019"]),
        (
            "trials.yaml: augment: references: lacks 'augment-congress-2022', the reference of "
            "the evidence row appr-2019-eu; other rows need 'fda-2019-r2', 'augment-5y', "
            "'asco-2019-7514', 'mdedge-augment-fda', 'blair-2020'"
        ),
    ),
    "a trial gives a partner that is no entity": (
        add("trials", "augment", "regimen", item="other-agents"),
        (
            "trials.yaml: augment: regimen 3: is 'other-agents', expected an id in "
            "entities.yaml; nearest: 'interferon-stimulated-genes', 'macrophage', 'proteasome'"
        ),
    ),
    "a trial has an unknown phase": (
        put("trials", "augment", "phase", to="III"),
        (
            "trials.yaml: augment: phase: is 'III', expected an id of trial_phases in "
            "vocabulary.yaml; nearest: '1', '1b', '1b/2'"
        ),
    ),
    "a trial has no patients": (
        put("trials", "augment", "n", to=0),
        "trials.yaml: augment: n: is 0, expected a whole number above 0",
    ),
    "a trial has a wrong registry number": (
        put("trials", "augment", "nct", to="NCT0193800"),
        (
            "trials.yaml: augment: nct: is 'NCT0193800', expected a registry number such as "
            "NCT01938001"
        ),
    ),
}
