"""What the service costs to run: memory, time to start, time to seed, room on disk."""

import itertools
import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from tests.bench.databases import Place
from tests.bench.rows import LIST
from tests.bench.servers import Server, service

REQUESTS = 200
STARTS = 5


@dataclass(frozen=True)
class Cost:
    """One figure, and the goal that it must not exceed."""

    about: str
    value: float
    unit: str
    goal: float | None = None


def costs(place: Place) -> list[Cost]:
    """The figures of the service on one database, which must exist and be seeded."""
    with service(place.url) as server:
        idle = server.memory()
        for target in itertools.islice(itertools.cycle(targets(server)), REQUESTS):
            server.get(target)
        used = server.memory()
    return [
        *_memory("memory (RSS), just started", idle, None),
        *_memory(f"memory (RSS), after {REQUESTS} requests over all routes", used, 110),
        Cost("first answer after the start (a list of 20)", _first_answer(place), "s", 2),
        Cost("schema and content from nothing (`python -m app seed`)", place.seeding, "s", 3),
        Cost("database on disk", place.megabytes(), "MB"),
    ]


def targets(server: Server) -> Iterator[str]:
    """Every address of the API, with the examples that its documentation gives."""
    yield from ("/openapi.json", "/docs")
    paths = json.loads(server.get("/openapi.json").body)["paths"]
    for template, operations in paths.items():
        parameters = operations.get("get", {}).get("parameters", [])
        target, query = template, {}
        for one in parameters:
            if one["in"] == "path":
                target = target.replace(f"{{{one['name']}}}", quote(str(_example(one))))
            elif one.get("required"):
                query[one["name"]] = _example(one)
        yield f"{target}?{urlencode(query)}" if query else target


def _example(parameter: dict[str, object]) -> object:
    """The first example, wherever OpenAPI lets it stand."""
    schema = parameter.get("schema")
    inner = schema.get("examples") if isinstance(schema, dict) else None
    for found in (parameter.get("example"), parameter.get("examples"), inner):
        if isinstance(found, dict) and found:
            return next(iter(found.values()))["value"]
        if found:
            return found[0] if isinstance(found, list) else found
    raise ValueError(f"the parameter {parameter['name']} has no example")


def _memory(about: str, value: float | None, goal: float | None) -> list[Cost]:
    return [] if value is None else [Cost(about, value, "MB", goal)]


def _first_answer(place: Place) -> float:
    took = []
    for _ in range(STARTS):
        with service(place.url, LIST) as server:
            took.append(server.first_answer)
    return statistics.median(took)
