"""What is suggested for an unknown id: by its meaning before its spelling, in bounded time."""

import re
import time
from collections import defaultdict
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from app import lookalikes
from app.formats.signposts import PAGES
from app.lookalikes import CANDIDATES_AT_ONCE, alike
from app.schema.identifiers import normal
from app.schema.values import SLUG
from tests.conftest import SQLITE_FIRST, Clients
from tests.looking import pages, some

FILTERS = {"subtypes": "subtype", "partners": "partner", "entities": "entity", "trials": "trial"}
OWN = ("abbreviation", "symbol", "label", "name", "synonyms")


def test_the_most_alike_come_first() -> None:
    assert alike("folicular", ["mantle", "follicular", "follicular-3"]) == (
        "follicular",
        "follicular-3",
    )


def test_the_search_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    many = ["x" * 8] * CANDIDATES_AT_ONCE
    clock = iter([0.0, lookalikes.MAX_SECONDS * 2])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))

    assert alike("follicular", [*many, "follicular"]) == ()


def nearest(client: TestClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code in (404, 422), address
    problem = answer.json()
    found: list[str] = [one for fault in problem["faults"] for one in fault["nearest"]]
    return [*found, *problem["nearest"]]


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/v1/evidence?subtype=mcl", "mantle-cell-lymphoma"),
        ("/v1/evidence?subtype=DLBCL", "diffuse-large-b-cell-lymphoma"),
        ("/v1/evidence?entity=ikaros", "ikzf1"),
        ("/v1/evidence?entity=p21", "cdkn1a"),
        ("/v1/evidence?partner=Rituximab", "rituximab"),
        ("/v1/evidence?cell=T cells", "t-cell"),
        ("/v1/evidence?entity=folicular", "follicular"),
        ("/v1/entities/CRBN", "crbn"),
        ("/v1/subtypes/fl", "follicular-lymphoma"),
        ("/v1/trials/NCT01938001", "augment"),
        ("/v1/trials/NCT01938001/evidence", "augment"),
        ("/v1/references/24292623", "lu-2014"),
        ("/v1/references/10.1126/science.1244917", "lu-2014"),
        ("/v1/edges?id=e001", "lenalidomide-activates-crl4-crbn-neosubstrate-ubiquitination"),
    ],
)
def test_what_people_write_instead_of_an_id_names_the_row(
    client: TestClient, address: str, first: str
) -> None:
    assert first in some(nearest(client, address))[0]


@pytest.mark.covering
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("subtype=nodal MZL", "marginal-zone-lymphoma"),
        ("subtype=germinal center", "dlbcl-gcb"),
        ("subtype=GCB", "dlbcl-gcb"),
        ("subtype=small lymphocytic", "cll-sll"),
        ("subtype=diffuse large B cell", "diffuse-large-b-cell-lymphoma"),
        ("subtype=mantel cell", "mantle-cell-lymphoma"),
        ("entity=human CRBN", "crbn"),
        ("cell=human NK cells", "nk-cell"),
        ("partner=rituximab biosimilar", "rituximab"),
        ("partner=R-CHOP21", "r-chop"),
        ("trial=AUGMENT study", "augment"),
        ("mechanism=NK killing", "nk-cell-activation-and-killing"),
        ("reference=Gribben", "gribben-2015"),
    ],
)
def test_the_words_of_a_name_name_the_row(both: Clients, query: str, first: str) -> None:
    answers = [client.get(f"/v1/evidence?{query}") for client in both]
    (fault,) = answers[0].json()["faults"]

    assert fault["nearest"][0] == first
    assert answers[1].json()["faults"] == [fault]


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("/v1/mechanism", "/v1/mechanisms"),
        ("/v1/mechanism/adcc-enhancement", "/v1/mechanisms"),
        ("/v1/mechanisms/adcc-enhancement/graphs", "/v1/mechanisms/adcc-enhancement/graph"),
        ("/v1/references/10.1038/nature14610", "kronke-2015"),
        ("/v1/evidnce/augment-pfs", "/v1/evidence"),
        ("/v1/graph/path", "/v1/graph/paths"),
        ("/v1/matrixes", "/v1/matrix"),
    ],
)
def test_an_address_that_leads_nowhere_names_those_like_it(
    client: TestClient, address: str, near: str
) -> None:
    assert some(nearest(client, address))[0] == near


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        (
            "subtype=follicular-lymphoma&subtype=mcl&subtype=dlbcl",
            {
                "value 2 of 3 names no known subtype": ["mantle-cell-lymphoma"],
                "value 3 of 3 names no known subtype": ["diffuse-large-b-cell-lymphoma"],
            },
        ),
        (
            "partner=Velcade&partner=ibrutinib&partner=Rituxan",
            {"value 1 of 3": ["bortezomib"], "value 3 of 3": ["rituximab"]},
        ),
        (
            "subtype=follicular-lymphoma&subtype=follicular-lymphoma&subtype=mcl&subtype=mcl",
            {"value 3 of 4 names no known subtype": ["mantle-cell-lymphoma"]},
        ),
        ("partner=Velcade", {"must be lower-case": ["bortezomib"]}),
    ],
)
def test_of_several_values_each_wrong_one_is_named(
    client: TestClient, query: str, faults: dict[str, list[str]]
) -> None:
    found = client.get(f"/v1/evidence?{query}").json()["faults"]

    assert [one["nearest"] for one in some(found)] == list(faults.values())
    for one, start in zip(found, faults, strict=True):
        assert one["message"].startswith(start)


