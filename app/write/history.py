"""The history of rows: who changed what, when and why, with the row before and after."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from app.db.revision import lock, read_dataset
from app.schema.curation import (
    LOADER,
    file_base,
    moment,
    proposal,
    release_load,
    row_history,
)
from app.write.rows import KINDS, RESOURCES, gathered_entries
from app.write.stored import stored

Entry = dict[str, Any]


@dataclass(frozen=True)
class Hand:
    """Who makes a change, by the public name of the key, and why.

    For an accepted proposal, `name` is the proposer.
    """

    name: str
    reason: str | None = None
    source: str | None = None
    proposal: int | None = None
    accepted_by: str | None = None


@dataclass(frozen=True)
class Edit:
    """A row before and after a change: in the written form, and as readers see it."""

    type: str
    id: str
    version: int
    before: Entry | None
    after: Entry | None
    shown_before: str | None
    shown_after: str | None
    successor: str | None = None
    """The id of the row that replaces a removed one."""

    @property
    def action(self) -> str:
        """What happened to the row: `added`, `changed` or `removed`."""
        if self.before is None:
            return "added"
        return "changed" if self.after is not None else "removed"


class ChangedByKey(NamedTuple):
    """A row as the files had it when they were last loaded, and as it is now."""

    base: Entry | None
    now: Entry | None


def note(connection: Connection, step: Edit, hand: Hand) -> None:
    """Add a change to the history, in the transaction of the change itself.

    The number and the revision are taken while no other transaction can write, and become visible
    only when this one commits: a reader that has seen one of them has seen all earlier ones.
    """
    lock(connection)
    _, revision = read_dataset(connection)
    connection.execute(
        insert(row_history).values(
            number=newest_number(connection) + 1,
            type=step.type,
            id=step.id,
            action=step.action,
            version=step.version,
            at=moment(),
            by=hand.name,
            reason=hand.reason,
            source=hand.source,
            proposal=hand.proposal,
            accepted_by=hand.accepted_by,
            before=_json(step.before),
            after=_json(step.after),
            shown_before=step.shown_before,
            shown_after=step.shown_after,
            revision=revision,
            successor=step.successor,
        )
    )


def note_release(connection: Connection) -> None:
    """Record the revision at which this release of the content was first loaded."""
    release, revision = read_dataset(connection)
    known = select(release_load).where(release_load.c.release == release)
    if not connection.execute(known).first():
        connection.execute(insert(release_load).values(release=release, revision=revision))


def newest_number(connection: Connection) -> int:
    """The number of the latest change of any row; 0 if there is none."""
    return connection.execute(select(func.max(row_history.c.number))).scalar() or 0


def change_after(connection: Connection, number: int) -> RowMapping | None:
    """The change that follows the one with this number; None if there is none."""
    found = select(row_history).where(row_history.c.number == number + 1)
    return connection.execute(found).mappings().one_or_none()


def unfaithful(connection: Connection) -> list[str]:
    """Whatever contradicts the history: rows, and proposals accepted in only one of the two."""
    last = select(func.max(row_history.c.number)).group_by(row_history.c.type, row_history.c.id)
    found = connection.execute(select(row_history).where(row_history.c.number.in_(last)))
    left: dict[str, dict[str, Entry | None]] = {}
    for row in found.mappings():
        left.setdefault(KINDS[row["type"]], {})[row["id"]] = entry_of(row["after"])
    rows = sorted(
        f"{RESOURCES[name].plural}/{row_id}"
        for name, rows in left.items()
        for row_id, now in entries_now(connection, name, rows).items()
        if now != rows[row_id]
    )
    return rows + [f"proposals/{number}" for number in _unmade(connection)]


def _unmade(connection: Connection) -> list[int]:
    """Numbers of proposals accepted but not in the history, or in it but not accepted."""
    made = select(row_history.c.proposal).where(row_history.c.proposal.is_not(None))
    accepted = select(proposal.c.number).where(proposal.c.state == "accepted")
    found = (set(connection.execute(one).scalars()) for one in (made, accepted))
    return sorted(next(found) ^ next(found))


def changed_by_key(connection: Connection) -> dict[str, ChangedByKey]:
    """The rows whose last change was made by key, not by a load of the files, by `type/id`."""
    found: dict[str, ChangedByKey] = {}
    entries = connection.execute(select(row_history).order_by(row_history.c.number)).mappings()
    for row in entries:
        name = f"{row['type']}/{row['id']}"
        if row["by"] == LOADER:
            found.pop(name, None)
            continue
        base = found[name].base if name in found else entry_of(row["before"])
        found[name] = ChangedByKey(base, entry_of(row["after"]))
    loaded = connection.execute(select(file_base)).mappings()
    bases = {f"{row['type']}/{row['id']}": entry_of(row["entry"]) for row in loaded}
    return {name: ChangedByKey(bases.get(name, one.base), one.now) for name, one in found.items()}


def keep_bases(connection: Connection, entries: Mapping[str, Entry | None]) -> None:
    """Remember what the files now say about rows changed by key, by `type/id`."""
    connection.execute(delete(file_base))
    rows = []
    for name, entry in sorted(entries.items()):
        kind, _, row_id = name.partition("/")
        rows.append({"type": kind, "id": row_id, "entry": _json(entry)})
    if rows:
        connection.execute(insert(file_base), rows)


def entry_of(text: str | None) -> Entry | None:
    """The row that a JSON text of the history holds."""
    return None if text is None else json.loads(text)


def entries_now(connection: Connection, name: str, ids: Collection[str]) -> dict[str, Entry | None]:
    """The rows with these ids in the written form; None for ids without a row."""
    rows = gathered_entries(name, stored(connection, {name: ids}))
    return {**dict.fromkeys(ids), **{row["id"]: row for row in rows}}


def _json(entry: Entry | None) -> str | None:
    return None if entry is None else json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
