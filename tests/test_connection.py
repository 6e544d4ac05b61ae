"""One connection, whatever is sent on it, uses bounded memory and answers in order."""

import itertools
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from uvicorn.protocols.http.flow_control import FlowControl

from app.http.connection import MAX_QUEUED, require
from app.settings import Settings
from tests.bench.servers import HOST, Server, service
from tests.curating import bearer, new_key
from tests.raw import PATIENCE, ask, get

pytestmark = pytest.mark.covering

FLOOD = 20_000_000
MOST_GROWTH = 20.0
LONGEST_WAIT = 2.0
PIECE = 65_536
QUIET_SECONDS = 2

TRANSFER = "Transfer-Encoding: chunked"
CHUNKED = get("/v1", TRANSFER)
CLOSE = "Connection: close"
TARGETS = [
    f"/v1/{name}?limit={limit}"
    for name in ("mechanisms", "subtypes", "evidence", "partners")
    for limit in (1, 2, 3, 4)
]


@pytest.fixture(scope="module")
def running(urls: dict[str, str]) -> Iterator[Server]:
    """A server without a cache, so that answers take their time."""
    with service(urls["sqlite"], megabytes=0) as found:
        yield found


FLOODS = {
    "requests": (b"", get("/v1")),
    "requests with large answers": (b"", get("/v1/mechanisms")),
    "requests for a stream": (b"", get("/v1/evidence?format=csv")),
    "requests with large heads": (b"", get("/v1", *["aa:bb"] * 9_000)),
    "a header field": (b"GET /v1 HTTP/1.1\r\nHost: x\r\nX: ", b"a" * 100),
    "a header name": (b"GET /v1 HTTP/1.1\r\nHost: x\r\n", b"a" * 100),
    "header fields": (b"GET /v1 HTTP/1.1\r\nHost: x\r\n", b"x: 1\r\n"),
    "a request line": (b"GET /", b"a" * 100),
    "blank lines": (b"", b"\r\n"),
    "a body": (get("/v1", f"Content-Length: {FLOOD}"), b"a" * 100),
    "a chunked body": (CHUNKED, b"a\r\n0123456789\r\n"),
    "a chunk extension": (CHUNKED + b"1;", b"a" * 100),
    "trailer fields": (CHUNKED + b"0\r\n", b"x: 1\r\n"),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_memory_is_bounded_whatever_is_sent(running: Server, kind: str) -> None:
    head, repeated = FLOODS[kind]
    ask(running.port, get("/v1/evidence?format=csv", CLOSE))
    before = running.memory()
    if before is None:
        pytest.skip("the system does not show the memory of a process")

    with waits(running) as waited:
        highest = flood(running, head, repeated)

    print(f"{kind}: +{highest - before:.1f} MB, /livez within {max(waited) * 1000:.0f} ms")
    assert highest - before <= MOST_GROWTH
    assert max(waited) < LONGEST_WAIT


def flood(running: Server, head: bytes, repeated: bytes) -> float:
    """Send without reading, until the server takes no more; its memory at the highest."""
    piece = memoryview(repeated * (PIECE // len(repeated)))
    sent, highest = 0, running.memory() or 0
    with socket.create_connection((HOST, running.port), QUIET_SECONDS) as connection:
        connection.sendall(head)
        try:
            while sent < FLOOD:
                sent += connection.send(piece[sent % len(piece) :])
                highest = max(highest, running.memory() or 0)
        except OSError:
            pass  # closed, or no longer read from
        for _ in range(20):
            running.get("/livez")
            highest = max(highest, running.memory() or 0)
    return highest


@contextmanager
def waits(running: Server) -> Iterator[list[float]]:
    """How long each answer on another connection took, as long as the block lasts."""
    found: list[float] = []
    done = Event()

    def ask_on() -> None:
        while not done.is_set():
            since = time.perf_counter()
            assert running.get("/livez").status == 200
            found.append(time.perf_counter() - since)

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_on)
        try:
            yield found
        finally:
            done.set()
        asking.result()


def test_pipelined_requests_are_answered_in_their_order(running: Server) -> None:
    alone = [ask(running.port, get(target, CLOSE))[0].body for target in TARGETS]
    requests = [get(target) for target in TARGETS[:-1]] + [get(TARGETS[-1], CLOSE)]

    answers = ask(running.port, b"".join(requests))

    assert len(answers) == 16
    assert [answer.body for answer in answers] == alone


def test_too_many_pipelined_requests_end_the_connection_after_the_first(running: Server) -> None:
    targets = list(itertools.islice(itertools.cycle(TARGETS), 100))
    alone = {target: ask(running.port, get(target, CLOSE))[0].body for target in TARGETS}

    # 1 MB more than is read of it before the connection ends.
    answers = ask(running.port, b"".join(map(get, targets)) + get("/v1") * 30_000)

    assert len(answers) == 1 + MAX_QUEUED
    assert [answer.body for answer in answers] == [alone[one] for one in targets[:17]]
    assert [answer.of("connection") for answer in answers] == [[]] * MAX_QUEUED + [["close"]]


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /v1\r\n\r\n",
        b"GET /v1 HTTP/9.9\r\n\r\n",
        b"GET v1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n",
        b"GET /v1 HTTP/1.1\r\nHost: x\r\nno field\r\n\r\n",
        b"GET /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
        b"GET /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        CHUNKED + b"no size\r\n",
    ],
)
def test_what_cannot_be_read_is_a_problem(running: Server, sent: bytes) -> None:
    (answer,) = ask(running.port, sent)

    assert answer.status == 400
    assert answer.of("content-type") == ["application/problem+json"]
    assert answer.of("access-control-allow-origin") == ["*"]
    assert answer.of("connection") == ["close"]
    document = json.loads(answer.body)
    assert document["type"] == "/problems/bad-request"
    assert [document["request_id"]] == answer.of("x-request-id")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 70_000, 414),
        (b"GET /v1 HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000, 431),
        (b"GET /v1 HTTP/1.1\r\nHost: x\r\n" + b"x: 1\r\n" * 12_000, 431),
    ],
)
def test_a_head_without_an_end_is_refused(running: Server, sent: bytes, status: int) -> None:
    (answer,) = ask(running.port, sent)

    assert answer.status == status
    assert json.loads(answer.body)["status"] == status
    assert answer.of("access-control-allow-origin") == ["*"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 5_000_000, 414),
        (b"GET /v1 HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 5_000_000, 431),
        (get("/v1", "Content-Length: 5000000") + b"a" * 5_000_000, 413),
        (b"nonsense\r\n" * 500_000, 400),
    ],
)
def test_a_refusal_can_be_read_after_sending_much_more(
    running: Server, sent: bytes, status: int
) -> None:
    (answer,) = ask(running.port, sent)

    assert answer.status == status