@pytest.mark.parametrize(
    "address",
    [
        "/v1/evidence?entity=zq",
        "/v1/evidence?entity=%2B%2B",
        "/v1/evidence?subtype=B",
        "/v1/evidence?subtype=classical Hodgkin lymphoma",
        "/v1/evidence?subtype=lymphoblastic lymphoma",
        "/v1/none/CRBN",
        "/v2/entities/CRBN",
        "/v1/evidence?kind=Zz",
    ],
)
def test_nothing_is_suggested_where_nothing_can_be_meant(client: TestClient, address: str) -> None:
    assert nearest(client, address) == []


@pytest.mark.slow
@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("plural", FILTERS)
def test_every_name_of_a_row_leads_to_it_first(client: TestClient, plural: str) -> None:
    having: dict[str, set[str]] = defaultdict(set)
    for row in some(pages(client, f"/v1/{plural}?limit=200")):
        for name in names(row):
            having[name.lower()].add(row["id"])
    ids = {one for rows in having.values() for one in rows}
    same: dict[str, set[str]] = defaultdict(set)
    for name, rows in having.items():
        same[normal(name)] |= rows

    for name in some(having.keys() - ids):
        found = nearest(client, f"/v1/evidence?{FILTERS[plural]}={quote(name)}")
        assert found[:1] != [], name
        assert found[0] in same[normal(name)], name


def names(row: Any) -> list[str]:
    found: list[str] = []
    for field in OWN:
        value = row.get(field) or []
        found += value if isinstance(value, list) else [value]
    return found


def test_an_earlier_id_leads_to_the_row(client: TestClient) -> None:
    now = "lenalidomide-activates-crl4-crbn-neosubstrate-ubiquitination-in-any-cell"
    for old, new in (
        ("/v1/edges/e001", f"/v1/edges/{now}"),
        ("/v1/edges/e001/evidence?level=D", f"/v1/edges/{now}/evidence?level=D"),
    ):
        answer = client.get(old, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, new)
        assert client.get(old).status_code == 200


def test_every_earlier_id_leads_to_its_row_and_its_page(client: TestClient) -> None:
    """Those aliases that are ids; the others are names, by which a row is found."""
    followed = 0
    for plural in ("edges", "entities", "subtypes"):
        rows = pages(client, f"/v1/{plural}?limit=200")
        ids = {row["id"] for row in rows}
        earlier = {
            alias: row["id"]
            for row in rows
            for alias in (row["aliases"] if "aliases" in row else [row["alias"]])
            if alias and re.fullmatch(SLUG, alias) and alias not in ids
        }
        assert earlier or plural == "subtypes"
        for old, now in earlier.items():
            for start in ("/v1", "") if plural in PAGES else ("/v1",):
                answer = client.get(f"{start}/{plural}/{old}", follow_redirects=False)
                assert answer.status_code == 308, (start, plural, old)
                assert answer.headers["location"] == f"{start}/{plural}/{now}"
                followed += 1
    assert followed > 50


@pytest.mark.parametrize(
    "address", ["/entities/nk-proliferation?level=B&origin=native", "/entities/nk-cytotoxicity"]
)
def test_the_page_of_an_earlier_id_leads_to_that_of_the_row(
    client: TestClient, address: str
) -> None:
    answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=False)
    path, _, query = answer.headers["location"].partition("?")

    assert answer.status_code == 308
    assert query == address.partition("?")[2]
    assert answer.headers["x-dataset-version"]
    assert client.get(f"/v1{path}").json()["id"] == path.removeprefix("/entities/")
    assert client.get(address).status_code == 200
    assert client.get("/partners/never-there").status_code == 404


@pytest.mark.parametrize(
    ("name", "first", "matched"),
    [
        ("HGNC:30185", "entity/crbn", "xrefs"),
        ("Velcade", "partner/bortezomib", "synonyms"),
        ("https://doi.org/10.1126/SCIENCE.1244917", "reference/lu-2014", "doi"),
        ("NF-\u03baB", "entity/nf-kb", "synonyms"),
        ("e001", "edge/", "alias"),
        ("AUGMENT", "trial/augment", "id"),
    ],
)
def test_any_name_of_any_type_is_resolved(
    both: Clients, name: str, first: str, matched: str
) -> None:
    answers = [client.get("/v1/resolve", params={"name": name}) for client in both]
    hit = answers[0].json()["items"][0]

    assert f"{hit['type']}/{hit['id']}".startswith(first)
    assert hit["matched"] == matched
    assert both[0].get(hit["address"]).json()["id"] == hit["id"]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(("start", "first"), [("c", "cll-sll"), ("e", "erk"), ("n", "nk-cell")])
def test_the_shortest_name_is_suggested_however_many_begin_alike(
    client: TestClient, start: str, first: str
) -> None:
    items = client.get("/v1/suggest", params={"q": start}).json()["items"]
    assert items[0]["id"] == first


@pytest.mark.parametrize(
    "start", ["ritux", "ik", "cs", "", "lenalidomide", "mantle c", "zzzz", "'", "\U0001f600"]
)
def test_the_beginning_of_a_name_suggests_rows(both: Clients, start: str) -> None:
    answers = [client.get("/v1/suggest", params={"q": start}) for client in both]
    items = answers[0].json()["items"]

    assert answers[0].content == answers[1].content
    assert len(items) <= 10
    assert bool(items) == (start.isascii() and len(start) > 1 and start != "zzzz")
    assert len({(one["type"], one["id"]) for one in items}) == len(items)
