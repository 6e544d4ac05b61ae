"""The first requests after a start are answered like all others, however many arrive at once."""

import http.client
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import cycle, islice

import pytest

from app.resources import ALL
from tests.bench.servers import HOST, service
from tests.conftest import SQLITE_FIRST

pytestmark = pytest.mark.slow

AT_ONCE = 64
SECONDS = 120
ROUNDS = [0, 1, *(pytest.param(number, marks=pytest.mark.full) for number in range(2, 12))]
LISTS = [f"/v1/{one.plural}" for one in ALL]
# These can be changed, which takes a key.
WRITTEN = [f"/v1/{one.plural}" for one in ALL if one.write]
OTHERS = ["/v1", "/v1/dataset", "/v1/vocabulary", "/v1/matrix", "/v1/graph", "/livez"]
DOCUMENT = "/openapi.json"

Request = tuple[str, str, dict[str, str]]


def bad() -> Iterator[tuple[Request, int]]:
    """Requests that are refused, and with which status; one kind after the other."""
    for address in (*LISTS, *OTHERS):
        yield ("GET", f"{address}?none=1", {}), 422
        yield ("POST", address, {}), 401 if address in WRITTEN else 405
    yield ("PUT", f"{LISTS[0]}/x", {}), 401
    for address in (DOCUMENT, "/docs", f"{LISTS[0]}/x/evidence"):
        yield ("PUT", address, {}), 405


def at_once(port: int, requests: Sequence[Request]) -> list[tuple[int, bytes]]:
    """The answers to requests that are all on their way before the first one is read."""
    with ExitStack() as stack:
        connections = [
            stack.enter_context(closing(http.client.HTTPConnection(HOST, port, timeout=SECONDS)))
            for _ in requests
        ]
        for connection in connections:
            connection.connect()
        for connection, (method, address, headers) in zip(connections, requests, strict=True):
            connection.request(method, address, headers=headers)
        answers = [connection.getresponse() for connection in connections]
        return [(answer.status, answer.read()) for answer in answers]


@pytest.mark.slow
@pytest.mark.parametrize("database", SQLITE_FIRST)
@pytest.mark.parametrize("number", ROUNDS)
def test_the_first_requests_may_be_bad_ones(
    urls: dict[str, str], database: str, number: int
) -> None:
    asked = list(islice(cycle(bad()), number, number + AT_ONCE))

    with service(urls[database]) as server:
        answers = at_once(server.port, [request for request, _ in asked])

    assert [status for status, _ in answers] == [status for _, status in asked]
    assert {status for status, _ in answers} == {401, 405, 422}


def test_all_who_ask_first_for_the_document_get_all_of_it(urls: dict[str, str]) -> None:
    # Each in its own way, so that no answer is given twice.
    requests = [("GET", DOCUMENT, {"Accept": f"*/*;n={number}"}) for number in range(16)]

    with service(urls["sqlite"]) as server:
        answers = at_once(server.port, requests)
        later = server.get(DOCUMENT)

    assert later.status == 200
    assert set(answers) == {(200, later.body)}
