"""Looks up keys by the SHA-256 of the whole key, never by the key itself."""

from hashlib import sha256

from sqlalchemy import Connection, RowMapping, or_, select

from app.schema.curation import api_key, moment


def digest_of(key: str) -> str:
    """The digest stored for a key. Its 256 random bits need no salt and no slow hash."""
    return sha256(key.encode()).hexdigest()


def key_owner(connection: Connection, key: str) -> RowMapping | None:
    """The name and scope of a key that is neither expired nor revoked; None if there is none."""
    found = connection.execute(
        select(api_key.c.name, api_key.c.scope, api_key.c.expires_at).where(
            api_key.c.hash == digest_of(key), api_key.c.revoked_at.is_(None)
        )
    )
    row = found.mappings().one_or_none()
    expired = row and row["expires_at"] and row["expires_at"] <= moment()
    return None if expired else row


def is_valid(connection: Connection, name: str) -> bool:
    """Whether the key of this name is neither expired nor revoked."""
    end = api_key.c.expires_at
    valid = api_key.c.revoked_at.is_(None), or_(end.is_(None), end > moment())
    return (
        connection.execute(select(api_key.c.name).where(api_key.c.name == name, *valid)).first()
        is not None
    )
