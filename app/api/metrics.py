"""Figures for the operator's monitoring, in Prometheus format, on a port of their own."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from anyio import CapacityLimiter, to_thread
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import RELEASE, __version__
from app.cache.answers import Cache
from app.db import Database
from app.db.revision import read_dataset
from app.errors import Problem
from app.http.counters import BOUNDS, Counters

PATH = "/metrics"
ELSEWHERE = "There is nothing here but /metrics.\n"
ENDS = (*map(str, BOUNDS), "+Inf")
NO_ROUTE = "none"
LABELS = ("version", "content")


class Figures(Collector):
    """Makes the figures on request; until then, they are plain numbers."""

    def __init__(self, counters: Counters, cache: Cache | None, db: Database) -> None:
        self._counters = counters
        self._cache = cache
        self._db = db

    def collect(self) -> Iterator[Metric]:
        """All figures; the library calls this."""
        about = GaugeMetricFamily("moa_info", "The release of the service", labels=LABELS)
        about.add_metric([__version__, RELEASE], 1)
        yield about
        yield from self._of_requests()
        if self._cache:
            yield from _of_cache(self._cache)
        yield from self._of_database()

    def _of_requests(self) -> Iterator[Metric]:
        number = CounterMetricFamily(
            "moa_requests", "Requests answered, by route and status", labels=["route", "status"]
        )
        sent = CounterMetricFamily(
            "moa_response_bytes", "Bytes of bodies sent, by route", labels=["route"]
        )
        took = HistogramMetricFamily(
            "moa_request_seconds", "Seconds until an answer was sent, by route", labels=["route"]
        )
        classes: dict[str, list[int]] = defaultdict(lambda: [0] * len(ENDS))
        seconds: dict[str, float] = defaultdict(float)
        sizes: dict[str, int] = defaultdict(int)
        for (given, status), found in self._counters.items():
            route = given or NO_ROUTE
            number.add_metric([route, str(status)], sum(found.classes))
            classes[route] = [a + b for a, b in zip(classes[route], found.classes, strict=True)]
            seconds[route] += found.took
            sizes[route] += found.sent
        for route, counts in classes.items():
            sent.add_metric([route], sizes[route])
            buckets = list(zip(ENDS, map(float, accumulate(counts)), strict=True))
            took.add_metric([route], buckets, seconds[route])
        yield from (number, sent, took)

    def _of_database(self) -> Iterator[Metric]:
        db = self._db
        in_use, most = db.connections()
        yield GaugeMetricFamily("moa_connections_in_use", "Connections in use by reads", in_use)
        yield GaugeMetricFamily("moa_connections_limit", "Most connections for reads", most)
        yield CounterMetricFamily(
            "moa_statement_timeouts", "Statements that took too long", db.timeouts
        )
        size = db.log_size()
        if size is not None:
            yield GaugeMetricFamily("moa_wal_bytes", "Size of SQLite's write-ahead log", size)
        try:
            with db.read() as reading:
                _, revision = read_dataset(reading.connection)
        except Problem:
            yield GaugeMetricFamily("moa_database_up", "Whether the database can be read", 0)
        else:
            yield GaugeMetricFamily("moa_database_up", "Whether the database can be read", 1)
            yield GaugeMetricFamily("moa_dataset_revision", "The revision of the data", revision)


def _of_cache(cache: Cache) -> Iterator[Metric]:
    yield CounterMetricFamily("moa_cache_hits", "Answers from memory", cache.hits)
    yield CounterMetricFamily("moa_cache_misses", "Answers made anew", cache.misses)
    yield CounterMetricFamily(
        "moa_cache_joined", "Requests that waited for the answer to another", cache.joined
    )
    yield GaugeMetricFamily("moa_cache_bytes", "Memory for cached answers", cache.used)
    yield GaugeMetricFamily("moa_flights", "Answers being made", cache.flights)


class MetricsPort:
    """Answers requests to the port for metrics, and passes all others on."""

    def __init__(self, app: ASGIApp, port: int, figures: Figures) -> None:
        self._app = app
        self._port = port
        self._registry = CollectorRegistry()
        self._registry.register(figures)
        ProcessCollector(registry=self._registry)
        self._limiter = CapacityLimiter(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: with the figures if it came to this port."""
        if scope["type"] != "http" or scope["server"][1] != self._port:
            await self._app(scope, receive, send)
        else:
            answer = await self._answer(scope["path"], scope["method"])
            await answer(scope, receive, send)

    async def _answer(self, path: str, method: str) -> Response:
        if path != PATH or method not in ("GET", "HEAD"):
            return Response(ELSEWHERE, 404, media_type="text/plain")
        text = await to_thread.run_sync(generate_latest, self._registry, limiter=self._limiter)
        return Response(text, media_type=CONTENT_TYPE_LATEST)
