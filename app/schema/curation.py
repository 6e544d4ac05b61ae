"""The tables of curation: keys, history, releases, stored answers and proposals."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Table
from sqlmodel import SQLModel

from app.schema.columns import STRICT

LOADER, IMPORTER = "seed", "import"
"""Names in the history for the load of the files and for imports; no key may have them."""

SCOPES = ("propose", "review", "admin")
ACTIONS = ("added", "changed", "removed")
STATES = ("open", "accepted", "rejected")
"""The states of a proposal."""


def moment(at: datetime | None = None) -> str:
    """A time, by default now, as UTC text that sorts chronologically on both databases."""
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
"""The keys, as SHA-256 only; their names are public and never used twice."""

row_history = Table(
    "row_history",
    SQLModel.metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    Column("action", String, nullable=False),
    # The version after the change; for a removed row, its last version.
    Column("version", BigInteger, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String),
    # The row in the written form, as JSON; null where there was or is none.
    Column("before", String),
    Column("after", String),
    # The same rows as readers see them.
    Column("shown_before", String),
    Column("shown_after", String),
    # The revision of the data in which the change first appeared.
    Column("revision", BigInteger, nullable=False, server_default="0"),
    # The id of the row that replaces a removed one.
    Column("successor", String),
    # The source that supports the change.
    Column("source", String),
    # The accepted proposal and who accepted it; null for a change made directly.
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
    # The revision at which it was first loaded; 0 if that was before any recorded change.
    Column("revision", BigInteger, nullable=False),
    **STRICT,
)
"""The releases loaded into this database, each with the revision of its first load."""

kept_answer = Table(
    "kept_answer",
    SQLModel.metadata,
    Column("owner", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("asked", String, nullable=False),
    Column("at", String, nullable=False),
    # The row after the change; `item` is null if it was removed.
    Column("id", String, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("item", String),
    Index("ix_kept_answer_at", "at"),
    **STRICT,
)
"""The answers to changes sent with an `Idempotency-Key`; `asked` is a digest of the request."""

proposal = Table(
    "proposal",
    SQLModel.metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("action", String, nullable=False),
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    # The version of the row on which it is based; null for a new row.
    Column("version", BigInteger),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("source", String, nullable=False),
    # The row in the written form, as JSON; null where there was or will be none.
    Column("before", String),
    Column("after", String),
    # The id of the row that is to replace a removed one.
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
"""Proposed changes, which a key other than the proposer's accepts or rejects."""

file_base = Table(
    "file_base",
    SQLModel.metadata,
    Column("type", String, primary_key=True),
    Column("id", String, primary_key=True),
    # The row as it is written, as JSON; null where the files had none.
    Column("entry", String),
    **STRICT,
)
"""The rows of the files at their last load, for rows that had been changed by key."""

CURATION = (api_key, row_history, release_load, kept_answer, proposal, file_base)
