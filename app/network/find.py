"""The search for paths and its result."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.network.budget import Budget, Stop
from app.network.digraph import Network
from app.network.parts import Filter
from app.network.paths import DEFAULT_RULES, Path, Route, Rules, Search
from app.network.why import Why, why_no_path


@dataclass(frozen=True, slots=True)
class Answer:
    """The paths in order, or why there is none, and what cut the search short, if anything."""

    paths: tuple[Path, ...]
    stopped_by: Stop | None
    expansions: int
    why: Why | None = None

    @property
    def truncated(self) -> bool:
        """Whether there may be more paths within the limit on steps than those shown."""
        return self.stopped_by is not None


def find_paths(
    network: Network,
    ends: tuple[str, str],
    filters: Sequence[Filter] = (),
    rules: Rules = DEFAULT_RULES,
    budget: Budget | None = None,
) -> Answer:
    """Find the simple directed paths over causal edges from one node to another.

    Pass the unfiltered network, so that an empty answer can be explained. Textbook edges count
    unless a filter such as `EVIDENCE_ONLY` removes them. The search looks for one path more than
    the limit, to know whether the limit cut any off.
    """
    budget = budget or Budget()
    route = Route(*ends, cell_rule=rules.cell_rule)
    paths: list[Path] = []
    if route.source != route.target:
        search = Search(network.keep(filters), route, budget)
        paths = search.first(rules.limit + 1, rules.max_steps)
    cut: Stop | None = "limit" if len(paths) > rules.limit else None
    stopped_by = budget.stopped_by or cut
    why = None if paths else why_no_path(network, route, filters, rules.max_steps, budget)
    return Answer(tuple(paths[: rules.limit]), stopped_by, budget.spent, why)
