"""The dataset for search engines, and the links by which programs find what belongs together."""

import json
import re
from typing import Any
from urllib.parse import unquote

import feedparser  # type: ignore[import-untyped]  # it has no types
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.formats.bundles import BUNDLES
from app.formats.packages import LICENCE
from app.formats.signposts import PAGES
from app.main import create_app
from app.resources import ALL
from app.settings import Settings
from tests.changing import changing
from tests.conftest import SQLITE_FIRST
from tests.curating import curating
from tests.looking import some
from tests.test_pages import Reader


@pytest.mark.slow
@pytest.mark.parametrize("query", ["?format=jsonld", ""])
def test_the_dataset_is_described_for_search_engines(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/dataset{query}", headers={"Accept": "application/ld+json"})
    found = answer.json()

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["etag"]
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Dataset")
    plain = client.get("/v1/dataset").json()
    assert (found["version"], found["creditText"]) == (plain["version"], plain["citation"])
    assert [one["name"] for one in found["distribution"]] == list(BUNDLES)
    for one in found["distribution"]:
        assert client.get(one["contentUrl"]).headers["content-type"] == one["encodingFormat"]


def test_the_catalogue_leads_to_the_api(client: TestClient) -> None:
    answer = client.get("/.well-known/api-catalog")
    (links,) = answer.json()["linkset"]

    assert answer.headers["content-type"] == "application/linkset+json"
    assert client.get(links["anchor"]).status_code == 200
    for relation in ("service-desc", "service-doc", "item"):
        for link in links[relation]:
            kept = client.get(link["href"], headers={"Accept": link["type"]})
            assert kept.headers["content-type"].partition(";")[0] == link["type"]


# --- signposts (signposting.org) and releases ---------------------------------------------------

LINK = re.compile(r'<([^>]+)>; rel="([^"]+)"(?:; type="([^"]+)")?')
Links = list[tuple[str, str, str]]
"""Of each link where it leads, how that is related, and its media type."""


def links(answer: Any) -> Links:
    """The links in the header of an answer, or in the head of a page."""
    if answer.headers["content-type"].startswith("text/html"):
        tags = [given for tag, given in Reader(answer.text).tags if tag == "link"]
        return [(one["href"] or "", one["rel"] or "", one.get("type") or "") for one in tags]
    return LINK.findall(answer.headers.get("link", ""))


def related(answer: Any, rel: str) -> Links:
    return [one for one in links(answer) if one[1] == rel]


ROWS = [(one.plural, one.example.id) for one in ALL]


ANSWERS = (
    "/v1/graph?mechanism=adcc-enhancement",
    "/v1/graph?mechanism=adcc-enhancement&format=graphml",
    "/v1/graph/paths?source=lenalidomide&target=irf4",
    "/v1/mechanisms/adcc-enhancement/graph",
    "/v1/partners/rituximab/rationale",
    "/v1/partners/rituximab/rationale?format=bibtex",
    "/v1/matrix?rows=level&columns=subtype",
    "/v1/search?q=cereblon&limit=1",
    "/v1/search?q=cereblon&limit=1&format=ris",
    "/v1/resolve?name=CRBN",
    "/v1/suggest?q=ritux",
    "/v1/mechanisms/adcc-enhancement/history",
)


@pytest.mark.slow
def test_every_link_leads_to_what_it_says(client: TestClient) -> None:
    starts = ["/", "/about", "/mechanisms", "/v1/dataset", "/v1/downloads", "/v1/evidence?limit=1"]
    starts += ["/v1/changes", "/v1/evidence?limit=1&format=csv"]
    starts += [*ANSWERS]
    starts += [f"/v1/{plural}/{row_id}" for plural, row_id in ROWS]
    starts += [f"/{plural}/{row_id}" for plural, row_id in ROWS if plural in PAGES]
    starts += [f"/v1/downloads/{name}" for name in BUNDLES]
    followed: set[str] = set()
    for start in some(starts):
        answer = client.get(start)
        (known_as,) = related(answer, "cite-as")
        assert known_as[0].startswith(("/", "https://doi.org/")), start
        assert related(answer, "license")[0][0] == LICENCE["path"], start
        for href, rel, media_type in links(answer):
            if href.startswith("/") and rel != "next" and href not in followed:
                accept = {"Accept": media_type} if media_type else {}
                found = client.get(href, headers=accept)
                assert found.status_code == 200, (start, rel, href)
                if media_type:
                    kind = found.headers["content-type"].partition(";")[0]
                    assert kind == media_type, (start, rel, href)
                followed.add(href)
    assert len(followed) > len(starts)


@pytest.mark.aside
@pytest.mark.parametrize(("plural", "row_id"), [one for one in ROWS if one[0] in PAGES])
def test_a_page_and_its_data_lead_to_one_another(
    client: TestClient, plural: str, row_id: str
) -> None:
    page, data = client.get(f"/{plural}/{row_id}"), client.get(f"/v1/{plural}/{row_id}")

    assert related(page, "describedby")[0][0] == f"/v1/{plural}/{row_id}"
    assert related(data, "describes")[0][0] == f"/{plural}/{row_id}"
    assert related(page, "cite-as")[0][0] == related(data, "cite-as")[0][0]
    assert related(page, "collection")[0][0] == related(data, "collection")[0][0] == "/"
    assert len(related(page, "item")) == 1
    assert "https://schema.org/AboutPage" in [one[0] for one in related(page, "type")]


def test_a_document_is_cited_by_its_own_name(client: TestClient) -> None:
    doi = client.get("/v1/references/gribben-2015").json()["doi"]

    for address in ("/v1/references/gribben-2015", "/references/gribben-2015"):
        assert related(client.get(address), "cite-as")[0][0] == f"https://doi.org/{doi}"


PLACES = ("v1/references/", "references/")
ODD_DOIS = {
    "wu-2008": "10.1000/\u65e5\u672c\u8a9e",
    "lu-2014": '10.1000/a>;rel="next",<https://evil.example/>;x="',
    "chiu-2019": "10.1002/(sici)1097<1::aid-x#2>3.0.co;2-z?%41",
}


@pytest.mark.aside
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_doi_of_any_characters_is_one_link(copy: Settings) -> None:
    with curating(copy) as curator:
        for row_id, doi in ODD_DOIS.items():
            changed = curator.ask("PATCH", f"/v1/references/{row_id}", {"doi": doi})
            assert changed.status_code == 200, changed.text
        for row_id, doi in ODD_DOIS.items():
            data, page = (curator.client.get(f"/{at}{row_id}") for at in PLACES)
            assert (data.status_code, page.status_code) == (200, 200), doi
            assert data.json()["doi"] == doi
            (known_as,) = related(data, "cite-as")
            assert unquote(known_as[0]) == f"https://doi.org/{doi}"
            assert data.headers["link"].count("<") == len(links(data)) == 4
            assert related(page, "cite-as") == [known_as]
            shown = Reader(page.text)
            leading = [one for name, one in shown.tags if one.get("rel") == "external"]
            assert known_as[0] in [one["href"] for one in leading]
            structured = json.loads(shown.texts[_structured(shown)])
            assert structured["sameAs"] == known_as[0]


@pytest.mark.aside
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_release_of_any_name_is_told_in_headers(copy: Settings) -> None:
    with changing(copy, '2027 "\u65e5\u672c"; x') as connection:
        connection.execute(text("UPDATE entity SET note = 'x' WHERE id = 'crbn'"))
    with TestClient(create_app(copy)) as client:
        row, page = client.get("/v1/entities/crbn"), client.get("/entities/crbn")
        (first, *_) = BUNDLES
        file = client.head(f"/v1/downloads/{first}")
        assert client.get("/v1/dataset").json()["version"] == '2027 "\u65e5\u672c"; x'

    for answer in (row, page, file):
        assert answer.status_code == 200
        assert answer.headers["x-dataset-version"] == '2027 "%E6%97%A5%E6%9C%AC"; x'
    named = f'filename="lenalidomide-moa-2027%20%22%E6%97%A5%E6%9C%AC%22%3B%20x-{first}"'
    assert file.headers["content-disposition"] == f"attachment; {named}"


def _structured(page: Reader) -> int:
    """The place of the data for search engines among the texts of a page."""
    (found,) = [at for at, one in enumerate(page.texts) if one.startswith('{"@context"')]
    return found


def test_the_dataset_lists_all_that_belongs_to_it(client: TestClient) -> None:
    page = client.get("/")
    files = [f"/v1/downloads/{name}" for name in BUNDLES]
    assert [one[0] for one in related(page, "item")] == files
    kinds = [one[0] for one in related(page, "type")]
    assert kinds == ["https://schema.org/AboutPage", "https://schema.org/Dataset"]
    (place,) = related(page, "linkset")

    answer = client.get(place[0])
    whole, *parts = answer.json()["linkset"]

    assert answer.headers["content-type"] == place[2] == "application/linkset+json"
    assert whole["anchor"] == "/"
    assert [one["href"] for one in whole["item"]] == files
    assert [one["anchor"] for one in parts] == files
    assert {one["collection"][0]["href"] for one in parts} == {"/"}


@pytest.mark.parametrize("address", ["/.well-known/api-catalog", "/v1/releases.atom"])
def test_what_would_be_ignored_is_refused(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}?since=2026.12")

    assert answer.status_code == 422
    assert [one["parameter"] for one in answer.json()["faults"]] == ["since"]


def test_the_releases_are_a_feed_that_readers_take(client: TestClient) -> None:
    address = client.get("/v1").json()["releases"]
    assert (address, "alternate", "application/atom+xml") in links(client.get("/"))

    answer = client.get(address)
    found = feedparser.parse(answer.content)

    assert answer.headers["content-type"] == "application/atom+xml"
    assert (found.bozo, found.version) == (False, "atom10")
    releases = client.get("/v1/dataset").json()["releases"]
    assert [one.title for one in found.entries] == [f"Release {one['id']}" for one in releases]
    assert found.entries[0].updated[:10] == releases[0]["date"] == found.feed.updated[:10]
    assert found.entries[0].content[0].value.splitlines() == releases[0]["changes"]
    ids = [found.feed.id, *(one.id for one in found.entries)]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("urn:uuid:") for one in ids)
    for one in (found.feed, *found.entries):
        for link in one.links:
            assert client.get(link.href.partition("#")[0]).status_code == 200


def test_data_that_name_no_release_have_a_feed_without_entries(copy: Settings) -> None:
    with changing(copy) as connection:
        connection.execute(text("UPDATE dataset SET about = NULL"))
    with TestClient(create_app(copy)) as client:
        found = feedparser.parse(client.get("/v1/releases.atom").content)

    assert (found.bozo, found.entries) == (False, [])
    assert found.feed.updated.endswith("Z")
