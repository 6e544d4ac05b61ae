"""Broken rules of shapes, and how each is reported."""

from datetime import date

from tests.seed.documents import EDGE, Cases, add, drop, put, twice

LONG = "b" * 100

CASES: Cases = {
    "the file is no list": (
        put("edges", to=5),
        "edges.yaml: is 5, expected a list of mappings",
    ),
    "the file holds no entry": (
        put("edges", to=[]),
        "edges.yaml: is an empty list, expected a list of mappings",
    ),
    "an entry is no mapping": (
        put("edges", 2, to="x"),
        "edges.yaml: entry 3: is 'x', expected a mapping",
    ),
    "the vocabulary holds nothing": (
        put("vocabulary", to={}),
        "vocabulary.yaml: is an empty mapping, expected a mapping",
    ),
    "a field is missing": (
        drop("evidence", "rev-s1-oral", "note"),
        "evidence.yaml: rev-s1-oral: note: is missing",
    ),
    "a field is unknown": (
        put("evidence", "rev-s1-oral", "notes", to="x"),
        (
            "evidence.yaml: rev-s1-oral: 'notes': is not a field here; nearest: 'note', "
            "'contexts', 'subtypes'"
        ),
    ),
    "a nested entry is no mapping": (
        put("evidence", "rev-s1-oral", "subject", to="x"),
        "evidence.yaml: rev-s1-oral: subject: is 'x', expected a mapping",
    ),
    "a nested field is missing": (
        drop("evidence", "rev-s1-oral", "subject", "text"),
        "evidence.yaml: rev-s1-oral: subject: text: is missing",
    ),
    "a nested field is unknown": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "name", to="x"),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (entity): 'name': is not a field "
            "here; nearest: 'state', 'type', 'id'"
        ),
    ),
    "an item of a list is no mapping": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, to=5),
        "evidence.yaml: rev-s1-oral: subject: links 1: is 5, expected a mapping",
    ),
    "a text stands where a list is due": (
        put("evidence", "rev-s1-oral", "subtypes", to="cll-sll"),
        "evidence.yaml: rev-s1-oral: subtypes: is 'cll-sll', expected a list",
    ),
    "a number stands where a text is due": (
        put("evidence", "rev-s1-oral", "statement", to=7),
        "evidence.yaml: rev-s1-oral: statement: is 7, expected a text; put it in quotes",
    ),
    "a date stands where a text is due": (
        put("references", "gribben-2015", "issue", to=date(2015, 9, 1)),
        "references.yaml: gribben-2015: issue: is a date, expected a text; put it in quotes",
    ),
    "a list stands where a text is due": (
        put("evidence", "rev-s1-oral", "statement", to=["x"]),
        "evidence.yaml: rev-s1-oral: statement: is a list, expected a text",
    ),
    "a text is null": (
        put("evidence", "rev-s1-oral", "statement", to=None),
        "evidence.yaml: rev-s1-oral: statement: is empty, expected a text",
    ),
    "a text is blank": (
        put("evidence", "rev-s1-oral", "statement", to=" "),
        "evidence.yaml: rev-s1-oral: statement: is ' ', expected a text that is not blank",
    ),
    "a text that may be null is blank": (
        put("evidence", "rev-s1-oral", "note", to=""),
        "evidence.yaml: rev-s1-oral: note: is '', expected a text that is not blank",
    ),
    "a text holds NUL": (
        put("evidence", "rev-s1-oral", "statement", to="a\x00b"),
        (
            "evidence.yaml: rev-s1-oral: statement: is 'a\\x00b', expected a text without "
            "NUL or lone surrogates"
        ),
    ),
    "a text holds a lone surrogate": (
        put("evidence", "rev-s1-oral", "statement", to="a\ud800b"),
        (
            "evidence.yaml: rev-s1-oral: statement: is 'a\\ud800b', expected a text without "
            "NUL or lone surrogates"
        ),
    ),
    "a text stands where true or false is due": (
        put("evidence", "rev-s1-oral", "in_review", to="yes"),
        "evidence.yaml: rev-s1-oral: in_review: is 'yes', expected true or false",
    ),
    "a word is not in its list": (
        put("evidence", "rev-s1-oral", "confidence", to="hihg"),
        (
            "evidence.yaml: rev-s1-oral: confidence: is 'hihg', expected an id of "
            "confidence in vocabulary.yaml; nearest: 'high', 'medium', 'low'"
        ),
    ),
    "an id is not in its file": (
        put("evidence", "rev-s1-oral", "reference", to="griben-2015"),
        (
            "evidence.yaml: rev-s1-oral: reference: is 'griben-2015', expected an id in "
            "references.yaml; nearest: 'gribben-2015', 'lagrue-2015', 'hagner-2015'"
        ),
    ),
    "a cell is no cell": (
        put("evidence", "rev-s1-oral", "cell", to="ikzf1"),
        (
            "evidence.yaml: rev-s1-oral: cell: is 'ikzf1', expected an entity of kind cell; "
            "nearest: 'nurse-like-cell', 'nk-cell', 'nkt-cell'"
        ),
    ),
    "a term is not in Figure 1": (
        add("mechanisms", "cereblon-engagement", "figure1_terms", item="CRBN"),
        (
            "mechanisms.yaml: cereblon-engagement: figure1_terms 1: is 'CRBN', expected the "
            "figure1_term of an entity; nearest: 'Rb', 'NK', 'TNF'"
        ),
    ),
    "a list holds one id twice": (
        add("edges", EDGE, "evidence", item="fischer-meis2"),
        f"edges.yaml: {EDGE}: evidence: holds 'fischer-meis2' 2 times",
    ),
    "a list holds one text twice": (
        put("entities", "crbn", "synonyms", to=["cereblon", "cereblon"]),
        "entities.yaml: crbn: synonyms: holds 'cereblon' 2 times",
    ),
    "an id has a capital and an underscore": (
        put("edges", EDGE, "id", to="Some_Edge"),
        (
            "edges.yaml: Some_Edge: id: is 'Some_Edge', expected lower-case letters and "
            "digits in words joined by single hyphens"
        ),
    ),
    "an id is too long": (
        put("subtypes", "burkitt-lymphoma", "id", to="b" * 101),
        f"subtypes.yaml: entry 15: id: is '{LONG}...', expected at most 100 characters",
    ),
    "an id is missing": (
        drop("subtypes", "burkitt-lymphoma", "id"),
        "subtypes.yaml: entry 15: id: is missing",
    ),
    "an id is shared": (
        twice("entities", "crbn"),
        "entities.yaml: crbn: id: 'crbn' is already the id of an earlier entry",
    ),
    "a word of the vocabulary stands twice": (
        twice("vocabulary", "units", "weeks"),
        "vocabulary.yaml: units 5 (weeks): id: 'weeks' is already the id of an earlier entry",
    ),
}
