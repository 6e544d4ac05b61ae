"""The pages over HTTP, on both databases."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.db import Database
from app.errors import Unavailable
from app.main import create_app
from app.pages.claims import ANSWERING
from app.pages.library import Library
from app.pages.plots import BAR_ROOM, BAR_WIDTH
from app.pages.questions import all_questions
from app.resources import ALL
from app.schema.markers import filter_marks
from app.settings import ROOT, Settings
from app.wording import fields
from tests.changing import changing, table
from tests.conftest import SQLITE_FIRST, Clients
from tests.looking import pages, some

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FIXED = [
    *("/", "/mechanisms", "/subtypes", "/partners", "/trials", "/network", "/paths", "/conflicts"),
    *("/references", "/entities", "/questions", "/about"),
]
ITEMS = {
    "mechanisms": ["adcc-enhancement", "macrophage-resistance"],
    "references": ["gribben-2015", "wu-2008"],
    "trials": ["augment", "emerge"],
    "subtypes": ["mantle-cell-lymphoma", "b-cell-non-hodgkin-lymphoma"],
    "partners": ["rituximab", "r-chop"],
    "conflicts": ["cd20-on-cll-cells"],
    "entities": ["crbn", "ikzf1"],
}
PAGES = [*FIXED, *(f"/{plural}/{one}" for plural, ids in ITEMS.items() for one in ids)]
QUESTIONS = [f"/questions/{slug}" for slug in all_questions()]
ASKED = re.compile(r"curl -s 'localhost:8000([^']+)'")


WITHOUT_TEXTS = ("/questions", "/about")
CORRECTED = "/about?claim=chiu-adcc-crbn"
PATHS_SHOWN = "/paths?source=lenalidomide&target=irf4"
# Text columns that no rule of the database binds to a form.
MARKED = [
    *(("mechanism", column) for column in ("name", "summary", "note")),
    *(("evidence", column) for column in ("statement", "locator", "note", "subject", "object")),
    *(("entity", column) for column in ("name", "label", "note")),
    *(("reference", column) for column in ("title", "container_title", "citation")),
    *(("reference_author", column) for column in ("family", "given", "literal")),
    *(("subtype", column) for column in ("name", "abbreviation", "note")),
    *(("trial", column) for column in ("name", "line_detail", "comparator", "note")),
    *(("outcome", column) for column in ("at", "event", "note")),
    *(("partner", column) for column in ("name", "drug_class", "summary", "note")),
    *(("conflict", column) for column in ("question", "explanation")),
    ("conflict_side", "answer"),
]


DRAWN = [
    f"{address}layout={layout}&"
    for address in (
        "/v1/graph?",
        "/v1/mechanisms/adcc-enhancement/graph?",
        "/v1/graph/paths?source=lenalidomide&target=irf4&",
        "/v1/partners/rituximab/rationale?",
    )
    for layout in ("dot", "lanes")
]


class Reader(HTMLParser):
    """Reads the parts of a page that tests look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def links(self) -> set[str]:
        """The addresses inside the service."""
        found = (given.get(name) for _, given in self.tags for name in ("href", "src", "action"))
        return {one.partition("#")[0] for one in found if one and one.startswith("/")}

    def ids(self) -> list[str]:
        return [given["id"] or "" for _, given in self.tags if "id" in given]


def read(client: TestClient, address: str, **headers: str) -> Reader:
    answer = client.get(address, headers=HTML | headers)
    assert answer.status_code == 200, address
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Reader(answer.text)


def tag(page: Reader, kind: str, **given: str) -> dict[str, str | None]:
    """The only tag of this kind with these attributes."""
    (found,) = [one for name, one in page.tags if name == kind and given.items() <= one.items()]
    return found


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(
    "client", ["sqlite", pytest.param("postgres", marks=pytest.mark.aside)], indirect=True
)
@pytest.mark.parametrize("address", [*PAGES, *QUESTIONS[:3]])
def test_a_page_says_what_it_is_and_runs_nothing_inline(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=HTML)
    page = Reader(answer.text)

    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert answer.headers["x-dataset-version"]
    assert tag(page, "link", rel="canonical")["href"] == address
    assert tag(page, "a", **{"class": "name"})["href"] == "/"
    assert len(tag(page, "meta", name="description")["content"] or "") > 20
    assert len([name for name, _ in page.tags if name == "h1"]) == 1
    assert len(page.ids()) == len(set(page.ids()))
    for name, given in some(page.tags):
        assert not [key for key in given if key == "style" or key.startswith("on")], (name, given)
        assert name != "style"
        if name == "script":
            assert given.get("src") or given["type"] == "application/ld+json"


