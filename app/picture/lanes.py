"""The network in lanes, one for each kind of cell.

A direct effect of a drug is drawn as a mark on the node it acts on, and only other steps as lines:
most steps of the whole network start at lenalidomide.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.graph.shapes import Graph, GraphEdge, GraphNode
from app.network import Cell

Cells = Mapping[str, Cell]

# The lanes from top to bottom; cells in one row share a lane, all other cells have their own.
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
    """Everything in a picture of lanes, before positions are assigned."""

    lanes: Mapping[Group, str]
    """The title of each lane, from top to bottom."""
    stations: list[Station]
    tracks: list[Track]
    drugs: Mapping[str, str]
    """The label of each drug whose effects are drawn as marks."""


def group_of(cell: str, cells: Cells) -> Group:
    """The cells that share a lane with this one."""
    top = widest(cell, cells)
    return GROUPS.get(top, (top,))


def widest(cell: str, cells: Cells) -> str:
    """The topmost cell above a cell in the tree, or the cell itself."""
    parent = cells[cell].parent
    return cell if parent is None else widest(parent, cells)


def in_order(groups: Iterable[Group]) -> list[Group]:
    """The lanes from top to bottom; those without a fixed place come last."""
    places = {group: place for place, group in enumerate(ORDER)}
    return sorted(set(groups), key=lambda group: (places.get(group, len(places)), group))


def title_of(cells: Iterable[str], known: Cells) -> str:
    """The names of the cells of a lane, as its title."""
    names = ", ".join(known[cell].label for cell in cells)
    return names[:1].upper() + names[1:]


def lane_map(graph: Graph, cells: Cells) -> LaneMap:
    """Decide which lanes each node is in, and which steps are lines or marks."""
    nodes = {node.id: node for node in graph.nodes}
    causal = [edge for edge in graph.edges if edge.type == "causal"]
    found = _Stations(nodes, causal, cells)
    # A step from a station to itself has no line.
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
    """The stations, each created when a step first needs it."""

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
        """The source, in a lane where something acts on it: the lane of the step if possible."""
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
