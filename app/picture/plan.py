"""What a picture shows and where: each node in its cell, each step from node to node.

A molecule that stays within its cell is drawn in each cell where it takes part in a step, so that
no line suggests that an effect jumps from cell to cell. An entity that acts across cells, or takes
part in a step that happens in any cell, is drawn once.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.graph.shapes import Graph, GraphEdge, GraphNode
from app.network import ANY_CELL, Cell

Cells = Mapping[str, Cell]
Within = tuple[str, ...]
"""The boxes around a node, outermost first."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node at one place in the picture."""

    name: str
    node: GraphNode
    within: Within


@dataclass(frozen=True, slots=True)
class Line:
    """A step between two spots."""

    name: str
    edge: GraphEdge
    tail: Spot
    head: Spot

    @property
    def crosses(self) -> bool:
        """Whether it leads from the box of one cell into that of another."""
        return bool(self.tail.within and self.head.within) and (
            self.tail.within[0] != self.head.within[0]
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything in a picture, before it is laid out."""

    spots: Sequence[Spot]
    lines: Sequence[Line]
    cells: Mapping[str, str]
    """The label of each cell that has a box."""


def plan(graph: Graph, cells: Cells) -> Plan:
    """Decide in which boxes each node is drawn, and between which spots each step runs."""
    at: dict[str, dict[str, str]] = {node.id: {} for node in graph.nodes}
    touching: defaultdict[str, list[GraphEdge]] = defaultdict(list)
    for edge in graph.edges:
        for end in dict.fromkeys((edge.source, edge.target)):
            touching[end].append(edge)
    for node in graph.nodes:
        at[node.id] = dict(_places(node, touching[node.id], cells))
    full = {cell for places in at.values() for cell in places.values()}
    spots: dict[tuple[str, str], Spot] = {}
    for node in graph.nodes:
        for region, cell in at[node.id].items():
            within = _within(cell, region, full)
            spots[node.id, region] = Spot(f"n{len(spots)}", node, within)
    lines = [
        Line(f"e{number}", edge, *(_spot(spots, end, edge, cells) for end in _ends(edge)))
        for number, edge in enumerate(graph.edges)
    ]
    boxes = {cell for spot in spots.values() for cell in spot.within}
    return Plan(list(spots.values()), lines, {cell: cells[cell].label for cell in sorted(boxes)})


def _ends(edge: GraphEdge) -> tuple[str, str]:
    return edge.source, edge.target


def _places(node: GraphNode, edges: Sequence[GraphEdge], cells: Cells) -> Iterator[tuple[str, str]]:
    """The regions where a node is drawn, each with the cell whose box contains it, or none."""
    by_region: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges:
        by_region[_region(edge.cell.id, cells)].add(edge.cell.id)
    crosses = node.crosses_cells and len(by_region) > 1
    if crosses or node.kind == "drug" or ANY_CELL in by_region:
        yield "", ""
        return
    for region, inside in sorted(by_region.items()):
        yield region, inside.pop() if len(inside) == 1 else region


def _region(cell: str, cells: Cells) -> str:
    """The topmost cell above a cell, which is its outermost box."""
    parent = cells[cell].parent
    return cell if parent is None else _region(parent, cells)


def _within(cell: str, region: str, full: set[str]) -> Within:
    """The boxes around a cell's nodes; a wide cell has one only if it has nodes of its own."""
    if not cell:
        return ()
    return (region, cell) if region != cell and region in full else (cell,)


def _spot(spots: Mapping[tuple[str, str], Spot], end: str, edge: GraphEdge, cells: Cells) -> Spot:
    return spots.get((end, "")) or spots[end, _region(edge.cell.id, cells)]