@pytest.mark.slow
def test_the_same_bytes_come_from_both_databases(both: Clients) -> None:
    for address in PAGES:
        one, other = (client.get(address).content for client in both)
        assert one == other, address


def test_an_unchanged_page_need_not_be_sent_again(client: TestClient) -> None:
    first = client.get("/mechanisms/adcc-enhancement")
    again = client.get(
        "/mechanisms/adcc-enhancement", headers={"If-None-Match": first.headers["etag"]}
    )

    assert again.status_code == 304
    assert client.head("/").headers["etag"] == client.get("/").headers["etag"]


@pytest.mark.aside
def test_a_change_of_the_data_is_on_the_page_in_the_next_answer(copy: Settings) -> None:
    with TestClient(create_app(copy)) as client:
        for _ in range(2):
            assert "Renamed" not in client.get("/").text
            assert "placebo + rituximab" in client.get("/trials/augment").text
        with changing(copy) as connection:
            row = table("mechanism")
            connection.execute(
                row.update().where(row.c.id == "adcc-enhancement").values(name="Renamed")
            )
            drug = table("entity")
            connection.execute(
                drug.update().where(drug.c.id == "rituximab").values(label="Relabelled")
            )

        assert "Renamed" in client.get("/").text
        assert "Renamed" in client.get("/mechanisms/adcc-enhancement").text
        assert "placebo + Relabelled" in client.get("/trials/augment").text


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_markup_in_the_data_is_text_on_every_page(copy: Settings) -> None:
    """Every text column of every table holds markup; nothing of it becomes a tag."""
    odd = "<script>alert(1)</script>&\"'<b onclick=x>"
    with changing(copy) as connection:
        for name, column in MARKED:
            row = table(name)
            connection.execute(row.update().values({column: odd + row.c[column]}))
    with TestClient(create_app(copy)) as client:
        for address in (*PAGES, CORRECTED):
            page = read(client, address)
            if address not in WITHOUT_TEXTS:
                assert "alert(1)" in "".join(page.texts), address
            assert [given for name, given in page.tags if name == "b"] == []
            scripts = [given for name, given in page.tags if name == "script"]
            assert len(scripts) == 2, address
        for address in DRAWN:
            answer = client.get(f"{address}format=svg")
            drawing = ET.fromstring(answer.content)  # noqa: S314  # our own picture
            assert "alert(1)" in "".join(drawing.itertext()), address
            for part in drawing.iter():
                assert part.tag.rpartition("}")[2] not in ("script", "b"), address
                assert not [name for name in part.attrib if name.startswith("on")], address
                assert part.get("href", "/").startswith("/"), address


