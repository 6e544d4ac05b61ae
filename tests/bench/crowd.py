"""How many callers with expensive queries affect others, and what a second worker gains."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import OK
from itertools import count, cycle

from tests.bench import load
from tests.bench.costs import Cost
from tests.bench.databases import Place
from tests.bench.rows import LIST
from tests.bench.servers import CORES, LOAD_CORES, ROOT, Server, on_cores, service

CALLERS = 50
SHORTEST = 10.0
WRONG_IDS = "&".join(f"id=none-{number}" for number in range(220))
# No query is repeated, so that none is answered from memory.
WORST = (
    "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death&limit={0}",
    "/v1/matrix?rows=mechanism&columns=subtype&published_to={1}&in_review=false",
    "/v1/search?q=mantle+cell+lymphoma+response+{0}",
    "/v1/evidence?q=the+of+and+{0}",
    f"/v1/evidence?{WRONG_IDS}&published_to={{1}}",
    "/v1/evidence?format=csv&published_to={1}",
    "/v1/evidence?limit=200&published_to={1}",
)
WATCHED = (("/livez", 100.0), ("/readyz", None), (LIST, None))
MOST_PATHS, FIRST_YEAR, YEARS = 20, 2000, 100


def crowd(place: Place, seconds: float) -> list[Cost]:
    """How long `/livez`, `/readyz` and an answer from memory take meanwhile."""
    took: dict[str, list[float]] = {target: [] for target, _ in WATCHED}
    with service(place.url) as server, _callers(server):
        end = time.monotonic() + max(seconds, SHORTEST)
        with on_cores(LOAD_CORES):
            for target, _ in cycle(WATCHED):
                if time.monotonic() > end:
                    break
                since = time.perf_counter()
                if server.get(target).status != OK:
                    raise RuntimeError(f"{target} was refused")
                took[target].append((time.perf_counter() - since) * 1e3)
    return [
        Cost(
            f"p99 of `{target}` under the worst queries of {CALLERS} callers",
            statistics.quantiles(took[target], n=100)[-1],
            "ms",
            goal,
        )
        for target, goal in WATCHED
    ]


@contextmanager
def _callers(server: Server) -> Iterator[None]:
    """Many callers, in a separate process so that they do not delay the measurement."""
    command = [sys.executable, "-m", "tests.bench.crowd", str(server.port)]
    with (
        on_cores(LOAD_CORES),
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process,
    ):
        try:
            # A line is written once each of them has had an answer.
            if not process.stdout or not process.stdout.readline():
                raise RuntimeError("the callers have ended")
            yield
        finally:
            process.terminate()


def main(port: int) -> None:
    """Be the callers, until the process is ended."""
    server = Server(port, 0, 0.0)
    with ThreadPoolExecutor(CALLERS) as pool:
        every = [_queries(number) for number in range(CALLERS)]
        for queries in every:
            pool.submit(server.get, next(queries)).result()
        sys.stdout.write("asking\n")
        sys.stdout.flush()
        for one in [pool.submit(_ask_on, server, queries) for queries in every]:
            one.result()


def _ask_on(server: Server, queries: Iterator[str]) -> None:
    for target in queries:
        server.get(target)


def _queries(number: int) -> Iterator[str]:
    for turn, query in zip(count(number * 7), cycle(WORST), strict=False):
        yield query.format(1 + turn % MOST_PATHS, FIRST_YEAR + turn % YEARS)


def more_workers(place: Place, seconds: float, rounds: int) -> list[Cost]:
    """How many times as many answers a second two workers give, both on all cores."""
    found = {}
    for about, megabytes in (("made anew", 0), ("from memory", 32)):
        with (
            service(place.url, megabytes=megabytes, workers=1) as one,
            service(place.url, megabytes=megabytes, workers=2) as two,
        ):
            ratios = []
            for _ in range(rounds):
                alone, both = (
                    load.measure(server.port, LIST, seconds).per_second for server in (one, two)
                )
                ratios.append(both / alone)
        found[about] = statistics.median(ratios)
    return [
        Cost(
            f"lists of 20 {about} by two workers to those by one, {len(CORES)} cores",
            ratio,
            "times",
        )
        for about, ratio in found.items()
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]))
