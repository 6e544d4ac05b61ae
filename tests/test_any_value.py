"""Whatever a column can hold is answered as valid JSON, the same bytes on both databases."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app.db import Database
from app.db.revision import revise
from app.main import create_app
from app.settings import Settings
from tests.conftest import BOTH, new_postgres

CONTROLS = "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f\u2028\u2029\ufeff"
text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40) | (
    st.text(CONTROLS + "\"\\'/<&αβγ😀%:?{}", max_size=20)
)
whole = st.integers(0, 2**53 - 1)
number = (
    st.just(0.0)
    | st.floats(1e-4, 9.99999999999e14).map(lambda x: float(f"{x:.12g}"))
    | (st.integers(1, 10**12).map(float))
)
moment = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are given without a zone
tables = SQLModel.metadata.tables

Values = dict[str, Any]


class Twin:
    """One database of the test's own, with its application."""

    def __init__(self, url: str) -> None:
        own = Settings(database_url=url)
        self.db = Database(own)
        self.client = TestClient(create_app(own))

    def put(self, reference: Values, outcome: Values, synonyms: list[str]) -> None:
        names = tables["entity_synonym"]
        with self.db.write() as connection:
            for name, row_id, values in (
                ("reference", "lu-2014", reference),
                ("outcome", "augment-outcome-01", outcome),
            ):
                table = tables[name]
                connection.execute(update(table).where(table.c.id == row_id).values(values))
            connection.execute(delete(names).where(names.c.entity_id == "crbn"))
            for position, synonym in enumerate(synonyms):
                row = {"entity_id": "crbn", "position": position, "text": synonym}
                connection.execute(insert(names).values(row))
            revise(connection, "any")


def shown(value: object) -> object:
    """A value as JSON has it."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(value, datetime) else value


@pytest.fixture(scope="module")
def twins(
    server: str, template: str, sqlite_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Twin]]:
    path = tmp_path_factory.mktemp("fuzz") / "fuzz.db"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), path)
    found = {"sqlite": Twin(f"sqlite:///{path}"), "postgres": Twin(new_postgres(server, template))}
    yield found
    for twin in found.values():
        twin.db.close()


@settings(
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    reference=st.fixed_dictionaries(
        {
            "title": text,
            "container_title": st.none() | text,
            "title_certain": st.booleans(),
            "listed_as": st.none() | whole,
            "created_at": moment,
        }
    ),
    outcome=st.fixed_dictionaries(
        {"value": number, "ci_low": st.none(), "ci_high": st.none(), "n": st.none() | whole}
    ),
    synonyms=st.lists(text, unique=True, max_size=4),
)
def test_any_value_comes_back_the_same(
    twins: dict[str, Twin], reference: Values, outcome: Values, synonyms: list[str]
) -> None:
    for twin in twins.values():
        twin.put(reference, outcome, synonyms)

    for address, expected in (
        ("/v1/references/lu-2014", reference),
        ("/v1/outcomes/augment-outcome-01", outcome),
        ("/v1/entities/crbn", {"synonyms": synonyms}),
    ):
        sqlite, postgres = (twins[name].client.get(address) for name in BOTH)
        assert sqlite.content == postgres.content
        answered = sqlite.json()
        for name, value in expected.items():
            assert answered[name] == shown(value)
