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
    """The cases whose fault is not reported, when all of these are broken together."""

    def change(documents: Documents) -> None:
        for name in names:
            # What an earlier case has taken away makes a later one collide.
            with suppress(LookupError, StopIteration, TypeError):
                CASES[name][0](documents)

    found = set(found_after(change))
    return [name for name in names if CASES[name][1] not in found]


@pytest.mark.slow
@pytest.mark.covering
def test_broken_rules_are_reported() -> None:
    """Broken in groups of cases that stand apart, and, where these collide, in others, then alone.

    To look at all of the content takes long, so that it is looked at few times.
    """
    left = list(CASES)
    for groups in (8, 4, 2):
        left = [name for first in range(groups) for name in unreported(left[first::groups])]

    assert [name for name in left if unreported([name])] == []


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
