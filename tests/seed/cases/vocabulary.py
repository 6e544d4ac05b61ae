"""Broken rules of vocabulary, and how each is reported."""

from tests.seed.documents import Cases, drop, put

CASES: Cases = {
    "a setting with a wrong ECO code": (
        put("vocabulary", "settings", 0, "eco", to="ECO:33"),
        (
            "vocabulary.yaml: settings 1 (review): eco: is 'ECO:33', expected a code such "
            "as ECO:0000033"
        ),
    ),
    "a context with a wrong code": (
        put("vocabulary", "contexts", "animal", "xrefs", to=["CL:1"]),
        (
            "vocabulary.yaml: contexts 6 (animal): xrefs 1: is 'CL:1', expected a code that "
            "CL can give"
        ),
    ),
    "a context that is no slug": (
        put("vocabulary", "contexts", "animal", "id", to="Animal"),
        (
            "vocabulary.yaml: contexts 6 (Animal): id: is 'Animal', expected lower-case "
            "letters and digits in words joined by single hyphens"
        ),
    ),
    "a word without a definition": (
        put("vocabulary", "signs", 0, "definition", to=""),
        "vocabulary.yaml: signs 1 (+): definition: is '', expected a text that is not blank",
    ),
    "a list of words is empty": (
        put("vocabulary", "entity_kinds", to=[]),
        "vocabulary.yaml: entity_kinds: is an empty list, expected at least 1 item",
    ),
    "a list of words is missing": (
        drop("vocabulary", "units"),
        "vocabulary.yaml: units: is missing",
    ),
    "a list of words is unknown": (
        put("vocabulary", "colours", to=[]),
        (
            "vocabulary.yaml: 'colours': is not a field here; nearest: 'courses', "
            "'populations', 'origins'"
        ),
    ),
    "a relation has an unknown sign": (
        put("vocabulary", "relations", "binds", "sign", to="*"),
        (
            "vocabulary.yaml: relations 1 (binds): sign: is '*', expected an id of signs in "
            "vocabulary.yaml; nearest: '+', '-', '?'"
        ),
    ),
    "a relation has no sign for claims": (
        drop("vocabulary", "relation_signs", "binds"),
        (
            "vocabulary.yaml: relations 1 (binds): id: has no sign for claims; add it to "
            "relation_signs"
        ),
    ),
    "a sign for what is no relation": (
        put("vocabulary", "relation_signs", "binds", "id", to="bonds"),
        "vocabulary.yaml: relation_signs 1 (bonds): id: is 'bonds', which is no relation",
    ),
    "a claim has another sign than an edge": (
        put("vocabulary", "relation_signs", "degrades", "sign", to="+"),
        (
            "vocabulary.yaml: relation_signs 2 (degrades): sign: is '+', but an edge of this "
            "relation has '-'"
        ),
    ),
    "a claim has an unknown sign": (
        put("vocabulary", "relation_signs", "binds", "sign", to="?"),
        "vocabulary.yaml: relation_signs 1 (binds): sign: is '?', expected '+', '-' or none",
    ),
    "a measure does not say whether it compares": (
        drop("vocabulary", "measures", "ORR", "contrast"),
        "vocabulary.yaml: measures 1 (ORR): contrast: is missing",
    ),
    "a ratio does not say which side favours the first arm": (
        put("vocabulary", "measures", "HR_PFS", "favours", to=None),
        (
            "vocabulary.yaml: measures 9 (HR_PFS): favours: is empty, but the measure compares two "
            "arms"
        ),
    ),
    "link types without their files": (
        drop("vocabulary", "link_types", "partner"),
        (
            "vocabulary.yaml: link_types: holds 'entity', 'subtype', 'reference', expected "
            "'entity', 'subtype', 'partner', 'reference'"
        ),
    ),
}
