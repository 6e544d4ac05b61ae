"""Changes that are sent again: made once, answered twice.

The answer is kept in the transaction of the change itself, so that there is never one without the
other. A change that was refused is not kept: it may be sent again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from app.errors import Clash
from app.schema.curation import kept_answer, moment
from app.write.edits import Edited

HOURS = 48


@dataclass(frozen=True)
class Attempt:
    """A change with the key that its sender gave it, and a digest of all that was asked."""

    owner: str
    key: str
    asked: str


def sum_of(*parts: bytes) -> str:
    """One text for several, whatever is in them."""
    found = sha256()
    for part in parts:
        found.update(b"%d:%s" % (len(part), part))
    return found.hexdigest()


def answered(connection: Connection, attempt: Attempt) -> Edited | None:
    """What this attempt was answered before; refused if another change had its key."""
    held = kept_answer.c.owner == attempt.owner, kept_answer.c.key == attempt.key
    row = connection.execute(select(kept_answer).where(*held)).mappings().one_or_none()
    if row is None:
        return None
    if row["asked"] != attempt.asked:
        raise Clash("This `Idempotency-Key` was sent with another change; take a new one.")
    return Edited(row["id"], row["version"], row["item"])


def keep_answer(connection: Connection, attempt: Attempt, done: Edited) -> None:
    """Keep what is answered, and let go of what is old."""
    old = moment(datetime.now(UTC) - timedelta(hours=HOURS))
    connection.execute(delete(kept_answer).where(kept_answer.c.at < old))
    connection.execute(
        insert(kept_answer).values(
            owner=attempt.owner,
            key=attempt.key,
            asked=attempt.asked,
            at=moment(),
            **done._asdict(),
        )
    )
