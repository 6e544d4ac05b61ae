"""The input of a file of the network."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.graph.shapes import Graph
from app.network import Cell

Places = Mapping[str, tuple[float, float]]


class NetworkPart(NamedTuple):
    """A part of the network, with everything else that a file may contain."""

    graph: Graph
    cells: Mapping[str, Cell]
    """Every kind of cell by its id."""
    places: Callable[[], Places]
    """Where a picture has each node, laid out only if it is asked for."""
