"""Filters, roll-up over trees and pages, as a reader of the data would check them."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.spelling import order_key
from seed import RELEASE
from tests.conftest import SQLITE_FIRST
from tests.cursors import closed, opened
from tests.looking import pages, some


def ids(client: TestClient, address: str) -> list[str]:
    found: list[str] = []
    following: str | None = address
    while following:
        page = client.get(following).json()
        found += [item["id"] for item in page["items"]]
        following = page["next"]
    assert len(found) == len(set(found)) == page["total"]
    return found


def everything(client: TestClient, kind: str) -> list[dict[str, Any]]:
    return pages(client, f"/v1/{kind}?limit=200")


def test_a_subtype_stands_for_all_below_it(client: TestClient) -> None:
    large = {"diffuse-large-b-cell-lymphoma", "dlbcl-abc", "dlbcl-gcb", "dlbcl-non-gcb"}
    expected = [
        row["id"]
        for row in everything(client, "evidence")
        if large & {subtype["id"] for subtype in row["subtypes"]}
    ]
    exactly = [
        row["id"]
        for row in everything(client, "evidence")
        if "diffuse-large-b-cell-lymphoma" in {subtype["id"] for subtype in row["subtypes"]}
    ]

    assert ids(client, "/v1/evidence?subtype=diffuse-large-b-cell-lymphoma") == expected
    narrow = "/v1/evidence?subtype=diffuse-large-b-cell-lymphoma&rollup=exact"
    assert ids(client, narrow) == exactly
    assert len(expected) > len(exactly) > 0


def test_the_root_stands_for_every_row_that_names_a_subtype(client: TestClient) -> None:
    expected = [row["id"] for row in everything(client, "evidence") if row["subtypes"]]

    assert ids(client, "/v1/evidence?subtype=b-cell-non-hodgkin-lymphoma") == expected


def test_a_cell_stands_for_its_kinds(client: TestClient) -> None:
    kinds = {
        one["id"]
        for one in everything(client, "entities")
        if "t-cell" in (one["id"], one["parent"] and one["parent"]["id"])
    }
    expected = [
        row["id"]
        for row in everything(client, "evidence")
        if row["cell"] and row["cell"]["id"] in kinds
    ]

    assert ids(client, "/v1/evidence?cell=t-cell") == expected
    assert ids(client, "/v1/evidence?cell=t-cell&rollup=exact") != expected


def test_parent_lists_what_is_below_or_the_children_only(client: TestClient) -> None:
    below = ids(client, "/v1/subtypes?parent=aggressive-b-cell-lymphoma")
    children = ids(client, "/v1/subtypes?parent=aggressive-b-cell-lymphoma&rollup=exact")

    assert set(below) > set(children)
    assert "dlbcl-abc" in below
    assert "dlbcl-abc" not in children


@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("kind=resistance", lambda row: row["kind"] == "resistance"),
        ("level=B", lambda row: row["level"] in "AB"),
        ("level=A", lambda row: row["level"] == "A"),
        ("native=true", lambda row: row["origin"] == "native"),
        ("native=false", lambda row: row["origin"] != "native"),
        ("origin=mixed&origin=borrowed", lambda row: row["origin"] in ("mixed", "borrowed")),
        (
            "native=false&origin=mixed&origin=borrowed&level=D",
            lambda row: row["origin"] in ("mixed", "borrowed") and row["level"] < "E",
        ),
        ("level_is=B&level_is=D", lambda row: row["level"] in "BD"),
        ("in_review=true", lambda row: row["reference"]["id"] == "gribben-2015"),
        ("known_by=2011", lambda row: (row["reference"]["year"] or 9999) <= 2011),
        ("context=animal&level=D", lambda row: "animal" in row["contexts"] and row["level"] < "E"),
        (
            "partner=rituximab&interaction=synergy",
            lambda row: (
                any(p["partner"]["id"] == "rituximab" for p in row["partners"])
                and any(p["interaction"] == "synergy" for p in row["partners"])
            ),
        ),
        (
            "entity=crbn",
            lambda row: any(
                (link["type"], link["id"]) == ("entity", "crbn")
                for end in ("subject", "object")
                for link in row[end]["links"]
            ),
        ),
        ("trial=augment", lambda row: "augment" in [trial["id"] for trial in row["trials"]]),
        ("reference=lu-2014", lambda row: row["reference"]["id"] == "lu-2014"),
        (
            "setting=ex_vivo&confidence=medium",
            lambda row: (row["setting"], row["confidence"]) == ("ex_vivo", "medium"),
        ),
    ],
)
def test_a_filter_gives_just_the_rows_that_hold(
    client: TestClient, question: str, holds: Any
) -> None:
    expected = [row["id"] for row in everything(client, "evidence") if holds(row)]

    assert ids(client, f"/v1/evidence?limit=7&{question}") == expected
    assert expected


def test_filters_of_the_other_types(client: TestClient) -> None:
    references = everything(client, "references")
    expected = [
        one["id"]
        for one in references
        if 2013 <= (one["year"] or 0) <= 2015 and (one["doi"] or one["pmid"])
    ]

    assert ids(client, "/v1/references?year_min=2013&year_max=2015&has=doi&has=pmid") == expected
    assert ids(client, "/v1/references?role=the review") == ["gribben-2015"]
    assert ids(client, "/v1/entities?figure1=true") == [
        one["id"] for one in everything(client, "entities") if one["figure1_term"]
    ]
    assert ids(client, "/v1/edges?sign=-&basis=textbook") == [
        one["id"]
        for one in everything(client, "edges")
        if (one["sign"], one["basis"]) == ("-", "textbook")
    ]
    assert ids(client, "/v1/edges?sign=+") == ids(client, "/v1/edges?sign=%2B")
    assert ids(client, "/v1/edges?entity=adcc") == [
        one["id"]
        for one in everything(client, "edges")
        if "adcc" in (one["source"]["id"], one["target"]["id"])
    ]
    assert "adcc-enhancement" in ids(client, "/v1/mechanisms?cell=nk-cell&partner=rituximab")
    assert "augment" in ids(client, "/v1/trials?partner=rituximab&measure=HR_PFS&phase=3")


def test_many_ids_at_once(client: TestClient) -> None:
    wanted = ["follicular-lymphoma", "mantle-cell-lymphoma"]

    assert ids(client, f"/v1/subtypes?id={wanted[1]}&id={wanted[0]}&id={wanted[0]}") == wanted


@pytest.mark.slow
def test_orders_run_both_ways_with_the_unknown_last(client: TestClient) -> None:
    rows = [(one["year"], one["id"]) for one in everything(client, "references")]
    dated = [row for row in rows if row[0]]
    undated = [row[1] for row in rows if not row[0]]

    up = ids(client, "/v1/references?limit=2&sort=year")
    down = ids(client, "/v1/references?limit=2&sort=-year")

    assert up == [row[1] for row in sorted(dated)] + undated
    assert down == [row[1] for row in sorted(dated, reverse=True)] + undated[::-1]


@pytest.mark.parametrize(
    ("plural", "column"),
    [
        *(("entities", "name"), ("mechanisms", "name"), ("partners", "name")),
        *(("subtypes", "name"), ("trials", "name"), ("references", "title")),
    ],
)
def test_names_sort_as_people_sort_them(client: TestClient, plural: str, column: str) -> None:
    rows = [(order_key(one[column]), one["id"]) for one in everything(client, plural)]
    wanted = [row[1] for row in sorted(rows)]

    assert ids(client, f"/v1/{plural}?limit=50&sort={column}") == wanted
    assert ids(client, f"/v1/{plural}?limit=50&sort=-{column}") == wanted[::-1]


def test_trials_with_odd_capitals_stand_among_their_letters(client: TestClient) -> None:
    names = [one["name"] for one in everything(client, "trials")]
    listed = client.get("/v1/trials?limit=200&sort=name").json()["items"]

    assert "inMIND" in names
    firsts = [one["name"][0].casefold() for one in listed]
    assert firsts == sorted(firsts)


IN_ORDER = [
    *("", "+", "2-microglobulin", "A051103", "\u03b1-tubulin", "\u00e4pfel", "beta-catenin", "CD4"),
    *("CD20", "CD274", "IL-2", "IL2RA", "IL 10", "inMIND", "Island", "miR-9", "miR-021", "mir-21b"),
    *("miR 100", "T cell", "T\u2011cell synapse", "TNF", "TNF-\u03b1", "\u6f22\u5b57"),
]


def test_keys_sort_numbers_greek_letters_and_hyphens_as_they_are_read() -> None:
    assert sorted(IN_ORDER, key=order_key) == IN_ORDER
    assert order_key("NF-\u03baB") == order_key("nf kappab")
    assert order_key("R\u00b2") == order_key("r 002")
    assert order_key("0") < order_key("1")


def test_the_next_page_keeps_the_question_and_stands_in_link(client: TestClient) -> None:
    answer = client.get("/v1/evidence?limit=2&level=A&in_review=false")

    following = answer.json()["next"]
    assert answer.headers["link"].startswith(f'<{following}>; rel="next", ')
    assert following.startswith("/v1/evidence?in_review=false&level=A&limit=2&cursor=")
    assert client.get(following).json()["total"] == answer.json()["total"]


def test_a_page_after_the_last_row_is_empty_but_knows_the_total(client: TestClient) -> None:
    address = "/v1/evidence?limit=1&kind=approval"
    first = client.get(address).json()
    place, cursor = first["next"].split("&cursor=")
    parts = opened(cursor)
    parts[2:4] = ["zzz", "zzz"]

    for _ in range(2):
        assert client.get(f"{place}&cursor={closed(parts)}").json() == {
            "items": [],
            "total": first["total"],
            "total_at_least": first["total"],
            "next": None,
            "why": None,
            "unmatched": [],
        }


@pytest.mark.parametrize(
    ("query", "reason", "by"),
    [
        ("entity=crbn&cell=treg&kind=approval", "only together", set()),
        ("kind=approval&setting=in_vitro", "without `kind` there are", {"kind", "setting"}),
        ("q=ibrutinib&kind=approval&origin=native", "without `kind` there are", {"kind"}),
        ("q=qqqqqqq&kind=approval", "The search finds no row", set()),
    ],
)
def test_an_empty_list_says_why(client: TestClient, query: str, reason: str, by: set[str]) -> None:
    page = client.get(f"/v1/evidence?{query}").json()

    assert page["items"] == []
    assert reason in page["why"]["reason"]
    assert {one["filter"] for one in page["why"]["by"]} == by
    for one in page["why"]["by"]:
        pairs = [pair for pair in query.split("&") if not pair.startswith(one["filter"])]
        assert client.get(f"/v1/evidence?{'&'.join(pairs)}").json()["total"] == one["total"] > 0


def test_a_look_up_says_which_identifiers_nobody_has(client: TestClient) -> None:
    page = client.get("/v1/entities?xref=CRBN&xref=NOSUCH&xref=HGNC:0").json()
    assert ([one["id"] for one in page["items"]], page["unmatched"]) == (["crbn"], [1, 2])
    page = client.get("/v1/entities?xref=NOSUCH&q=cereblon").json()
    assert (page["why"]["by"][0]["filter"], page["unmatched"]) == ("xref", [])


def test_the_index_leads_to_every_list(client: TestClient) -> None:
    index = client.get("/v1").json()

    for address in [*index["resources"].values(), *(index[k] for k in ("dataset", "vocabulary"))]:
        assert client.get(address).status_code == 200
    assert "no advice on treatment" in index["disclaimer"]


def test_the_dataset_says_what_it_is(client: TestClient) -> None:
    dataset = client.get("/v1/dataset").json()

    assert dataset["licence"] == {"data": "CC-BY-4.0", "code": "MIT"}
    assert dataset["version"] == RELEASE
    assert dataset["revision"] == 1
    for kind, count in some(dataset["counts"].items()):
        assert client.get(f"/v1/{kind}?limit=1").json()["total"] == count


def test_it_lives_and_is_ready(client: TestClient) -> None:
    assert client.get("/livez").json() == client.get("/readyz").json() == {"status": "ok"}
