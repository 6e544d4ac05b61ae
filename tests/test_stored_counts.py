"""The stored counts: right after every write, equal to lists, and the matrix they give."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app.__main__ import main
from app.read.counts import COLUMNS, ROWS
from app.resources import ALL
from app.schema.resource import Resource
from app.schema.stored_counts import claim_kind, evidence_count
from app.schema.vocabulary import words
from app.settings import Settings
from app.write import counts
from app.write.rebuild import differing
from app.write.store import put, put_all
from tests.changing import changing
from tests.conftest import SQLITE_FIRST
from tests.looking import pages, some
from tests.writing import documents, entry, record, undone

COUNTED = [one for one in ALL if "evidence_counts" in one.read.model_fields]
# Every example leaves the database as it was.
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
FIELDS = ("mechanism", "subtypes", "partners", "contexts", "cell", "level", "reference", "trials")
FILTERS: dict[str, list[str]] = {
    "mechanism": ["adcc-enhancement", "direct-growth-inhibition"],
    "subtype": ["follicular-lymphoma", "aggressive-b-cell-lymphoma"],
    "partner": ["rituximab"],
    "cell": ["nk-cell", "t-cell"],
    "setting": ["in_vitro", "clinical_trial"],
    "context": ["b-cell-nhl", "healthy-donor"],
    "origin": ["native", "borrowed"],
    "level_is": ["D", "A"],
    "level": ["B", "E"],
    "native": ["true", "false"],
    "in_review": ["true", "false"],
    "rollup": ["exact", "descendants"],
}


@pytest.mark.slow
@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("resource", COUNTED, ids=lambda one: one.plural)
def test_counts_beside_a_row_are_those_of_its_list(client: TestClient, resource: Resource) -> None:
    for row in some(pages(client, f"/v1/{resource.plural}?limit=200")):
        counted = row["evidence_counts"]
        listed = pages(client, f"/v1/{resource.plural}/{row['id']}/evidence?limit=200")
        exact = client.get(f"/v1/evidence?{resource.name}={row['id']}&rollup=exact&limit=1").json()

        assert counted["total"] == len(listed), row["id"]
        assert counted["own"] == exact["total"], row["id"]
        for name in ("level", "origin"):
            found = {word: sum(one[name] == word for one in listed) for word in counted[name]}
            assert counted[name] == found, row["id"]


def test_a_group_counts_what_is_below_it(client: TestClient) -> None:
    counted = client.get("/v1/subtypes/aggressive-b-cell-lymphoma").json()["evidence_counts"]

    assert counted["own"] < counted["total"]


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=SHARED)
@given(
    filters=st.dictionaries(st.sampled_from(sorted(FILTERS)), st.integers(0, 1), max_size=3),
    rows=st.sampled_from(sorted(ROWS)),
    columns=st.sampled_from(sorted(COLUMNS)),
)
def test_the_matrix_is_the_same_from_kinds_and_from_claims(
    client: TestClient, filters: dict[str, int], rows: str, columns: str
) -> None:
    given = {name: FILTERS[name][at % len(FILTERS[name])] for name, at in filters.items()}
    asked = {"rows": rows, "columns": columns, **given}

    kept = client.get("/v1/matrix", params=asked).json()
    assert "cells" in kept, asked
    # No kind tells how well a source was read, so that asking for all forces counting.
    counted = client.get("/v1/matrix", params={**asked, "confidence": words("confidence")}).json()

    assert plain(kept) == plain(counted)


def plain(found: Any) -> Any:
    """An answer without its addresses, which hold the filters."""
    if isinstance(found, dict):
        return {name: plain(value) for name, value in found.items() if name != "evidence"}
    return [plain(one) for one in found] if isinstance(found, list) else found


def test_a_filter_that_kinds_do_not_tell_apart_is_counted(client: TestClient) -> None:
    asked = {"rows": "level", "columns": "subtype", "kind": "mechanism"}

    found = client.get("/v1/matrix", params=asked).json()

    address = found["total"]["evidence"]
    assert found["total"]["counts"]["total"] == client.get(address).json()["total"] > 0


def test_a_change_of_a_tree_counts_anew(copy: Settings) -> None:
    moved = {"parent": "aggressive-b-cell-lymphoma"}
    changed = entry(documents(), "subtypes", "follicular-lymphoma") | moved

    with undone(copy) as connection:
        put(connection, record("subtypes", changed))
        assert counts.wrong(connection) == []


@pytest.mark.slow
def test_many_changes_at_once_count_anew(copy: Settings) -> None:
    levels = words("levels")
    claims = [
        record("evidence", one | {"level": levels[-1 - levels.index(one["level"])]})
        for one in documents()["evidence"]
    ]
    assert len(claims) > counts.MOST

    with undone(copy) as connection:
        put_all(connection, claims)
        assert counts.wrong(connection) == []


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@settings(max_examples=8, suppress_health_check=SHARED)
@given(data=st.data())
def test_counts_are_right_after_any_change_of_claims_and_links(
    copy: Settings, data: st.DataObject
) -> None:
    content = documents()
    with undone(copy) as connection:
        for _ in range(data.draw(st.integers(1, 3))):
            one = data.draw(st.sampled_from(content["evidence"]))
            other = data.draw(st.sampled_from(content["evidence"]))
            names = data.draw(st.sets(st.sampled_from(FIELDS)))
            put(connection, record("evidence", one | {name: other[name] for name in names}))
            edge = data.draw(st.sampled_from([one for one in content["edges"] if one["evidence"]]))
            put(connection, record("edges", edge | {"evidence": [other["id"]]}))
            assert counts.wrong(connection) == []


SPOILED = [
    (update(evidence_count).values(rows=evidence_count.c.rows + 1), "evidence_count"),
    pytest.param(
        *(delete(claim_kind).where(claim_kind.c.level == "A"), "claim_kind"), marks=pytest.mark.full
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize(("spoil", "name"), SPOILED, ids=lambda one: str(one)[:6])
def test_doctor_finds_what_differs_and_rebuild_mends_it(
    copy: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    spoil: Any,
    name: str,
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    with changing(copy) as connection:
        connection.execute(spoil)

    assert main(["doctor"]) == 1
    expected = f"inconsistent with the content: {name}; run `python -m app rebuild`"
    assert capsys.readouterr().err.splitlines()[-1] == expected
    assert main(["rebuild"]) == 0
    assert capsys.readouterr().err == f"rebuilt; these differed: {name}\n"
    assert main(["rebuild"]) == 0
    assert capsys.readouterr().err == "nothing differed\n"
    assert main(["doctor"]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_rebuild_makes_identifiers_and_signs_again(
    copy: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    tables = SQLModel.metadata.tables
    with changing(copy) as connection:
        before = set(connection.execute(select(tables["partner_identifier"])))
        connection.execute(delete(tables["partner_identifier"]))
        connection.execute(update(tables["evidence"]).values(sign=None))
        revision = connection.execute(select(tables["dataset"].c.revision)).scalar_one()

    assert main(["rebuild"]) == 0

    assert capsys.readouterr().err == "rebuilt; these differed: evidence, partner_identifier\n"
    with changing(copy) as connection:
        assert differing(connection) == []
        assert set(connection.execute(select(tables["partner_identifier"]))) == before
        assert connection.execute(select(tables["dataset"].c.revision)).scalar_one() > revision


def test_there_is_nothing_to_rebuild_without_a_database(
    tmp_path: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")

    assert main(["rebuild"]) == 1

    assert capsys.readouterr().err.startswith("rebuild failed: there is no database ")


@pytest.mark.slow
@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("filters", ["", "level=C", "origin=native&published_to=2015"])
def test_the_numbers_of_the_network_are_those_of_lists(client: TestClient, filters: str) -> None:
    for edge in some(client.get(f"/v1/graph?{filters}").json()["edges"]):
        listed = pages(client, f"/v1/edges/{edge['id']}/evidence?{filters}&limit=200")
        counted = edge["evidence_counts"]

        assert counted["total"] == len(listed), edge["id"]
        for name in ("level", "origin"):
            assert counted[name] == {
                word: sum(one[name] == word for one in listed) for word in counted[name]
            }


def test_the_numbers_of_the_dataset_are_those_of_lists(client: TestClient) -> None:
    for plural, count in some(client.get("/v1/dataset").json()["counts"].items()):
        assert len(pages(client, f"/v1/{plural}?limit=200")) == count, plural
