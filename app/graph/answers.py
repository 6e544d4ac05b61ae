"""Answers to the questions about the network, from the current data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.db import Database
from app.gate import Turns
from app.graph import show
from app.graph.load import Atlas, Keeper
from app.graph.queries import NetworkQuestion, PathQuestion, conditions, given
from app.graph.shapes import Graph
from app.network import Cell, Edge, Rules, find_paths
from app.read.joins import table
from app.read.reader import Reader
from app.read.unknown import id_parameters, refuse_unknown
from app.resources.mechanisms import MECHANISMS
from app.schema.shapes import EntityRef, Shape

NAME = "Mechanisms of lenalidomide in B-cell lymphoma"
IDS = {question: id_parameters(question) for question in (NetworkQuestion, PathQuestion)}


@dataclass(frozen=True)
class Answered:
    """An answer as data, and as the steps of the network that it shows."""

    shape: Shape
    graph: Graph
    cells: Mapping[str, Cell]
    note: str = ""
    """What a picture should say beside its name."""
    passing: bool = False
    """Whether another time the answer may be another, since it was cut short by the clock."""


class Answers:
    """Answers from one database."""

    def __init__(self, db: Database, network: Keeper, gate: Turns) -> None:
        self._db = db
        self._keeper = network
        self._turns = gate
        self._mechanisms = Reader(db, MECHANISMS)

    def graph(self, asked: NetworkQuestion) -> Answered:
        """The part of the network that the filters leave."""
        atlas = self._keeper.current()
        with self._db.read() as connection:
            self._refuse_unknown(connection, asked)
        kept = atlas.network.keep(conditions(asked, atlas))
        shape = show.graph(atlas, kept.edges.values(), NAME)
        return Answered(shape, shape, atlas.network.cells)

    def mechanism(self, mechanism: str) -> Answered:
        """The steps of one mechanism."""
        atlas = self._keeper.current()
        with self._db.read() as connection:
            self._mechanisms.require(connection, mechanism)
        steps = (edge for edge in atlas.network.edges.values() if mechanism in edge.mechanisms)
        shape = show.graph(atlas, steps, atlas.mechanisms[mechanism])
        return Answered(shape, shape, atlas.network.cells)

    def paths(self, asked: PathQuestion) -> Answered:
        """The paths from one entity to another, or why there is none."""
        atlas = self._keeper.current()
        with self._db.read() as connection:
            self._refuse_unknown(connection, asked)
            ends = _ends(connection, asked)
        rules = Rules(asked.max_steps, asked.limit, cell_rule=asked.cells == "rule")
        with self._turns.turn():
            filters = conditions(asked, atlas)
            found = find_paths(atlas.network, (asked.source, asked.target), filters, rules)
        shape = show.paths(atlas, ends, found, cell_rule=rules.cell_rule)
        steps = (step for path in found.paths for step in path.steps)
        note = shape.why.sentence if shape.why else ""
        timed = found.stopped_by == "time" or (shape.why and shape.why.kind == "search-stopped")
        return of_steps(atlas, shape, shape.graph.name, steps, note, passing=bool(timed))

    def _refuse_unknown(self, connection: Connection, asked: NetworkQuestion) -> None:
        ids = IDS[type(asked)]
        refuse_unknown(self._db, connection, ids, given(asked, ids))


def of_steps(
    atlas: Atlas,
    shape: Shape,
    name: str,
    steps: Iterable[Edge],
    note: str,
    *,
    passing: bool,
) -> Answered:
    """An answer with its steps as a graph, each once and by id."""
    by_id = {step.id: step for step in steps}
    graph = show.graph(atlas, (by_id[each] for each in sorted(by_id)), name)
    return Answered(shape, graph, atlas.network.cells, note, passing)


def _ends(connection: Connection, asked: PathQuestion) -> tuple[EntityRef, EntityRef]:
    """Both ends of the paths, which need not be in the network."""
    row = table("entity")
    chosen = select(row.c.id, row.c.label, row.c.kind).where(
        row.c.id.in_((asked.source, asked.target))
    )
    found = {
        each.id: EntityRef.model_construct(**each._asdict()) for each in connection.execute(chosen)
    }
    return found[asked.source], found[asked.target]
