"""`view=brief`: the same answers in few words, which say what they leave out."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.read.brief import MOST, fitted, row
from app.resources import ALL
from app.schema.resource import Resource
from tests.conftest import BOTH
from tests.looking import pages, some

Apps = Mapping[str, TestClient]

RATIONALE = "/v1/partners/rituximab/rationale"
PATHS = "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death"
MATRIX = "/v1/matrix?rows=mechanism&columns=subtype"
MOST_OF_A_CLAIM = 381


def brief_of(client: TestClient, address: str) -> Any:
    answer = client.get(f"{address}{'&' if '?' in address else '?'}view=brief")
    assert answer.status_code == 200, answer.text
    return answer.json()


def left_out(answer: Any) -> dict[str, int]:
    return {one["what"]: one["left_out"] for one in answer["more"]}


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value:
        if isinstance(below, dict | list):
            yield from mappings(below)


def test_a_brief_list_has_few_characters_a_claim(client: TestClient) -> None:
    for limit in (50, 200):
        answer = client.get(f"/v1/evidence?view=brief&limit={limit}")
        assert len(answer.text) <= MOST_OF_A_CLAIM * limit
    lines = client.get("/v1/evidence?view=brief&format=ndjson").text
    assert len(lines) <= MOST_OF_A_CLAIM * len(some(lines.splitlines()))


def test_a_claim_says_what_it_rests_on(client: TestClient) -> None:
    whole = pages(client, "/v1/evidence?limit=200")
    short = pages(client, "/v1/evidence?limit=200&view=brief")

    assert [one["id"] for one in short] == [one["id"] for one in whole]
    for claim, found in some(zip(whole, short, strict=True)):
        reference, links = claim["reference"], claim["subject"]["links"] + claim["object"]["links"]
        identifier = "pmid" if reference["pmid"] else "doi"
        expected = {
            "id": claim["id"],
            "claim": claim["statement"],
            "measured": claim["origin"],
            "level": claim["level"],
            "source": reference["citation"],
            identifier: reference[identifier],
            "sign": claim["sign"],
            "states": {link["id"]: link["state"] for link in links if link["state"]},
        }
        assert found == {name: value for name, value in expected.items() if value}
    assert any("states" in one for one in short)
    assert any("doi" in one for one in short)


@pytest.mark.aside
@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_every_type_has_a_like_form(apps: Apps, resource: Resource) -> None:
    """Rows beside a row as ids, no stamps, nothing empty; the same bytes from both databases."""
    address = f"/v1/{resource.plural}?limit=20&view=brief"
    listed = [apps[name].get(address) for name in BOTH]
    assert listed[0].content == listed[1].content
    found = listed[0].json()
    whole = apps["sqlite"].get(f"/v1/{resource.plural}?limit=20")

    assert len(listed[0].content) < len(whole.content)
    assert found["total"] == whole.json()["total"]
    assert [one["id"] for one in found["items"]] == [one["id"] for one in whole.json()["items"]]
    for one in mappings(found["items"]):
        assert not one.keys() & {"version", "created_at", "updated_at", "cite", "evidence_counts"}
        assert not [name for name, value in one.items() if value in (None, "", [], {})], one
    rows = apps["sqlite"].get(f"{address}&format=ndjson").text.splitlines()
    assert [json.loads(line) for line in rows] == found["items"]


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_a_row_says_where_it_is_whole(client: TestClient, resource: Resource) -> None:
    address = f"/v1/{resource.plural}/{resource.example.id}"
    whole, found = client.get(address), client.get(f"{address}?view=brief")
    (more,) = found.json().pop("more")

    assert more["what"] == "fields"
    assert more["left_out"] >= 3
    assert client.get(more["address"]).content == whole.content
    assert found.headers["etag"] != whole.headers["etag"]
    assert found.headers["etag"].split("-")[0] == whole.headers["etag"].split("-")[0]


def test_pages_of_few_words_follow_one_another(client: TestClient) -> None:
    first = brief_of(client, "/v1/evidence?limit=3")

    assert first.keys() == {"items", "total", "next", "more"}
    assert "view=brief" in first["next"]
    # A cursor is of the list, however its rows are written.
    assert client.get(first["next"].replace("&view=brief", "")).json()["items"][0]["statement"]


@pytest.mark.aside
@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_a_list_says_what_its_rows_leave_out(client: TestClient, resource: Resource) -> None:
    first = f"/v1/{resource.plural}?limit=3"
    for address in (first, f"/v1/{resource.plural}/{resource.example.id}/evidence?limit=2"):
        if resource.plural == "evidence" and address != first:
            continue
        found, whole = brief_of(client, address), client.get(address)
        (more,) = found["more"]
        rows = [
            brief_of(
                client, f"/v1/{'evidence' if address != first else resource.plural}/{one['id']}"
            )
            for one in found["items"]
        ]
        assert more["what"] == "fields"
        assert more["left_out"] == sum(left_out(one)["fields"] for one in rows) >= 3
        assert client.get(more["address"]).content == whole.content


def test_an_empty_list_says_why_in_few_words_too(client: TestClient) -> None:
    empty = "/v1/evidence?mechanism=adcc-enhancement&subtype=primary-cns-lymphoma"
    assert brief_of(client, empty)["why"] == client.get(empty).json()["why"]
    assert "more" not in brief_of(client, empty)
    unknown = brief_of(client, "/v1/entities?xref=crbn&xref=none")
    assert unknown["unmatched"] == [1]
    assert "why" not in unknown


def test_what_it_is_not_for_is_refused(client: TestClient) -> None:
    for query in ("format=csv", "format=ndjson&fields=id"):
        answer = client.get(f"/v1/evidence?view=brief&{query}")
        assert answer.status_code == 422
        assert answer.json()["faults"] == [
            {
                "parameter": "view",
                "message": "is for whole rows in JSON or NDJSON; a CSV file has the columns named "
                "in `fields`",
                "nearest": [],
            }
        ]
    answer = client.get("/v1/evidence?view=short")
    assert answer.json()["faults"][0]["message"] == "must be `whole` or `brief`"


@pytest.mark.parametrize("address", [RATIONALE, PATHS, MATRIX, "/v1/evidence?limit=2"])
def test_the_cache_keeps_both_forms_apart(client: TestClient, address: str) -> None:
    mark = "&" if "?" in address else "?"
    whole, short = address, f"{address}{mark}view=brief"
    found = {one: client.get(one) for one in (whole, short, f"{address}{mark}view=whole")}

    if "items" not in found[whole].json():
        assert found[whole].content == found[f"{address}{mark}view=whole"].content
    assert len(found[short].content) < len(found[whole].content)
    for one, answer in found.items():
        again = client.get(one)
        assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])
        known = {"if-none-match": answer.headers["etag"]}
        assert client.get(one, headers=known).status_code == 304


def test_the_rationale_of_every_partner_fits(client: TestClient) -> None:
    for partner in some(pages(client, "/v1/partners?limit=200")):
        address = f"/v1/partners/{partner['id']}/rationale"
        found = client.get(f"{address}?view=brief")
        assert len(found.text) <= MOST == 12_000


def test_a_rationale_is_its_sentences_counts_and_claims(client: TestClient) -> None:
    whole, found = client.get(RATIONALE).json(), brief_of(client, RATIONALE)

    assert found["sentence"] == whole["sentence"]
    for short, meeting in some(zip(found["meetings"], whole["meetings"], strict=True)):
        assert short["node"] == meeting["node"]["id"]
        assert short["sentence"] == meeting["sentence"]
        for path, of in zip(
            short["paths"], (meeting["drug_path"], meeting["partner_path"]), strict=True
        ):
            assert (path["sentence"], path["measured"]) == (of["sentence"], of["origin"])
            along = {claim["id"] for step in of["steps"] for claim in step["evidence"]}
            assert set(path.get("claims", ())) == along
    for short, group in some(zip(found["evidence"], whole["evidence"], strict=True)):
        assert short["total"] == group["total"]
        assert short["claims"] == [claim["id"] for claim in group["items"]][: len(short["claims"])]
    assert [one["id"] for one in found["conflicts"]] == [one["id"] for one in whole["conflicts"]]
    outcomes = {
        outcome["id"]
        for group in whole["trials"]
        for trial in group["trials"]
        for outcome in trial["outcomes"]
    }
    assert left_out(found)["outcomes"] == len(outcomes) > 0
    for one in found["more"]:
        assert client.get(one["address"]).json() == whole


def test_paths_are_their_sentences_origins_and_claims(client: TestClient) -> None:
    answer = client.get(f"{PATHS}&view=brief")
    whole, found = client.get(PATHS).json(), answer.json()

    assert len(answer.text) <= MOST
    assert (found["source"], found["target"]) == ("lenalidomide", "tumour-cell-death")
    for path, of in some(zip(found["items"], whole["items"], strict=True)):
        assert (path["sentence"], path["measured"], path["sign"]) == (
            of["sentence"],
            of["origin"],
            of["sign"],
        )
        assert path["claims"]
    steps = {step["id"] for path in whole["items"] for step in path["steps"]}
    assert left_out(found) == {"steps": len(steps)}
    assert client.get(found["more"][0]["address"]).json() == whole


def test_many_paths_are_cut_to_what_fits_and_say_so(client: TestClient) -> None:
    address = f"{PATHS}&limit=100&max_steps=12&cells=any"
    answer = client.get(f"{address}&view=brief")
    whole, found = client.get(address).json(), answer.json()

    assert len(answer.text) <= MOST
    assert 0 < len(found["items"]) < len(whole["items"]) == found["total"]
    told = left_out(found)
    assert told["paths"] == len(whole["items"]) - len(found["items"])
    every = {
        claim["id"]
        for path in whole["items"]
        for step in path["steps"]
        for claim in step["evidence"]
    }
    shown = {claim for path in found["items"] for claim in path["claims"]}
    assert told["claims"] == len(every - shown) > 0


def test_no_path_says_why_in_few_words(client: TestClient) -> None:
    found = brief_of(client, "/v1/graph/paths?source=crbn&target=lenalidomide")
    whole = client.get("/v1/graph/paths?source=crbn&target=lenalidomide").json()

    assert found["why"]["sentence"] == whole["why"]["sentence"]
    assert found["why"]["claims"] == [claim["id"] for claim in whole["why"]["claims"]]
    limited = brief_of(client, f"{PATHS}&max_steps=1")
    assert limited["why"]["by"] == ["max_steps"]
    assert limited["why"]["path"]["sentence"]


def test_a_matrix_is_its_numbers(client: TestClient) -> None:
    whole, found = client.get(MATRIX).json(), brief_of(client, MATRIX)

    for name in ("rows", "columns"):
        totals = {one["id"]: one["counts"]["total"] for one in some(whole[name])}
        assert {each: counts["total"] for each, counts in found[name].items()} == totals
    for cell, of in some(zip(found["cells"], whole["cells"], strict=True)):
        origins = {word: n for word, n in of["counts"]["origin"].items() if n}
        expected = {"row": of["row"], "column": of["column"], "total": of["counts"]["total"]}
        assert cell == expected | origins
    assert found["total"]["total"] == whole["total"]["counts"]["total"]
    (more,) = found["more"]
    assert more["left_out"] == sum(len(whole[one]) for one in ("rows", "columns", "cells")) + 1
    assert client.get(more["address"]).json() == whole


def test_what_does_not_fit_is_cut_to_nothing_at_last() -> None:
    def made(text: str) -> Callable[[int], dict[str, Any]]:
        return lambda most: {"items": [text] * most}

    assert json.loads(fitted(made("a")))["items"] == ["a"] * 100
    for size, fit in ((5_000, 2), (200, 59), (150, 78), (130, 90), (120, 97)):
        assert len(json.loads(fitted(made("a" * size)))["items"]) == fit
    assert json.loads(fitted(made("a" * 20_000)))["items"] == []
    assert json.loads(fitted(lambda most: {"text": "a" * 20_000, "most": most}))["most"] == 0


def test_a_type_to_come_is_brief_by_the_same_rules() -> None:
    found = row(
        {
            "id": "a",
            "version": 3,
            "parts": [{"id": "b", "name": "B"}, {"id": "c", "name": "C"}],
            "detail": {"text": "d", "note": None, "at": []},
            "source": {"id": "e", "citation": "E 2020", "pmid": None, "doi": "10.1/e"},
            "certain": False,
            "number": 0,
        }
    )

    assert found == {
        "id": "a",
        "parts": ["b", "c"],
        "detail": {"text": "d"},
        "source": "E 2020",
        "doi": "10.1/e",
        "certain": False,
        "number": 0,
    }
