"""The network in lanes, one for each kind of cell.

What a drug does directly is a mark at the node that it acts on, so that only the other steps are
lines. Most steps of the whole network start at lenalidomide.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.graph.shapes import Graph, GraphEdge, GraphNode
from app.network import Cell

Cells = Mapping[str, Cell]

# The lanes from top to bottom; cells in one row share a lane, any other has one of its own.
ORDER = (
    ("any-cell",),
    ("tumour-b-cell",),
    ("t-cell",),
    ("nk-cell",),
    ("dendritic-cell",),
    ("monocyte", "macrophage"),
    ("endothelial-cell",),
    ("b-cell",),
    ("haematopoietic-precursor", "megakaryocyte", "neutrophil"),
)
GROUPS = {cell: group for group in ORDER for cell in group}
Group = tuple[str, ...]
DRUG = "drug"


@dataclass(frozen=True, eq=False)
class Station:
    """A node in a lane, with the direct effects of drugs on it."""

    node: GraphNode
    lane: Group
    marks: list[GraphEdge] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Track:
    """A step from one station to another."""

    edge: GraphEdge
    tail: Station
    head: Station


@dataclass(frozen=True)
class LaneMap:
    """Everything in a picture of lanes, before it has a place."""

    lanes: Mapping[Group, str]
    """The title of each lane, from top to bottom."""
    stations: list[Station]
    tracks: list[Track]
    drugs: Mapping[str, str]
    """The label of each drug whose effects are marks."""


def group_of(cell: str, cells: Cells) -> Group:
    """The cells that share a lane with this one."""
    top = widest(cell, cells)
    return GROUPS.get(top, (top,))


def widest(cell: str, cells: Cells) -> str:
    """The widest cell above a cell."""
    parent = cells[cell].parent
    return cell if parent is None else widest(parent, cells)


def in_order(groups: Iterable[Group]) -> list[Group]:
    """Lanes from top to bottom, those without a fixed place at the end."""
    places = {group: place for place, group in enumerate(ORDER)}
    return sorted(set(groups), key=lambda group: (places.get(group, len(places)), group))


def title_of(cells: Iterable[str], known: Cells) -> str:
    """The cells of a lane by name."""
    names = ", ".join(known[cell].label for cell in cells)
    return names[:1].upper() + names[1:]


def lane_map(graph: Graph, cells: Cells) -> LaneMap:
    """Decide in which lane each node stands, and which steps are lines."""
    nodes = {node.id: node for node in graph.nodes}
    causal = [edge for edge in graph.edges if edge.type == "causal"]
    found = _Stations(nodes, causal, cells)
    # A step from a thing to itself has no line.
    tracks = [one for one in _tracks(found, causal) if one.tail is not one.head]
    shown = in_order(station.lane for station in found.all)
    inside = defaultdict(set)
    for edge in causal:
        inside[group_of(edge.cell.id, cells)].add(widest(edge.cell.id, cells))
    titles = {
        group: title_of([cell for cell in group if cell in inside[group]] or group, cells)
        for group in shown
    }
    drugs = {edge.source: nodes[edge.source].label for each in found.all for edge in each.marks}
    return LaneMap(titles, found.all, tracks, drugs)


class _Stations:
    """The stations, each made when a step first needs it."""

    def __init__(
        self, nodes: Mapping[str, GraphNode], edges: list[GraphEdge], cells: Cells
    ) -> None:
        self._nodes = nodes
        self._cells = cells
        self._made: dict[tuple[str, Group], Station] = {}
        self._acted_on: defaultdict[str, set[Group]] = defaultdict(set)
        for edge in edges:
            self._acted_on[edge.target].add(group_of(edge.cell.id, cells))

    @property
    def all(self) -> list[Station]:
        return list(self._made.values())

    def is_drug(self, node: str) -> bool:
        return self._nodes[node].kind == DRUG

    def head(self, edge: GraphEdge) -> Station:
        return self._at(edge.target, group_of(edge.cell.id, self._cells))

    def tail(self, edge: GraphEdge) -> Station:
        """Where something acts on the source; in the lane of the step itself if it can be."""
        here = group_of(edge.cell.id, self._cells)
        lanes = self._acted_on[edge.source]
        return self._at(edge.source, here if here in lanes or not lanes else in_order(lanes)[0])

    def _at(self, node: str, lane: Group) -> Station:
        return self._made.setdefault((node, lane), Station(self._nodes[node], lane))


def _tracks(stations: _Stations, edges: list[GraphEdge]) -> Iterator[Track]:
    for edge in edges:
        head = stations.head(edge)
        if stations.is_drug(edge.source):
            head.marks.append(edge)
            continue
        yield Track(edge, stations.tail(edge), head)
