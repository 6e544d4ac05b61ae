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
ASKED = 20
PAGE_GOALS = (
    ("/", 60.0),
    ("/mechanisms/adcc-enhancement", 20.0),
    ("/subtypes/b-cell-non-hodgkin-lymphoma", 20.0),
    ("/partners/rituximab", 20.0),
    ("/trials/augment", 20.0),
    ("/references/gribben-2015", 20.0),
    ("/entities/lenalidomide", 20.0),
    ("/conflicts/cd20-on-cll-cells", 20.0),
)
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
        paged = [_page_cost(server, *page) for page in PAGE_GOALS]
        read = server.memory()
    with service(place.url, megabytes=MEGABYTES) as server:
        for target in itertools.islice(_pages(), PAGES):
            server.get(target)
        full = server.memory()
    return [
        *_memory("memory (RSS), just started, cache off", idle, None),
        *_memory(f"memory (RSS), after {REQUESTS} requests over all routes, cache off", used, 110),
        *_memory("memory (RSS), after pages of each kind too, cache off", read, 130),
        *paged,
        *_memory(f"memory (RSS), a cache of {MEGABYTES} MB full", full, MEGABYTES + 120),
        Cost("first answer after the start (a list of 20)", _first_answer(place), "s", 1.5),
        Cost("schema and content from nothing (`python -m app seed`)", place.seeding, "s", 3),
        Cost("database on disk", place.megabytes(), "MB"),
    ]


def _page_cost(server: Server, page: str, goal: float) -> Cost:
    """The processor time for a page that is not cached."""
    server.get(page)
    before = server.cpu() or 0
    for _ in range(ASKED):
        server.get(page)
    took = ((server.cpu() or 0) - before) / ASKED
    return Cost(f"processor time of `{page}`, uncached", took * 1e3, "ms", goal)


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
