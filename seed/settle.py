"""What a load does with rows that were changed by key since the files were last loaded.

If the file still has the row as it was last loaded, the change by key stays. If both have changed,
the operator decides: `ours` is the file, `theirs` is the database.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.db import Database
from app.db.revision import read_release
from app.read import statements
from app.schema.curation import LOADER, row_history
from app.wording import counted
from app.write.edits import shown_now
from app.write.history import ChangedByKey, Edit, Entry, Hand, changed_by_key, entries_now, note
from app.write.record import Record, file_of, shown
from app.write.rows import KINDS, RESOURCES, SHAPES, tables
from app.write.store import ChangesByType
from seed import Faulty
from seed.check import all_faults
from seed.content import Content

ALL = "all"
SAME, OURS, THEIRS, UNDECIDED = "same", "ours", "theirs", "undecided"
CHOOSE = (
    "name each after --ours for what the file says, or after --theirs for what the database says"
)
MOST_PLACES = 3
BY = Hand(LOADER, "Loaded from the files.")


@dataclass(frozen=True)
class SidesTaken:
    """The operator's choices for rows that both have changed: each `type/id`, or `all`."""

    ours: Collection[str] = ()
    theirs: Collection[str] = ()


@dataclass(frozen=True)
class Settled:
    """The content to load, and how many of its rows stay as changed by key."""

    content: Content
    kept: int
    bases: Mapping[str, Entry | None]
    """What the files say about the rows changed by key that the load leaves alone."""


def settled(connection: Connection, content: Content, choice: SidesTaken) -> Settled:
    """The content combined with changes by key; raises Faulty for rows still undecided."""
    rows: dict[str, dict[str, Record]] = {
        kind: {row.id: row for row in listed} for kind, listed in content.rows.items()
    }
    sides: dict[str, dict[str, ChangedByKey]] = {
        side: {} for side in (SAME, OURS, THEIRS, UNDECIDED)
    }
    open_rows, bases = [], {}
    for name, turned in changed_by_key(connection).items():
        kind, _, row_id = name.partition("/")
        found = rows[kind].get(row_id)
        file = _plain(kind, dict(found.values) if found else None)
        side = _side(name, file, turned, choice)
        sides[side][name] = turned
        if side in (SAME, THEIRS):
            bases[name] = file.model_dump(mode="json", by_alias=True) if file else None
        if side == THEIRS:
            _take(rows[kind], kind, row_id, turned.now)
        if side == UNDECIDED:
            open_rows.append(_differing(name, file, turned.now))
    _require_sound(connection, choice, {*sides[SAME], *sides[OURS], *sides[THEIRS]}, rows)
    if open_rows:
        rows_open = counted(len(open_rows), "row")
        raise Faulty(open_rows, f"{rows_open} changed by key and by the files; {CHOOSE}")
    if sides[THEIRS]:
        content = replace(content, rows={kind: list(of.values()) for kind, of in rows.items()})
        faults = all_faults(content)
        if faults:
            raise Faulty([str(fault) for fault in faults])
    return Settled(content, len(sides[THEIRS]), bases)


def _require_sound(
    connection: Connection,
    choice: SidesTaken,
    changed: Collection[str],
    rows: Mapping[str, Mapping[str, Record]],
) -> None:
    """Refuse choices that contradict each other, or of rows that nobody has."""
    faults = [
        f"{shown(name)}: is named for both sides; name it after one of --ours and --theirs"
        for name in {*choice.ours} & {*choice.theirs}
    ]
    for name in {*choice.ours, *choice.theirs} - {ALL, *changed}:
        kind, _, row_id = name.partition("/")
        if row_id not in rows.get(kind, ()) and not _was_there(connection, kind, row_id):
            faults.append(
                f"{shown(name)}: there is no such row; write TYPE/ID, such as partners/r-chop"
            )
    if faults:
        raise Faulty(
            sorted(faults),
            f"{counted(len(faults), 'choice')} after --ours or --theirs cannot be followed",
        )


def _was_there(connection: Connection, kind: str, row_id: str) -> bool:
    """Whether the database has or had a row."""
    if kind not in KINDS:
        return False
    row = tables()[KINDS[kind]].c
    past = row_history.c.type == kind, row_history.c.id == row_id
    found = select(row.id).where(row.id == row_id).union_all(select(row_history.c.id).where(*past))
    return connection.execute(found).first() is not None


