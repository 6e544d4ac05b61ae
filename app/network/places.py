"""The network with the cell rule built into its nodes, each an entity in a cell."""

from typing import NamedTuple

from app.network.digraph import Network
from app.network.parts import ANY_CELL, Step


class Place(NamedTuple):
    """A node in the narrowest cell of the stretch that leads to it.

    The cell is `any-cell` at the start of a path, at a node that acts across cells, and as long as
    the stretch has no other cell.
    """

    node: str
    cell: str


class Move(NamedTuple):
    """A causal step from one place to another."""

    step: Step
    source: Place
    target: Place


def moves(network: Network) -> list[Move]:
    """Every causal step from each place that paths can reach, ordered by edge and cell.

    Walks along these moves that start in `any-cell` are exactly the walks that keep the cell rule.
    Only reachable places are included, not every pair of node and cell.
    """
    found: list[Move] = []
    waiting = [Place(node, ANY_CELL) for node in network.nodes]
    known = set(waiting)
    while waiting:
        place = waiting.pop()
        for step in network.causal_from(place.node):
            cell = network.held_after(place.cell, step)
            if cell is None:
                continue
            target = Place(step.target, cell)
            found.append(Move(step, place, target))
            if target not in known:
                known.add(target)
                waiting.append(target)
    return sorted(found, key=lambda move: (move.step.id, move.source.cell))
