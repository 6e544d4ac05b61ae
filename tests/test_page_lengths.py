"""What is long is folded or summed up on its page, and nothing of it is lost."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from app.pages.claims import MOST
from tests.conftest import SQLITE_FIRST
from tests.looking import pages, some
from tests.test_pages import HTML, read

ORIGINS = ("native", "mixed", "borrowed", "stated")
ALL_OF_IT = re.compile(r'<a href="([^"]+)">All ([\d,]+) on a separate page</a>')


@pytest.mark.parametrize(
    ("page", "listed"),
    [
        ("/subtypes/b-cell-non-hodgkin-lymphoma?", "rollup=exact&"),
        ("/entities/lenalidomide?in_review=false&", "in_review=false&"),
        ("/references/gribben-2015?", ""),
    ],
)
def test_each_group_of_claims_leads_to_all_of_them(
    apps: dict[str, TestClient], page: str, listed: str
) -> None:
    client = apps["sqlite"]
    path = page.partition("?")[0]
    links = ALL_OF_IT.findall(client.get(page.rstrip("?&")).text)

    for link, total in some(links):
        (origin,) = re.findall(r"origin=(\w+)", link)
        claims = pages(client, f"/v1{path}/evidence?{listed}origin={origin}&limit=200")
        shown = read(client, unescape(link))
        assert len(claims) == int(total) > MOST
        assert {one["id"] for one in claims} <= set(shown.ids())
    if "in_review" in page:
        assert all("in_review=false" in link for link, _ in links)


def test_the_strongest_claims_of_each_origin_stand_first(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    shown = read(client, "/entities/lenalidomide").ids()
    every = pages(client, "/v1/entities/lenalidomide/evidence?limit=200")

    for origin in ORIGINS:
        here = [one for one in every if one["origin"] == origin]
        here.sort(key=lambda one: (one["level"], one["id"]))
        expected = [one["id"] for one in here[:MOST]]
        assert [one for one in shown if one in {each["id"] for each in here}] == expected


def test_a_subtype_shows_its_own_claims_and_sums_up_those_below(
    apps: dict[str, TestClient],
) -> None:
    client = apps["sqlite"]
    whole = "b-cell-non-hodgkin-lymphoma"
    every = pages(client, "/v1/subtypes?limit=200")
    children = [one["id"] for one in every if (one["parent"] or {}).get("id") == whole]
    text = client.get(f"/subtypes/{whole}?in_review=true").text
    below = dict(
        re.findall(
            r'<a href="/subtypes/([^"?]+)\?in_review=true">[^<]+</a> <small>\((\d+) cl', text
        )
    )

    found = {
        child: client.get(f"/v1/subtypes/{child}/evidence?in_review=true&limit=1").json()["total"]
        for child in some(children)
    }
    assert {child: int(total) for child, total in below.items()} == {
        child: total for child, total in found.items() if total
    }
    (trials,) = re.findall(r">All (\d+) trials with", text)
    assert int(trials) == client.get(f"/v1/trials?subtype={whole}&limit=1").json()["total"]


@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
def test_rows_are_found_by_what_belongs_to_them(client: TestClient) -> None:
    trials = pages(client, "/v1/trials?limit=200")
    cited = trials[0]["references"][0]["id"]
    found = pages(client, f"/v1/trials?reference={cited}")
    assert [one["id"] for one in found] == [
        one["id"] for one in trials if cited in [each["id"] for each in one["references"]]
    ]
    claims = {one["id"]: one for one in pages(client, "/v1/evidence?limit=200")}
    every = pages(client, "/v1/conflicts?computed=true&limit=200")
    about = {
        one["id"]: {
            claims[each["id"]]["mechanism"] and claims[each["id"]]["mechanism"]["id"]
            for side in one["sides"]
            for each in side["evidence"]
        }
        for one in every
    }
    for mechanism in some(set().union(*about.values()) - {None}):
        conflicts = pages(client, f"/v1/conflicts?mechanism={mechanism}&computed=true")
        assert {one["id"] for one in conflicts} == {one for one in about if mechanism in about[one]}


def test_references_stand_by_year(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    text = client.get("/references").text
    years = re.findall(r'<h2 class="sub">(\d+|Undated)</h2>', text)
    every = pages(client, "/v1/references?limit=200")

    assert years == sorted(set(years), key=lambda year: year.replace("Undated", ""), reverse=True)
    assert set(years) == {str(one["year"] or "Undated") for one in every}
    assert text.count('<li><a href="/references/') >= len(every)
    assert " open>" in text
    assert '<details class="table" open>' in client.get("/references?year_min=2020").text


def test_a_page_ignores_what_other_sites_add_to_links(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    added = "utm_source=x&utm_campaign=y%20z&fbclid=IwAR&gclid=1"
    for address in ("/", "/mechanisms?cell=nk-cell", "/search?q=CRBN", "/partners/rituximab"):
        plain = client.get(address, headers=HTML)
        joint = "&" if "?" in address else "?"
        marked = client.get(f"{address}{joint}{added}", headers=HTML)
        assert marked.status_code == 200
        assert marked.content == plain.content
        assert marked.headers["etag"] == plain.headers["etag"]
        assert client.head(f"{address}{joint}{added}").status_code == 200
    refused = client.get(f"/mechanisms?{added}&limit=3&dclid=1&xutm_source=1")
    assert refused.status_code == 422
    assert [fault["parameter"] for fault in refused.json()["faults"]] == ["dclid", "xutm_source"]
    for address in ("/v1/mechanisms", "/openapi.json", "/v1/search?q=x"):
        joint = "&" if "?" in address else "?"
        answer = client.get(f"{address}{joint}{added}")
        assert answer.status_code == (200 if address == "/openapi.json" else 422)
    led = client.get(f"/mechanisms/?{added}", follow_redirects=False)
    assert led.headers["location"] == "/mechanisms"


SIGNS = {
    "lenalidomide raises": "mark plus",
    "lenalidomide lowers": "mark minus",
    "step raises": "line plus",
    "step lowers": "line minus",
}


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/mechanisms/adcc-enhancement",
        "/mechanisms/cereblon-loss-resistance",
        "/partners/bortezomib",
        "/entities/crbn",
        "/network?cell=nk-cell",
    ],
)
def test_the_legend_names_the_signs_in_the_picture_and_no_others(
    apps: dict[str, TestClient], page: str
) -> None:
    text = apps["sqlite"].get(page).text
    legend, _, rest = text.partition('aria-label="Signs in the picture"')[2].partition("</ul>")
    drawn = rest.partition('class="scroll"')[2].partition("</svg></div>")[0]
    classes = re.findall(r'class="((?:mark|line) [^"]+)"', drawn)

    assert some(classes)
    for said, sign in SIGNS.items():
        there = any(one.startswith(sign) for one in classes)
        assert (f"{said}</li>" in legend) == there, (said, classes)
    assert ("another drug" in legend) == any(one.endswith(" other") for one in classes)
    assert ("dashed" in legend) == any({"far", "book"} & set(one.split()) for one in classes)
    assert ("sources differ" in legend) == any(" unclear" in one for one in classes)
