"""The network with the cell rule in its nodes: each is an entity in the cell that a path holds."""

from typing import NamedTuple

from app.network.digraph import Network
from app.network.parts import ANY_CELL, Step


class Place(NamedTuple):
    """A node in the narrowest cell of the stretch that leads to it.

    The cell is `any-cell` where a path starts, after a node that acts across cells, and as long
    as a stretch has had no other.
    """

    node: str
    cell: str


class Move(NamedTuple):
    """A causal step from one place to another."""

    step: Step
    source: Place
    target: Place


def moves(network: Network) -> list[Move]:
    """Every causal step from each place where a path can be, ordered by edge and cell.

    A walk along these moves from a node in `any-cell` keeps the cell rule, and every walk that
    keeps it is one of them. The places are as many as paths can reach, not every pair.
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