@pytest.mark.slow
def test_a_prefix_is_in_every_link(urls: dict[str, str]) -> None:
    settings = Settings(database_url=urls["sqlite"], root_path="/moa")
    with TestClient(create_app(settings)) as client:
        for address in PAGES:
            links = read(client, address).links()
            assert [one for one in some(links) if not one.startswith("/moa/")] == [], address


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/mechanisms/adcc-enhancment", 404, 'href="/mechanisms/adcc-enhancement"'),
        ("/nothing-here", 404, "There is nothing at this address.</p>"),
        ("/nothing-here", 404, 'Start from the <a href="/mechanisms">mechanisms</a>'),
        (
            "/trials?celll=x&line=maintenance",
            422,
            'href="/trials?line=maintenance">Show the page without it<',
        ),
        (
            "/trials?celll=x&line=maintenance&sorrt=x",
            422,
            'line=maintenance">Show the page without them<',
        ),
        ("/mechanisms?celll=nk-cell", 422, 'mean <a href="/mechanisms?cell=nk-cell">cell</a>?'),
        ("/trials?line=any&partner=Rituxan", 422, 'href="/trials?line=any&amp;partner=rituximab"'),
        ("/mechanisms?cell=NK&cell=T+cells", 422, "nearest: t-cell"),
        ("/subtypes/GCB", 422, 'href="/subtypes/dlbcl-gcb"'),
        ("/subtypes/GCB", 422, "The page cannot be shown as asked.</p>"),
        ("/mechanisms?cell=nk", 422, "nk-cell"),
        ("/mechanisms/%ff", 400, "not valid UTF-8"),
        ("/references?id=" + "x" * 9000, 414, "limited to 8,192 bytes"),
    ],
)
def test_people_get_problems_as_pages_and_programs_as_documents(
    client: TestClient, address: str, status: int, said: str
) -> None:
    page = client.get(address, headers=HTML)
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert said in page.text
    assert page.headers["x-request-id"] in page.text

    for accept in ("*/*", "application/json", "image/png"):
        document = client.get(address, headers={"Accept": accept})
        assert document.status_code == status
        assert document.headers["content-type"] == "application/problem+json"
    data = client.get(f"/v1{address}", headers=HTML)
    assert data.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "untaken"),
    [
        *((address, "limit") for address in FIXED if address != "/paths"),
        *(("/references", name) for name in ("cursor", "sort", "format", "bom", "fields")),
        ("/mechanisms/adcc-enhancement", "mechanism"),
        ("/mechanisms/adcc-enhancement", "limit"),
        ("/subtypes/mantle-cell-lymphoma", "subtype"),
        ("/entities/crbn", "entity"),
        ("/trials/augment", "trial"),
        ("/references/wu-2008", "reference"),
        ("/conflicts/cd20-on-cll-cells", "format"),
        ("/questions/nk-cells", "limit"),
        *(("/network", name) for name in ("layout", "theme", "width", "nodes")),
        ("/paths", "width"),
        ("/partners/rituximab", "format"),
    ],
)
def test_a_page_refuses_what_it_would_ignore(
    apps: dict[str, TestClient], address: str, untaken: str
) -> None:
    ids = {"mechanism": "adcc-enhancement", "trial": "augment", "subtype": "cll-sll"}
    values = {"limit": "3", "bom": "true", "layout": "lanes", "theme": "dark", "width": "300"}
    values |= {"format": "svg" if "/partners" in address else "csv", "nodes": "per-cell"}
    value = (ids | values).get(untaken, "crbn")
    client = apps["sqlite"]

    answer = client.get(f"{address}?{untaken}={value}")

    assert client.get(address).status_code == 200
    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json()["faults"]] == [untaken]


ON_STEPS = {"sign", "mechanism", "entity", "cell", "basis"}
USED = {
    "/network": ON_STEPS,
    "/paths": ON_STEPS | {"source", "target", "max_steps", "limit", "cells"},
    "/partners/{id}": {"max_steps", "limit"},
    "/about": {"claim"},
    "/search": {"q", "type", "cursor"},
}
"""What pages take beside the filters of rows, and whether those reach down their trees."""


