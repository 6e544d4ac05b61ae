"""How the service answers as the evidence grows, one caller at a time."""

import http.client
import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import quote

from tests.bench import load
from tests.bench.databases import Place
from tests.bench.generate import grow
from tests.bench.rows import POINTS, TABLES, Point
from tests.bench.servers import Server, Streamed, service
from tests.judged import FIRST, HELD_BACK, LATER

# A request so slow that fewer answers than these fit into the time is sent once.
ENOUGH = 5

Make = Callable[[], AbstractContextManager[Place]]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Grown:
    """What was measured on a database of one size: p50 in ms, or the status of an error."""

    database: str
    rows: int
    loading: float
    megabytes: float
    memory: float | None
    p50: dict[str, float | str]
    deepest: int
    tables: dict[str, Streamed]
    """All claims in one answer, by its form."""
    searching: float | None
    """Processor time of the service for a search, in ms; None if the system does not report it."""


def follow(make: Make, rows: int, seconds: float, say: Say) -> Grown:
    """Make a database with a number of claims and measure each point on it."""
    with make() as place:
        say(f"{place.name}: {rows:,} claims")
        db = place.open()
        loading = grow(db, rows, indexed=True)
        db.close()
        place.settle()
        with service(place.url, megabytes=0) as server:
            found: dict[str, float | str] = {}
            deepest = 0
            for point in POINTS:
                target, page = _target(server, point)
                found[point.about] = _p50(server, target, seconds)
                deepest = max(deepest, page)
            memory = server.memory()
            searching = _cost(server)
            whole = {form: server.stream(target) for form, target in TABLES.items()}
        return Grown(
            *(place.name, rows, loading, place.megabytes(), memory, found, deepest, whole),
            searching,
        )


def _cost(server: Server) -> float | None:
    """The processor time of a whole request, taken over all judged questions."""
    asked = [f"/v1/search?q={quote(question)}" for question in (*FIRST, *HELD_BACK, *LATER)]
    for target in asked:
        server.get(target)
    before = server.cpu()
    for target in asked:
        server.get(target)
    after = server.cpu()
    return None if before is None or after is None else (after - before) * 1e3 / len(asked)


def _target(server: Server, point: Point) -> tuple[str, int]:
    """The address of a page, found by following `next`: the one wanted, or the last."""
    target, page = point.target, 1
    while page < point.page:
        answer = server.get(target)
        if answer.status != http.client.OK:
            break
        following = json.loads(answer.body)["next"]
        if following is None:
            break
        target, page = following, page + 1
    return target, page


def _p50(server: Server, target: str, seconds: float) -> float | str:
    since = time.perf_counter()
    answer = server.get(target)
    took = time.perf_counter() - since
    if answer.status != http.client.OK:
        return f"{answer.status} after {took:.1f} s"
    if took > seconds / ENOUGH:
        return took * 1e3
    load.measure(server.port, target, load.WARM_UP_SECONDS, connections=1)
    return load.measure(server.port, target, seconds, connections=1).p50
