"""Why a partner fits lenalidomide, answered from one state of the data."""

from app.db import Database, Reading
from app.gate import Gate
from app.graph.answers import Answered, of_steps
from app.graph.load import CurrentNetwork
from app.graph.queries import RationaleQuery
from app.network import Rules, meetings
from app.rationale import show
from app.rationale.pair import read_conflicts, read_pair
from app.rationale.shapes import Rationale
from app.read.reader import Reader
from app.resources.partners import PARTNERS, PartnerRead


class RationaleAnswers:
    """Answers from one database."""

    def __init__(self, db: Database, network: CurrentNetwork, gate: Gate) -> None:
        self._db = db
        self._network = network
        self._gate = gate
        self._partners = Reader(db, PARTNERS)

    def rationale_in(
        self, reading: Reading, partner_id: str, query: RationaleQuery
    ) -> Answered[Rationale]:
        """Why a partner fits lenalidomide, what was observed and tested, and what is open."""
        rules = Rules(query.max_steps, query.limit)
        partner = PartnerRead.model_validate_json(self._partners.item(reading, partner_id).item)
        data = self._network.of(reading)
        pair = read_pair(reading, partner)
        entries = show.entries(data, partner)
        found = meetings(data.network, show.DRUG.id, [entry.id for entry in entries], rules)
        steps = show.steps(found)
        ids = {each for step in steps for each in data.conflicts.get(step.id, ())}
        conflicts = read_conflicts(reading, ids.union(pair.conflicts))
        shape = show.whole_answer(data, pair, entries, found, conflicts)
        return of_steps(
            data,
            shape,
            shape.graph.name,
            steps,
            shape.sentence,
            passing=found.stopped_by == "time",
        )