def _side(name: str, file: object, turned: ChangedByKey, choice: SidesTaken) -> str:
    """Which side wins for a row changed by key: the one chosen for this row by name.

    Otherwise the only side that has changed since the files were last loaded, if only one has;
    otherwise the one chosen for all rows.
    """
    kind = name.partition("/")[0]
    base, now = _plain(kind, turned.base), _plain(kind, turned.now)
    sides = (
        (SAME, file == now),
        (THEIRS, name in choice.theirs),
        (OURS, name in choice.ours),
        (THEIRS, file == base),
        (OURS, now == base),
        (THEIRS, ALL in choice.theirs),
        (OURS, ALL in choice.ours),
    )
    return next((side for side, is_so in sides if is_so), UNDECIDED)


class Noted:
    """Adds the changes of a load to the history, which starts after the very first load."""

    def __init__(self, connection: Connection, db: Database) -> None:
        self._connection = connection
        self._items = {name: db.statement(statements.item, RESOURCES[name]) for name in SHAPES}
        self._first = not read_release(connection)
        self._before: list[_Place] = []

    def before(self, changes: ChangesByType) -> None:
        """Remember the rows that will change, as they are now."""
        if self._first:
            return
        types = [name for name in tables() if name in SHAPES]
        for name in types:
            self._keep(name, changes[name].added | changes[name].changed)
        for name in reversed(types):
            self._keep(name, changes[name].removed)

    def after(self) -> None:
        """Note the changes in the history."""
        ids = {name: [one.id for one in self._before if one.name == name] for name in SHAPES}
        entries = {name: entries_now(self._connection, name, some) for name, some in ids.items()}
        for name, row_id, entry, shown_before in self._before:
            now, after = entries[name][row_id], self._shown(name, row_id)
            version = (after or shown_before)[0].version
            before, item = (one[0].item if one else None for one in (shown_before, after))
            kind = RESOURCES[name].plural
            note(self._connection, Edit(kind, row_id, version, entry, now, before, item), BY)

    def _keep(self, name: str, ids: Collection[str]) -> None:
        entries = entries_now(self._connection, name, sorted(ids))
        self._before += [
            _Place(name, row_id, entry, self._shown(name, row_id))
            for row_id, entry in entries.items()
        ]

    def _shown(self, name: str, row_id: str) -> list[statements.ItemRow]:
        return shown_now(self._connection, self._items[name], row_id)


class _Place(NamedTuple):
    """A row before its change, in the written form and as readers see it; empty if new."""

    name: str
    id: str
    entry: Entry | None
    shown: list[statements.ItemRow]


def _plain(kind: str, entry: Entry | None) -> Any:
    """A row as a record, so that different spellings of the same row are equal."""
    return None if entry is None else SHAPES[KINDS[kind]].model_validate(entry)


def _take(rows: dict[str, Record], kind: str, row_id: str, entry: Entry | None) -> None:
    if entry is None:
        del rows[row_id]
    else:
        rows[row_id] = Record(file_of(kind), row_id, "", entry)


def _differing(name: str, file: Any, now: Entry | None) -> str:
    """What both sides say about a row, in the fields where they differ."""
    ours = file.model_dump(by_alias=True) if file else None
    if ours is None or now is None:
        gone = "the file" if ours is None else "the database"
        return f"{name}: changed by key and by the file; {gone} no longer has it"
    differ = (one for key in ours for one in _places(key, ours[key], now.get(key)))
    return f"{name}: changed by key and by the file: {'; '.join(differ)}"


def _places(place: str, ours: Any, theirs: Any) -> list[str]:
    """The first MOST_PLACES places within a field where both sides differ, and how many more."""
    every = [
        f"{name}: file {shown(one)}, database {shown(other)}"
        for name, one, other in _leaves(place, ours, theirs)
    ]
    more = len(every) - MOST_PLACES
    return [
        *every[:MOST_PLACES],
        *([f"{place}: {counted(more, 'more place')}"] if more > 0 else []),
    ]


def _leaves(place: str, ours: Any, theirs: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(ours, list) and isinstance(theirs, list):
        for number, (one, other) in enumerate(zip_longest(ours, theirs), 1):
            yield from _leaves(f"{place} {number}", one, other)
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        for key in {**ours, **theirs}:
            yield from _leaves(f"{place}: {key}", ours.get(key), theirs.get(key))
    elif ours != theirs:
        yield place, ours, theirs
