"""Any content of the files is checked without a crash."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.seed.documents import DOCUMENTS, Documents, Step, found_after, found_in, put


def places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from places(item, (*path, position))


def places_by_kind() -> list[list[tuple[Step, ...]]]:
    """All places, grouped so that a field of few rows is chosen as often as one of many."""
    kinds = defaultdict(list)
    for path in places(DOCUMENTS):
        kinds[tuple(key for key in path if isinstance(key, str))].append(path)
    return list(kinds.values())


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(15, 4000).map(lambda digits: 10**digits)
    | st.floats()
    | st.text()
    | st.binary()
    | st.sampled_from(
        [
            "lenalidomide",
            "treg",
            "cd20-on-cll-cells",
            "b-cell-non-hodgkin-lymphoma",
            "HR_",
            "?",
            "\ud800",
            "\x00",
            "",
            date(2015, 9, 1),
            datetime(2015, 9, 1, tzinfo=UTC),
        ]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "text", "links", "type", "partner", "measure"]) | st.text(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


PLACES = st.deferred(lambda: st.sampled_from(places_by_kind()).flatmap(st.sampled_from))


@settings(max_examples=15)
@given(changes=st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=4))
def test_any_value_anywhere_is_judged_not_tripped_over(
    changes: list[tuple[tuple[Step, ...], object]],
) -> None:
    def change(documents: Documents) -> None:
        for path, value in sorted(changes, key=lambda pair: len(pair[0]), reverse=True):
            put(*path, to=value)(documents)

    found = found_after(change)

    assert all(line.isprintable() for line in found)


@settings(max_examples=15)
@given(written=st.text(alphabet="-:[]{}&*!|>'\"#%@`,? \n\t\\abx01.\ufeff\x85") | st.binary())
def test_any_file_is_judged_not_tripped_over(
    tmp_path_factory: pytest.TempPathFactory, written: str | bytes
) -> None:
    folder = tmp_path_factory.mktemp("data")
    given_bytes = written.encode() if isinstance(written, str) else written
    (folder / "partners.yaml").write_bytes(given_bytes)

    assert found_in(folder)
