"""Why a partner fits lenalidomide, answered from one state of the data."""

from app.db import Database, Reading
from app.gate import Gate
from app.graph.answers import Answered, of_steps
from app.graph.load import CurrentNetwork
from app.graph.queries import RationaleQuery
from app.network import Rules, meetings
from app.rationale import show
from app.rationale.pair import Pair, read_conflicts, read_pair, read_strongest
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
        partner = PartnerRead.model_validate_json(self._partners.item(reading, partner_id).item)
        return self._answer(reading, query, read_pair(reading, partner))

    def strongest_in(
        self, reading: Reading, partner: PartnerRead, query: RationaleQuery, most: int
    ) -> Answered[Rationale]:
        """The same without trials, and with the strongest claims of each group, up to a number."""
        return self._answer(reading, query, read_strongest(reading, partner, most))

    def _answer(self, reading: Reading, query: RationaleQuery, pair: Pair) -> Answered[Rationale]:
        partner = pair.partner
        rules = Rules(query.max_steps, query.limit)
        data = self._network.of(reading)
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
