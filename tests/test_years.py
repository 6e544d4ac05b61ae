"""When a source was published: ranges of years and orders by year, on both databases."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from app.__main__ import main
from app.main import create_app
from app.settings import Settings
from app.write.store import put
from tests.changing import changing, table
from tests.conftest import SQLITE_FIRST
from tests.documented import spelt_out
from tests.looking import some
from tests.writing import documents, entry, record

RANGES = [(None, 2011), (2015, None), (2012, 2014), (2013, 2013), (1950, 1951), (1950, 2030)]
YEARS = range(1990, 2031)
ADDRESSES: dict[str, dict[str, Any]] = {
    "/v1/evidence": {},
    "/v1/outcomes": {},
    "/v1/trials": {},
    "/v1/mechanisms": {},
    "/v1/mechanisms/{id}/evidence": {},
    "/v1/matrix": {"rows": "mechanism", "columns": "subtype"},
    "/v1/graph": {},
    "/v1/graph/paths": {"source": "lenalidomide", "target": "adcc"},
}
"""Where years can be asked for, each with what else it needs."""

Row = dict[str, Any]


def given(start: int | None, end: int | None) -> dict[str, int]:
    ends = {"published_from": start, "published_to": end}
    return {name: year for name, year in ends.items() if year}


def asked(start: int | None, end: int | None) -> str:
    return urlencode(given(start, end))


def within(years: list[int | None], start: int | None, end: int | None) -> bool:
    return any(year and (start or 0) <= year <= (end or 9999) for year in years)


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(client: TestClient, address: str) -> list[Row]:
    """The rows of all pages."""
    found: list[Row] = []
    following: str | None = address
    while following:
        page = get(client, following)
        found += page["items"]
        following = page["next"]
    assert len({row["id"] for row in found}) == len(found) == page["total"]
    return found


def ids(found: list[Row]) -> list[str]:
    return [row["id"] for row in found]


def claims(client: TestClient) -> Mapping[str, Row]:
    return {row["id"]: row for row in rows(client, "/v1/evidence?limit=200")}


def years(client: TestClient, kind: str) -> dict[str, list[int | None]]:
    """The years that count for each row of a type, read from the lists without a filter."""
    every = claims(client)
    listed = rows(client, f"/v1/{kind}?limit=200")
    if kind == "mechanisms":
        return {
            row["id"]: [
                claim["reference"]["year"]
                for claim in every.values()
                if claim["mechanism"] and claim["mechanism"]["id"] == row["id"]
            ]
            for row in listed
        }
    if kind == "trials":
        return {row["id"]: [one["year"] for one in row["references"]] for row in listed}
    found = (row if kind == "evidence" else every[row["evidence"]["id"]] for row in listed)
    return {
        row["id"]: [claim["reference"]["year"]] for row, claim in zip(listed, found, strict=True)
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["evidence", "outcomes", "trials", "mechanisms"])
def test_a_range_gives_what_was_published_in_it(client: TestClient, kind: str) -> None:
    known = years(client, kind)

    sizes = set()
    for start, end in (*RANGES, *((year, year) for year in YEARS)):
        expected = [one for one, found in known.items() if within(found, start, end)]
        assert ids(rows(client, f"/v1/{kind}?limit=200&{asked(start, end)}")) == expected
        sizes.add(len(expected))
    assert len(sizes) > 2
    assert 0 in sizes


def test_undated_rows_are_in_no_range(client: TestClient) -> None:
    undated = {one for one, found in years(client, "evidence").items() if found == [None]}
    assert undated

    for question in ("published_from=1950", "published_to=2030", "known_by=2030"):
        listed = ids(rows(client, f"/v1/evidence?limit=200&{question}"))
        assert listed
        assert not undated & set(listed)


@pytest.mark.slow
def test_one_and_the_same_claim_is_in_the_range(client: TestClient) -> None:
    """A claim before the range and one after it do not bring their mechanism into it."""
    around = {
        (one, year)
        for one, found in years(client, "mechanisms").items()
        for year in YEARS
        if within(found, None, year) and within(found, year, None) and year not in found
    }
    assert around

    for one, year in around:
        assert one not in ids(rows(client, f"/v1/mechanisms?limit=200&{asked(year, year)}"))


def test_the_older_name_means_the_same(client: TestClient) -> None:
    for place, part in (("/v1/evidence", "items"), ("/v1/graph", "edges")):
        older = get(client, f"{place}?known_by=2013")[part]
        assert older == get(client, f"{place}?published_to=2013")[part]
        assert older != get(client, place)[part]


@pytest.mark.parametrize(("start", "end"), RANGES)
def test_edges_are_those_with_a_claim_in_the_range(
    client: TestClient, start: int | None, end: int | None
) -> None:
    question = asked(start, end)
    passing = set(ids(rows(client, f"/v1/evidence?limit=200&{question}")))
    edges = rows(client, "/v1/edges?basis=evidence&limit=200")
    expected = {
        edge["id"]: kept
        for edge in edges
        if (kept := [one for one in edge["evidence"] if one in passing])
    }

    graph = get(client, f"/v1/graph?{question}")
    paths = get(client, f"/v1/graph/paths?source=lenalidomide&target=adcc&{question}")

    assert {edge["id"]: edge["evidence"] for edge in graph["edges"]} == expected
    for path in paths["items"]:
        for step in some(path["steps"]):
            assert [one["id"] for one in step["evidence"]] == expected[step["id"]]


def test_the_filter_that_removes_the_last_path_is_named(client: TestClient) -> None:
    found = get(client, "/v1/graph/paths?source=lenalidomide&target=adcc&published_to=1951")

    assert found["items"] == []
    assert found["why"]["by"] == ["published_to"]


def test_the_network_takes_every_filter_on_claims(client: TestClient) -> None:
    """A filter of evidence is one of the network too, and finds the same claims."""
    questions = ("kind=resistance", "setting=in_vitro", "confidence=medium", "level_is=D")
    edges = rows(client, "/v1/edges?basis=evidence&limit=200")
    for question in (*questions, "partner=rituximab", "relation=increases", "trial=augment"):
        passing = set(ids(rows(client, f"/v1/evidence?limit=200&{question}")))
        shown = get(client, f"/v1/graph?{question}")["edges"]

        assert passing
        assert {claim for edge in shown for claim in edge["evidence"]} == {
            claim for edge in edges for claim in edge["evidence"] if claim in passing
        }


def test_the_matrix_counts_the_claims_in_the_range(client: TestClient) -> None:
    for start, end in RANGES:
        question = asked(start, end)
        total = get(client, f"/v1/matrix?rows=mechanism&columns=subtype&{question}")["total"]

        assert total["counts"]["total"] == get(client, f"/v1/evidence?{question}")["total"]
        assert total["counts"]["total"] == get(client, total["evidence"])["total"]


@pytest.mark.parametrize("kind", ["evidence", "outcomes", "trials", "mechanisms"])
def test_tables_hold_the_same_rows(client: TestClient, kind: str) -> None:
    question = "published_from=2012&published_to=2014"
    expected = ids(rows(client, f"/v1/{kind}?{question}"))
    assert expected

    table = client.get(f"/v1/{kind}?format=csv&{question}").text
    lines = client.get(f"/v1/{kind}?format=ndjson&{question}").text.splitlines()

    assert [row["id"] for row in csv.DictReader(io.StringIO(table))] == expected
    assert [json.loads(line)["id"] for line in lines] == expected


@pytest.mark.aside
@pytest.mark.parametrize("kind", ["evidence", "references"])
@pytest.mark.parametrize("limit", [7, 200])
def test_orders_by_year_run_both_ways_with_the_undated_last(
    client: TestClient, kind: str, limit: int
) -> None:
    found = [
        (row["reference"]["year"] if kind == "evidence" else row["year"], row["id"])
        for row in rows(client, f"/v1/{kind}?limit=200")
    ]
    dated = sorted(row for row in found if row[0])
    undated = sorted(row[1] for row in found if not row[0])
    assert dated
    assert undated

    up = ids(rows(client, f"/v1/{kind}?limit={limit}&sort=year"))
    down = ids(rows(client, f"/v1/{kind}?limit={limit}&sort=-year"))

    assert up == [row[1] for row in dated] + undated
    assert down == [row[1] for row in dated[::-1]] + undated[::-1]


@pytest.mark.slow
def test_an_order_by_year_goes_with_filters_and_tables(client: TestClient) -> None:
    question = "/v1/evidence?native=true&subtype=aggressive-b-cell-lymphoma&sort=-year"
    paged = rows(client, f"{question}&limit=3")
    expected = [(row["reference"]["year"], row["id"]) for row in paged]

    lines = client.get(f"{question}&format=ndjson").text.splitlines()

    assert len(expected) > 3
    assert expected == sorted(expected, key=lambda one: (one[0] or 0, one[1]), reverse=True)
    assert [json.loads(line)["id"] for line in lines] == [row_id for _, row_id in expected]


REVERSED = "is before `published_from`, so that nothing could match; swap the two"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_range_that_ends_before_it_starts_is_refused(client: TestClient, address: str) -> None:
    place = address.replace("{id}", "adcc-enhancement")
    answer = client.get(place, params=ADDRESSES[address] | given(2015, 2014))

    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert (fault["parameter"], fault["message"]) == ("published_to", REVERSED)


def test_the_older_name_must_not_end_before_the_start_either(client: TestClient) -> None:
    for place in ("/v1/evidence", "/v1/graph"):
        answer = client.get(place, params={"known_by": 2014, "published_from": 2015})

        (fault,) = answer.json()["faults"]
        assert (fault["parameter"], fault["message"]) == ("known_by", REVERSED)


def test_the_years_of_references_are_a_range_too(client: TestClient) -> None:
    (fault,) = client.get("/v1/references?year_min=2015&year_max=2014").json()["faults"]

    assert (fault["parameter"], fault["message"]) == (
        "year_max",
        "is before `year_min`, so that nothing could match; swap the two",
    )


def test_openapi_describes_them(client: TestClient) -> None:
    document = spelt_out(get(client, "/openapi.json"))

    for address in ADDRESSES:
        found = {one["name"]: one for one in document["paths"][address]["get"]["parameters"]}
        for name in ("published_from", "published_to"):
            assert found[name]["schema"]["type"] == "integer"
            assert "undated" in found[name]["description"].lower()
    for kind in ("evidence", "references"):
        parameters = document["paths"][f"/v1/{kind}"]["get"]["parameters"]
        (sort,) = (one for one in parameters if one["name"] == "sort")
        assert {"year", "-year"} <= set(sort["schema"]["enum"])


def test_claims_follow_the_year_of_their_reference(copy: Settings) -> None:
    content = documents()
    moved = entry(content, "references", "lu-2014") | {"year": 1975}
    undated = entry(content, "references", "gribben-2015") | {"year": None}
    claim = next(one for one in content["evidence"] if one["reference"] == "gribben-2015")
    with changing(copy) as connection:
        for values in (moved, undated):
            put(connection, record("references", values))
        put(connection, record("evidence", claim | {"reference": "lu-2014"}))

    with TestClient(create_app(copy)) as client:
        found = rows(client, "/v1/evidence?published_to=1980")
        dated = ids(rows(client, "/v1/evidence?published_from=1950&limit=200"))

    assert {row["reference"]["id"] for row in found} == {"lu-2014"}
    assert claim["id"] in ids(found)
    lu = {one["id"] for one in content["evidence"] if one["reference"] == "lu-2014"}
    assert set(ids(found)) == {claim["id"], *lu}
    review = {one["id"] for one in content["evidence"] if one["reference"] == "gribben-2015"}
    assert not (review - {claim["id"]}) & set(dated)


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_doctor_finds_a_wrong_year_and_rebuild_mends_it(
    copy: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    claim = table("evidence")
    with changing(copy) as connection:
        before = connection.execute(claim.select().order_by(claim.c.id)).all()
        connection.execute(update(claim).where(claim.c.level == "A").values(year=None))
        connection.execute(update(table("partner")).values(name_key="r 12"))

    assert main(["doctor"]) == 1
    assert "inconsistent with the content: partner, evidence; run" in capsys.readouterr().err
    assert main(["rebuild"]) == 0
    assert capsys.readouterr().err == "rebuilt; these differed: partner, evidence\n"
    assert main(["doctor"]) == 0
    with changing(copy) as connection:
        assert connection.execute(claim.select().order_by(claim.c.id)).all() == before
