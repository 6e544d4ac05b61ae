"""What the service costs to run: memory, time to start, time to seed, room on disk."""

import itertools
import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.databases import Place
from tests.bench.rows import LIST
from tests.bench.servers import Server, service
from tests.examples import addresses

REQUESTS = 200
STARTS = 5
MEGABYTES = 32
PAGES = 300
SORTS = ("id", "-id", "level", "-level")


@dataclass(frozen=True)
class Cost:
    """One figure, and the goal that it must not exceed."""

    about: str
    value: float
    unit: str
    goal: float | None = None


def costs(place: Place) -> list[Cost]:
    """The figures of the service on one database, which must exist and be seeded."""
    with service(place.url, megabytes=0) as server:
        idle = server.memory()
        for target in itertools.islice(itertools.cycle(_targets(server)), REQUESTS):
            server.get(target)
        used = server.memory()
    with service(place.url, megabytes=MEGABYTES) as server:
        for target in itertools.islice(_pages(), PAGES):
            server.get(target)
        full = server.memory()
    return [
        *_memory("memory (RSS), just started, cache off", idle, None),
        *_memory(f"memory (RSS), after {REQUESTS} requests over all routes, cache off", used, 110),
        *_memory(f"memory (RSS), a cache of {MEGABYTES} MB full", full, MEGABYTES + 120),
        Cost("first answer after the start (a list of 20)", _first_answer(place), "s", 1.5),
        Cost("schema and content from nothing (`python -m app seed`)", place.seeding, "s", 3),
        Cost("database on disk", place.megabytes(), "MB"),
    ]


def _targets(server: Server) -> Iterator[str]:
    yield from ("/openapi.json", "/docs")
    yield from addresses(json.loads(server.get("/openapi.json").body))


def _pages() -> Iterator[str]:
    """Different lists of claims of some 200 kB each: more in all than the cache holds."""
    for sort, limit in itertools.product(SORTS, range(200, 100, -1)):
        yield f"/v1/evidence?sort={sort}&limit={limit}"


def _memory(about: str, value: float | None, goal: float | None) -> list[Cost]:
    return [] if value is None else [Cost(about, value, "MB", goal)]


def _first_answer(place: Place) -> float:
    took = []
    for _ in range(STARTS):
        with service(place.url, LIST) as server:
            took.append(server.first_answer)
    return statistics.median(took)
