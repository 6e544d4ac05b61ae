"""Rows that were changed by a key since the files were last loaded: what a load makes of them.

A row of which the file is as it was when last loaded stays as the key has left it. One that both
have changed is for the operator to decide: ours is the file, theirs is the database.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from app.db import Database
from app.read import statements
from app.schema.curation import LOADER
from app.write.edits import shown_now
from app.write.history import Edit, Entry, Hand, Turned, entries_now, note, turned_by_key
from app.write.record import Record, file_of, shown
from app.write.rows import KINDS, RESOURCES, SHAPES
from seed import Faulty
from seed.check import all_faults
from seed.content import Content

ALL = "all"
SAME, OURS, THEIRS, UNDECIDED = "same", "ours", "theirs", "undecided"
BY = Hand(LOADER, "Loaded from the files.")


@dataclass(frozen=True)
class SidesTaken:
    """Whose side is taken of rows that both have changed, each as `type/id`, or of all."""

    ours: Collection[str] = ()
    theirs: Collection[str] = ()


@dataclass(frozen=True)
class Settled:
    """The content to load, and the rows of it that overwrite what a key has left."""

    content: Content
    ours: Mapping[str, Turned]
    kept: int


def settled(connection: Connection, content: Content, choice: SidesTaken) -> Settled:
    """The content with what keys have changed; Faulty where nobody has decided yet."""
    rows: dict[str, dict[str, Record]] = {
        kind: {row.id: row for row in listed} for kind, listed in content.rows.items()
    }
    sides: dict[str, dict[str, Turned]] = {side: {} for side in (SAME, OURS, THEIRS, UNDECIDED)}
    told = []
    for name, turned in turned_by_key(connection).items():
        kind, _, row_id = name.partition("/")
        found = rows[kind].get(row_id)
        file = _plain(kind, dict(found.values) if found else None)
        side = _side(name, file, turned, choice)
        sides[side][name] = turned
        if side == THEIRS:
            _take(rows[kind], kind, row_id, turned.now)
        if side == UNDECIDED:
            told.append(_differing(name, file, turned.now))
    if told:
        raise Faulty(told)
    if sides[THEIRS]:
        content = replace(content, rows={kind: list(of.values()) for kind, of in rows.items()})
        faults = all_faults(content)
        if faults:
            raise Faulty([str(fault) for fault in faults])
    return Settled(content, sides[OURS], len(sides[THEIRS]))


def _side(name: str, file: object, turned: Turned, choice: SidesTaken) -> str:
    """Which side is taken of a row that a key has changed."""
    kind = name.partition("/")[0]
    if file == _plain(kind, turned.now):
        return SAME
    if file == _plain(kind, turned.base) or {name, ALL} & set(choice.theirs):
        return THEIRS
    return OURS if {name, ALL} & set(choice.ours) else UNDECIDED


@contextmanager
def noted(connection: Connection, db: Database, ours: Mapping[str, Turned]) -> Iterator[None]:
    """Add to the history what a load makes of rows that keys had changed."""
    before = {name: _shown(connection, db, name) for name in ours}
    yield
    for name, turned in ours.items():
        kind, _, row_id = name.partition("/")
        after = _shown(connection, db, name)
        last = next(iter(after or before[name]))
        step = Edit(
            type=kind,
            id=row_id,
            version=last.version,
            before=turned.now,
            after=entries_now(connection, KINDS[kind], [row_id])[row_id],
            shown_before=next((one.item for one in before[name]), None),
            shown_after=next((one.item for one in after), None),
        )
        note(connection, step, BY)


def _shown(connection: Connection, db: Database, name: str) -> list[statements.ItemRow]:
    kind, _, row_id = name.partition("/")
    item = db.statement(statements.item, RESOURCES[KINDS[kind]])
    return shown_now(connection, item, row_id)


def _plain(kind: str, entry: Entry | None) -> Any:
    """A row in one form, however it is written."""
    return None if entry is None else SHAPES[KINDS[kind]].model_validate(entry)


def _take(rows: dict[str, Record], kind: str, row_id: str, entry: Entry | None) -> None:
    if entry is None:
        del rows[row_id]
    else:
        rows[row_id] = Record(file_of(kind), row_id, "", entry)


def _differing(name: str, file: Any, now: Entry | None) -> str:
    """What both sides say of a row, in the fields in which they differ."""
    ours = file.model_dump(by_alias=True) if file else None
    if ours is None or now is None:
        gone = "the file" if ours is None else "the database"
        return f"{name}: changed by key and by the file; {gone} no longer has it"
    differ = (
        f"{key}: file {shown(ours[key])}, database {shown(now.get(key))}"
        for key in ours
        if ours[key] != now.get(key)
    )
    return f"{name}: changed by key and by the file: {'; '.join(differ)}"
