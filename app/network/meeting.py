"""Where the paths of two drugs meet, and whether they act in the same direction there."""

import heapq
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from app.network.budget import Budget, Stop
from app.network.digraph import Network
from app.network.paths import DEFAULT_RULES, Path, Route, Rules, Search

Agreement = Literal["agree", "oppose", "unclear"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A node that both drugs reach, with the best path of each."""

    node: str
    drug_path: Path
    partner_path: Path

    @property
    def steps(self) -> int:
        """The number of steps of both paths together."""
        return len(self.drug_path.steps) + len(self.partner_path.steps)

    @property
    def agreement(self) -> Agreement:
        """Whether both paths have the same sign; `unclear` if either is contradictory."""
        signs = {self.drug_path.sign, self.partner_path.sign}
        if "?" in signs:
            return "unclear"
        return "agree" if len(signs) == 1 else "oppose"

    @property
    def met_before(self) -> tuple[str, ...]:
        """The earlier nodes that both paths share; empty if they first meet at this node."""
        shared = set(self.partner_path.nodes[:-1])
        return tuple(node for node in self.drug_path.nodes[:-1] if node in shared)


@dataclass(frozen=True, slots=True)
class Convergence:
    """The nodes where two drugs meet, nearest first.

    `curated` is false if no causal edge starts at the partner: then nothing can be said.
    """

    meetings: tuple[Meeting, ...]
    curated: bool
    stopped_by: Stop | None
    expansions: int

    @property
    def truncated(self) -> bool:
        """Whether there may be more meetings than those shown."""
        return self.stopped_by is not None


def meetings(
    network: Network,
    drug: str,
    entries: Collection[str],
    rules: Rules = DEFAULT_RULES,
    budget: Budget | None = None,
) -> Convergence:
    """Find the nodes where the paths of a drug and of a partner meet, nearest first, then by id.

    A partner enters the network at its node, a regimen at each component, a class at each member.
    Paths of the drug do not pass through entries of the partner, nor paths of the partner through
    the drug; the cell rule and the limit on steps apply to each path separately.
    """
    budget = budget or Budget()
    starts = sorted({entry for entry in entries if entry in network.nodes} - {drug})
    search = _PairSearch(network, drug, starts, rules, budget)
    found = search.nearest(rules.limit + 1)
    cut: Stop | None = "limit" if len(found) > rules.limit else None
    return Convergence(
        tuple(found[: rules.limit]),
        curated=any(network.causal_from(start) for start in starts),
        stopped_by=budget.stopped_by or cut,
        expansions=budget.spent,
    )


class _PairSearch:
    """Finds meeting nodes in order of a lower bound of their distance.

    The bound ignores cells and repeated nodes, so the true distance may be longer: a node goes back
    into the queue with its true distance before it is returned.
    """

    def __init__(
        self, network: Network, drug: str, starts: list[str], rules: Rules, budget: Budget
    ) -> None:
        self._network = network
        self._drug = drug
        self._starts = starts
        self._rules = rules
        self._budget = budget

    def nearest(self, count: int) -> list[Meeting]:
        queue = self._queue()
        found: list[Meeting] = []
        while queue and len(found) < count:
            _, node, known = heapq.heappop(queue)
            if known is not None:
                found.append(known)
                continue
            meeting = self._meeting(node)
            if meeting is not None:
                heapq.heappush(queue, (meeting.steps, node, meeting))
        return found

    def _queue(self) -> list[tuple[int, str, Meeting | None]]:
        from_drug = self._network.distances_from([self._drug], self._starts)
        from_partner = self._network.distances_from(self._starts, [self._drug])
        self._budget.spend(len(from_drug) + len(from_partner))
        queue: list[tuple[int, str, Meeting | None]] = [
            (from_drug[node] + from_partner[node], node, None)
            for node in from_drug.keys() & from_partner.keys()
        ]
        heapq.heapify(queue)
        return queue

    def _meeting(self, node: str) -> Meeting | None:
        drug_path = self._first([self._drug], node, frozenset(self._starts))
        if drug_path is None:
            return None
        partner_path = self._first(self._starts, node, frozenset([self._drug]))
        return None if partner_path is None else Meeting(node, drug_path, partner_path)

    def _first(self, starts: list[str], node: str, avoid: frozenset[str]) -> Path | None:
        """Return the best path from any of the starts."""
        found: list[Path] = []
        for start in starts:
            if self._budget.stopped_by is None:
                route = Route(start, node, self._rules.cell_rule, avoid)
                found += Search(self._network, route, self._budget).first(1, self._rules.max_steps)
        return min(found, key=lambda path: path.order, default=None)
