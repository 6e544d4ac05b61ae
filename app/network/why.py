"""Why there is no path: what removed the last one, and which path that was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from app.network.budget import Budget
from app.network.digraph import Network
from app.network.parts import Filter
from app.network.paths import Path, Route, Search

Reason = Literal[
    "source-not-in-network",
    "target-not-in-network",
    "same-node",
    "not-connected",
    "filter",
    "cell-rule",
    "max-steps",
    "search-stopped",
]


@dataclass(frozen=True, slots=True)
class Why:
    """The reason why no path is shown.

    `by` names what removed the last path; if it has several names, lifting any one of them gives
    a path. If only several conditions together remove everything, they are applied one after
    another: `by` is the one that removed the last path, and `after` names those applied before it.
    `path` is the best path so removed; with `max-steps`, the shortest path over the limit.
    """

    kind: Reason
    by: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class _Condition:
    """Something that can be lifted: a filter, the cell rule or the limit on steps."""

    name: str
    kind: Literal["filter", "cell-rule", "max-steps"]
    filter: Filter | None = None


_CELL_RULE = _Condition("cells", "cell-rule")
_MAX_STEPS = _Condition("max_steps", "max-steps")


class _Probe:
    """Looks for the best path while only some of the conditions are in force."""

    def __init__(
        self, network: Network, route: Route, max_steps: int, budget: Budget, parts: int
    ) -> None:
        self._network = network
        self._route = route
        self._max_steps = max_steps
        self._budget = budget
        self._parts = parts
        self.unsure = False

    def best(self, conditions: Sequence[_Condition]) -> Path | None:
        """Return the best path; a search that stops early without one makes the probe unsure."""
        budget = self._budget.share(self._parts)
        if not budget.in_time():
            self.unsure = True
            return None
        kept = self._network.keep([each.filter for each in conditions if each.filter])
        route = replace(self._route, cell_rule=_CELL_RULE in conditions)
        steps = self._max_steps if _MAX_STEPS in conditions else len(kept.nodes)
        paths = Search(kept, route, budget).first(1, steps)
        self._budget.spent += budget.spent
        self.unsure = self.unsure or (not paths and budget.stopped_by is not None)
        return paths[0] if paths else None


def why_no_path(
    network: Network, route: Route, filters: Sequence[Filter], max_steps: int, budget: Budget
) -> Why:
    """Say what removed the last path along a route; pass the unfiltered network.

    A filter is named in preference to the limit on steps, and the limit to the cell rule.
    """
    plain = _why_at_ends(network, route.source, route.target)
    if plain is not None:
        return plain
    if budget.stopped_by is not None:
        return Why("search-stopped")
    chosen = [_Condition(each.name, "filter", each) for each in filters]
    cell_rule = [_CELL_RULE] if route.cell_rule else []
    # Probes get equal parts, so that together they spend at most one more budget.
    parts = 2 * (len(chosen) + len(cell_rule) + 1)
    probe = _Probe(network, route, max_steps, budget, parts)
    return _lifting_one(probe, [*chosen, _MAX_STEPS, *cell_rule]) or _adding_up(
        probe, [*chosen, *cell_rule, _MAX_STEPS]
    )


def _why_at_ends(network: Network, source: str, target: str) -> Why | None:
    if source not in network.nodes:
        return Why("source-not-in-network")
    if target not in network.nodes:
        return Why("target-not-in-network")
    if source == target:
        return Why("same-node")
    if source not in network.distances_to(target):
        return Why("not-connected")
    return None


def _lifting_one(probe: _Probe, conditions: Sequence[_Condition]) -> Why | None:
    """Name the conditions that each give a path if lifted alone; of the first kind found only."""
    found: list[tuple[_Condition, Path]] = []
    for lifted in conditions:
        if found and lifted.kind != "filter":
            break
        path = probe.best([each for each in conditions if each is not lifted])
        if path is not None:
            found.append((lifted, path))
    if not found:
        return None
    first, path = found[0]
    return Why(first.kind, by=tuple(each.name for each, _ in found), path=path)


def _adding_up(probe: _Probe, conditions: Sequence[_Condition]) -> Why:
    """Apply the conditions one after another and name the one that removes the last path."""
    probe.unsure = False
    paths = (probe.best(conditions[:count]) for count in range(len(conditions)))
    standing = list(takewhile(bool, paths))
    if probe.unsure:
        return Why("search-stopped")
    *before, last = conditions[: len(standing)]
    after = tuple(each.name for each in before)
    return Why(last.kind, by=(last.name,), after=after, path=standing[-1])
