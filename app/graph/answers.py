"""Answers to queries about the network, each read from one state of the data."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select

from app.db import Database, Reading
from app.gate import Gate
from app.graph import show
from app.graph.claims import read_linking
from app.graph.load import CurrentNetwork, NetworkData
from app.graph.queries import (
    NetworkQuery,
    PathQuery,
    WholeQuery,
    network_filters,
    passing,
)
from app.graph.shapes import Graph, Nodes, Paths
from app.network import Cell, Filter, Rules, Step, find_paths
from app.read.joins import table
from app.read.reader import Reader
from app.read.unknown import id_parameters, ids_of, refuse_unknown
from app.resources.mechanisms import MECHANISMS
from app.schema.shapes import EntityRef, Shape
from app.schema.values import Names

NAME = "Mechanisms of lenalidomide in B-cell lymphoma"
IDS: Mapping[type[NetworkQuery], dict[str, Names]] = {
    query: id_parameters(query) for query in (WholeQuery, PathQuery)
}


S = TypeVar("S", bound=Shape)


@dataclass(frozen=True)
class Answered(Generic[S]):
    """An answer, with the part of the network that it shows."""

    shape: S
    graph: Graph
    cells: Mapping[str, Cell]
    release: str
    """The release of the content."""
    note: str = ""
    """A sentence that a picture shows below its title."""
    passing: bool = False
    """Whether a time limit cut the search short, so that a repeat may give another answer."""


class Answers:
    """Answers from one database."""

    def __init__(self, db: Database, network: CurrentNetwork, gate: Gate) -> None:
        self._db = db
        self._network = network
        self._gate = gate
        self._mechanisms = Reader(db, MECHANISMS)

    def graph_in(self, reading: Reading, query: WholeQuery) -> Answered[Graph]:
        """The part of the network that passes the filters."""
        _refuse_unknown_ids(reading, query)
        data = self._network.of(reading)
        kept = data.network.keep(network_filters(query, data, passing(reading, query)))
        shape = show.network(data, kept, NAME, query.nodes)
        return Answered(shape, shape, data.network.cells, data.release)

    def mechanism_in(self, reading: Reading, mechanism: str, nodes: Nodes) -> Answered[Graph]:
        """The steps of one mechanism."""
        self._mechanisms.require(reading, mechanism)
        data = self._network.of(reading)
        steps = Filter("mechanism", edge=lambda edge: mechanism in edge.mechanisms)
        kept = data.network.keep([steps])
        shape = show.network(data, kept, data.mechanisms[mechanism], nodes)
        return Answered(shape, shape, data.network.cells, data.release)

    @contextmanager
    def searching(self) -> Iterator[Reading]:
        """Wait for a turn to search, then open a reading of one state of the data."""
        # The gate comes first: PostgreSQL ends transactions that stay idle for too long.
        with self._gate.enter(), self._db.read() as reading:
            yield reading

    def paths_in(self, reading: Reading, query: PathQuery) -> Answered[Paths]:
        """The paths from one entity to another, or why there is none."""
        rules = Rules(query.max_steps, query.limit, cell_rule=query.cells == "rule")
        _refuse_unknown_ids(reading, query)
        data = self._network.of(reading)
        ends = _ends(reading, query)
        filters = network_filters(query, data, passing(reading, query))
        found = find_paths(data.network, (query.source, query.target), filters, rules)
        apart = found.why and query.source != query.target
        linking = read_linking(reading, query.source, query.target) if apart else None
        shape = show.paths(data, ends, found, linking, cell_rule=rules.cell_rule)
        steps = (step for path in found.paths for step in path.steps)
        note = shape.why.sentence if shape.why else ""
        timed = found.stopped_by == "time" or (shape.why and shape.why.kind == "search-stopped")
        return of_steps(data, shape, shape.graph.name, steps, note, passing=bool(timed))


def of_steps(
    data: NetworkData,
    shape: S,
    name: str,
    steps: Iterable[Step],
    note: str,
    *,
    passing: bool,
) -> Answered[S]:
    """An answer with its steps as a graph: each step once, ordered by id."""
    by_id = {step.id: step for step in steps}
    graph = show.graph(data, (by_id[each] for each in sorted(by_id)), name)
    return Answered(shape, graph, data.network.cells, data.release, note, passing)


def _refuse_unknown_ids(reading: Reading, query: NetworkQuery) -> None:
    """Refuse a query that names a row that does not exist."""
    ids = next(found for kind, found in IDS.items() if isinstance(query, kind))
    refuse_unknown(reading, ids, ids_of(query, ids))


def _ends(reading: Reading, query: PathQuery) -> tuple[EntityRef, EntityRef]:
    """The entities at both ends of the paths; they need not be in the network."""
    row = table("entity")
    chosen = select(row.c.id, row.c.label, row.c.kind).where(
        row.c.id.in_((query.source, query.target))
    )
    found = {
        each.id: EntityRef.model_construct(**each._asdict())
        for each in reading.connection.execute(chosen)
    }
    return found[query.source], found[query.target]
