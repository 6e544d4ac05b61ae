"""Each broken rule is reported in one line, and all of them at once."""

from contextlib import suppress
from importlib import import_module
from pkgutil import iter_modules

import pytest

from tests.seed import cases
from tests.seed.documents import Cases, Change, Documents, found_after, put

CASES: Cases = {
    f"{module.name}: {name}": case
    for module in iter_modules(cases.__path__)
    for name, case in import_module(f"{cases.__name__}.{module.name}").CASES.items()
}


@pytest.mark.full
@pytest.mark.parametrize(("change", "expected"), CASES.values(), ids=CASES)
def test_broken_rule_is_reported(change: Change, expected: str) -> None:
    assert expected in found_after(change)


def unreported(names: list[str]) -> list[str]:
    """The cases whose fault is not reported, broken together as far as they do not collide."""

    def change(documents: Documents) -> None:
        for name in names:
            # What an earlier case has taken away makes a later one collide.
            with suppress(LookupError, StopIteration, TypeError):
                CASES[name][0](documents)

    found = set(found_after(change))
    left = [name for name in names if CASES[name][1] not in found]
    if len(names) == 1 or not left:
        return left
    if left != names:
        return unreported(left)
    half = len(names) // 2
    return [*unreported(names[:half]), *unreported(names[half:])]


@pytest.mark.slow
@pytest.mark.covering
def test_broken_rules_are_reported() -> None:
    assert unreported(list(CASES)) == []


def test_all_faults_are_reported_at_once() -> None:
    names = (
        "shapes: a text is null",
        "references: a title stands in parentheses",
        "entities: an entity is falsely in the network",
        "edges: a sign differs from its relation",
        "mechanisms: a summary of one sentence",
        "subtypes: a second root",
        "partners: an antibody has components",
        "trials: a trial has no lenalidomide",
        "conflicts: an explained conflict without explanation",
        "vocabulary: a word without a definition",
    )

    def change(documents: Documents) -> None:
        for name in names:
            CASES[name][0](documents)

    assert {CASES[name][1] for name in names} <= set(found_after(change))


def test_fault_can_be_printed_whatever_it_names() -> None:
    found = found_after(put("conflicts", "cd20-on-cll-cells", "id", to="a\nb\ud800"))

    assert (
        r"conflicts.yaml: a\nb\ud800: id: is 'a\\nb\\ud800', expected a text without NUL or"
        " lone surrogates" in found
    )
