"""The network: a signed directed graph, with the tree of cells that constrains its paths."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Self, TypeVar

from app.network.parts import ANY_CELL, Cell, Filter, Node, Step, narrow

T = TypeVar("T")


class Network:
    """Nodes, signed edges and the tree of cells, prepared once and never changed afterwards."""

    __slots__ = ("_after", "_before", "_lines", "_out", "cells", "edges", "nodes")

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Step], cells: Iterable[Cell]) -> None:
        self.nodes: Mapping[str, Node] = MappingProxyType({node.id: node for node in nodes})
        self.cells: Mapping[str, Cell] = MappingProxyType({cell.id: cell for cell in cells})
        ordered = sorted(edges, key=lambda edge: edge.id)
        self.edges: Mapping[str, Step] = MappingProxyType({edge.id: edge for edge in ordered})
        self._check()
        self._lines = {cell: self._line(cell) for cell in self.cells}
        causal = [edge for edge in ordered if edge.type == "causal"]
        self._out: dict[str, tuple[Step, ...]] = _grouped((edge.source, edge) for edge in causal)
        self._after = _grouped((edge.source, edge.target) for edge in causal)
        self._before = _grouped((edge.target, edge.source) for edge in causal)

    def _check(self) -> None:
        for edge in self.edges.values():
            if edge.source not in self.nodes or edge.target not in self.nodes:
                raise ValueError(f"an end of the edge {edge.id} is not among the nodes")
            if not {edge.cell, edge.contact_with} - {ANY_CELL, None} <= self.cells.keys():
                raise ValueError(f"a cell of the edge {edge.id} is not among the cells")

    def _line(self, cell: str) -> frozenset[str]:
        """Return a cell and all cells above it, up to the root."""
        line: set[str] = set()
        above = self.cells.get(cell)
        while above is not None and above.id not in line:
            line.add(above.id)
            above = self.cells.get(above.parent or "")
        return frozenset(line)

    def keep(self, filters: Sequence[Filter]) -> Self:
        """Return the network of edges that pass every filter, with the evidence that passes."""
        if not filters:
            return self
        narrowed = (narrow(edge, filters) for edge in self.edges.values())
        kept = (edge for edge in narrowed if edge is not None)
        return type(self)(self.nodes.values(), kept, self.cells.values())

    def causal_from(self, node: str) -> tuple[Step, ...]:
        """Return the causal edges that start at a node, by id."""
        return self._out.get(node, ())

    def join(self, held: str, cell: str) -> str | None:
        """Return the narrower of two cells on one line of the tree; None if they are not on one.

        `any-cell` fits every cell and narrows nothing. A set of cells lies on one line from the
        root to a leaf exactly when each new one can be joined with the narrowest so far.
        """
        if cell in (ANY_CELL, held):
            return held
        if held == ANY_CELL or held in self._lines[cell]:
            return cell
        return held if cell in self._lines[held] else None

    def held_after(self, held: str, edge: Step) -> str | None:
        """Return the narrowest cell of the stretch after a step; None if the cells clash.

        A step into a node that acts across cells ends the stretch, and the result is `any-cell`.
        """
        joined = self.join(held, edge.cell)
        return ANY_CELL if joined and self.nodes[edge.target].crosses_cells else joined

    def distances_to(self, node: str, avoid: Collection[str] = ()) -> dict[str, int]:
        """Return the fewest causal steps to a node from each node that can reach it."""
        return _distances((node,), self._before, avoid)

    def distances_from(self, nodes: Collection[str], avoid: Collection[str] = ()) -> dict[str, int]:
        """Return the fewest causal steps from the nearest of these nodes to each node in reach."""
        return _distances(nodes, self._after, avoid)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _distances(
    starts: Collection[str], neighbours: Mapping[str, tuple[str, ...]], avoid: Collection[str]
) -> dict[str, int]:
    distances = dict.fromkeys(starts, 0)
    queue = deque(distances)
    while queue:
        node = queue.popleft()
        for other in neighbours.get(node, ()):
            if other not in distances and other not in avoid:
                distances[other] = distances[node] + 1
                queue.append(other)
    return distances
