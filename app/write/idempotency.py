"""Repeated requests (`Idempotency-Key`): the change is made once and answered each time.

The answer is stored in the same transaction as the change, so neither exists without the other.
The answer to a refused change is not stored: the request may be sent again.
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
    """A request with the key that its sender chose, and a digest of everything in it."""

    owner: str
    key: str
    asked: str


def request_digest(*parts: bytes) -> str:
    """A digest of several parts; each length is hashed too, so the split matters."""
    found = sha256()
    for part in parts:
        found.update(b"%d:%s" % (len(part), part))
    return found.hexdigest()


def answered(connection: Connection, attempt: Attempt) -> Edited | None:
    """The stored answer to this request; refused if another change used its key."""
    held = kept_answer.c.owner == attempt.owner, kept_answer.c.key == attempt.key
    row = connection.execute(select(kept_answer).where(*held)).mappings().one_or_none()
    if row is None:
        return None
    if row["asked"] != attempt.asked:
        raise Clash("This `Idempotency-Key` was sent with a different change; use a new one.")
    return Edited(row["id"], row["version"], row["item"])


def keep_answer(connection: Connection, attempt: Attempt, done: Edited) -> None:
    """Store an answer, and delete those older than HOURS."""
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
