"""How the service answers as the evidence grows, one caller at a time."""

import http.client
import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.bench import load
from tests.bench.databases import Place
from tests.bench.generate import grow
from tests.bench.rows import POINTS, TABLE, Point
from tests.bench.servers import Server, Streamed, service

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
    table: Streamed
    """All claims as CSV."""


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
            whole = server.stream(TABLE)
        return Grown(place.name, rows, loading, place.megabytes(), memory, found, deepest, whole)


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
