"""Proposals: changes that are checked and stored, but made only once another key accepts them."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from app.db.revision import lock
from app.errors import Clash, Forbidden, Invalid
from app.read.proposals import find_proposal, proposal_row
from app.schema.curation import moment, proposal
from app.write.edits import Edited, Editing, Intent
from app.write.history import Entry, Hand, change_after, entries_now, entry_of, newest_number
from app.write.rows import KINDS

COPIED = ("action", "type", "id", "at", "by", "reason", "before", "after", "successor")
"""The columns that a proposal copies from the history entry of its change."""
STAYS_OPEN = "The proposal stays open: reject it, and ask for a new one on the current data."

Edits = Callable[[str, Hand], Editing]
"""Makes the Editing for a type, given by its plural, and a hand."""


@dataclass(frozen=True)
class Decision:
    """A decision about a proposal: `accepted` or `rejected`."""

    number: int
    state: str
    by: str
    comment: str


def propose(editing: Editing, asked: Intent, source: str, most: int) -> Edited:
    """Store a change as a proposal, if it could be made now and its key has fewer than `most` open.

    The change is made and rolled back, so it meets the same checks now as when it is accepted.
    """
    connection = editing.connection
    lock(connection)
    if most and _number_open(connection, editing.hand.name) >= most:
        raise Clash(
            f"Your key has {most:,} open proposals, as many as it may have. Propose more once some "
            "of these are accepted or rejected."
        )
    last = newest_number(connection)
    with connection.begin_nested() as point:
        editing.carry_out(asked)
        change = change_after(connection, last)
        point.rollback()
    if change is None:
        raise Clash("The row is already as you propose; there is nothing to decide.")
    return _shown(connection, _keep(connection, change, source))


def decide(connection: Connection, decision: Decision, edits: Edits) -> Edited:
    """Accept or reject a proposal; an accepted change is made at once."""
    lock(connection)
    row = proposal_row(connection, decision.number)
    if row["by"] == decision.by:
        raise Forbidden("The key that made a proposal cannot decide on it; another key must.")
    if row["state"] != "open":
        raise Clash(f"This proposal has already been {row['state']}.")
    if decision.state == "accepted":
        _accept(connection, row, decision, edits)
    connection.execute(
        update(proposal)
        .where(proposal.c.number == decision.number)
        .values(
            state=decision.state,
            decided_at=moment(),
            decided_by=decision.by,
            comment=decision.comment,
        )
    )
    return _shown(connection, decision.number)


def _number_open(connection: Connection, by: str) -> int:
    """How many proposals of a key are open."""
    found = select(func.count()).where(proposal.c.state == "open", proposal.c.by == by)
    return connection.execute(found).scalar_one()


def _keep(connection: Connection, change: RowMapping, source: str) -> int:
    """Store the history entry of a change as a proposal."""
    number = (connection.execute(select(func.max(proposal.c.number))).scalar() or 0) + 1
    before = change["shown_before"]
    connection.execute(
        insert(proposal).values(
            number=number,
            state="open",
            version=json.loads(before)["version"] if before else None,
            source=source,
            **{name: change[name] for name in COPIED},
        )
    )
    return number


def _accept(connection: Connection, row: RowMapping, decision: Decision, edits: Edits) -> None:
    """Make the change in the proposer's name, if the row is still as it was when proposed."""
    before, after = entry_of(row["before"]), entry_of(row["after"])
    now = entries_now(connection, KINDS[row["type"]], [row["id"]])[row["id"]]
    if now != before:
        raise Clash(f"{_since(before, now)} {STAYS_OPEN}")
    hand = Hand(row["by"], row["reason"], row["source"], row["number"], decision.by)
    actions = {"added": "add", "changed": "replace", "removed": "remove"}
    asked = Intent(actions[row["action"]], row["id"], after or {}, successor=row["successor"])
    try:
        edits(row["type"], hand).carry_out(asked)
    except Invalid as error:
        raise Clash(
            f"As other rows now are, the change would break rules; see `faults`. {STAYS_OPEN}",
            faults=error.faults,
        ) from error


def _since(before: Entry | None, now: Entry | None) -> str:
    """What has happened to the row since the change was proposed."""
    if before is None:
        return "By now there is a row with this id."
    if now is None:
        return "The row has been removed since this was proposed."
    return "The row has changed since this was proposed."


def _shown(connection: Connection, number: int) -> Edited:
    found = find_proposal(connection, number)
    return Edited(str(number), number, found.model_dump_json())
