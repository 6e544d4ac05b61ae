"""The report, in Markdown."""

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench import load
from tests.bench.comparison import Measured
from tests.bench.costs import Cost
from tests.bench.databases import Place
from tests.bench.growth import Grown
from tests.bench.load import Figures
from tests.bench.rows import DEEP, FROM, POINTS, TO, Point
from tests.bench.servers import HAS_DATASETTE, PINNED

PACKAGES = (
    "fastapi", "starlette", "uvicorn", "uvloop", "httptools", "sqlalchemy", "sqlmodel", "pydantic",
    "psycopg",
)  # fmt: skip
NOTHING = "-"
QUIET = 0.5
GROWTH = 30


@dataclass(frozen=True)
class Run:
    """How the measurements were taken."""

    seconds: float
    rounds: int
    places: Sequence[Place]
    busy: float | None
    """The load average of the minute before, if the system reports one."""


def written(
    run: Run, measured: Sequence[Measured], paid: Sequence[Cost], grown: Sequence[Grown]
) -> str:
    """The whole report."""
    parts = ["# Benchmark", *_conditions(run), "## Beside other apps", *_comparison(measured)]
    parts += ["## What it costs to run (SQLite)", *_costs(paid)]
    if grown:
        parts += ["## As the evidence grows", *_growth(grown)]
    return "\n\n".join(parts) + "\n"


def verdict(*, met: bool) -> str:
    """Whether a goal is met, as a word."""
    return "met" if met else "**missed**"


def _conditions(run: Run) -> Iterator[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    databases = ", ".join(f"{place.name} {place.version()}" for place in run.places)
    yield (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {_processor()}, "
        f"{platform.system()} {platform.release()}. Python {platform.python_version()}, "
        f"{packages}; {databases}."
    )
    where = (
        "Servers (PostgreSQL too) on one core, load on another."
        if PINNED
        else "Servers and load **share their cores**: this system cannot pin them."
    )
    yield (
        f"{where} Load by {load.tool()}, on loopback; median of {run.rounds} rounds of "
        f"{run.seconds:g} s, the two sides of a ratio in turn, after a warm-up. "
        f"{_busy(run)}"
    )
    if len(run.places) == 1:
        yield "PostgreSQL was not available: its rows are left out."
    if not HAS_DATASETTE:
        yield "Datasette is not installed (group `bench`): its row is left out."


def _busy(run: Run) -> str:
    if run.busy is None:
        return "The other load on the machine is unknown."
    word = "otherwise idle" if run.busy < QUIET else "**busy with other work**; run it again"
    return f"Load average before the run {run.busy:.2f}: the machine was {word}."


def _comparison(measured: Sequence[Measured]) -> Iterator[str]:
    yield (
        "16 connections. The tutorial app gives the same JSON from the same database; the bare "
        "app sends the same bytes and headers from memory on the same uvicorn settings; Datasette "
        "gives the 20 rows of the table, without related rows. `uncached` is the service "
        "with `MOA_CACHE_MEGABYTES=0`, which has no cache."
    )
    heads = ["what", "body", "server", "req/s", "p50 ms", "p99 ms"]
    heads += ["against", "req/s", "p50 ms", "p99 ms", "ratio", "goal"]
    yield _table(heads, [_compared(one) for one in measured])


def _compared(one: Measured) -> list[str]:
    row = one.row
    goal = f"≥ {row.goal:g}: {verdict(met=one.ratio >= row.goal)}" if row.goal else ""
    return [
        *(row.about, f"{one.size / 1e3:.1f} kB", row.server, *_figures(one.mine)),
        *(row.against, *_figures(one.other), f"**{one.ratio:.2f}**", goal),
    ]


def _figures(figures: Figures) -> list[str]:
    return [f"{figures.per_second:,.0f}", f"{figures.p50:.2f}", f"{figures.p99:.2f}"]


def _costs(paid: Sequence[Cost]) -> Iterator[str]:
    yield _table(
        ("what", "figure", "goal"),
        [[one.about, f"{one.value:.2f} {one.unit}", _limit(one)] for one in paid],
    )


def _limit(one: Cost) -> str:
    if one.goal is None:
        return ""
    return f"≤ {one.goal:g} {one.unit}: {verdict(met=one.value <= one.goal)}"


def _growth(grown: Sequence[Grown]) -> Iterator[str]:
    yield (
        "p50 in ms for one caller. The claims are copies of the curated ones under new ids, "
        f"with all their links. If there is no page {DEEP:,}, the last one is requested."
    )
    heads = ["database", "claims", *(point.about for point in POINTS)]
    heads += ["search, CPU ms", "deepest page", "load s", "MB on disk", "RSS MB"]
    yield _table(heads, [_size(one) for one in grown])
    yield from _goals(grown)
    yield "All claims in one answer, and the growth of memory (RSS) while it was sent:"
    heads = ["database", "claims", "form", "MB", "s", f"growth in MB (goal ≤ {GROWTH})"]
    yield _table(heads, [_streamed(one, form) for one in grown for form in one.tables])


def _size(one: Grown) -> list[str]:
    found = (one.p50[point.about] for point in POINTS)
    return [
        *(one.database, f"{one.rows:,}"),
        *(value if isinstance(value, str) else f"{value:.2f}" for value in found),
        NOTHING if one.searching is None else f"{one.searching:.2f}",
        *(f"{one.deepest:,}", f"{one.loading:.1f}", f"{one.megabytes:,.0f}"),
        NOTHING if one.memory is None else f"{one.memory:.0f}",
    ]


def _streamed(one: Grown, form: str) -> list[str]:
    table = one.tables[form]
    growth = NOTHING
    if table.growth is not None:
        growth = f"{table.growth:.1f}: {verdict(met=table.growth <= GROWTH)}"
    figures = (f"{table.megabytes:,.1f}", f"{table.seconds:,.1f}")
    return [one.database, f"{one.rows:,}", form, *figures, growth]


def _goals(grown: Sequence[Grown]) -> Iterator[str]:
    """How much slower the large database is than the small one, for each point."""
    by_size = {(one.database, one.rows): one.p50 for one in grown}
    lines = []
    for name in dict.fromkeys(one.database for one in grown):
        small, large = by_size.get((name, FROM)), by_size.get((name, TO))
        if small and large:
            lines.append([name, *(_slower(point, small, large) for point in POINTS)])
    if lines:
        yield f"{TO:,} claims against {FROM:,}, as a ratio of p50:"
        yield _table(("database", *(point.about for point in POINTS)), lines)


def _slower(point: Point, small: dict[str, float | str], large: dict[str, float | str]) -> str:
    before, after = small[point.about], large[point.about]
    if isinstance(before, str) or isinstance(after, str):
        return verdict(met=False) if point.goal else NOTHING
    ratio = after / before
    goal = f" (≤ {point.goal:g}: {verdict(met=ratio <= point.goal)})" if point.goal else ""
    return f"{ratio:.2f}{goal}"


def _table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _processor() -> str:
    """The name of the processor, if the system reports it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
