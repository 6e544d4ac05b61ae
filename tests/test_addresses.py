"""Behind a proxy that shows the service under a prefix, every address in an answer can be followed.

It may take the prefix off or keep it. `tests/test_proxies.py` does the same with real proxies.
"""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError
from starlette.routing import Route
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import OWN_PATHS, Settings
from tests.following import STARTS, Found, follow, following
from tests.programs import Program
from tests.raw import ask, get

PREFIX = "/a/moa"


@pytest.fixture(scope="module")
def behind(urls: dict[str, str]) -> Iterator[TestClient]:
    """A service that a proxy shows under a prefix."""
    settings = Settings(database_url=urls["sqlite"], root_path=PREFIX)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


@pytest.mark.slow
@pytest.mark.parametrize("taken_off", [PREFIX, ""], ids=["taken off", "kept"])
def test_every_address_can_be_followed(behind: TestClient, taken_off: str) -> None:
    def through(address: str) -> Found:
        answer = behind.get(address.removeprefix(taken_off))
        return Found(answer.status_code, dict(answer.headers), answer.content)

    followed = follow(through, PREFIX)

    kinds = {address.removeprefix(PREFIX).partition("?")[0] for address in followed}
    assert {
        *("/v1", "/docs", "/openapi.json", "/v1/graph/paths", "/v1/evidence", "/v1/edges/x"),
        *("/problems/not-found", "/problems/bad-request", "/problems/invalid-parameter"),
        *("/docs/start.js", "/docs/swagger-ui.css", "/v1/mechanisms/adcc-enhancement/evidence"),
    } <= {"/v1/edges/x" if "/edges/" in kind else kind for kind in kinds}


@pytest.mark.slow
def test_both_ways_give_the_same_bytes(behind: TestClient) -> None:
    for start in STARTS:
        one, other = (
            behind.get(prefix + start, headers={"X-Request-Id": "of-my-own"})
            for prefix in ("", PREFIX)
        )
        assert (one.status_code, one.content, one.headers) == (
            *(other.status_code, other.content),
            other.headers,
        )


@pytest.mark.slow
def test_methods_are_listed_behind_a_proxy(behind: TestClient) -> None:
    for prefix in ("", PREFIX):
        answer = behind.post(f"{prefix}/v1/outcomes")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_prefix_is_taken_off_once(behind: TestClient) -> None:
    for path in (f"{PREFIX * 2}/v1", f"{PREFIX}x/v1"):
        assert behind.get(path).status_code == 404
    assert behind.get(PREFIX, follow_redirects=False).headers["location"] == f"{PREFIX}/"
    assert behind.get(f"{PREFIX}/").status_code == 200


def test_a_file_is_named_without_the_prefix(behind: TestClient) -> None:
    for prefix in ("", PREFIX):
        answer = behind.get(f"{prefix}/v1/mechanisms/adcc-enhancement/graph?format=cx2")
        named = 'inline; filename="lenalidomide-moa-mechanisms-adcc-enhancement-graph-'
        assert answer.headers["content-disposition"].startswith(named)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/v1/evidence/?limit=2", "/v1/evidence?limit=2"),
        ("/v1/evidence//", "/v1/evidence"),
        ("/docs/", "/docs"),
        ("/v1/mechanisms/%C3%A9%3F%23%25/", "/v1/mechanisms/%C3%A9%3F%23%25"),
        ("/v1/evidence/?id=%22%C3%A9%22&x=[a]", "/v1/evidence?id=%22%C3%A9%22&x=%5Ba%5D"),
    ],
)
def test_a_redirect_is_a_path(behind: TestClient, asked: str, led: str) -> None:
    answer = behind.get(asked, headers={"Host": "example.org", "X-Forwarded-Host": "example.net"})

    assert (answer.status_code, answer.headers["location"]) == (307, PREFIX + led)


@pytest.mark.parametrize("path", ["//example.org/v1/evidence/", "//example.org/", "/none/"])
def test_nothing_else_is_redirected(client: TestClient, path: str) -> None:
    assert client.get(f"http://testserver{path}", follow_redirects=False).status_code == 404


def test_a_prefix_that_the_service_has_itself_is_refused(behind: TestClient) -> None:
    routes = [route for route in getattr(behind.app, "routes", []) if isinstance(route, Route)]
    assert {route.path.split("/")[1] for route in routes} - {""} == set(OWN_PATHS)

    for own in OWN_PATHS:
        with pytest.raises(ValidationError, match=f"must not begin with /{own},"):
            Settings(root_path=f"/{own}/moa")


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_file_that_is_cut_says_where_it_goes_on(client: TestClient, form: str) -> None:
    asked, parts = f"/v1/mechanisms?limit=7&format={form}&sort=-name", []
    whole = client.get(f"/v1/mechanisms?format={form}&sort=-name")
    assert 'rel="next"' not in whole.headers["link"]

    while asked:
        answer = client.get(asked)
        parts += answer.text.splitlines()[form == "csv" :]
        asked = next(iter(following(answer.headers)), "")

    assert parts == whole.text.splitlines()[form == "csv" :]


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        *(f"/v1/graph?mechanism=adcc-enhancement&format={form}" for form in ("json", "svg")),
        *(f"/v1/graph?mechanism=adcc-enhancement&format={form}" for form in ("graphml", "cx2")),
        *(f"/v1/evidence?format={form}" for form in ("json", "csv", "ndjson")),
        *("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/openapi.json"),
    ],
)
def test_every_text_is_compressed(behind: TestClient, address: str) -> None:
    plain = behind.get(address, headers={"Accept-Encoding": "identity"})
    short = behind.get(address, headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert short.headers["content-encoding"] == "gzip"
    assert short.content == plain.content
    assert int(short.headers.get("content-length", 0)) < len(plain.content)


def test_what_is_compressed_in_itself_is_sent_as_it_is(behind: TestClient) -> None:
    answer = behind.get("/docs/favicon-32x32.png", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in answer.headers


@pytest.mark.slow
def test_a_request_of_http_1_0_needs_no_host(urls: dict[str, str]) -> None:
    with Program(urls["sqlite"], "serve") as server:
        server.read(until="listening")
        for line, host, status in (
            ("GET /livez HTTP/1.0", "", 200),
            ("GET /livez HTTP/1.0", "Host: x\r\n", 200),
            ("GET /livez HTTP/1.0", "Host: x\r\nHost: y\r\n", 400),
            ("GET /livez HTTP/1.1", "Connection: close\r\n", 400),
        ):
            (answer,) = ask(server.port, f"{line}\r\n{host}\r\n".encode())
            assert answer.status == status
        (answer,) = ask(server.port, get("/livez", "Connection: close"))
        assert answer.status == 200