def test_a_page_takes_nothing_that_it_does_not_use(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    routes = [one for one in client.app.routes if "app.pages.views" in _module(one)]  # type: ignore[attr-defined]  # an application
    refused = 0
    for route in routes:
        for model in (
            one.field_info.annotation for one in route.described().dependant.query_params
        ):
            for name, schema in fields(model).items():
                if name == "rollup" or name in USED.get(route.path, ()):
                    continue
                if any(filter_marks(model.model_fields[name])):
                    continue
                plural = route.path.split("/")[1]
                path = route.path.format(id=ITEMS.get(plural, [""])[0])
                answer = client.get(path, params={name: _valid(schema)})
                assert answer.status_code == 422, (path, name)
                told = [(one["parameter"], one["message"][:24]) for one in answer.json()["faults"]]
                assert told == [(name, "does not apply to a page")]
                refused += 1
    assert refused > 50


def _module(route: Any) -> str:
    return getattr(getattr(route, "endpoint", None), "__module__", "")


def _valid(schema: Any) -> str:
    """A value that a parameter takes."""
    found = {"boolean": "true", "integer": schema.get("minimum")}.get(schema.get("type"), "id")
    return str(schema.get("enum", [found])[0])


def test_the_bars_of_a_page_have_one_scale(apps: dict[str, TestClient]) -> None:
    """Each bar is as long as its number is large, but for its gap, and the least that is seen."""
    for address in ("/", "/mechanisms", "/mechanisms?cell=nk-cell", "/partners", "/subtypes"):
        text = apps["sqlite"].get(address).text
        found = re.findall(r'<svg class="bar"[^>]*>(.*?)</svg><(?:span|small)>(\d+)', text)
        ends = {int(total): _end(rects) for rects, total in found if int(total)}
        most = max(ends)
        assert len(ends) > 3, address
        assert ends[most] == pytest.approx(BAR_WIDTH - BAR_ROOM, abs=0.1)
        for total, end in ends.items():
            expected = total / most * BAR_WIDTH
            assert expected - BAR_ROOM - 0.2 <= end <= expected + 1.1, (address, total)
    alone = apps["sqlite"].get("/references/wu-2008").text
    (rects,) = re.findall(r'<svg class="bar"[^>]*>(.*?)</svg>', alone)
    assert _end(rects) == pytest.approx(BAR_WIDTH - BAR_ROOM, abs=0.1)


def _end(rects: str) -> float:
    """Where the last part of a bar ends."""
    *_, last = re.findall(r'x="([0-9.]+)" width="([0-9.]+)"', rects)
    return sum(map(float, last))


def test_what_is_code_in_the_data_is_marked_on_the_page(copy: Settings) -> None:
    with changing(copy) as connection:
        about = json.loads(connection.execute(select(table("dataset").c.about)).scalar_one())
        about["releases"][0]["changes"] = ["`<b>` and `q`, a lone ` too"]
        connection.execute(table("dataset").update().values(about=json.dumps(about)))
    with TestClient(create_app(copy)) as client:
        page = client.get("/about").text

    assert "<li><code>&lt;b&gt;</code> and <code>q</code>, a lone ` too</li>" in page
    assert page.count("`") == 1


def test_a_problem_on_a_page_has_no_backticks(apps: dict[str, TestClient]) -> None:
    page = apps["sqlite"].get("/references?limit=3", headers=HTML)

    assert page.status_code == 422
    assert "the same address under <code>/v1</code>" in page.text
    assert "`" not in page.text


def test_a_reference_is_copied_as_it_is_stored(apps: dict[str, TestClient]) -> None:
    for one in ("gribben-2015", "wu-2008"):
        stored = apps["sqlite"].get(f"/v1/references/{one}").json()["cite"]
        (shown,) = re.findall(
            r'<p id="work">(.+?)</p>', apps["sqlite"].get(f"/references/{one}").text
        )
        assert unescape(shown) == stored


def test_every_page_leads_to_the_references_behind_it(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    with_claims = [page for page in PAGES if page.count("/") == 2]
    for page in [*with_claims, "/references?role=listed+in+the+review", "/mechanisms"]:
        shown = read(client, page)
        (link,) = [
            given["href"] or ""
            for name, given in shown.tags
            if name == "link" and given.get("type") == "application/x-bibtex"
        ]
        answer = client.get(link)
        assert answer.headers["content-type"].startswith("application/x-bibtex"), page
        keys = set(re.findall(r"^@\w+\{([^,]+),", answer.text, re.MULTILINE))
        cited = {one.removeprefix("/references/") for one in shown.links()}
        assert len(keys & cited) > 0 or page == "/mechanisms", page
        assert keys, page


def test_an_error_on_our_side_is_a_page_too(urls: dict[str, str]) -> None:
    app = create_app(Settings(database_url=urls["sqlite"], cache_megabytes=0))
    (home,) = [route for route in app.routes if getattr(route, "path", "") == "/"]
    app.router.routes.remove(home)

    @app.get("/")
    def fail() -> None:
        raise ValueError("secret")

    with TestClient(app, raise_server_exceptions=False) as client:
        page = client.get("/", headers=HTML)
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "secret" not in page.text


def test_a_page_that_cannot_be_read_now_can_be_asked_for_again(urls: dict[str, str]) -> None:
    app = create_app(Settings(database_url=urls["sqlite"], cache_megabytes=0))
    (home,) = [route for route in app.routes if getattr(route, "path", "") == "/"]
    app.router.routes.remove(home)

    @app.get("/")
    def refuse() -> None:
        raise Unavailable("For operators.", lasting=True)

    with TestClient(app) as client:
        page = client.get("/", headers=HTML)
        document = client.get("/")
    assert page.status_code == document.status_code == 503
    assert page.headers["retry-after"]
    for said in ("<h1>Not available at the moment</h1>", '<a href="">Try again</a> in a minute.'):
        assert said in page.text
    assert "For operators" not in page.text
    assert "<form" not in page.text
    assert document.json()["detail"].startswith("For operators.")


def test_files_of_the_pages_are_kept_and_named_by_their_content(client: TestClient) -> None:
    page = read(client, "/")
    files = [one for one in page.links() if one.startswith("/static/")]
    assert len(files) == 3
    for file in [*files, "/favicon.ico", "/robots.txt"]:
        answer = client.get(file)
        assert answer.status_code == 200, file
        assert answer.headers["cache-control"] == "public, max-age=3600"
    weight = [len(client.get(one).content) for one in ("/", *files)]
    assert sum(weight) <= 220_000
    packed = 0
    for one in ("/", *files):
        with client.stream("GET", one, headers={"Accept-Encoding": "gzip"}) as answer:
            packed += sum(map(len, answer.iter_raw()))
    assert packed <= 40_000


def test_counts_on_the_front_page_are_those_of_the_dataset(client: TestClient) -> None:
    counts = client.get("/v1/dataset").json()["counts"]
    texts = [text.strip() for text in read(client, "/").texts]

    assert f"{counts['mechanisms']} mechanisms" in " ".join(texts)
    for plural in ("evidence", "references", "subtypes", "partners", "trials", "conflicts"):
        assert str(counts[plural]) in texts


def test_the_matrix_on_the_front_page_is_that_of_the_api(client: TestClient) -> None:
    text = client.get("/").text
    cells = client.get("/v1/matrix?rows=mechanism&columns=subtype").json()["cells"]

    for cell in some(cells):
        address = f"/mechanisms/{cell['row']}?subtype={cell['column']}"
        (total,) = re.findall(rf'href="{re.escape(address)}"[^>]*>(\d+)<', text)
        assert int(total) == cell["counts"]["total"]


def test_every_claim_of_a_mechanism_is_on_its_page(client: TestClient) -> None:
    claims: list[Any] = pages(client, "/v1/mechanisms/adcc-enhancement/evidence?limit=200")
    page = read(client, "/mechanisms/adcc-enhancement")
    few = read(client, "/mechanisms/adcc-enhancement?native=true")

    assert {one["id"] for one in some(claims)} <= set(page.ids())
    assert {one["id"] for one in claims if one["origin"] == "native"} <= set(few.ids())
    assert {one["id"] for one in claims if one["origin"] == "stated"}.isdisjoint(few.ids())


def test_each_claim_leads_to_how_it_is_corrected(client: TestClient) -> None:
    for address in ("/mechanisms/adcc-enhancement", "/conflicts/cd20-on-cll-cells"):
        page = read(client, address)
        claims = [given for name, given in page.tags if given.get("rel") == "nofollow"]
        places = [str(one["href"]) for one in claims]
        assert all(re.fullmatch(r"/about\?claim=[a-z0-9-]+#correct", one) for one in places)
        assert len(set(places)) == "".join(page.texts).count("correct this") > 1, address
    page = read(client, CORRECTED)
    claim = client.get("/v1/evidence/chiu-adcc-crbn").json()
    assert "correct" in page.ids()
    for said in (claim["id"], claim["statement"], claim["locator"], "A claim is wrong"):
        assert said in "".join(page.texts)
    assert "/v1/proposals?type=evidence&id=chiu-adcc-crbn" in page.links()
    assert client.get("/about?claim=nothing", headers=HTML).status_code == 404
    assert client.get("/about?other=x", headers=HTML).status_code == 422


def without_spaces(text: str) -> str:
    return "".join(text.split())


@pytest.mark.slow
def test_no_claim_is_shown_without_the_link_to_correct_it(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    claims: list[Any] = pages(client, "/v1/evidence?limit=200")
    statements = {without_spaces(one["statement"]): one["id"] for one in some(claims)}
    shown = 0
    more = ("/search?q=crbn", "/search?q=synapse&type=evidence", PATHS_SHOWN)
    for address in (*PAGES, *QUESTIONS[::4], *more):
        page = read(client, address)
        told = {statements.get(without_spaces(one)) for one in page.texts} - {None}
        leading = {given["href"] for _, given in page.tags if given.get("rel") == "nofollow"}
        needed = {f"/about?claim={one}#correct" for one in told}
        shown += len(needed)
        assert needed <= leading, (address, needed - leading)
    assert shown > 300


@pytest.mark.slow
def test_every_link_leads_somewhere(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    found = {link for address in PAGES for link in read(client, address).links()}
    # A row of each type is looked at above; each other one is read in the same way.
    again = re.compile(r"/(about|entities|references|trials|mechanisms|subtypes|v1)(/|\?)[^/]+.*")
    few = [link for link in sorted(found) if not again.fullmatch(link)]
    some_rows = sorted(link for link in found if again.fullmatch(link))[::12]
    for link in [*some(few), *some(some_rows)]:
        assert client.get(link).status_code == 200, link


@pytest.mark.slow
def test_every_link_of_an_answer_leads_somewhere(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    found = {(question, link) for question in QUESTIONS for link in read(client, question).links()}
    followed: dict[str, int] = {}
    for question, link in some(sorted(found)):
        if link not in followed:
            followed[link] = client.get(link).status_code
        assert followed[link] == 200, (question, link)


def by_origin(rows: list[Any]) -> list[set[str]]:
    """The ids of claims, by where they were measured; those of other rows together."""
    origins = {row.get("origin") for row in rows}
    return [{row["id"] for row in rows if row.get("origin") == one} for one in origins]


def test_the_questions_are_those_of_the_documentation(apps: dict[str, TestClient]) -> None:
    """Title by title, address by address; each page has rows, whose claims are shown."""
    text = (ROOT / "docs" / "QUESTIONS.md").read_text("utf-8")
    chapters = re.split(r"^## \d+\. ", text, flags=re.MULTILINE)[1:]
    titles = {chapter.partition("\n")[0]: ASKED.findall(chapter) for chapter in chapters}
    asked = list(all_questions().values())
    client = apps["sqlite"]

    assert [one.question for one in asked] == list(titles)
    assert read(client, "/questions").links() >= set(QUESTIONS)
    for question, address in zip(asked, QUESTIONS, strict=True):
        page = read(client, address)
        for part, documented in zip(question.shows, titles[question.question], strict=True):
            path, _, query = documented.partition("?")
            assert part.path == path
            assert sorted(part.pairs) == sorted(parse_qsl(query))
            if part.list == "evidence" or part.of:
                rows = client.get(documented).json()["items"]
                for group in by_origin(some(rows)):
                    assert len(group & set(page.ids())) >= min(len(group), ANSWERING)


def test_an_unknown_question_names_the_nearest(client: TestClient) -> None:
    answer = client.get("/questions/nk-cell", headers=HTML)

    assert answer.status_code == 404
    assert 'href="/questions/nk-cells"' in answer.text


def test_the_map_of_the_site_lists_every_page(apps: dict[str, TestClient]) -> None:
    answer = apps["sqlite"].get("/sitemap.xml", headers={"Host": "moa.example"})
    listed = re.findall(r"<loc>http://moa\.example([^<]+)</loc>", answer.text)

    assert answer.headers["cache-control"] == "no-store"
    assert set(listed) >= {*PAGES, *QUESTIONS}
    assert len(listed) == len(set(listed))


@pytest.mark.slow
def test_an_earlier_database_has_a_page_about_itself(copy: Settings) -> None:
    """A database of a release that says nothing of its method."""
    with changing(copy) as connection:
        connection.execute(table("dataset").update().values(about=None))
    with TestClient(create_app(copy)) as client:
        page = read(client, "/about")

    assert "scope" not in page.ids()


def test_figures_that_repeat_another_are_folded_under_it(client: TestClient) -> None:
    page = read(client, "/trials/emerge")
    rows = pages(client, "/v1/outcomes?trial=emerge&limit=200")
    repeating = {row["id"] for row in rows if row["repeats"]}

    assert {row["id"] for row in rows} - repeating <= set(page.ids())
    assert some(repeating)
    assert repeating.isdisjoint(page.ids())


def test_a_path_that_is_not_there_is_explained(client: TestClient) -> None:
    address = "/v1/graph/paths?source=lenalidomide&target=crbn&max_steps=1&sign=-"
    why = client.get(address).json()["why"]
    page = client.get("/paths?source=lenalidomide&target=crbn&max_steps=1&sign=-")

    assert page.status_code == 200
    assert why["sentence"].split(".")[0] in page.text
    nothing = client.get("/network?mechanism=macrophage-resistance")
    assert "No causal step passes these filters" in nothing.text


@pytest.mark.parametrize(
    ("sought", "path"),
    [
        ("CRBN", "/entities/crbn"),
        ("MCL", "/subtypes/mantle-cell-lymphoma"),
        ("DB00073", "/partners/rituximab"),
        ("NCT01938001", "/trials/augment"),
        ("10.1200/JCO.2014.59.5363", "/references/gribben-2015"),
    ],
)
def test_a_name_or_identifier_leads_to_its_page(
    apps: dict[str, TestClient], sought: str, path: str
) -> None:
    assert path in read(apps["sqlite"], f"/search?q={sought}").links()


def found_by(client: TestClient, address: str) -> set[str]:
    """The links of a page of a search that a page without a search lacks."""
    frame, page = (
        {given["href"] for name, given in read(client, one).tags if name == "a"}
        for one in ("/search", address)
    )
    return {one for one in page - frame if one}


def test_a_whole_title_is_searched(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    references = pages(client, "/v1/references?limit=200")
    longest = max(references, key=lambda one: len(one["title"]))
    assert len(longest["title"]) > 80

    page = client.get("/search", params={"q": longest["title"]}, headers=HTML)

    assert page.status_code == 200
    assert f"/references/{longest['id']}" in Reader(page.text).links()


def test_a_search_leads_to_the_pages_of_what_the_api_finds(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    address = "/search?q=resistance+cereblom"
    found = found_by(client, address)
    (claims,) = [one for one in found if one.endswith("&type=evidence")]
    (more,) = [one for one in found if "cursor=" in one]

    assert "resistance cereblon" in "".join(read(client, address).texts)
    assert "/mechanisms/cereblon-loss-resistance" in found
    for one in some(found_by(client, claims)):
        path, _, claim = one.partition("#")
        if claim:
            assert claim in read(client, path).ids()
    cited = re.compile("/references/[^?]+")
    rows = {one for one in found if not one.startswith(("/search", "/v1/search", "/about"))}
    rows = {one for one in rows if not cited.fullmatch(one)}
    assert some(rows)
    assert not found_by(client, more) & rows
    steps = found_by(client, "/search?q=IRF4&type=edge")
    assert some(one for one in steps if one.startswith("/v1/edges/"))


def test_what_a_reference_says_comes_before_what_it_cites(client: TestClient) -> None:
    text = client.get("/references/gribben-2015").text
    said, _, cited = text.partition("From its bibliography")

    assert "rev-bib-1" not in said
    assert 'id="rev-bib-1"' in cited
    assert 'id="rev-bib-1"' in client.get("/references/gribben-2015?kind=bibliographic").text


@pytest.mark.parametrize(
    ("page", "current"),
    [
        ("/conflicts", "all"),
        ("/conflicts?state=open", "open"),
        ("/trials", "all"),
        ("/trials?line=first_line", "first line"),
        ("/network", "with claims"),
        ("/network?basis=evidence&basis=textbook", "with textbook steps too"),
    ],
)
def test_the_choice_that_was_made_is_marked(client: TestClient, page: str, current: str) -> None:
    marked = re.findall(r'aria-current="true">([^<]+)<', client.get(page).text)

    assert current in marked


def test_the_map_ends_with_what_acts_in_no_particular_cell(client: TestClient) -> None:
    lanes = re.findall("<h3>([^<]+?) *<", client.get("/").text)

    assert lanes[0] == "Tumour B cell"
    assert lanes[-4:] == ["Any cell", "Several cells", "Resistance", "Adverse effects"]


def test_a_guide_for_language_models_names_every_type(client: TestClient) -> None:
    answer = client.get("/llms.txt")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    for resource in some(ALL):
        assert f"/v1/{resource.plural}" in answer.text


def test_a_step_of_unclear_sign_has_a_head_of_its_own(copy: Settings) -> None:
    with changing(copy) as connection:
        connection.execute(table("edge").update().values(sign="?"))
    with TestClient(create_app(copy)) as client:
        page = client.get("/network", headers=HTML).text

    assert "unclear" in page
    assert "a3 3 0 1 1" in page


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)  # names know no database
def test_names_of_drugs_are_new_where_the_state_is_unknown(copy: Settings) -> None:
    db = Database(copy)
    library = Library(db)
    drugs = table("entity").c
    named = table("entity").update().where(drugs.id == "rituximab")
    try:
        for label in ("before", "after"):
            with db.write() as connection:
                connection.execute(named.values(label=label))
                connection.exec_driver_sql("DROP TABLE IF EXISTS dataset")
            with db.read() as reading:
                assert reading.state is None
                assert library.drug_names(reading)["rituximab"] == label
    finally:
        db.close()


def test_a_search_says_when_nothing_is_found_and_repeats_only_text(
    apps: dict[str, TestClient],
) -> None:
    client = apps["sqlite"]
    page = read(client, "/search?q=<script>alert(1)</script>")

    assert "Nothing here contains these words" in "".join(read(client, "/search?q=xyzzyqq").texts)
    assert len([name for name, _ in page.tags if name == "script"]) == 2
    assert "No row" not in client.get("/search?q=+").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            "does lenalidomide plus rituximab beat rituximab alone in follicular lymphoma",
            "rituximab-in-indolent-lymphoma",
        ),
        ("Why does it fail in mantle cell lymphoma?", "mantle-cell-alone"),
        ("which subtype responds best", "alone-response-rates"),
        ("how often is neutropenia seen", "thrombosis-and-neutropenia"),
        ("resistance", "resistance"),
        ("lymphoma", ""),
        ("is it safe with warfarin", ""),
    ],
)
def test_a_search_leads_to_questions_that_people_ask(
    apps: dict[str, TestClient], asked: str, found: str
) -> None:
    client = apps["sqlite"]
    text = client.get("/search", params={"q": asked}).text
    links = re.findall(r'<li><a href="/questions/([^"]+)">', text)

    assert links[:1] == ([found] if found else [])
    assert len(links) <= 3
    shown = text.partition('class="rows"')[2].partition("</ul>")[0].count("<li>")
    few = shown < 5 and "More results" not in text
    assert ("what is covered</a>" in text) == few
    narrowed = client.get("/search", params={"q": asked, "type": "trial"}).text
    assert "Questions with an answer" not in narrowed


def test_claims_are_found_with_where_they_were_measured_and_their_source(
    apps: dict[str, TestClient],
) -> None:
    client = apps["sqlite"]
    text = client.get("/search?q=cereblon&type=evidence").text
    rows = re.findall(r"<li><a href=[^>]+>.*?</li>", text.partition('class="rows"')[2], re.DOTALL)

    for row in some(rows):
        assert re.search(r'class="badge (native|mixed|borrowed|stated)"', row), row
        assert '<a href="/references/' in row.partition("</a>")[2], row
        excerpt = re.sub("<mark>.*?</mark>", "", row.partition("<p><small>")[2])
        assert not excerpt or re.match(r"[^<]*\w", excerpt), row


def test_a_list_with_filters_says_so(apps: dict[str, TestClient]) -> None:
    client = apps["sqlite"]
    for page in ("/mechanisms?cell=nk-cell", "/trials?line=maintenance", "/entities?kind=drug"):
        path, _, query = page.partition("?")
        name, _, value = query.partition("=")
        text = client.get(page).text
        assert f"Only those with {name} <strong>{value}</strong>" in text
        assert f'<a href="{path}">Show all</a>' in text
        assert "Only those" not in client.get(path).text
