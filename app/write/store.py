"""Write records to the database with everything derived from them, touching only differences.

Nothing here opens or ends a transaction; the caller's makes a write all or nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.db.revision import lock, revise
from app.read.stored_counts import Claims
from app.schema.columns import Key, Stamp, now
from app.schema.curation import row_history
from app.write import counts, index, years
from app.write.derived import complete
from app.write.opposites import opposites, unlink
from app.write.rows import (
    NAMES,
    RESOURCES,
    SHAPES,
    Tables,
    Values,
    gathered,
    nested_types,
    owner_of,
    tables,
)
from app.write.stored import Ids, chosen, stored, stored_conflicts


@dataclass
class Changes:
    """The ids of one type that were added, changed or removed."""

    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(
            self.added | other.added, self.changed | other.changed, self.removed | other.removed
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


FOLLOWED = frozenset({"evidence", "entity", "edge", "conflict"})
"""The types from which computed conflicts follow."""

ChangesByType = Mapping[str, Changes]
Watch = Callable[[ChangesByType], None]
"""Called with the changes before they are made."""


def put(connection: Connection, record: Key) -> ChangesByType:
    """Add a record, or update the row with its id."""
    return put_all(connection, [record])


def put_all(connection: Connection, records: Iterable[Key]) -> ChangesByType:
    """Add records, or update the rows with their ids."""
    listed = list(records)
    ids: dict[str, set[str]] = {}
    for record in listed:
        ids.setdefault(NAMES[type(record)], set()).add(record.id)
    return _write(connection, listed, ids)


def drop(connection: Connection, name: str, row_id: str) -> ChangesByType:
    """Remove a row; the database refuses while others refer to it."""
    return _write(connection, [], {name: {row_id}})


def replace(
    connection: Connection,
    records: Iterable[Key],
    release: str | None = None,
    watch: Watch | None = None,
) -> ChangesByType:
    """Make these the only records; the release stays the same unless one is given."""
    return _write(connection, records, dict.fromkeys(SHAPES), release, watch)


def _write(
    connection: Connection,
    records: Iterable[Key],
    ids: Ids,
    release: str | None = None,
    watch: Watch | None = None,
) -> ChangesByType:
    """Make the rows with these ids match the records; ids without a record are removed."""
    lock(connection)
    wanted = gathered(row for record in records for row in complete(record))
    have = stored(connection, ids)
    computed = _computed(connection) if ids.keys() & FOLLOWED else None
    changes = _apply(connection, wanted, have, watch)
    claims, references = changes["evidence"], changes["reference"]
    years.date(connection, claims.added | claims.changed, references.changed)
    if computed is not None:
        changes["conflict"] |= _follow(connection, computed)
    if any(changes.values()):
        revise(connection, release)
    return changes


def recompute_conflicts(connection: Connection) -> Changes:
    """Update the computed conflicts from the claims."""
    return _follow(connection, _computed(connection))


def _computed(connection: Connection) -> Tables:
    return stored(connection, {"conflict": stored_conflicts(connection, computed=True)})


def _follow(connection: Connection, computed: Tables) -> Changes:
    return _apply(connection, gathered(opposites(connection)), computed)["conflict"]


def _compare(wanted: Tables, have: Tables) -> dict[str, Changes]:
    """What is added, changed or removed, by type; a change in a list changes its owner."""
    found: dict[str, Changes] = {}
    for name in RESOURCES:
        new, old = wanted[name].keys(), have[name].keys()
        kept = {key[0] for key in new & old}
        differ = {key[0] for key in new & old if wanted[name][key] != have[name][key]}
        found[name] = Changes(
            {key[0] for key in new - old},
            differ | (kept & _owners_that_differ(name, wanted, have)),
            {key[0] for key in old - new},
        )
    for inner, (owner, column) in nested_types().items():
        parts = found[inner]
        rows = [wanted[inner][one,] for one in parts.added | parts.changed]
        rows += [have[inner][one,] for one in parts.removed]
        kept = {key[0] for key in wanted[owner].keys() & have[owner].keys()}
        found[owner].changed |= kept & {row[column] for row in rows}
    return found


def _owners_that_differ(owner: str, wanted: Tables, have: Tables) -> set[str]:
    return {
        key[0]
        for name in _parts()
        if owner_of(name)[0] == owner
        for key in wanted[name].keys() | have[name].keys()
        if wanted[name].get(key) != have[name].get(key)
    }


def _parts() -> list[str]:
    return [name for name in tables() if name not in RESOURCES]


def _apply(
    connection: Connection, wanted: Tables, have: Tables, watch: Watch | None = None
) -> dict[str, Changes]:
    """Turn the rows that exist into those wanted, touching only what differs."""
    changes = _compare(wanted, have)
    if watch:
        watch(changes)
    with counts.adjusted(connection, _counted(changes, wanted, have)):
        _change(connection, changes, wanted, have)
    differ = {name: one.added | one.changed | one.removed for name, one in changes.items()}
    index.keep(connection, differ, wanted, have)
    return changes


def _counted(changes: ChangesByType, wanted: Tables, have: Tables) -> Claims:
    """The claims whose counts these changes may affect; None for all, if a tree changes."""
    for name, one in changes.items():
        ids = one.added | one.changed | one.removed
        if any(_parent(wanted, name, row) != _parent(have, name, row) for row in ids):
            return None
    claims = changes["evidence"]
    found = claims.added | claims.changed | claims.removed
    for name in _parts():
        one = changes[owner_of(name)[0]]
        differ = one.added | one.changed | one.removed
        for rows in (wanted[name], have[name]):
            found |= {
                row["evidence_id"]
                for key, row in rows.items()
                if key[0] in differ and "evidence_id" in row
            }
    return found


def _parent(rows: Tables, name: str, row_id: str) -> object:
    return rows[name].get((row_id,), {}).get("parent_id")


def _change(connection: Connection, changes: ChangesByType, wanted: Tables, have: Tables) -> None:
    types = [name for name in tables() if name in RESOURCES]
    for name in reversed(_parts()):
        owner, column = owner_of(name)
        _delete(connection, name, column, changes[owner].changed | changes[owner].removed)
    unlink(connection, {name: one.removed for name, one in changes.items()})
    for name in types:
        _free(connection, name, changes[name].changed | changes[name].removed)
        _insert(connection, name, _parents_first(name, wanted, changes[name].added))
    for name in types:
        _update(connection, name, wanted, changes[name].changed)
    for name in reversed(types):
        gone = _parents_first(name, have, changes[name].removed)
        _delete(connection, name, "id", [row["id"] for row in reversed(gone)])
    for name in _parts():
        owner = owner_of(name)[0]
        differ = changes[owner].changed | changes[owner].added
        _insert(connection, name, [row for key, row in wanted[name].items() if key[0] in differ])


def _delete(connection: Connection, name: str, column: str, values: Collection[str]) -> None:
    if values:
        table = tables()[name]
        gone = delete(table).where(table.c[column] == bindparam("gone"))
        connection.execute(gone, [{"gone": one} for one in values])


def _free(connection: Connection, name: str, ids: Collection[str]) -> None:
    """Clear unique columns of rows about to change, so that a value can move between rows."""
    table = tables()[name]
    unique = [column.name for index in table.indexes if index.unique for column in index.columns]
    if ids and unique:
        freed = update(table).where(table.c.id == bindparam("one")).values(dict.fromkeys(unique))
        connection.execute(freed, [{"one": one} for one in ids])


def _insert(connection: Connection, name: str, rows: list[Values]) -> None:
    if rows:
        table = tables()[name]
        moment = now()
        stamp = Stamp(created_at=moment, updated_at=moment).model_dump()
        stamp = stamp if "version" in table.c else {}
        computed = {column.name for column in table.columns if column.computed is not None}
        own = [{key: row[key] for key in row.keys() - computed} | stamp for row in rows]
        if stamp:
            last = _last_versions(connection, name, {row["id"] for row in own})
            own = [row | {"version": last.get(row["id"], 0) + 1} for row in own]
        connection.execute(insert(table), own)


def _last_versions(connection: Connection, name: str, ids: Collection[str]) -> dict[str, int]:
    """The last version ever held under each of these ids: versions never start again."""
    of = row_history.c
    last = select(of.id, func.max(of.version).label("last")).group_by(of.id)
    found = chosen(connection, last.where(of.type == RESOURCES[name].plural), of.id, ids)
    return {row["id"]: row["last"] for row in found}


def _update(connection: Connection, name: str, wanted: Tables, ids: set[str]) -> None:
    table = tables()[name]
    for one in sorted(ids):
        raised = {"version": table.c.version + 1, "updated_at": now()}
        values = wanted[name][one,] | raised
        connection.execute(update(table).where(table.c.id == one).values(values))


def _parents_first(name: str, rows: Tables, ids: set[str]) -> list[Values]:
    """Rows ordered so that none refers to a later row of the same table."""
    own_links = [
        column.name
        for column in tables()[name].columns
        if any(key.column.table is column.table for key in column.foreign_keys)
    ]
    waiting = {one: rows[name][one,] for one in sorted(ids)}
    placed: list[Values] = []
    while waiting:
        ready = [
            one
            for one, row in waiting.items()
            if not any(row[link] in waiting for link in own_links)
        ]
        # If none is ready, they refer to each other in a circle, which the database refuses.
        placed += [waiting.pop(one) for one in ready or list(waiting)]
    return placed
