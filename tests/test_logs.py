"""The log holds what an operator needs about a request, and nothing that was sent."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.logs import JsonLine
from app.main import create_app
from app.settings import Settings

REQUEST = "/v1/mechanisms?limit=0&secret=1"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ITEM = "/v1/mechanisms/adcc-enhancement"
FIELDS = {"request_id", "method", "route", "status", "ms", "bytes"}

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """The lines about requests that were logged since they were last asked for."""
    caplog.set_level(logging.INFO, "moa")

    def found() -> list[dict[str, Any]]:
        written = [json.loads(JsonLine().format(record)) for record in caplog.records]
        caplog.clear()
        return [line for line in written if line["message"] == "request"]

    return found


@pytest.fixture(scope="module")
def logging_client(urls: dict[str, str]) -> Iterator[TestClient]:
    settings = Settings(database_url=urls["sqlite"], access_log=True, root_path="/moa")
    with TestClient(create_app(settings)) as client:
        yield client


def test_requests_are_not_logged_unless_it_is_wanted(
    apps: dict[str, TestClient], lines: Lines
) -> None:
    apps["sqlite"].get(REQUEST)

    assert lines() == []


def test_a_line_has_what_is_known_of_a_request_and_nothing_that_was_sent(
    logging_client: TestClient, lines: Lines
) -> None:
    answer = logging_client.get(REQUEST, headers={"X-Request-Id": "one-of-mine"})

    (line,) = lines()
    assert line.keys() - {"time", "level", "message"} == FIELDS
    assert (line["request_id"], line["method"], line["status"]) == ("one-of-mine", "GET", 422)
    assert (line["route"], line["bytes"]) == ("/v1/mechanisms", len(answer.content))
    assert line["ms"] >= 0
    assert "secret" not in str(line)


@pytest.mark.parametrize(
    ("method", "asked", "route", "status"),
    [
        ("GET", ITEM, "/v1/mechanisms/{id}", 200),
        ("HEAD", ITEM, "/v1/mechanisms/{id}", 200),
        ("GET", f"/moa{ITEM}", "/v1/mechanisms/{id}", 200),
        ("GET", "/v1/mechanisms/secret", "/v1/mechanisms/{id}", 404),
        ("GET", "/mechanisms/adcc-enhancement", "/mechanisms/{id}", 200),
        ("GET", "/v1/evidence?format=csv&limit=3", "/v1/evidence", 200),
        ("GET", "/secret", "", 404),
        ("GET", "/secret%00", "", 400),
        ("OPTIONS", ITEM, "", 204),
        ("POST", "/v1/matrix", "/v1/matrix", 405),
    ],
)
def test_the_route_stands_for_the_address(
    logging_client: TestClient, lines: Lines, method: str, asked: str, route: str, status: int
) -> None:
    # An answer from memory comes another way than the first.
    for _ in range(2):
        answer = logging_client.request(method, asked, headers={"Accept-Encoding": "identity"})

        (line,) = lines()
        assert (line["method"], line["route"], line["status"]) == (method, route, status)
        assert line["bytes"] == len(answer.content)
        assert "secret" not in str(line)


def test_an_unchanged_answer_has_its_route_too(logging_client: TestClient, lines: Lines) -> None:
    tag = logging_client.get(ITEM).headers["etag"]
    logging_client.get(ITEM, headers={"If-None-Match": tag})

    _, line = lines()
    assert (line["route"], line["status"], line["bytes"]) == ("/v1/mechanisms/{id}", 304, 0)


@pytest.mark.parametrize(
    ("sent", "logged"),
    [
        ([TRACE], TRACE),
        ([TRACE.upper()], None),
        ([f"{TRACE}-secret"], None),
        ([TRACE, TRACE], None),
    ],
)
def test_the_trace_of_the_caller_is_named(
    logging_client: TestClient, lines: Lines, sent: list[str], logged: str | None
) -> None:
    logging_client.get(ITEM, headers=[("traceparent", one) for one in sent])

    (line,) = lines()
    assert line.get("traceparent") == logged
