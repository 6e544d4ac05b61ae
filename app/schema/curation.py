"""The tables of curation: who may write, and what has been written."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Table
from sqlmodel import SQLModel

from app.schema.columns import STRICT

LOADER, IMPORTER = "seed", "import"
"""By whom a row was loaded from the files, or brought in by the command; no key has these names."""

SCOPES = ("propose", "review", "admin")
ACTIONS = ("added", "changed", "removed")
STATES = ("open", "accepted", "rejected")
"""What may have become of a proposal."""


def moment(at: datetime | None = None) -> str:
    """A time in UTC, now if none is given, as text that sorts by time on both databases."""
    given = (at or datetime.now(UTC)).astimezone(UTC)
    return given.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_{column}")


api_key = Table(
    "api_key",
    SQLModel.metadata,
    Column("name", String, primary_key=True),
    Column("hash", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("expires_at", String),
    Column("revoked_at", String),
    Column("used_at", String),
    _of("scope", SCOPES),
    Index("ix_api_key_hash", "hash", unique=True),
    **STRICT,
)
"""Keys, of each only the SHA-256; a name is public and never given twice."""

row_history = Table(
    "row_history",
    SQLModel.metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    Column("action", String, nullable=False),
    # Of the row after the change; of a removed one that which it had.
    Column("version", BigInteger, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String),
    # The row as it is written, as JSON; null where there was or is none.
    Column("before", String),
    Column("after", String),
    # The same as readers get it.
    Column("shown_before", String),
    Column("shown_after", String),
    # The revision of the data that the change came with.
    Column("revision", BigInteger, nullable=False, server_default="0"),
    # The id of the row that takes the place of a removed one.
    Column("successor", String),
    # Where it stands that the row is so now.
    Column("source", String),
    # The proposal that was accepted, and by whom; null for a change that was made at once.
    Column("proposal", BigInteger),
    Column("accepted_by", String),
    _of("action", ACTIONS),
    Index("ix_row_history_id", "type", "id", "number"),
    Index("ix_row_history_revision", "revision", "number"),
    **STRICT,
)
"""Every change of a row since the first load of the files; the database itself refuses to change
or remove an entry."""

release_load = Table(
    "release_load",
    SQLModel.metadata,
    Column("release", String, primary_key=True),
    # The revision of the data with which it was loaded first; 0 if it was before all changes.
    Column("revision", BigInteger, nullable=False),
    **STRICT,
)
"""The releases that were loaded into this database, each when it came first."""

kept_answer = Table(
    "kept_answer",
    SQLModel.metadata,
    Column("owner", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("asked", String, nullable=False),
    Column("at", String, nullable=False),
    # The row as it was after the change; null where it was removed.
    Column("id", String, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("item", String),
    Index("ix_kept_answer_at", "at"),
    **STRICT,
)
"""What was answered to changes with an `Idempotency-Key`, of which the digest is kept."""

proposal = Table(
    "proposal",
    SQLModel.metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("action", String, nullable=False),
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    # Of the row that it was made on; null where there was none.
    Column("version", BigInteger),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("source", String, nullable=False),
    # The row as it is written, as JSON; null where there was or is to be none.
    Column("before", String),
    Column("after", String),
    # The id of the row that is to take the place of a removed one.
    Column("successor", String),
    Column("decided_at", String),
    Column("decided_by", String),
    Column("comment", String),
    _of("state", STATES),
    _of("action", ACTIONS),
    Index("ix_proposal_state", "state", "number"),
    Index("ix_proposal_id", "type", "id", "number"),
    **STRICT,
)
"""Changes on which another key than that of their proposer decides."""

CURATION = (api_key, row_history, release_load, kept_answer, proposal)
