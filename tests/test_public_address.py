"""Files read elsewhere have whole addresses if the operator has set the public one."""

import json
import re
from collections.abc import Iterator

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.looking import some

PUBLIC = "https://moa.example:8443/lena/moa"
MECHANISM = "/mechanisms/adcc-enhancement"
# Paths of files and pages, and what finds the addresses in them that are read elsewhere.
READ_ELSEWHERE = [
    ("/sitemap.xml", r"<loc>([^<]+)<"),
    ("/robots.txt", r"Sitemap: (.+)"),
    ("/llms.txt", r"\]\(([^)]+)\)"),
    ("/.well-known/api-catalog", r'"(?:anchor|href)": "([^"]+)"'),
    ("/v1/dataset?format=jsonld", r'"(?:url|contentUrl)": "([^"]+)"'),
    ("/", r'<link rel="canonical" href="([^"]+)"'),
]
DRAWN = [
    (MECHANISM, r'<link rel="canonical" href="([^"]+)"'),
    (MECHANISM, r'"url": "([^"]+)"'),
    (MECHANISM, r'<p id="cite"[^>]*>[^<]*?(\S*/mechanisms/\S+)\. CC BY 4\.0'),
    *(
        (f"/v1{MECHANISM}/graph?format=svg&layout={layout}", found)
        for layout in ("dot", "lanes")
        for found in (r'<a href="([^"]+)"', r"CC BY 4\.0,\s?(?:</text><text[^>]*>)?([^<]+)<")
    ),
    ("/v1/graph/paths?source=lenalidomide&target=irf4&format=svg", r'<a href="([^"]+)"'),
    ("/v1/partners/rituximab/rationale?format=svg", r'<a href="([^"]+)"'),
]


@pytest.fixture(scope="module")
def public(urls: dict[str, str]) -> Iterator[TestClient]:
    """A service with its public address set."""
    settings = Settings(database_url=urls["sqlite"], public_address=PUBLIC)
    with TestClient(create_app(settings)) as client:
        yield client


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(
    ("path", "found"),
    [*READ_ELSEWHERE, *(pytest.param(*one, marks=pytest.mark.aside) for one in DRAWN)],
)
def test_what_is_read_elsewhere_has_whole_addresses(
    public: TestClient, apps: dict[str, TestClient], path: str, found: str
) -> None:
    """They lead to the same place as the paths in other answers."""
    if path == "/robots.txt":
        assert not re.search(found, apps["sqlite"].get(path).text)
        assert public.get(path).text.startswith("User-agent: *\nDisallow: /lena/moa/search\n")
    whole = some(re.findall(found, public.get(path).text))

    assert [one for one in whole if not one.startswith((PUBLIC, "https://creativecommons"))] == []
    for one in sorted({one for one in whole if one.startswith(PUBLIC)})[:20]:
        assert public.get(one.removeprefix(PUBLIC) or "/").status_code == 200, one
    if path not in ("/robots.txt", "/sitemap.xml"):
        paths = re.findall(found, apps["sqlite"].get(path).text)
        assert [one.replace(PUBLIC, "") for one in whole] == paths


def test_links_of_pages_stay_paths(public: TestClient) -> None:
    text = public.get(MECHANISM).text

    assert re.search(r'<a [^>]*href="/lena/moa/mechanisms"', text)
    assert f'href="{PUBLIC}' not in re.sub(r'<link rel="(canonical|cite-as)"[^>]+>', "", text)
    found = public.get("/v1/mechanisms?limit=2").json()
    assert found["next"].startswith("/lena/moa/v1/mechanisms?")


def test_no_request_changes_a_whole_address(public: TestClient) -> None:
    """The map of the site is kept, so whoever asked first must not be in it."""
    asked = {"Host": "made.up", "X-Forwarded-Host": "made.up", "Accept": "*/*"}
    for path, _ in READ_ELSEWHERE:
        answer = public.get(path, headers=asked)
        assert answer.content == public.get(path).content
        assert "made.up" not in answer.text
        assert answer.headers["cache-control"] != "no-store", path


@pytest.mark.parametrize(
    ("public_address", "prefix", "origin"),
    [
        ("", "/x", ""),
        ("https://moa.example", "", "https://moa.example"),
        ("http://moa.example/a/b-c", "/a/b-c", "http://moa.example"),
        ("https://[2001:db8::1]:8443/x", "/x", "https://[2001:db8::1]:8443"),
    ],
)
def test_the_path_of_the_public_address_is_the_prefix(
    public_address: str, prefix: str, origin: str
) -> None:
    for root_path in {prefix, ""} if public_address else {prefix}:
        found = Settings(root_path=root_path, public_address=public_address)
        assert (found.prefix, found.origin) == (prefix, origin)


@pytest.mark.parametrize(
    ("given", "root_path", "said"),
    [
        *((wrong, "", "must be like https://example.org") for wrong in (
            *("moa.example", "//moa.example", "ftp://moa.example", "https://", "https:///x"),
            *("https://moa.example/", "https://moa.example/x/", "https://moa.example?x=1"),
            *("https://me:secret@moa.example", "https://moa.example/x#y", "https://a..b\n"),
            *("https://-a.example", "https://moa.example:99999", "https://moa.example/é"),
        )),
        ("https://moa.example/v1", "", "must not begin with /v1"),
        ("https://moa.example/x", "/y", "must end with the path of MOA_ROOT_PATH"),
        ("https://moa.example", "/y", "must end with the path of MOA_ROOT_PATH"),
    ],
)  # fmt: skip
def test_a_public_address_that_is_none_is_refused(given: str, root_path: str, said: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(said)) as refused:
        Settings(root_path=root_path, public_address=given)
    assert "secret" not in str(refused.value)


def test_a_path_that_cannot_be_a_prefix_is_refused_alone() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(root_path="wrong", public_address="https://moa.example/x")
    assert [each["loc"] for each in refused.value.errors()] == [("root_path",)]


def test_the_data_for_search_engines_are_whole(public: TestClient) -> None:
    (text,) = re.findall(
        r'<script type="application/ld\+json">(.+)</script>', public.get(MECHANISM).text
    )
    found = json.loads(text)

    assert found["url"] == f"{PUBLIC}{MECHANISM}"
    assert found["isPartOf"]["url"] == f"{PUBLIC}/"
