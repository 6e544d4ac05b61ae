"""Layouts by Graphviz `dot`, run in a separate process and kept for reuse."""

import json
import shutil
import subprocess
import sysconfig
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from app.errors import Unavailable
from app.gate import Gate

SECONDS = 5.0
KEPT = 32
POINTS = 72
BUNDLED = "graphviz-pure"
NO_PICTURES = "The program that lays out pictures"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner and its size, in points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The positions of all boxes, nodes and lines, by name; in points."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    titles: Mapping[str, Point]
    """The middle of the label of each box."""
    nodes: Mapping[str, Box]
    lines: Mapping[str, tuple[Point, ...]]
    """The control points of each curve from its tail to its head."""


class Layouts:
    """Lays out pictures and keeps the latest layouts, because most are requested again."""

    def __init__(self, program: str | None, seconds: float = SECONDS) -> None:
        self.program = located(program)
        self._seconds = seconds
        self._gate = Gate(seconds, at_once=2)
        self._kept: OrderedDict[str, Layout] = OrderedDict()
        self._lock = Lock()

    def of(self, text: str) -> Layout:
        """The layout of a picture given in the DOT language."""
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        with self._gate.enter():
            output = self._run(text)
        try:
            found = parsed(output)
        except (ValueError, KeyError) as error:
            raise self._failed() from error
        with self._lock:
            self._kept[text] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _run(self, text: str) -> bytes:
        if self.program is None:
            raise Unavailable(
                f"{NO_PICTURES} is missing; choose another `format`.",
                cause="the layout program `dot` is missing; set MOA_DOT to its path",
                lasting=True,
            )
        try:
            done = subprocess.run(  # noqa: S603  # the operator's program, and no shell
                [self.program, "-Kdot", "-Tjson0"],
                input=text.encode(),
                capture_output=True,
                timeout=self._seconds,
                check=True,
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                "The picture takes too long; a narrower query gives a smaller one.",
                cause=f"{self.program} took longer than {self._seconds:g} seconds",
            ) from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise self._failed() from error
        return done.stdout

    def _failed(self) -> Unavailable:
        return Unavailable(
            f"{NO_PICTURES} has failed; choose another `format`.",
            cause=f"{self.program} does not work as the layout program; check MOA_DOT",
            lasting=True,
        )


def located(program: str | None) -> str | None:
    """The path of the layout program: the one in the settings, else the bundled one."""
    if program:
        return shutil.which(program)
    return shutil.which(BUNDLED, path=sysconfig.get_path("scripts")) or shutil.which(BUNDLED)


def parsed(output: bytes) -> Layout:
    """Parse the layout that `dot` printed; the origin moves to the upper left corner."""
    document = json.loads(output)
    _, _, width, height = _numbers(document["bb"])
    boxes, titles, nodes, lines = {}, {}, {}, {}
    for each in document.get("objects", []):
        name = each["name"]
        if "bb" in each:
            cell = name.removeprefix("cluster_")
            left, low, right, high = _numbers(each["bb"])
            boxes[cell] = Box(left, height - high, right - left, high - low)
            x, y = _numbers(each["lp"])
            titles[cell] = (x, height - y)
        else:
            x, y = _numbers(each["pos"])
            wide, tall = float(each["width"]) * POINTS, float(each["height"]) * POINTS
            nodes[name] = Box(x - wide / 2, height - y - tall / 2, wide, tall)
    for each in document.get("edges", []):
        lines[each["id"]] = _curve(each["pos"], height)
    return Layout(width, height, boxes, titles, nodes, lines)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _curve(text: str, height: float) -> tuple[Point, ...]:
    """The points of a curve, extended to the arrow tip, for which `dot` leaves room."""
    tip, points = None, []
    for part in text.split():
        if part.startswith("e,"):
            tip = part[2:]
        else:
            points.append(part)
    places = [tuple(_numbers(point)) for point in [*points, *([tip] if tip else [])]]
    return tuple((x, height - y) for x, y in places)
