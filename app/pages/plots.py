"""Small SVG plots for table rows: built from numbers only, coloured by the style sheet."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import ceil, floor, log2

from markupsafe import Markup

ORIGINS = ("native", "mixed", "borrowed", "stated")
BAR_WIDTH, BAR_ROOM = 132.0, 1.5
RATIO_WIDTH = 240.0
# A ratio axis runs from one power of two to another: at least these where figures below 1 favour
# the first arm, their reciprocals where figures above 1 do, and never beyond the limit.
LEAST, MOST, FARTHEST = -3, 1, 8
LABEL_ROOM = 30.0
RATE_WIDTH = 200.0
RATE_TICKS = (0, 25, 50, 75, 100)
EDGE = 5.0


def bars(rows: Sequence[Mapping[str, int]]) -> list[Markup]:
    """Bars on one scale: the row with the most claims fills its bar."""
    most = max((sum(origins.values()) for origins in rows), default=0)
    return [bar(origins, most) for origins in rows]


def bar(origins: Mapping[str, int], most: int = 1) -> Markup:
    """A bar of the claims by where they were measured; full at `most` claims or more."""
    unit = BAR_WIDTH / max(sum(origins.values()), most, 1)
    x, parts = 0.0, []
    for origin in ORIGINS:
        count = origins[origin]
        if count:
            width = max(count * unit - BAR_ROOM, 1)
            parts.append(f'<rect class="o-{origin}" x="{x:.1f}" width="{width:.1f}" height="8"/>')
            x += count * unit
    return _picture("bar", BAR_WIDTH, 8, parts)


class RatioScale:
    """A logarithmic axis for the ratios of one table, wide enough for all their figures."""

    def __init__(self, figures: Iterable[float], *, above: bool) -> None:
        """`above` says whether the arm named first is favoured above 1, or below."""
        powers = [log2(figure) for figure in figures if figure > 0]
        least, most = (-MOST, -LEAST) if above else (LEAST, MOST)
        self._above = above
        self._from = max(-FARTHEST, min([least, *map(floor, powers)]))
        self._to = min(FARTHEST, max([most, *map(ceil, powers)]))
        self._ticks = [2.0**power for power in range(self._from, self._to + 1)]
        self._lines = "".join(
            f'<path class="{"unity" if tick == 1 else "tick"}" d="M{self._x(tick):.1f} 0V22"/>'
            for tick in self._ticks
        )

    def plot(self, value: float, low: float | None, high: float | None) -> Markup:
        """A ratio; the square is open if it has no interval. Arrows point to figures beyond."""
        line = "" if low is None or high is None else self._line(low, high)
        kind = "point" if line else "point open"
        side, x = self._beyond(value), self._x(value)
        point = f'<rect class="{kind}" x="{x - 5:.1f}" y="6" width="10" height="10"/>'
        if side:
            point = f'<path class="{kind}" d="M{x + EDGE * side:.1f} 11l{-10 * side} -6v12z"/>'
        return _picture("plot", RATIO_WIDTH, 22, [self._lines, line, point])

    def axis(self) -> Markup:
        """The axis, with the side that each arm favours."""
        every = ceil(LABEL_ROOM / (self._x(2) - self._x(1)))
        last = len(self._ticks) - 1
        labels = [
            _label(self._x(tick), 28, f"{tick:.3g}", at, last)
            for at, tick in enumerate(self._ticks)
            if (at + self._from) % every == 0
        ]
        names = ["favours first arm", "second"]
        left, right = reversed(names) if self._above else names
        sides = (
            f'<text class="side" x="{self._x(1) - 6:.1f}" y="12" text-anchor="end">{left}</text>'
            f'<text class="side" x="{self._x(1) + 6:.1f}" y="12">{right}</text>'
        )
        return _picture("plot", RATIO_WIDTH, 32, [sides, *labels])

    def _line(self, low: float, high: float) -> str:
        arrows = [
            f'<path class="beyond" d="M{self._x(end) + EDGE * side:.1f} 11l{-6 * side} -4v8z"/>'
            for end in (low, high)
            if (side := self._beyond(end))
        ]
        return _interval(self._x(low), self._x(high), 11) + "".join(arrows)

    def _beyond(self, figure: float) -> int:
        """-1 if a figure is left of the axis, 1 if it is right of it, else 0."""
        if figure < self._ticks[0]:
            return -1
        return int(figure > self._ticks[-1])

    def _x(self, figure: float) -> float:
        """Where a figure is, or the end of the axis that is nearest to it."""
        inside = min(max(figure, self._ticks[0]), self._ticks[-1])
        part = (log2(inside) - self._from) / (self._to - self._from)
        return EDGE + (RATIO_WIDTH - 2 * EDGE) * part


def rate(value: float, low: float | None, high: float | None, *, with_drug: bool) -> Markup:
    """A percentage of patients; the circle is open if the arm receives no lenalidomide."""
    line = "" if low is None or high is None else _interval(_percent(low), _percent(high), 9)
    kind = "point" if with_drug else "point open"
    return _picture(
        "plot",
        RATE_WIDTH,
        18,
        [_rate_lines(), line, f'<circle class="{kind}" cx="{_percent(value):.1f}" cy="9" r="5"/>'],
    )


@cache
def _rate_lines() -> str:
    return "".join(f'<path class="tick" d="M{_percent(tick):.1f} 1V17"/>' for tick in RATE_TICKS)


@cache
def rate_axis() -> Markup:
    """The axis for percentages, 0 to 100."""
    last = len(RATE_TICKS) - 1
    labels = [_label(_percent(tick), 12, f"{tick}", at, last) for at, tick in enumerate(RATE_TICKS)]
    return _picture("plot", RATE_WIDTH, 16, labels)


def _percent(value: float) -> float:
    return EDGE + (RATE_WIDTH - 2 * EDGE) * min(value, 100) / 100


def _interval(low: float, high: float, y: int) -> str:
    return f'<path class="interval" d="M{low:.1f} {y}H{high:.1f}"/>'


def _label(x: float, y: int, text: str, at: int, last: int) -> str:
    """The label of a tick; those at the ends of an axis stay within the picture."""
    anchor = {0: "start", last: "end"}.get(at, "middle")
    x += {"start": -EDGE, "end": EDGE}.get(anchor, 0)
    return f'<text class="label" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{text}</text>'


def _picture(kind: str, width: float, height: float, parts: Sequence[str]) -> Markup:
    return Markup(  # noqa: S704  # made of numbers and of our own words alone
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" aria-hidden="true">{"".join(parts)}</svg>'
    )
