"""A page of any other origin can read every answer, refusals too, and ask with any header."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.bench.servers import Server, service
from tests.raw import ask, get

ORIGIN = "Origin: https://example.org"
CLOSE = "Connection: close"
EXPOSED = (
    "ETag, Link, X-Request-Id, X-Dataset-Version, X-Dataset-Revision, Retry-After, Allow, "
    "Content-Disposition, Location, RateLimit, RateLimit-Policy, Accept-Ranges, Content-Range"
)
FOR_ORIGINS = {
    "access-control-allow-origin": ["*"],
    "access-control-expose-headers": [EXPOSED],
}
ONCE_AT_MOST = (
    *("vary", "etag", "cache-control", "content-type", "content-length", "content-encoding"),
    *("x-dataset-version", "allow", "retry-after", "link", "connection", "transfer-encoding"),
)
LIST = "/v1/mechanisms?limit=3"


@pytest.fixture(scope="module")
def running(urls: dict[str, str]) -> Iterator[Server]:
    """A server as it comes."""
    with service(urls["sqlite"]) as found:
        yield found


KINDS = {
    "a list": (200, get(LIST, ORIGIN, CLOSE)),
    "without an origin": (200, get(LIST, CLOSE)),
    "compressed": (200, get(LIST, "Accept-Encoding: gzip", ORIGIN, CLOSE)),
    "never kept": (200, get("/livez", ORIGIN, CLOSE)),
    "a stream": (200, get("/v1/evidence?format=csv", ORIGIN, CLOSE)),
    "a compressed stream": (
        200,
        get("/v1/evidence?format=csv", "Accept-Encoding: gzip", ORIGIN, CLOSE),
    ),
    "a picture": (200, get("/v1/graph?format=svg", ORIGIN, CLOSE)),
    "a page": (200, get("/docs", ORIGIN, CLOSE)),
    "its style": (200, get("/docs/swagger-ui.css", ORIGIN, CLOSE)),
    "the document": (200, get("/openapi.json", ORIGIN, CLOSE)),
    "unchanged": (304, get(LIST, "If-None-Match: *", ORIGIN, CLOSE)),
    "HEAD": (200, get(LIST, ORIGIN, CLOSE, method="HEAD")),
    "a slash too many": (307, get("/v1/mechanisms/", ORIGIN, CLOSE)),
    "no such row": (404, get("/v1/mechanisms/none", ORIGIN, CLOSE)),
    "no such path": (404, get("/none", ORIGIN, CLOSE)),
    "no such method": (405, get(LIST, ORIGIN, CLOSE, method="DELETE")),
    "no such type": (406, get(LIST, "Accept: image/png", ORIGIN, CLOSE)),
    "no such value": (422, get("/v1/mechanisms?limit=0", ORIGIN, CLOSE)),
    "NUL": (400, get("/v1/%00", ORIGIN, CLOSE)),
    "two hosts": (400, get("/v1", "Host: y", ORIGIN, CLOSE)),
    "nonsense": (400, b"nonsense\r\n\r\n"),
    "a large body": (413, get("/v1", "Content-Length: 65537", ORIGIN, CLOSE)),
    "a long target": (414, get("/v1?" + "a" * 9_000, ORIGIN, CLOSE)),
    "an endless target": (414, b"GET /" + b"a" * 70_000),
    "a large head": (431, get("/v1", "X: " + "a" * 17_000, ORIGIN, CLOSE)),
    "an endless head": (431, get("/v1", "X: " + "a" * 70_000)[:-4]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_can_be_read_from_another_origin(running: Server, kind: str) -> None:
    status, sent = KINDS[kind]
    heads = [0] if sent.startswith(b"HEAD") else []

    # An answer from memory comes another way than the first.
    for _ in range(2):
        (answer,) = ask(running.port, sent, *heads)

        assert answer.status == status
        assert {name: answer.of(name) for name in FOR_ORIGINS} == FOR_ORIGINS
        assert answer.of("x-content-type-options") == ["nosniff"]
        assert len(answer.of("x-request-id")) == 1
        assert all(len(answer.of(name)) <= 1 for name in ONCE_AT_MOST), answer.headers


@pytest.mark.parametrize(("status", "target"), [(500, "/faulty"), (503, "/v1/graph?format=svg")])
def test_faults_and_outages_can_be_read_from_another_origin(
    copy: Settings, status: int, target: str
) -> None:
    app = create_app(copy.model_copy(update={"dot": "/none/dot"}))

    @app.get("/faulty")
    def fail() -> None:
        raise ZeroDivisionError

    with TestClient(app) as client:
        answer = client.get(target, headers={"Origin": "https://example.org"})

    assert answer.status_code == status
    assert {name: answer.headers.get_list(name) for name in FOR_ORIGINS} == FOR_ORIGINS


@pytest.mark.parametrize(
    "header",
    [
        *("If-None-Match", "X-Request-Id", "traceparent", "X-Requested-With", "Cache-Control"),
        *("Authorization", "if-none-match,x-any-name", "X-" + "a" * 8_000),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_may_carry_any_header(running: Server, method: str, header: str) -> None:
    asked = (
        f"Access-Control-Request-Method: {method}",
        f"Access-Control-Request-Headers: {header}",
    )

    (answer,) = ask(running.port, get(LIST, ORIGIN, CLOSE, *asked, method="OPTIONS"))

    assert allows(answer.status, dict(answer.headers), method, header.split(","))
    assert {name: answer.of(name) for name in FOR_ORIGINS} == FOR_ORIGINS
    assert answer.of("access-control-max-age") == ["86400"]
    assert answer.of("content-length") == answer.of("content-type") == answer.of("vary") == []
    assert answer.body == b""


def allows(status: int, headers: dict[str, str], method: str, names: list[str]) -> bool:
    """What a browser makes of the answer to a preflight, by the Fetch standard."""
    of_names = headers["access-control-allow-headers"].lower().split(", ")
    return (
        200 <= status < 300
        and headers["access-control-allow-origin"] == "*"
        and method in headers["access-control-allow-methods"].split(", ")
        and all(
            name.lower() in of_names or ("*" in of_names and name.lower() != "authorization")
            for name in names
        )
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_does_not_pass_the_preflight(running: Server, method: str) -> None:
    asked = f"Access-Control-Request-Method: {method}"

    (answer,) = ask(running.port, get(LIST, ORIGIN, CLOSE, asked, method="OPTIONS"))

    assert not allows(answer.status, dict(answer.headers), method, [])


@pytest.mark.parametrize("target", ["/v1/none", "/none", "/v1/%00", "/v1?" + "a" * 9_000])
def test_a_preflight_passes_so_that_the_refusal_can_be_read(running: Server, target: str) -> None:
    asked = ("Access-Control-Request-Method: GET", "Access-Control-Request-Headers: traceparent")

    (answer,) = ask(running.port, get(target, ORIGIN, CLOSE, *asked, method="OPTIONS"))

    assert allows(answer.status, dict(answer.headers), "GET", ["traceparent"])


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("target", [LIST, "/livez", "/docs", "*"])
def test_options_without_an_origin_lists_the_methods(running: Server, target: str) -> None:
    (answer,) = ask(running.port, get(target, CLOSE, method="OPTIONS"))

    allow = "GET, HEAD, OPTIONS, POST" if target == LIST else "GET, HEAD, OPTIONS"
    assert (answer.status, answer.of("allow")) == (204, [allow])
