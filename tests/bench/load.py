"""Load on one target over several connections, with `wrk` or a small client of our own."""

import asyncio
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.servers import HOST, LOAD_CORES, on_cores

WRK = shutil.which("wrk")
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
TIMEOUT_SECONDS = 10
WARM_UP_SECONDS = 1.0
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
EMPTY = (b"204", b"304")


@dataclass(frozen=True)
class Figures:
    """Answers in a second, and the milliseconds that half and 99 of 100 of them took at most."""

    per_second: float
    p50: float
    p99: float


def tool() -> str:
    """The name of the program that makes the load."""
    return "wrk" if WRK else "a Python client (wrk is not installed), so ceilings are too low"


def measure(
    port: int,
    target: str,
    seconds: float,
    *,
    connections: int = 16,
    headers: Mapping[str, str] | None = None,
) -> Figures:
    """Request one target repeatedly; any error stops the run."""
    with on_cores(LOAD_CORES):
        if WRK:
            return _by_wrk(WRK, port, target, seconds, connections, headers or {})
        return asyncio.run(_by_python(port, target, seconds, connections, headers or {}))


def median(figures: Sequence[Figures]) -> Figures:
    """The median of several rounds, for each figure."""
    return Figures(
        *(
            statistics.median(getattr(one, name) for one in figures)
            for name in ("per_second", "p50", "p99")
        )
    )


def _by_wrk(
    wrk: str,
    port: int,
    target: str,
    seconds: float,
    connections: int,
    headers: Mapping[str, str],
) -> Figures:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    whole = str(max(1, round(seconds)))
    done = subprocess.run(
        [
            *(wrk, "-t1", f"-c{connections}", f"-d{whole}s", "--latency"),
            *("--timeout", f"{TIMEOUT_SECONDS}s", *given, f"http://{HOST}:{port}{target}"),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 3 * TIMEOUT_SECONDS,
    )
    return parse(done.stdout)


def parse(told: str) -> Figures:
    """Read the figures from the output of wrk."""
    wrong = re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", told)
    if wrong:
        raise RuntimeError(f"under load: {wrong[0]}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if rate is None:
        raise RuntimeError("wrk told no rate")
    return Figures(float(rate[1]), _percentile(told, 50), _percentile(told, 99))


def _percentile(told: str, percent: int) -> float:
    found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)$", told, re.MULTILINE)
    if found is None:
        raise RuntimeError("wrk told no percentiles")
    return float(found[1]) * UNITS[found[2]]


@dataclass
class _Client(asyncio.Protocol):
    """One connection that sends its next request as soon as it has the answer."""

    request: bytes
    until: float
    done: asyncio.Future[None]
    times: list[float] = field(default_factory=list)
    _received: bytes = b""
    _since: float = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("HTTP runs over a stream")
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, ended, body = self._received.partition(b"\r\n\r\n")
        if not ended:
            return
        status = head[9:12]
        length = LENGTH.search(head)
        if length is None and status not in EMPTY:
            self._fail("an answer without its length")
        elif not status.startswith((b"2", b"3")):
            self._fail(f"under load: status {status.decode()}")
        elif status in EMPTY or len(body) >= int(length[1] if length else 0):
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or RuntimeError("the server closed a connection"))

    def _ask(self) -> None:
        self._received, self._since = b"", time.perf_counter()
        self._transport.write(self.request)

    def _next(self) -> None:
        now = time.perf_counter()
        self.times.append((now - self._since) * 1e3)
        if now < self.until:
            self._ask()
        else:
            self.done.set_result(None)
            self._transport.close()

    def _fail(self, why: str) -> None:
        self.done.set_exception(RuntimeError(why))
        self._transport.close()


async def _by_python(
    port: int, target: str, seconds: float, connections: int, headers: Mapping[str, str]
) -> Figures:
    loop = asyncio.get_running_loop()
    lines = [f"GET {target} HTTP/1.1", f"Host: {HOST}:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = "\r\n".join([*lines, "", ""]).encode()
    until = time.perf_counter() + seconds
    clients = [_Client(request, until, loop.create_future()) for _ in range(connections)]
    for client in clients:
        await loop.create_connection(lambda one=client: one, HOST, port)  # type: ignore[misc]  # bound now
    async with asyncio.timeout(seconds + 3 * TIMEOUT_SECONDS):
        await asyncio.gather(*(client.done for client in clients))
    times = sorted(took for client in clients for took in client.times)
    p50, p99 = (times[int((len(times) - 1) * part)] for part in (0.5, 0.99))
    return Figures(len(times) / seconds, p50, p99)
