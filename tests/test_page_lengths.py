"""What is long is folded or summed up on its page, and nothing of it is lost."""

import re
from collections.abc import Iterator
from html import unescape
from shutil import copyfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.main import create_app
from app.pages.claims import ALONE, CITING, MOST, SAYING
from app.pages.views import partners
from app.pages.views.entities import STEPS
from app.settings import Settings
from tests.bench.generate import grow
from tests.conftest import SQLITE_FIRST
from tests.looking import pages, some
from tests.test_pages import HTML, PAGES, QUESTIONS, Reader, read

CROWD = 5_400
LARGEST = 260_000
CROWDED = [
    *("/mechanisms/adcc-enhancement?origin=native", "/subtypes/mantle-cell-lymphoma"),
    *("/partners/rituximab", "/paths", "/conflicts/cd20-on-cll-cells", "/entities/crbn"),
    *("/references/gribben-2015?origin=stated", "/trials/augment", "/questions/adcc-evidence"),
]
ORIGINS = ("native", "mixed", "borrowed", "stated")
ALL_OF_IT = re.compile(r'<a href="([^"]+)">All ([\d,]+) on a separate page</a>')


def ids_from(client: TestClient, link: str) -> list[str]:
    """The ids on a page and on those with further claims."""
    found: list[str] = []
    while link:
        page = client.get(link, headers=HTML)
        found += Reader(page.text).ids()
        assert page.text.count('class="badges"') <= ALONE + MOST
        (link,) = re.findall(r'<a href="([^"]+)">Further claims', page.text) or [""]
        link = unescape(link)
    return found


