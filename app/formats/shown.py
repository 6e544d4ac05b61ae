"""What a file of the network is made from."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.graph.shapes import Graph
from app.network import Cell

Places = Mapping[str, tuple[float, float]]


class Shown(NamedTuple):
    """A part of the network, and what else a file may say of it."""

    graph: Graph
    cells: Mapping[str, Cell]
    """Every kind of cell by its id."""
    places: Callable[[], Places]
    """Where a picture has each node, laid out only if it is asked for."""
