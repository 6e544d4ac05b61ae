"""Servers as separate processes: started on one core, awaited, measured and stopped."""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from tests.limits import SECONDS
from tests.programs import free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
HAS_DATASETTE = find_spec("datasette") is not None
PIECE = 1_000_000

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
PINNED = len(CORES) > 1
SERVER_CORES, LOAD_CORES = set(CORES[:1]), set(CORES[1:2])


@dataclass(frozen=True)
class Answer:
    """An answer as received, with header names in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Streamed:
    """A long answer: the seconds it took, its size, and by how much the server grew meanwhile."""

    seconds: float
    megabytes: float
    growth: float | None
    """In MB (10^6 bytes), at its highest; None if the system does not report it."""


@dataclass(frozen=True)
class Server:
    """A running server and how long its first answer took, counted from its start."""

    port: int
    pid: int
    first_answer: float

    def get(self, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask once."""
        return _get(self.port, target, headers)

    def stream(self, target: str) -> Streamed:
        """Read a long answer piece by piece, with a look at the server's memory at each."""
        before, highest, size = self.memory(), 0.0, 0
        since = time.perf_counter()
        with _asked(self.port, target) as found:
            while piece := found.read(PIECE):
                size += len(piece)
                highest = max(highest, self.memory() or 0)
        took = time.perf_counter() - since
        return Streamed(took, size / 1e6, highest - before if before else None)

    def memory(self) -> float | None:
        """Resident memory in MB (10^6 bytes); None if the system does not report it."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return None
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        return int(found[1]) * 1024 / 1e6 if found else None

    def cpu(self) -> float | None:
        """Seconds of processor time so far; None if the system does not report it."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """Run what is started in this block on these cores only, if the system can pin it."""
    if not PINNED:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def surroundings(given: Mapping[str, str]) -> dict[str, str]:
    """The environment of our processes: no settings except those given here."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MOA_")}
    return plain | dict(given)


@contextmanager
def service(
    url: str,
    target: str = "/livez",
    *,
    megabytes: int | None = None,
    settings: Mapping[str, str] | None = None,
    workers: int = 0,
) -> Iterator[Server]:
    """Our service on a database, as an operator starts it, with a cache of the given size.

    If the number of workers is given, they run on any core.
    """
    port = free_port()
    command = ["-m", "app", "serve", "--host", HOST, "--port", str(port)]
    if workers:
        command += ["--workers", str(workers)]
    cache = {} if megabytes is None else {"MOA_CACHE_MEGABYTES": str(megabytes)}
    environment = {"MOA_DATABASE_URL": url, **cache, **(settings or {})}
    cores = set(CORES) if workers else SERVER_CORES
    with _running(command, environment, port, target, cores) as server:
        yield server


@contextmanager
def datasette(path: str, target: str) -> Iterator[Server]:
    """Datasette on the same file, with its own defaults."""
    port = free_port()
    command = ["-m", "datasette", "serve", path, "--host", HOST, "--port", str(port)]
    with _running(command, {}, port, target) as server:
        yield server


@contextmanager
def asgi(app: str, environment: Mapping[str, str], target: str) -> Iterator[Server]:
    """Another ASGI app, under uvicorn as our service sets it."""
    port = free_port()
    command = [
        *("-m", "uvicorn", app, "--host", HOST, "--port", str(port), "--backlog", "2048"),
        *("--no-access-log", "--no-server-header", "--log-level", "warning"),
        *("--timeout-keep-alive", "5"),
    ]
    with _running(command, environment, port, target) as server:
        yield server


@contextmanager
def _running(
    command: list[str],
    environment: Mapping[str, str],
    port: int,
    target: str,
    cores: set[int] = SERVER_CORES,
) -> Iterator[Server]:
    with tempfile.TemporaryFile() as log:
        since = time.perf_counter()
        with on_cores(cores):
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=surroundings(environment),
                stdout=log,
                stderr=log,
            )
        try:
            _await(process, port, target, log)
            took = time.perf_counter() - since
            yield Server(port, process.pid, took)
        finally:
            _stop(process)


def _await(process: subprocess.Popen[bytes], port: int, target: str, log: IO[bytes]) -> None:
    """Wait for the first answer."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if _get(port, target).status < http.client.BAD_REQUEST:
                return
        except OSError:
            time.sleep(0.005)
    log.seek(0)
    told = log.read().decode(errors="replace")[-2000:]
    raise RuntimeError(f"a server did not answer {target}; it said:\n{told}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _get(port: int, target: str, headers: Mapping[str, str] | None = None) -> Answer:
    with _asked(port, target, headers) as found:
        pairs = [(name.lower(), value) for name, value in found.getheaders()]
        return Answer(found.status, pairs, found.read())


@contextmanager
def _asked(
    port: int, target: str, headers: Mapping[str, str] | None = None
) -> Iterator[http.client.HTTPResponse]:
    with closing(http.client.HTTPConnection(HOST, port, timeout=SECONDS)) as connection:
        connection.request("GET", target, headers=dict(headers or {}))
        yield connection.getresponse()
