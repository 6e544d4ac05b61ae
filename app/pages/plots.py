"""Small SVG plots for table rows: built from numbers only, coloured by the style sheet."""

from collections.abc import Mapping, Sequence
from math import log

from markupsafe import Markup

ORIGINS = ("native", "mixed", "borrowed", "stated")
BAR_WIDTH, BAR_ROOM = 132.0, 1.5
RATIO_WIDTH, RATIO_FROM, RATIO_TO = 240.0, 0.125, 2.0
RATIO_TICKS = (0.125, 0.25, 0.5, 1.0, 2.0)
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


def ratio(value: float, low: float | None, high: float | None) -> Markup:
    """A ratio on a logarithmic axis from 0.125 to 2; the square is open if it has no interval."""
    ticks = [
        f'<path class="{"unity" if tick == 1 else "tick"}" d="M{_log(tick):.1f} 0V22"/>'
        for tick in RATIO_TICKS
    ]
    line = _interval(_log(low), _log(high), 11) if low and high else ""
    kind = "point" if low and high else "point open"
    square = f'<rect class="{kind}" x="{_log(value) - 5:.1f}" y="6" width="10" height="10"/>'
    return _picture("plot", RATIO_WIDTH, 22, [*ticks, line, square])


def ratio_axis() -> Markup:
    """The axis for ratios, with the side that each arm favours."""
    labels = [_label(_log(tick), 28, f"{tick:g}", tick, RATIO_TICKS) for tick in RATIO_TICKS]
    left, right = _log(1) - 6, _log(1) + 6
    sides = (
        f'<text class="side" x="{left:.1f}" y="12" text-anchor="end">favours first arm</text>'
        f'<text class="side" x="{right:.1f}" y="12">second</text>'
    )
    return _picture("plot", RATIO_WIDTH, 32, [sides, *labels])


def rate(value: float, low: float | None, high: float | None, *, with_drug: bool) -> Markup:
    """A percentage of patients; the circle is open if the arm receives no lenalidomide."""
    ticks = [f'<path class="tick" d="M{_percent(tick):.1f} 1V17"/>' for tick in RATE_TICKS]
    line = "" if low is None or high is None else _interval(_percent(low), _percent(high), 9)
    kind = "point" if with_drug else "point open"
    return _picture(
        "plot",
        RATE_WIDTH,
        18,
        [*ticks, line, f'<circle class="{kind}" cx="{_percent(value):.1f}" cy="9" r="5"/>'],
    )


def rate_axis() -> Markup:
    """The axis for percentages, 0 to 100."""
    labels = [_label(_percent(tick), 12, f"{tick}", tick, RATE_TICKS) for tick in RATE_TICKS]
    return _picture("plot", RATE_WIDTH, 16, labels)


def _log(value: float) -> float:
    inside = min(max(value, RATIO_FROM), RATIO_TO)
    part = (log(inside) - log(RATIO_FROM)) / (log(RATIO_TO) - log(RATIO_FROM))
    return EDGE + (RATIO_WIDTH - 2 * EDGE) * part


def _percent(value: float) -> float:
    return EDGE + (RATE_WIDTH - 2 * EDGE) * min(value, 100) / 100


def _interval(low: float, high: float, y: int) -> str:
    return f'<path class="interval" d="M{low:.1f} {y}H{high:.1f}"/>'


def _label(x: float, y: int, text: str, tick: float, ticks: Sequence[float]) -> str:
    anchor = {ticks[0]: "start", ticks[-1]: "end"}.get(tick, "middle")
    at = {"start": x - EDGE, "end": x + EDGE}.get(anchor, x)
    return f'<text class="label" x="{at:.1f}" y="{y}" text-anchor="{anchor}">{text}</text>'


def _picture(kind: str, width: float, height: float, parts: Sequence[str]) -> Markup:
    return Markup(  # noqa: S704  # made of numbers and of our own words alone
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" aria-hidden="true">{"".join(parts)}</svg>'
    )
