"""The history of rows: who changed what, when and why, with the row before and after."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from app.db.revision import lock, read_dataset
from app.schema.curation import LOADER, moment, release_load, row_history
from app.write.rows import KINDS, RESOURCES, gathered_entries
from app.write.stored import stored

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
    successor: str | None = None
    """The id of the row that takes the place of a removed one."""

    @property
    def action(self) -> str:
        """What happened to the row."""
        if self.before is None:
            return "added"
        return "changed" if self.after is not None else "removed"


class Turned(NamedTuple):
    """A row as the files had it when they were last loaded, and as it is now."""

    base: Entry | None
    now: Entry | None


def note(connection: Connection, step: Edit, hand: Hand) -> None:
    """Add a change to the history, in the transaction of the change itself.

    The next number and the revision are read while this transaction alone may write, and are seen
    only once it is committed: whoever has seen a number or a revision has seen all before it.
    """
    lock(connection)
    _, revision = read_dataset(connection)
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
            revision=revision,
            successor=step.successor,
        )
    )


def note_release(connection: Connection) -> None:
    """Remember with which revision this release of the content came first."""
    release, revision = read_dataset(connection)
    known = select(release_load).where(release_load.c.release == release)
    if not connection.execute(known).first():
        connection.execute(insert(release_load).values(release=release, revision=revision))


def unfaithful(connection: Connection) -> list[str]:
    """The rows that are not as the last change of them left them, each by type and id."""
    last = select(func.max(row_history.c.number)).group_by(row_history.c.type, row_history.c.id)
    found = connection.execute(select(row_history).where(row_history.c.number.in_(last)))
    left: dict[str, dict[str, Entry | None]] = {}
    for row in found.mappings():
        left.setdefault(KINDS[row["type"]], {})[row["id"]] = _entry(row["after"])
    return sorted(
        f"{RESOURCES[name].plural}/{row_id}"
        for name, rows in left.items()
        for row_id, now in entries_now(connection, name, rows).items()
        if now != rows[row_id]
    )


def turned_by_key(connection: Connection) -> dict[str, Turned]:
    """The rows that keys have changed since the files were last loaded, each by type and id."""
    found: dict[str, Turned] = {}
    entries = connection.execute(select(row_history).order_by(row_history.c.number)).mappings()
    for row in entries:
        name = f"{row['type']}/{row['id']}"
        if row["by"] == LOADER:
            found.pop(name, None)
            continue
        base = found[name].base if name in found else _entry(row["before"])
        found[name] = Turned(base, _entry(row["after"]))
    return found


def _entry(text: str | None) -> Entry | None:
    return None if text is None else json.loads(text)


def entries_now(connection: Connection, name: str, ids: Collection[str]) -> dict[str, Entry | None]:
    """The rows of these ids as they are written; None for those that are not there."""
    rows = gathered_entries(name, stored(connection, {name: ids}))
    return {**dict.fromkeys(ids), **{row["id"]: row for row in rows}}


def _json(entry: Entry | None) -> str | None:
    return None if entry is None else json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
