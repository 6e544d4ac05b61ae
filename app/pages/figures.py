"""Outcomes as rows of tables, each with its own small plot; one measure per table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from markupsafe import Markup

from app.addresses import Addresses
from app.graph.answers import Answered
from app.pages.phrases import CALLED, arm_name, interval
from app.pages.plots import RatioScale, rate, rate_axis
from app.picture.lanes import lane_map
from app.picture.legend import legend
from app.picture.strips import Drawing, strips
from app.resources.outcomes import OutcomeRead
from app.schema.shapes import Shape
from app.schema.vocabulary import vocabulary, words

S = TypeVar("S", bound=Shape)

DRUG = "lenalidomide"
RATIO, PERCENT = "ratio", "percent"
ABOVE = "above"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One figure, and the figures that repeat it."""

    outcome: OutcomeRead
    arm: str
    comparator: str
    interval: str
    again: "list[OutcomeRow]" = field(default_factory=list)
    first: bool = True
    """Whether this is the first row of its trial: the row above belongs to another."""


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """Rows under one heading."""

    title: str
    rows: Sequence[OutcomeRow]


@dataclass(frozen=True)
class OutcomeTable:
    """The figures of one measure in one unit, on one axis."""

    measure: str
    unit: str
    groups: Sequence[OutcomeGroup]
    title: str = ""
    """What the table covers, if not the whole measure."""

    @cached_property
    def _scale(self) -> RatioScale:
        shown = [row.outcome for group in self.groups for row in group.rows]
        figures = [one for each in shown for one in (each.value, each.ci_low, each.ci_high)]
        return RatioScale(
            (one for one in figures if one is not None), above=favours(self.measure) == ABOVE
        )

    @cached_property
    def axis(self) -> Markup:
        """The axis of all its plots; empty if the unit has none."""
        if self.compares:
            return self._scale.axis()
        return rate_axis() if self.unit == PERCENT else Markup()

    def plot(self, one: OutcomeRead) -> Markup:
        """A figure on the axis."""
        if self.compares:
            return self._scale.plot(one.value, one.ci_low, one.ci_high)
        return rate(one.value, one.ci_low, one.ci_high, with_drug=DRUG in one.arm)

    @property
    def size(self) -> int:
        """The number of figures in the table."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def compares(self) -> bool:
        """Whether each figure compares two arms."""
        return self.unit == RATIO


class OutcomeTables:
    """Builds tables of outcomes, with drugs under their labels."""

    def __init__(self, drugs: Mapping[str, str]) -> None:
        self._names = {**CALLED, **drugs}
        self._arms: dict[str, str] = {}

    def by_measure(self, outcomes: Sequence[OutcomeRead]) -> list[OutcomeTable]:
        """A table for each measure and unit: first comparisons of arms; adverse events by event."""
        found = []
        for measure in words("measures"):
            here = [one for one in outcomes if one.measure == measure]
            for unit in dict.fromkeys(one.unit for one in here):
                groups: dict[str, list[OutcomeRead]] = {}
                for one in (one for one in here if one.unit == unit):
                    groups.setdefault(one.event or "", []).append(one)
                rows = [OutcomeGroup(event, self.rows(groups[event])) for event in sorted(groups)]
                found.append(OutcomeTable(measure, unit, rows))
        return sorted(found, key=lambda table: not table.compares)

    def rows(self, outcomes: Sequence[OutcomeRead]) -> list[OutcomeRow]:
        """One row for each figure; a figure that repeats another is folded under it."""
        by_id = {one.id: one for one in outcomes}
        again: dict[str, list[OutcomeRow]] = {}
        for one in outcomes:
            if one.repeats in by_id:
                again.setdefault(_origin(one, by_id), []).append(self._row(one, []))
        own = [one for one in outcomes if one.repeats not in by_id]
        found: list[OutcomeRow] = []
        for one in own:
            first = not found or found[-1].outcome.trial.id != one.trial.id
            found.append(self._row(one, again.get(one.id, []), first=first))
        return found

    def _row(self, one: OutcomeRead, again: list[OutcomeRow], *, first: bool = True) -> OutcomeRow:
        return OutcomeRow(
            outcome=one,
            arm=self._arm(one.arm),
            comparator=self._arm(one.comparator) if one.comparator else "",
            interval=interval(one.ci_low, one.ci_high),
            again=again,
            first=first,
        )

    def _arm(self, arm: str) -> str:
        """The name of an arm, remembered because many figures share it."""
        if arm not in self._arms:
            self._arms[arm] = arm_name(arm, self._names)
        return self._arms[arm]


def few_of_each(measures: Mapping[str, str], most: int) -> list[str]:
    """The ids of the first figures of each measure; as many as a page shows beside others."""
    counts: Counter[str] = Counter()
    found = []
    for one, measure in measures.items():
        counts[measure] += 1
        if counts[measure] <= most:
            found.append(one)
    return found


def favours(measure: str) -> str | None:
    """On which side of 1 a measure favours the arm named first; None if it is no ratio."""
    return next(one.get("favours") for one in vocabulary()["measures"] if one["id"] == measure)


def _origin(one: OutcomeRead, by_id: Mapping[str, OutcomeRead]) -> str:
    """The id of the figure at the start of the chain of repeats that this one continues."""
    while one.repeats is not None and one.repeats in by_id:
        one = by_id[one.repeats]
    return one.id


@dataclass(frozen=True, slots=True)
class LanesPicture:
    """A part of the network drawn in lanes, with its legend."""

    drawn: Markup
    keys: Sequence[tuple[Markup, str]]
    """Each sign, drawn within 26 by 20 units, with its meaning."""


def lanes_of(found: Answered[S], addresses: Addresses, name: str) -> LanesPicture | None:
    """A part of the network drawn in lanes; None if it has no causal step."""
    lanes = lane_map(found.graph, found.cells)
    if not lanes.stations:
        return None
    drawing = Drawing(
        ink=lambda role: f'class="{role}"',
        node=lambda node: addresses.of(f"/entities/{node}"),
        step=lambda edge: f"{addresses.of(f'/entities/{edge.source}')}#{edge.edge}",
    )
    keys = [(Markup(sign), said) for sign, said in legend(lanes, drawing)]  # noqa: S704  # ours
    return LanesPicture(Markup(strips(lanes, drawing, name)), keys)  # noqa: S704  # escaped there
