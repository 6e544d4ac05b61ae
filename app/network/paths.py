"""Directed paths with a sign, an origin and a level, and the bounded search that finds them."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.network.budget import Budget
from app.network.digraph import Network
from app.network.parts import ANY_CELL, LEVELS, ORIGINS, Step


@dataclass(frozen=True, slots=True)
class Path:
    """Causal steps, each starting where the one before ends; no node is visited twice."""

    steps: tuple[Step, ...]

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes from the source to the target."""
        return (self.steps[0].source, *(step.target for step in self.steps))

    @property
    def sign(self) -> str:
        """The product of the signs; `?` if any step is contradictory."""
        signs = [step.sign for step in self.steps]
        if "?" in signs:
            return "?"
        return "-" if signs.count("-") % 2 else "+"

    @property
    def origin(self) -> str:
        """The weakest origin of the steps."""
        return max((step.origin for step in self.steps), key=ORIGINS.index)

    @property
    def level(self) -> str | None:
        """The weakest level of the steps; None if any step has none."""
        levels = [step.level for step in self.steps if step.level is not None]
        return max(levels) if len(levels) == len(self.steps) else None

    @property
    def contexts(self) -> tuple[str, ...]:
        """All contexts in which the claims were measured or to which they refer."""
        rows = (row for step in self.steps for row in step.evidence)
        return tuple(sorted({context for row in rows for context in row.contexts}))

    @property
    def order(self) -> tuple[int, int, tuple[str, ...]]:
        """The sort key of paths: fewest steps, then best weakest level, then edge ids.

        A path with a textbook step comes after one whose weakest level is E.
        """
        level = self.level
        weakness = len(LEVELS) if level is None else LEVELS.index(level)
        return len(self.steps), weakness, tuple(step.id for step in self.steps)


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of a search: the most steps, the most paths, and whether the cell rule holds.

    The cell rule: a path may not change cell inside a molecule. A path is divided into stretches
    at every node that can act across cells (`crosses_cells`: a drug, a cytokine, a surface
    receptor, a process, a phenotype, a cell). The step into such a node ends a stretch and the step
    out of it begins the next one; the source begins the first. Within a stretch the cells of the
    steps are all the same, or all lie on one line of the cell tree from the root to a leaf, so that
    a T cell fits a regulatory T cell, but not a tumour cell. `any-cell` fits every cell and narrows
    nothing. The cell on the other side of a contact does not count.
    """

    max_steps: int = 8
    limit: int = 20
    cell_rule: bool = True


DEFAULT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Route:
    """The ends of the paths sought, and the nodes they must avoid."""

    source: str
    target: str
    cell_rule: bool = True
    avoid: frozenset[str] = frozenset()


class _Trail(NamedTuple):
    """The start of a path; `cell` is the narrowest cell of its last stretch."""

    steps: tuple[Step, ...]
    end: str
    seen: frozenset[str]
    cell: str


class Search:
    """The simple paths along one route, shortest first.

    All paths of one length are examined before longer ones, so that ties are in order. Nodes from
    which the target cannot be reached within the remaining steps are never entered.
    """

    def __init__(self, network: Network, route: Route, budget: Budget) -> None:
        self._network = network
        self._route = route
        self._budget = budget
        self._ahead = network.distances_to(route.target, route.avoid)
        self._longer = True
        budget.spend(len(self._ahead))

    def first(self, count: int, max_steps: int) -> list[Path]:
        """Return the first paths in order, at most `count`."""
        found: list[Path] = []
        length = self._ahead.get(self._route.source, max_steps + 1)
        while self._longer and length <= max_steps and len(found) < count:
            layer = (Path(steps) for steps in self._of_length(length))
            found += heapq.nsmallest(count - len(found), layer, key=lambda path: path.order)
            length += 1
        return found

    def _of_length(self, length: int) -> Iterator[tuple[Step, ...]]:
        """Yield every path of exactly this length, and note whether longer ones may exist."""
        self._longer = False
        source = self._route.source
        trails = [_Trail((), source, frozenset({source}), ANY_CELL)]
        while trails:
            trail = trails.pop()
            for edge in self._network.causal_from(trail.end):
                if not self._budget.spend():
                    self._longer = False
                    return
                further = self._extend(trail, edge, length)
                if further is None:
                    continue
                if len(further.steps) == length:
                    yield further.steps
                else:
                    trails.append(further)

    def _extend(self, trail: _Trail, edge: Step, length: int) -> _Trail | None:
        """Return the trail with one more step; None if no path of this length can result."""
        node = edge.target
        ahead = self._ahead.get(node)
        if ahead is None or node in trail.seen:
            return None
        cell = self._cell_after(trail.cell, edge)
        if cell is None:
            return None
        spare = length - len(trail.steps) - 1 - ahead
        if spare < 0:
            self._longer = True
            return None
        if spare and not ahead:  # this path is shorter: it was found before
            return None
        return _Trail((*trail.steps, edge), node, trail.seen | {node}, cell)

    def _cell_after(self, held: str, edge: Step) -> str | None:
        """Return the narrowest cell of the stretch after a step; None if the cells clash."""
        if not self._route.cell_rule:
            return ANY_CELL
        return self._network.held_after(held, edge)