@pytest.mark.aside
@pytest.mark.parametrize(
    ("page", "listed"),
    [
        ("/subtypes/b-cell-non-hodgkin-lymphoma?", "rollup=exact&"),
        ("/entities/lenalidomide?in_review=false&", "in_review=false&"),
        ("/references/gribben-2015?", "".join(f"kind={kind}&" for kind in SAYING)),
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
        assert len(claims) == int(total) > MOST
        assert {one["id"] for one in claims} <= set(ids_from(client, unescape(link)))
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


def test_a_page_with_many_steps_or_figures_leads_to_all(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    page = read(client, "/entities/lenalidomide")
    steps = client.get("/v1/edges?entity=lenalidomide&limit=200").json()
    assert "/v1/edges?entity=lenalidomide&limit=200" in page.links()
    assert len({one["id"] for one in steps["items"]} & set(page.ids())) == STEPS < steps["total"]

    partner = read(client, "/partners/rituximab")
    asked = "/v1/outcomes?partner=rituximab&measure={}&distinct=true&format=csv"
    figures = pages(client, "/v1/outcomes?partner=rituximab&distinct=true&limit=200")
    for measure in some(partners.BY_ARM):
        here = {one["id"] for one in figures if one["measure"] == measure}
        shown = len(here & set(partner.ids()))
        assert shown == min(len(here), partners.ROWS)
        assert (asked.format(measure) in partner.links()) == (len(here) > shown)
    assert asked.format("AE_rate") in partner.links()
    trials = {one["id"] for one in pages(client, "/v1/trials?partner=rituximab&limit=200")}
    ratios = pages(client, "/v1/outcomes?measure=HR_PFS&distinct=true&limit=200")
    given = {one["id"] for one in ratios if one["trial"]["id"] in trials}
    assert some(given)
    assert given <= set(partner.ids())


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


def looks(kind: str, text: str) -> set[str]:
    """How marks or boxes are drawn, whatever the sign of a mark."""
    rect = re.compile(r'<rect class="(molecule|process|cell|goal)"')
    mark = re.compile(r'<circle class="mark (?:plus|minus|unclear) ([^"]+)"')
    return set((mark if kind == "mark" else rect).findall(text))


SIGNS = {
    "lenalidomide raises or engages": "mark plus",
    "lenalidomide lowers or blocks": "mark minus",
    ">raises, engages or is needed": "line plus",
    ">lowers or blocks": "line minus",
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
        there = any(one.startswith(sign) and not one.endswith(" other") for one in classes)
        assert (f"{said}</li>" in legend) == there, (said, classes)
    assert ("another drug" in legend) == any(one.endswith(" other") for one in classes)
    assert ("dashed" in legend) == bool(re.findall("line [a-z]+ far", " ".join(classes)))
    assert ("dotted" in legend) == bool(re.findall("line [a-z]+ book", " ".join(classes)))
    for kind in ("mark", "rect"):
        assert looks(kind, legend) == looks(kind, drawn)
    assert ("sources differ" in legend) == any(" unclear" in one for one in classes)


def test_a_page_says_which_filters_it_passes_and_how_to_lift_them(
    apps: dict[str, TestClient],
) -> None:
    client = apps["sqlite"]
    whole = "/mechanisms/nk-cell-activation-and-killing"
    conflicts = re.compile(r'<a href="/conflicts/([^"]+)">')
    every = client.get(whole).text
    assert "Only claims with" not in every
    text = client.get(f"{whole}?subtype=follicular-lymphoma&in_review=false&level_is=D").text
    (said,) = re.findall(r"Only claims with (.+?)\.", text)
    for filtered in (
        "subtype <strong>follicular",
        "in review <strong>false",
        "level is <strong>D",
    ):
        assert filtered in said
    assert f'<a href="{whole}">Show all</a>' in text
    assert "No claim passes." in client.get(f"{whole}?published_to=1999").text

    found = pages(client, "/v1/conflicts?mechanism=nk-cell-activation-and-killing")
    assert set(conflicts.findall(every)) == {one["id"] for one in found}
    for query in ("origin=native", "origin=borrowed", f"conflict={some(found)[0]['id']}"):
        claims = pages(client, f"/v1{whole}/evidence?{query}&limit=200")
        given = query.partition("conflict=")[2]
        expected = {one["id"] for one in found if one["id"] in {*_conflicts(claims)}}
        shown = set(conflicts.findall(client.get(f"{whole}?{query}").text))
        assert shown == ({given} if given else expected)


def _conflicts(claims: list[Any]) -> Iterator[str]:
    for claim in claims:
        yield from claim["conflicts"]


def test_a_page_asked_for_whole_names_no_filter(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    for page in PAGES:
        assert "Show all</a>" not in client.get(page).text, page
    native = client.get("/subtypes/mantle-cell-lymphoma?origin=native").text
    (said,) = re.findall(r"Only claims with (.+?)\.", native)
    assert said == "origin <strong>native</strong>"
    links = ALL_OF_IT.findall(client.get("/subtypes/b-cell-non-hodgkin-lymphoma").text)
    assert not [link for link, _ in some(links) if "rollup" in link]


def test_a_filter_given_twice_counts_once(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    for page, query in (
        *(("/subtypes/follicular-lymphoma", "origin=native"), ("/entities/crbn", "kind=mechanism")),
        *(("/entities", "kind=drug"), ("/mechanisms", "cell=nk-cell")),
    ):
        once = client.get(f"{page}?{query}").text
        twice = client.get(f"{page}?{query}&{query}").text
        assert "Show all</a>" in once
        assert twice == once
    several = read(client, "/entities/crbn?origin=borrowed&origin=native&origin=borrowed").ids()
    assert sorted(several) == sorted(set(several))


def test_the_description_of_a_subtype_counts_what_passes(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    for query in ("", "?origin=stated", "?origin=stated&in_review=true"):
        (said,) = re.findall(
            r'name="description" content="[^"]+: ([\d,]+) claims?\."',
            client.get(f"/subtypes/follicular-lymphoma{query}").text,
        )
        listed = client.get(f"/v1/subtypes/follicular-lymphoma/evidence{query}")
        assert int(said) == listed.json()["total"], query


@pytest.fixture(scope="module")
def crowded(urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The content with every claim ten times, in every group of every page."""
    path = tmp_path_factory.mktemp("crowded") / "moa.db"
    copyfile(urls["sqlite"].removeprefix("sqlite:///"), path)
    settings = Settings(database_url=f"sqlite:///{path}", statement_seconds=60)
    db = Database(settings)
    grow(db, CROWD)
    db.close()
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.mark.aside
def test_no_page_grows_with_the_claims(crowded: TestClient) -> None:
    """Each shows so many claims of a group at most, and leads to the others."""
    for address in CROWDED:
        assert len(crowded.get(address).content) < LARGEST, address

    partner = read(crowded, "/partners/rituximab")
    (link,) = [one for one in partner.links() if "interaction=synergy&origin=native" in one]
    listed = crowded.get(link).json()
    assert "All claims with this verdict as data" in "".join(partner.texts)
    first = [one["statement"] for one in listed["items"][: partners.MOST]]
    shown = "".join(partner.texts)
    assert [one for one in first if one not in shown] == []
    conflict = read(crowded, "/conflicts/cd20-on-cll-cells")
    assert "/v1/evidence?conflict=cd20-on-cll-cells" in conflict.links()
    assert "All claims of all sides as data" in "".join(conflict.texts)
    path = read(crowded, "/paths")
    assert some(one for one in path.links() if re.fullmatch(r"/v1/edges/[^/]+/evidence", one))


def test_a_link_to_so_many_rows_leads_to_as_many(crowded: TestClient) -> None:
    counted = re.compile(r'<a href="([^"]+)">All ([\d,]+) (?:[a-z]+ )?as data</a>')
    found = {
        (address, unescape(link).replace("format=csv", "limit=1"), number.replace(",", ""))
        for address in CROWDED
        for link, number in counted.findall(crowded.get(address).text)
    }
    for address, link, number in some(sorted(found)):
        assert crowded.get(link).json()["total"] == int(number), (address, link)


def test_the_further_claims_of_a_reference_are_led_to(crowded: TestClient) -> None:
    found = ids_from(crowded, "/references/gribben-2015?origin=stated")
    whole = crowded.get("/references/gribben-2015").text
    (link,) = re.findall(r'href="([^"]+kind=bibliographic)">', whole)
    claims = pages(crowded, "/v1/references/gribben-2015/evidence?limit=200")
    citing = {one["id"] for one in claims if one["kind"] == CITING}
    saying = {one["id"] for one in claims if one["kind"] != CITING}

    assert len(saying) > 2 * ALONE
    assert saying <= set(found)
    assert len(citing & set(found)) == MOST
    ((every, _),) = ALL_OF_IT.findall(crowded.get(unescape(link)).text)
    assert citing <= set(ids_from(crowded, unescape(every)))


@pytest.mark.full
def test_no_page_at_all_grows_with_the_claims(crowded: TestClient) -> None:
    for address in [*PAGES, *QUESTIONS]:
        assert len(crowded.get(address).content) < LARGEST, address
