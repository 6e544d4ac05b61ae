"""The history of rows: who changed what, when and why, with the row before and after."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from app.schema.curation import moment, row_history

Entry = dict[str, Any]


@dataclass(frozen=True)
class Hand:
    """Whose hand makes a change, by the public name of the key, and why."""

    name: str
    reason: str | None = None


@dataclass(frozen=True)
class Edit:
    """A row before and after a change: as it is written, and as readers get it."""

    type: str
    id: str
    version: int
    before: Entry | None
    after: Entry | None
    shown_before: str | None
    shown_after: str | None

    @property
    def action(self) -> str:
        """What happened to the row."""
        if self.before is None:
            return "added"
        return "changed" if self.after is not None else "removed"


def note(connection: Connection, step: Edit, hand: Hand) -> None:
    """Add a change to the history, in the transaction of the change itself."""
    last = connection.execute(select(func.max(row_history.c.number))).scalar()
    connection.execute(
        insert(row_history).values(
            number=(last or 0) + 1,
            type=step.type,
            id=step.id,
            action=step.action,
            version=step.version,
            at=moment(),
            by=hand.name,
            reason=hand.reason,
            before=_json(step.before),
            after=_json(step.after),
            shown_before=step.shown_before,
            shown_after=step.shown_after,
        )
    )


def _json(entry: Entry | None) -> str | None:
    return None if entry is None else json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
