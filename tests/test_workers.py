"""Several processes answer on one port, and end together."""

import signal
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from os import kill
from pathlib import Path

import pytest
from httpx2 import Client

from app.__main__ import main
from app.commands import STOPPED
from app.settings import Settings
from tests.limits import SECONDS
from tests.programs import Program, free_port
from tests.test_hammer import COMMITS, Readers, check, writer

pytestmark = pytest.mark.covering

READY = "Application startup complete"
# A worker that has lived so long is replaced.
LONG_ENOUGH = 5.5


def serving(url: str, number: int = 2) -> Program:
    return Program(url, "serve", "--workers", str(number))


def started(server: Program, number: int = 2) -> None:
    for _ in range(number):
        assert READY in server.read(READY)


def answering(port: int) -> str:
    """Which process answers a new connection, by the ids that it gives."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    assert answer.status == 200
    answer.read()
    connection.close()
    return str(answer.getheader("x-request-id"))[:16]


def workers_of(server: Program) -> list[int]:
    pid = server.process.pid
    return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(
        f"/proc/{pid}/status"
    ).read_text("utf-8")


def until(passes: Iterator[bool]) -> None:
    """Wait until it is so."""
    end = time.monotonic() + SECONDS
    while not next(passes):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.aside
@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGTERM, STOPPED), pytest.param(signal.SIGINT, 0, marks=pytest.mark.full)],
)
def test_all_workers_answer_and_end_together(
    urls: dict[str, str], sent: signal.Signals, code: int
) -> None:
    with serving(urls["sqlite"]) as server:
        started(server)
        found: set[str] = set()
        while len(found) < 2:
            found.add(answering(server.port))
        workers = workers_of(server)
        assert len(workers) == 2

        server.process.send_signal(sent)

        assert server.end() == code
        assert all(map(gone, workers))
        assert "Traceback" not in "".join(server.lines)
        with pytest.raises(ConnectionRefusedError):
            answering(server.port)


@pytest.mark.slow
@pytest.mark.covering
def test_a_worker_that_dies_is_replaced_unless_it_does_so_at_once(urls: dict[str, str]) -> None:
    with serving(urls["sqlite"]) as server:
        started(server)
        begun = time.monotonic()
        until(time.monotonic() - begun > LONG_ENOUGH for _ in iter(int, 1))
        first, second = workers_of(server)

        kill(first, signal.SIGKILL)

        assert "has ended: -9" in server.read("has ended: -9")
        assert server.read(READY).count(READY) == 3
        (third,) = set(workers_of(server)) - {second}
        assert third != first
        answering(server.port)

        def fourth() -> list[int]:
            return [one for one in workers_of(server) if one not in (second, third)]

        kill(second, signal.SIGKILL)
        until(bool(fourth()) for _ in iter(int, 1))
        # As soon as it is there: on a busy machine it could soon have lived long enough.
        (found,) = fourth()
        kill(found, signal.SIGKILL)

        assert server.end() == 1
        assert gone(third)


@pytest.mark.slow
def test_each_has_a_port_for_metrics_and_none_outlives_the_first_process(
    urls: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("MOA_METRICS_PORT", str(port))
    with serving(urls["sqlite"]) as server:
        started(server)
        for _ in range(20):
            answering(server.port)
        counted = 0.0
        for own in (port, port + 1):
            with Client() as client:
                text = client.get(f"http://127.0.0.1:{own}/metrics").text
            _, there, found = text.partition('moa_requests_total{route="/readyz",status="200"} ')
            counted += float(found.split()[0]) if there else 0
        assert counted == 20
        workers = workers_of(server)

        server.process.kill()

        until(all(map(gone, workers)) for _ in iter(int, 1))


def test_a_senseless_number_of_workers_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("0", "65", "100", "two"):
        with pytest.raises(SystemExit):
            main(["serve", "--workers", number])
        refused = capsys.readouterr().err
        assert "argument --workers: must be a whole number from 1 to 64" in refused
    monkeypatch.setenv("MOA_METRICS_PORT", "65535")
    monkeypatch.setenv("MOA_PORT", str(free_port()))

    assert main(["serve", "--workers", "2"]) == 1

    assert "MOA_METRICS_PORT is too high" in capsys.readouterr().err


@pytest.mark.full
def test_a_commit_is_seen_by_the_next_answer_of_every_worker(copy: Settings) -> None:
    url = copy.database_url
    with writer(url) as write, serving(url) as server:
        started(server)
        # A new connection for each request, which either worker may take.
        once = {"Connection": "close"}
        base = f"http://127.0.0.1:{server.port}"
        with Client(base_url=base, headers=once, timeout=SECONDS) as client:
            readers = Readers(client)
            seen: set[str] = set()
            with readers.asking():
                for _ in range(COMMITS):
                    readers.committed = write()
                    check(client, readers.committed)
                    seen.add(answering(server.port))
    assert len(seen) == 2