def test_a_body_of_unknown_length_is_limited(running: Server) -> None:
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    end = b"1\r\na\r\n0\r\n\r\n"

    (taken,) = ask(running.port, get("/v1", TRANSFER, CLOSE) + chunk + b"0\r\n\r\n")
    found = ask(running.port, get("/v1", TRANSFER) + chunk + end + get("/v1", CLOSE))

    assert taken.status == 200
    # Whether the answer has begun by then depends on how the body comes in.
    assert [answer.status for answer in found] in ([200], [413])


CHUNK = b"7530\r\n" + b"a" * 30_000 + b"\r\n"
BROKEN = (
    ("/v1/partners", "application/json", CHUNK * 4, 413, "limited to 64 kB"),
    ("/v1/partners", "application/json", b"2\r\n{}\r\nno size\r\n", 400, "not a valid HTTP"),
    ("/v1/import", "application/x-ndjson", CHUNK * 4 + b"2\r\n{}\n\n", 400, "not a valid HTTP"),
)


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_body_that_goes_wrong_while_it_is_read_is_refused_at_once(copy: Settings) -> None:
    key = [f"{name}: {value}" for name, value in bearer(new_key(copy)).items()]
    with service(copy.database_url) as server:
        for target, kind, body, status, reason in BROKEN:
            fields = (*key, f"Content-Type: {kind}", TRANSFER, "Expect: 100-continue")
            with socket.create_connection((HOST, server.port), PATIENCE) as connection:
                connection.sendall(get(target, *fields, method="POST"))
                # Said when the service begins to read the body.
                assert connection.recv(PIECE) == b"HTTP/1.1 100 Continue\r\n\r\n"
                connection.sendall(body)
                answer = b"".join(iter(lambda: connection.recv(PIECE), b""))

            assert answer.startswith(f"HTTP/1.1 {status} ".encode()), target
            assert reason.encode() in answer


def test_a_refusal_waits_until_earlier_requests_are_answered(running: Server) -> None:
    answers = ask(running.port, get(TARGETS[0]) + get(TARGETS[1]) + b"nonsense\r\n\r\n")

    assert [answer.status for answer in answers] == [200, 200, 400]


def test_a_body_that_breaks_after_the_answer_ends_the_connection(running: Server) -> None:
    with socket.create_connection((HOST, running.port), 60) as connection:
        connection.sendall(CHUNKED)
        received = b""
        while not received.endswith(b"}"):
            received += connection.recv(PIECE)
        connection.sendall(b"no size\r\n")

        assert connection.recv(PIECE) == b""
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("requests", [1, 3])
def test_a_client_that_closes_its_side_after_asking_gets_its_answers(
    running: Server, requests: int
) -> None:
    target = "/v1/evidence?limit=200"

    (alone,) = ask(running.port, get(target, CLOSE))
    answers = ask(running.port, get(target) * requests, half_close=True)

    assert [answer.body for answer in answers] == [alone.body] * requests


@pytest.mark.parametrize("sent", [b"", b"GET /v1 HT", get("/v1", "Content-Length: 9") + b"x"])
def test_a_client_that_closes_its_side_before_the_end_is_let_go(
    running: Server, sent: bytes
) -> None:
    assert len(ask(running.port, sent, half_close=True)) <= 1


def test_trailer_fields_are_no_header_fields(running: Server) -> None:
    trailer = b"0\r\nIf-None-Match: *\r\n\r\n"

    (answer,) = ask(running.port, get("/v1", TRANSFER, CLOSE) + trailer)

    assert answer.status == 200


def test_an_offer_of_another_protocol_is_declined(running: Server) -> None:
    offer = ("Connection: Upgrade, close", "Upgrade: h2c")

    (answer,) = ask(running.port, get("/v1", *offer))

    assert answer.status == 200


@pytest.mark.slow
@pytest.mark.covering
def test_it_does_not_start_on_a_server_that_has_changed() -> None:
    with pytest.raises(ImportError, match=r"has no FlowControl\.gone$"):
        require(FlowControl, "resume_reading", "gone")
