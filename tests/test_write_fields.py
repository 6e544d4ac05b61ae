"""What Pydantic finds wrong with a field is said in our words."""

from typing import Any

import pytest

from app.write.fields import EXPECTED
from seed.check import all_faults
from tests.writing import content, documents

# Each breaks a row of its own, so that all can be broken at once.
CASES: dict[str, tuple[tuple[str | int, ...], object, str]] = {
    "string_type": (("subtypes", 0, "name"), ["x"], "is a list, expected a text"),
    "literal_error": (
        ("subtypes", 2, "course"),
        5,
        "is 5, expected a text; put it in quotes",
    ),
    "string_unicode": (
        ("subtypes", 3, "id"),
        "\ud800",
        r"is '\\ud800', expected a text without NUL or lone surrogates",
    ),
    "string_pattern_mismatch": (
        ("subtypes", 4, "id"),
        "A_B",
        "is 'A_B', expected lower-case letters and digits in words joined by single hyphens",
    ),
    "string_too_long": (
        ("subtypes", 5, "id"),
        "b" * 101,
        f"is '{'b' * 100}...', expected at most 100 characters",
    ),
    "bool_type": (("partners", 0, "in_review"), 1, "is 1, expected true or false"),
    "date_type": (
        ("dataset", "searched_until"),
        "2026-11",
        "is '2026-11', expected a date such as 2026-11-24; take it out of quotes",
    ),
    "int_type": (
        ("references", 2, "year"),
        "2015",
        "is '2015', expected a whole number; take it out of quotes",
    ),
    "float_type": (
        ("trials", 0, "outcomes", 0, "value"),
        "0.4",
        "is '0.4', expected a number below 1e15; take it out of quotes",
    ),
    "finite_number": (
        ("trials", 1, "outcomes", 0, "value"),
        float("inf"),
        "is a number that is too large, expected a number below 1e15",
    ),
    "greater_than_equal": (("references", 0, "year"), 1066, "is 1066, expected 1950 or more"),
    "less_than_equal": (("references", 1, "year"), 2066, "is 2066, expected 2030 or less"),
    "less_than": (
        ("trials", 2, "outcomes", 0, "value"),
        1e15,
        "is a number that is too large, expected a number below 1e15",
    ),
    "list_type": (("subtypes", 1, "synonyms"), "x", "is 'x', expected a list"),
    "too_short": (
        ("vocabulary", "units"),
        [],
        "is an empty list, expected at least 1 item",
    ),
    "model_type": (("evidence", 0, "subject"), "x", "is 'x', expected a mapping"),
    "missing": (("evidence", 1, "subject"), {"links": []}, "text: is missing"),
    "extra_forbidden": (
        ("evidence", 2, "subject"),
        {"text": "x", "links": [], "txt": "x"},
        "'txt': is not a field here; nearest: 'text', 'links'",
    ),
}


def test_every_sentence_has_its_case() -> None:
    assert CASES.keys() == EXPECTED.keys() | {"missing", "extra_forbidden"}


@pytest.fixture(scope="module")
def told() -> list[str]:
    """The faults when the content is broken by every case."""
    changed: Any = documents()
    for path, value, _ in CASES.values():
        container = changed
        for key in path[:-1]:
            container = container[key]
        container[path[-1]] = value
    return [str(fault) for fault in all_faults(content(changed))]


def end(path: tuple[str | int, ...], sentence: str) -> str:
    """How the line of a case ends."""
    inside = sentence.startswith(("text: ", "'txt'"))
    return sentence if inside else f"{path[-1]}: {sentence}"


@pytest.mark.aside
@pytest.mark.parametrize("case", CASES)
def test_error_is_told_in_our_words(told: list[str], case: str) -> None:
    path, _, sentence = CASES[case]
    expected = end(path, sentence)

    alike = [name for name, (path, _, said) in CASES.items() if end(path, said) == expected]
    assert sum(one.endswith(expected) for one in told) == len(alike)


AUTHORS = {
    "a person without a family name": (
        {"given": "J"},
        "references.yaml: gribben-2015: authors 1 (J): family: is missing",
    ),
    "a person and a body at once": (
        {"literal": "WHO", "given": "J"},
        (
            "references.yaml: gribben-2015: authors 1 (WHO): given: is for a person, but "
            "literal names a body"
        ),
    ),
    "nobody": ({}, "references.yaml: gribben-2015: authors 1: family: is missing"),
    "a body without a name": (
        {"literal": None},
        "references.yaml: gribben-2015: authors 1: literal: is empty, expected a text",
    ),
}


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(("author", "expected"), AUTHORS.values(), ids=AUTHORS)
def test_author_is_a_person_or_a_body(author: object, expected: str) -> None:
    changed = documents()
    changed["references"][0]["authors"][0] = author
    assert changed["references"][0]["id"] == "gribben-2015"

    assert expected in [str(fault) for fault in all_faults(content(changed))]


@pytest.mark.aside
def test_word_that_only_the_folder_has_is_a_fault() -> None:
    changed = documents()
    changed["vocabulary"]["courses"].append({"id": "slow", "definition": "New."})
    changed["subtypes"][0]["course"] = "slow"
    name = changed["subtypes"][0]["id"]

    told = [str(fault) for fault in all_faults(content(changed))]

    expected = "expected a word in the vocabulary of this release"
    first, second = told
    assert first.startswith("vocabulary.yaml: courses 4 (slow): id: is 'slow', which this release")
    assert second == f"subtypes.yaml: {name}: course: is 'slow', {expected}"
