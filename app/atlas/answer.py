"""Answers to the questions about the network, from the current data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.atlas import rationale, show
from app.atlas.asked import NetworkQuestion, PathQuestion, RationaleQuestion, conditions, given
from app.atlas.kept import Keeper
from app.atlas.load import Atlas
from app.atlas.pair import PairReader
from app.atlas.pair_shapes import Rationale
from app.atlas.shapes import Graph, Paths
from app.atlas.turns import Turns
from app.db import Database
from app.joins import table
from app.known import named, refuse_unknown
from app.network import Cell, Edge, Rules, find_paths, meetings
from app.read import Reader
from app.resources.mechanisms import MECHANISMS
from app.resources.partners import PARTNERS, PartnerRead
from app.shapes import EntityRef, Shape

NAME = "Mechanisms of lenalidomide in B-cell lymphoma"
IDS = {question: named(question) for question in (NetworkQuestion, PathQuestion)}


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

    def __init__(self, db: Database) -> None:
        self._db = db
        self._keeper = Keeper(db)
        self._turns = Turns(db.settings.wait_seconds)
        self._mechanisms = Reader(db, MECHANISMS)
        self._partners = Reader(db, PARTNERS)

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
        return _of_steps(atlas, shape, steps, note, passing=bool(timed))

    def rationale(self, partner_id: str, asked: RationaleQuestion) -> Answered:
        """Why a partner fits lenalidomide, what was seen and tried, and what is open."""
        atlas = self._keeper.current()
        with self._db.read() as connection:
            text, _ = self._partners.item(connection, partner_id)
            partner = PartnerRead.model_validate_json(text)
            pair = PairReader(self._db, connection).pair(partner)
        entries = rationale.entries(atlas, partner)
        rules = Rules(asked.max_steps, asked.limit)
        with self._turns.turn():
            ends = [entry.id for entry in entries]
            found = meetings(atlas.network, rationale.DRUG.id, ends, rules)
        steps = rationale.steps(found)
        ids = {each for step in steps for each in atlas.conflicts.get(step.id, ())}
        with self._db.read() as connection:
            conflicts = PairReader(self._db, connection).conflicts(ids.union(pair.conflicts))
        shape = rationale.whole(atlas, pair, entries, found, conflicts)
        return _of_steps(atlas, shape, steps, shape.sentence, passing=found.stopped_by == "time")

    def _refuse_unknown(self, connection: Connection, asked: NetworkQuestion) -> None:
        ids = IDS[type(asked)]
        refuse_unknown(self._db, connection, ids, given(asked, ids))


def _of_steps(
    atlas: Atlas,
    shape: Paths | Rationale,
    steps: Iterable[Edge],
    note: str,
    *,
    passing: bool,
) -> Answered:
    """An answer with its steps as a graph, each once and by id."""
    by_id = {step.id: step for step in steps}
    graph = show.graph(atlas, (by_id[each] for each in sorted(by_id)), shape.graph.name)
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
