"""Why a partner fits, answered from the current data."""

from app.db import Database
from app.gate import Turns
from app.graph.answers import Answered, of_steps
from app.graph.load import Keeper
from app.graph.queries import RationaleQuestion
from app.network import Rules, meetings
from app.rationale import show
from app.rationale.pair import PairReader
from app.read.reader import Reader
from app.resources.partners import PARTNERS, PartnerRead


class RationaleAnswers:
    """Answers from one database."""

    def __init__(self, db: Database, network: Keeper, gate: Turns) -> None:
        self._db = db
        self._keeper = network
        self._turns = gate
        self._partners = Reader(db, PARTNERS)

    def rationale(self, partner_id: str, asked: RationaleQuestion) -> Answered:
        """Why a partner fits lenalidomide, what was seen and tried, and what is open."""
        atlas = self._keeper.current()
        with self._db.read() as connection:
            text, _ = self._partners.item(connection, partner_id)
            partner = PartnerRead.model_validate_json(text)
            pair = PairReader(self._db, connection).pair(partner)
        entries = show.entries(atlas, partner)
        rules = Rules(asked.max_steps, asked.limit)
        with self._turns.turn():
            ends = [entry.id for entry in entries]
            found = meetings(atlas.network, show.DRUG.id, ends, rules)
        steps = show.steps(found)
        ids = {each for step in steps for each in atlas.conflicts.get(step.id, ())}
        with self._db.read() as connection:
            conflicts = PairReader(self._db, connection).conflicts(ids.union(pair.conflicts))
        shape = show.whole(atlas, pair, entries, found, conflicts)
        return of_steps(
            atlas,
            shape,
            shape.graph.name,
            steps,
            shape.sentence,
            passing=found.stopped_by == "time",
        )
