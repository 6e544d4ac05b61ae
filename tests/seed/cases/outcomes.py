"""Broken rules of outcomes, and how each is reported."""

from tests.seed.documents import Cases, put, twice

CASES: Cases = {
    "a figure is a text": (
        put("trials", "augment", "outcomes", 2, "value", to="0.46"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is '0.46', expected a number "
            "below 1e15; take it out of quotes"
        ),
    ),
    "a figure is below zero": (
        put("trials", "augment", "outcomes", 2, "value", to=-1),
        ("trials.yaml: augment: outcomes 3 (HR_PFS): value: is -1, expected 0 or more"),
    ),
    "a figure is too large": (
        put("trials", "augment", "outcomes", 2, "value", to=10**5000),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is a number that is too "
            "large, expected a number below 1e15"
        ),
    ),
    "a figure is too small": (
        put("trials", "augment", "outcomes", 2, "ci_low", to=0.00001),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): ci_low: is 1e-05, expected 0 or a "
            "number from 0.0001"
        ),
    ),
    "a figure is no number": (
        put("trials", "augment", "outcomes", 2, "ci_low", to=float("nan")),
        ("trials.yaml: augment: outcomes 3 (HR_PFS): ci_low: is nan, expected a number below 1e15"),
    ),
    "a figure has too many digits": (
        put("trials", "augment", "outcomes", 2, "value", to=0.4600000000001),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is 0.4600000000001, expected "
            "a number of at most 12 significant digits"
        ),
    ),
    "an outcome counts half a patient": (
        put("trials", "augment", "outcomes", 2, "n", to=358.5),
        "trials.yaml: augment: outcomes 3 (HR_PFS): n: is 358.5, expected a whole number",
    ),
    "an outcome counts too many patients": (
        put("trials", "augment", "outcomes", 2, "n", to=10**15),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): n: is a number that is too large, "
            "expected a whole number above 0"
        ),
    ),
    "an arm is no slug": (
        put("trials", "augment", "outcomes", 2, "arm", to="R 2"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): arm: is 'R 2', expected lower-case "
            "letters and digits in words joined by single hyphens"
        ),
    ),
    "a p value is a number": (
        put("trials", "augment", "outcomes", 2, "p", to=0.001),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): p: is 0.001, expected a p value in "
            "quotes such as '0.03', '<0.001' or '.05 (one-sided)'"
        ),
    ),
    "a hazard ratio in percent": (
        put("trials", "augment", "outcomes", 2, "unit", to="percent"),
        "trials.yaml: augment: outcomes 3 (HR_PFS): unit: is 'percent', expected ratio for HR_PFS",
    ),
    "a median as a ratio": (
        put("trials", "augment", "outcomes", 2, "measure", to="PFS_median"),
        (
            "trials.yaml: augment: outcomes 3 (PFS_median): unit: is 'ratio', expected "
            "months or weeks for PFS_median"
        ),
    ),
    "a rate as a ratio": (
        put("trials", "augment", "outcomes", 2, "measure", to="ORR"),
        "trials.yaml: augment: outcomes 3 (ORR): unit: is 'ratio', expected percent for ORR",
    ),
    "an event without its measure": (
        put("trials", "augment", "outcomes", 2, "event", to="rash"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): event: is for AE_rate, but the "
            "measure is 'HR_PFS'"
        ),
    ),
    "an event rate without its event": (
        put("trials", "calgb-50401", "outcomes", 4, "event", to=None),
        (
            "trials.yaml: calgb-50401: outcomes 5 (AE_rate): event: is empty, but AE_rate "
            "names its event"
        ),
    ),
    "more than all patients": (
        put("trials", "calgb-50401", "outcomes", 4, "value", to=101),
        (
            "trials.yaml: calgb-50401: outcomes 5 (AE_rate): value: is 101, expected at "
            "most 100 percent"
        ),
    ),
    "a value below its interval": (
        put("trials", "augment", "outcomes", 2, "value", to=0.3),
        "trials.yaml: augment: outcomes 3 (HR_PFS): ci_low: is 0.34, above the value",
    ),
    "a value above its interval": (
        put("trials", "augment", "outcomes", 2, "value", to=0.7),
        "trials.yaml: augment: outcomes 3 (HR_PFS): ci_high: is 0.62, below the value",
    ),
    "a value that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "value", to=0.5),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is 0.5, which augment-pfs "
            "does not mention"
        ),
    ),
    "an interval that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "ci_high", to=0.63),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): ci_high: is 0.63, which augment-pfs "
            "does not mention"
        ),
    ),
    "patients that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "n", to=359),
        "trials.yaml: augment: outcomes 3 (HR_PFS): n: is 359, which augment-pfs does not mention",
    ),
    "a p value that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "p", to="<0.002"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): p: is '<0.002', which augment-pfs "
            "does not mention"
        ),
    ),
    "an outcome in a subtype outside its trial": (
        put("trials", "augment", "outcomes", 2, "subtype", to="cll-sll"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): subtype: is 'cll-sll', expected a "
            "subtype of the trial; nearest: 'follicular-lymphoma', 'marginal-zone-lymphoma'"
        ),
    ),
    "an outcome from the evidence of another trial": (
        put("trials", "augment", "outcomes", 2, "evidence", to="robust-pfs"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): evidence: is 'robust-pfs', expected "
            "a row that names the trial; nearest: 'augment-pfs', 'augment-safety', "
            "'augment-5y'"
        ),
    ),
    "an outcome stands twice": (
        twice("trials", "augment", "outcomes", 2),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): measure: is given 2 times with the "
            "same measure, arm, comparator, subtype, at, event, grade, evidence, note"
        ),
    ),
    "a contrast has no comparator": (
        put("trials", "augment", "outcomes", 2, "comparator", to=None),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): comparator: is empty, but HR_PFS compares "
            "two arms"
        ),
    ),
    "a contrast tests nothing": (
        put("trials", "augment", "outcomes", 2, "tests", to=[]),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): tests: is empty, but HR_PFS tests the "
            "drugs given in only one of the two arms"
        ),
    ),
    "an arm is compared with itself": (
        put("trials", "augment", "outcomes", 2, "comparator", to="lenalidomide-rituximab"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): comparator: is 'lenalidomide-rituximab', "
            "which is the arm itself"
        ),
    ),
    "an arm is called contrast": (
        put("trials", "augment", "outcomes", 2, "arm", to="contrast"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): arm: is 'contrast', expected the arm that "
            "the figure is for; name the other one as its comparator"
        ),
    ),
    "a rate with a comparator": (
        put("trials", "calgb-50401", "outcomes", 4, "comparator", to="placebo"),
        (
            "trials.yaml: calgb-50401: outcomes 5 (AE_rate): comparator: is for a contrast, but "
            "AE_rate is of a single arm"
        ),
    ),
    "a contrast tests what the trial does not give": (
        put("trials", "augment", "outcomes", 2, "tests", to=["bortezomib"]),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): tests: holds 'bortezomib', which is not in "
            "the regimen of the trial"
        ),
    ),
    "an outcome repeats itself": (
        put("trials", "augment", "outcomes", 2, "repeats", to=3),
        "trials.yaml: augment: outcomes 3 (HR_PFS): repeats: is 3, which is no earlier outcome",
    ),
    "an outcome repeats another measure": (
        put("trials", "augment", "outcomes", 2, "repeats", to=1),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): repeats: is 1, an outcome of another "
            "measure, comparator"
        ),
    ),
    "several diseases counted as one": (
        put("trials", "augment", "outcomes", 2, "population", to="all"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): population: is 'all', expected 'mixed' for "
            "follicular-lymphoma, marginal-zone-lymphoma"
        ),
    ),
    "a subgroup counted as all": (
        put("trials", "nhl-001", "outcomes", 3, "population", to="all"),
        (
            "trials.yaml: nhl-001: outcomes 4 (ORR): population: is 'all', expected 'subgroup' for "
            "follicular-lymphoma"
        ),
    ),
    "one disease counted as mixed": (
        put("trials", "robust", "outcomes", 0, "population", to="mixed"),
        (
            "trials.yaml: robust: outcomes 1 (HR_PFS): population: is 'mixed', expected 'all' for "
            "dlbcl-abc"
        ),
    ),
    "another kind of source than its reference": (
        put("trials", "nhl-001", "outcomes", 0, "source_kind", to="news"),
        (
            "trials.yaml: nhl-001: outcomes 1 (ORR): source_kind: is 'news', but the reference "
            "witzig-2009 has 'paper'"
        ),
    ),
    "a grade without an event": (
        put("trials", "nhl-001", "outcomes", 0, "grade", to="3-4"),
        (
            "trials.yaml: nhl-001: outcomes 1 (ORR): grade: is for an adverse event, but there is "
            "no event"
        ),
    ),
    "a grade that is no grade": (
        put("trials", "calgb-50401", "outcomes", 4, "grade", to="severe"),
        (
            "trials.yaml: calgb-50401: outcomes 5 (AE_rate): grade: is 'severe', expected a grade "
            "in quotes such as '3-4', '>=3', '3' or any"
        ),
    ),
    "a grade inside the event": (
        put("trials", "calgb-50401", "outcomes", 4, "event", to="neutropenia grade 3"),
        (
            "trials.yaml: calgb-50401: outcomes 5 (AE_rate): event: is 'neutropenia grade 3'; "
            "write the grade in its own field"
        ),
    ),
}
