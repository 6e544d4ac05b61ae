"""A record makes rows, and the rows make the same record again."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.schema.markers import marks, nested
from app.schema.values import Names, Word
from app.schema.vocabulary import words
from app.settings import Settings
from app.write.derived import complete
from app.write.record import Record
from app.write.rows import KINDS, SHAPES, curated_entry, gathered, gathered_entries
from app.write.rules import faults_of_one
from app.write.store import put
from app.write.stored import StoredRecords
from seed.content import TYPES
from tests.conftest import SQLITE_FIRST
from tests.writing import documents, record, undone


@pytest.mark.aside
@pytest.mark.slow
@pytest.mark.parametrize("kind", TYPES)
def test_rows_make_the_entry_of_which_they_were_made(kind: str) -> None:
    curated = sorted(documents()[kind], key=lambda one: one["id"])
    assert curated

    made = gathered(row for values in curated for row in complete(record(kind, values)))

    assert list(gathered_entries(KINDS[kind], made)) == curated
    entries = [curated_entry(record(kind, values)) for values in curated]
    assert json.dumps(entries) == json.dumps(list(gathered_entries(KINDS[kind], made)))


@pytest.mark.aside
@pytest.mark.parametrize("kind", TYPES)
def test_every_entry_is_read_back_as_curated(copy: Settings, kind: str) -> None:
    curated = {one["id"]: one for one in documents()[kind]}

    with undone(copy) as connection:
        found = StoredRecords(connection).all(kind)

    assert {one.id: one.values for one in found} == curated


def values_of(shape: Any, known: StoredRecords) -> st.SearchStrategy[dict[str, Any]]:
    """Whatever a curator might write for a shape, with links that lead somewhere."""

    def value(info: Any) -> st.SearchStrategy[Any]:
        inner = nested(info)
        choices = [sorted(known.choices(one)) for one in marks(info, Names)]
        choices += [words(one.vocabulary) for one in marks(info, Word)]
        one: st.SearchStrategy[Any] = TEXTS
        if inner:
            one = values_of(inner, known)
        elif choices:
            one = st.sampled_from(choices[0][:20])
        if str(info.annotation).startswith("list["):
            return st.lists(one, min_size=2, max_size=4, unique_by=repr)
        return st.none() | one if type(None) in getattr(info.annotation, "__args__", ()) else one

    fields = {name: value(info) for name, info in shape.model_fields.items()}
    return st.fixed_dictionaries({**fields, **({"id": SLUGS} if "id" in fields else {})})


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
).filter(str.strip)
SLUGS = st.from_regex(r"new-[a-z0-9]{1,20}", fullmatch=True)
MANY = settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@MANY
@given(data=st.data())
def test_whatever_passes_the_rules_is_kept_as_given(copy: Settings, data: st.DataObject) -> None:
    with undone(copy) as connection:
        known = StoredRecords(connection)
        written = data.draw(values_of(SHAPES["conflict"], known))
        told = list(faults_of_one("conflicts", Record("", written["id"], "", written), known))
        assume(not told)

        put(connection, record("conflicts", written))

        found = StoredRecords(connection).get("conflicts", written["id"])
        assert found is not None
        assert found.values == written
