"""Issuing, listing and revoking API keys."""

import re
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, insert, select, update

from app.read.keys import digest_of
from app.schema.curation import IMPORTER, LOADER, api_key, moment

MARK = "moa_"
"""The prefix of every key, by which secret scanners recognise leaked ones."""
RANDOM_BYTES = 32
RESERVED = (LOADER, IMPORTER)
IGNORED = re.compile("[ ._-]")


def look_of(name: str) -> str:
    """What readers see of a name at a glance: its letters and digits, in any case."""
    return IGNORED.sub("", name).casefold()


def create_key(connection: Connection, name: str, scope: str, days: int | None) -> str | None:
    """Create a key, shown only this once; None if readers may take its name for an earlier one."""
    known = connection.execute(select(api_key.c.name)).scalars()
    if look_of(name) in map(look_of, (*known, *RESERVED)):
        return None
    key = MARK + secrets.token_urlsafe(RANDOM_BYTES)
    end = moment(datetime.now(UTC) + timedelta(days=days)) if days else None
    connection.execute(
        insert(api_key).values(
            name=name, hash=digest_of(key), scope=scope, created_at=moment(), expires_at=end
        )
    )
    return key


def list_keys(connection: Connection) -> list[RowMapping]:
    """All keys ever issued, without their hashes."""
    shown = (column for column in api_key.columns if column.name != "hash")
    return list(connection.execute(select(*shown).order_by(api_key.c.name)).mappings())


def revoke_key(connection: Connection, name: str) -> bool:
    """Revoke a key; False if no key of this name exists that is not yet revoked."""
    held = api_key.c.name == name, api_key.c.revoked_at.is_(None)
    revoked = update(api_key).where(*held).values(revoked_at=moment())
    return bool(connection.execute(revoked).rowcount)


def note_use(connection: Connection, name: str) -> None:
    """Record that a key has just been used for a change."""
    connection.execute(update(api_key).where(api_key.c.name == name).values(used_at=moment()))
