"""`python -m tests.bench`: one run, and a report in Markdown."""

import argparse
import os
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.bench.comparison import compare
from tests.bench.costs import costs
from tests.bench.crowd import crowd, more_workers
from tests.bench.databases import on_postgres, on_sqlite, postgres
from tests.bench.growth import Grown, Make, follow
from tests.bench.report import Run, written


def main(arguments: list[str]) -> None:
    """Measure, print the report, and write it to a file if one is given."""
    asked = _parser().parse_args(arguments)
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with postgres() as address:
        kinds: list[Make] = [on_sqlite]
        if address:
            kinds.append(partial(on_postgres, address))
        report = _measured(asked, kinds, busy)
    sys.stdout.write(report)
    if asked.write:
        asked.write.write_text(report)


def _measured(asked: argparse.Namespace, kinds: list[Make], busy: float | None) -> str:
    with ExitStack() as stack:
        places = [stack.enter_context(make()) for make in kinds]
        measured = compare(places, asked.seconds, asked.rounds, _tell)
        _tell("memory, start, seeding")
        paid = costs(places[0])
        _tell("a crowd, and a second worker")
        paid += crowd(places[0], asked.seconds)
        paid += more_workers(places[0], asked.seconds, asked.rounds)
        run = Run(asked.seconds, asked.rounds, places, busy)
        grown: list[Grown] = [
            follow(make, rows, asked.seconds, _tell) for make in kinds for rows in asked.rows
        ]
        return written(run, measured, paid, grown)


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--seconds", type=_seconds, default=3, help="how long each figure is measured"
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often; the median counts")
    parser.add_argument(
        "--rows",
        type=_sizes,
        default=[223, 1_000, 10_000, 100_000],
        help="numbers of claims to grow to, as `1000,1000000`; an empty text grows nothing",
    )
    parser.add_argument("--write", type=Path, help="also write the report to this file")
    return parser


def _seconds(text: str) -> int:
    """Whole seconds, as wrk takes them."""
    seconds = int(text)
    if seconds < 1:
        raise argparse.ArgumentTypeError("is at least 1")
    return seconds


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.strip()]


if __name__ == "__main__":
    main(sys.argv[1:])
