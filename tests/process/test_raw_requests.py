"""B8: whatever bytes are sent, the answer is documented, and the next caller is served.

Each prints what it has counted. Single limits are tried in every run by test_connection.py.
"""

import random
import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from app.settings import Settings
from tests.bench.servers import HOST, Server, service
from tests.curating import bearer, history, new_key
from tests.raw import PATIENCE, get

pytestmark = pytest.mark.full

MUTATED, LARGE, MOST_GROWTH = 10_000, 150_000_000, 20.0
STATUS = re.compile(rb"^HTTP/1\.1 ([0-9]{3}) ", re.MULTILINE)
KNOWN = {200, 304, 308, 400, 401, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 431, 503}
BODY = b'{"note": "Only an example."}'
TARGETS = ("/v1/partners/rituximab", "/v1/evidence?limit=1", "/v1/search?q=ikaros", "/", "/v1/none")
PIECES = (
    *(b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b",", b";", b'"', b"%", b"%00"),
    *(b"%ff", b"\xff", b"\xc3", b"?", b"&", b"=", b"#", b"..", b"//", b"*", b"HTTP/1.0", b"HTTP/9"),
    *(
        b"Host: y\r\n",
        b"Content-Length: 1\r\n",
        b"Content-Length: -1\r\n",
        b"Expect: 100-continue\r\n",
    ),
    *(b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"Range: bytes=0-\r\n"),
    *(b"If-None-Match: *\r\n", b"If-Match: 1\r\n", b"Authorization: Bearer x\r\n", b"a" * 5_000),
)


def requests(key: str) -> list[bytes]:
    """Sound requests, those that change rows with a key and a version that is no longer there."""
    fields = [f"{name}: {value}" for name, value in bearer(key).items()]
    fields += ["Content-Type: application/json", 'If-Match: "0"', f"Content-Length: {len(BODY)}"]
    changes = [
        get(TARGETS[0], *fields, method=method) + BODY for method in ("PATCH", "PUT", "DELETE")
    ]
    return [*map(get, TARGETS), get(TARGETS[1], method="HEAD"), *changes]


def mutated(sound: bytes, dice: random.Random) -> bytes:
    """A request in which some bytes are changed, taken out, repeated or put in."""
    found = bytearray(sound)
    for _ in range(dice.randint(1, 4)):
        start = dice.randrange(len(found) + 1)
        end = min(len(found), start + dice.choice((0, 0, 1, 1, 2, 8)))
        found[start:end] = dice.choice(
            (b"", bytes(found[start : end + 5]) * 2, dice.choice(PIECES), dice.randbytes(1))
        )
    return bytes(found)


def answered(port: int, sent: bytes) -> bytes:
    """All that the server answers to a client that closes its side after asking."""
    received = bytearray()
    with socket.create_connection((HOST, port), PATIENCE) as connection:
        # A server that has refused may close before all is sent.
        with suppress(ConnectionError):
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while piece := connection.recv(65_536):
                received += piece
    return bytes(received)


@pytest.fixture
def running(copy: Settings) -> Iterator[Server]:
    with service(copy.database_url) as found:
        yield found


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_no_bytes_are_an_error_of_ours(copy: Settings, running: Server) -> None:
    sound = requests(new_key(copy))
    dice = random.Random(8)  # noqa: S311 - the same requests each time
    for each in sound * 20:
        answered(running.port, each)
    before, found = running.memory() or 0, Counter[int]()
    for number in range(MUTATED):
        sent = mutated(sound[number % len(sound)], dice)
        answer = answered(running.port, sent)
        statuses = [int(one) for one in STATUS.findall(answer)]
        assert not answer or statuses, sent
        assert {*statuses} <= KNOWN | {100}, sent
        found.update(statuses or [0])
    grown = (running.memory() or 0) - before

    print(f"{MUTATED} mutated requests: {dict(sorted(found.items()))}, {grown:+.1f} MB")
    assert running.get("/v1/partners/rituximab").status == 200
    assert history(copy) == []
    assert grown <= MOST_GROWTH


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
@pytest.mark.parametrize("told", [True, False], ids=["length", "chunks"])
def test_a_large_body_takes_no_memory(copy: Settings, running: Server, *, told: bool) -> None:
    fields = [f"{name}: {value}" for name, value in bearer(new_key(copy)).items()]
    size = f"Content-Length: {LARGE}" if told else "Transfer-Encoding: chunked"
    head = get("/v1/partners", *fields, "Content-Type: application/json", size, method="POST")
    chunk = b"a" * 100_000 if told else b"186a0\r\n" + b"a" * 100_000 + b"\r\n"
    before = highest = running.memory() or 0
    with socket.create_connection((HOST, running.port), PATIENCE) as connection:
        connection.sendall(head)
        with suppress(OSError):
            for _ in range(LARGE // 100_000):
                connection.sendall(chunk)
                highest = max(highest, running.memory() or 0)

    print(f"{LARGE / 1e6:.0f} MB by {'length' if told else 'chunks'}: {highest - before:+.1f} MB")
    assert highest - before <= MOST_GROWTH
    assert running.get("/v1/partners/rituximab").status == 200
