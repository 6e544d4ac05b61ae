"""Compare two servers: first that their answers are the same, then how fast they are."""

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import bare, load
from tests.bench.databases import Place
from tests.bench.load import Figures
from tests.bench.rows import BARE, COMPARED, DATASETTE, DATASETTE_LIST, ROWS, Row
from tests.bench.servers import HAS_DATASETTE, Answer, Server, asgi, datasette, service

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """A row with the figures of its two sides."""

    row: Row
    size: int
    mine: Figures
    other: Figures
    ratio: float
    """How many times as many answers a second as the other side: the median of the rounds."""


def compare(places: list[Place], seconds: float, rounds: int, say: Say) -> list[Measured]:
    """Measure every row for which both servers are available."""
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        for place in places:
            mine, other = f"service on {place.name}", f"tutorial on {place.name}"
            servers[mine] = stack.enter_context(service(place.url))
            servers[f"{mine}, uncached"] = stack.enter_context(service(place.url, megabytes=0))
            servers[other] = stack.enter_context(
                asgi("tests.bench.tutorial:app", {"BENCH_DATABASE_URL": place.url}, COMPARED[0])
            )
            check_same(servers[mine], servers[other])
            if place.embedded and HAS_DATASETTE:
                path = place.url.removeprefix("sqlite:///")
                servers[DATASETTE] = stack.enter_context(datasette(path, DATASETTE_LIST))
        rows = [row for row in ROWS if {row.server, row.against} <= {*servers, BARE}]
        return [_measure(row, servers, seconds, rounds, say) for row in rows]


def check_same(mine: Server, other: Server) -> None:
    """Refuse to compare servers whose answers differ."""
    for target in COMPARED:
        if _told(mine.get(target).body) != _told(other.get(target).body):
            raise RuntimeError(f"the tutorial app gives another answer to {target}")


def _told(body: bytes) -> object:
    """An answer as it is read, except that of the next page only its existence counts."""
    found = json.loads(body)
    return found | {"next": bool(found["next"])} if "next" in found else found


def _measure(
    row: Row, servers: Mapping[str, Server], seconds: float, rounds: int, say: Say
) -> Measured:
    """Measure in turn, so that other load on the machine affects both sides alike."""
    mine = servers[row.server]
    headers = {**row.headers, **_known(mine, row)}
    answer = mine.get(row.target, headers)
    say(f"{row.server} and {row.against}: {row.about}")
    with _other(row, servers, answer) as other:
        sides = ((mine, row.target), (other, row.other or row.target))
        for server, target in sides:
            load.measure(server.port, target, load.WARM_UP_SECONDS, headers=headers)
        rounds_of = [
            [
                load.measure(server.port, target, seconds, headers=headers)
                for server, target in sides
            ]
            for _ in range(rounds)
        ]
    ratio = statistics.median(here.per_second / there.per_second for here, there in rounds_of)
    here, there = (load.median(figures) for figures in zip(*rounds_of, strict=True))
    return Measured(row, len(answer.body), here, there, ratio)


def _known(server: Server, row: Row) -> dict[str, str]:
    """The header of a caller that already has the answer."""
    if not row.known:
        return {}
    return {"If-None-Match": dict(server.get(row.target, row.headers).headers)["etag"]}


@contextmanager
def _other(row: Row, servers: Mapping[str, Server], answer: Answer) -> Iterator[Server]:
    if row.against != BARE:
        yield servers[row.against]
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "answers.json"
        bare.record({row.target: answer}, path)
        environment = {"BENCH_ANSWERS": str(path)}
        with asgi("tests.bench.bare:app", environment, row.target) as server:
            yield server
