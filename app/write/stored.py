"""What the database holds now: rows for comparison, and records for the rules."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    func,
    select,
    true,
    union_all,
)

from app.resources import ALL
from app.schema.values import MAX_ID, SLUG, UNSTORABLE, Names, Word
from app.schema.vocabulary import vocabulary, words
from app.write.known import MOST_LIKENED
from app.write.record import Record, file_of
from app.write.rows import (
    KINDS,
    RESOURCES,
    SHAPES,
    Tables,
    gathered,
    gathered_entries,
    nested_types,
    own_columns,
    owner_of,
    place_of,
    tables,
)

AT_ONCE = 500
"""Most values in one statement; the databases allow some 30,000."""
MOST_KEPT = 10_000
"""Most records of a type kept in memory, unless all of them are asked for."""

Ids = Mapping[str, Collection[str] | None]
"""The ids of each type to read; None for all that curators wrote."""


def stored(connection: Connection, ids: Ids) -> Tables:
    """The rows with these ids and everything that belongs to them, without stamps."""
    meant = dict(ids)
    if ids.get("conflict", ()) is None:
        meant["conflict"] = stored_conflicts(connection, computed=False)
    for inner, (owner, column) in nested_types().items():
        if owner in ids:
            table = tables()[inner]
            found = chosen(connection, select(table.c.id), table.c[column], ids[owner])
            meant[inner] = [row["id"] for row in found]
    return gathered(
        (name, dict(row))
        for name, table in tables().items()
        if (of := owner_of(name))[0] in meant
        for row in chosen(
            connection,
            select(*(table.c[column] for column in own_columns(name))),
            table.c[of[1]],
            meant[of[0]],
        )
    )


def stored_conflicts(connection: Connection, *, computed: bool) -> list[str]:
    """The ids of the computed conflicts, or of those that curators wrote."""
    table = tables()["conflict"]
    found = select(table.c.id).where(table.c.computed == computed)
    return list(connection.execute(found).scalars())


def chosen(
    connection: Connection, found: Select[Any], column: Any, values: Collection[str] | None
) -> Iterator[RowMapping]:
    """The rows in which a column has one of these values, however many; None for all rows."""
    if values is None:
        yield from connection.execute(found).mappings()
        return
    listed = sorted(values)
    for start in range(0, len(listed), AT_ONCE):
        some = found.where(column.in_(listed[start : start + AT_ONCE]))
        yield from connection.execute(some).mappings()


def texts_beside(
    own: Mapping[str, Table],
    name: str,
    asked: tuple[str, str],
    other: str,
    which: Callable[[ColumnElement[str]], ColumnElement[bool]] = lambda _: true(),
) -> Select[tuple[str, str]]:
    """Selects the texts in `other` of the records with a value in a field, each with its first id.

    The tables may be those of the content or others with the same columns.
    """
    field, value = asked
    (table, column), (there, text) = place_of(name, field), place_of(name, other)
    key, own_key = own[table].c[owner_of(table)[1]], own[there].c[owner_of(there)[1]]
    one = func.min(own_key)
    return (
        select(own[there].c[text].label("text"), one.label("of"))
        .where(own[table].c[column] == value, own_key == key, which(own_key))
        .group_by(own[there].c[text])
        .order_by(one)
    )


def known_ids(connection: Connection, texts: Collection[str]) -> set[str]:
    """The texts, among the first AT_ONCE, that are ids of stored rows."""
    asked = [one for one in texts if len(one) <= MAX_ID and re.fullmatch(SLUG, one)][:AT_ONCE]
    every = (tables()[name].c.id for name in SHAPES)
    found = union_all(*(select(ids).where(ids.in_(asked)) for ids in every))
    return set(connection.execute(found).scalars()) if asked else set()


class StoredRecords:
    """The records of the database, each read when it is first asked for."""

    def __init__(self, connection: Connection, most: int = MOST_KEPT) -> None:
        self._connection = connection
        self._most = most
        self._read: dict[str, dict[str, Record | None]] = {one.plural: {} for one in ALL}
        self._all: dict[str, list[Record]] = {}
        self._choices: dict[Names | Word, Collection[str]] = {}
        self._having: dict[tuple[str, str, str], Collection[str]] = {}

    def all(self, kind: str) -> Sequence[Record]:
        """Give the records of a type."""
        if kind not in self._all:
            self._all[kind] = self._records(kind, None)
            self._read[kind] |= {record.id: record for record in self._all[kind]}
        return self._all[kind]

    def get(self, kind: str, row_id: str) -> Record | None:
        """Give the record with this id, if there is one."""
        return next(iter(self.read(kind, [row_id])), None)

    def read(self, kind: str, ids: Sequence[str]) -> list[Record]:
        """Give the records with these ids, leaving out ids that do not exist."""
        read = self._read[kind]
        new = [one for one in ids if one not in read]
        if new:
            if len(read) > self._most:
                read.clear()
                new = list(ids)
            read |= dict.fromkeys(new)
            sound = [one for one in new if not UNSTORABLE.search(one)]
            read |= {record.id: record for record in self._records(kind, sound)}
        return [record for one in ids if (record := read[one])]

    def having(self, kind: str, field: str, value: str) -> Sequence[Record]:
        """Give the records of a type whose field is this value or, if a list, contains it."""
        found = self._having.get((kind, field, value))
        if found is None:
            found = self._owners(kind, field, [value]).get(value, set())
        return self.read(kind, sorted(found))

    def beside(self, kind: str, field: str, value: str, other: str) -> Mapping[str, str]:
        """Give the texts in another field of these records, each with its first id."""
        if UNSTORABLE.search(value):
            return {}
        found = texts_beside(tables(), KINDS[kind], (field, value), other)
        return {row.text: row.of for row in self._connection.execute(found)}

    def expect(self, kind: str, field: str, values: Collection[str]) -> None:
        """Find at once the ids of the records that `having` will give for these values."""
        found = self._owners(kind, field, values)
        self._having |= {(kind, field, one): found.get(one, set()) for one in values}

    def _owners(self, kind: str, field: str, values: Collection[str]) -> dict[str, set[str]]:
        name, column = place_of(KINDS[kind], field)
        table = tables()[name]
        asked = select(table.c[owner_of(name)[1]].label("of"), table.c[column].label("value"))
        sound = {one for one in values if not UNSTORABLE.search(one)}
        found: dict[str, set[str]] = {}
        for row in chosen(self._connection, asked, table.c[column], sound):
            found.setdefault(row["value"], set()).add(row["of"])
        return found

    def word(self, name: str, word: str) -> Record | None:
        """Give a word of a controlled list, with its definition and other fields."""
        found = (one for one in vocabulary()[name] if one["id"] == word)
        return next((Record(file_of("vocabulary"), word, "", one) for one in found), None)

    def choices(self, of: Names | Word) -> Collection[str]:
        """Give all values that a field may take."""
        if of not in self._choices:
            if isinstance(of, Word):
                self._choices[of] = words(of.vocabulary)
            else:
                self._choices[of] = StoredIds(self, of) if of.column == "id" else self.texts(of)
        return self._choices[of]

    def readable(self, _kind: str, /) -> bool:
        """Every list in the database is complete."""
        return True

    def _records(self, kind: str, ids: Collection[str] | None) -> list[Record]:
        name = KINDS[kind]
        found = gathered_entries(name, stored(self._connection, {name: ids}))
        return [Record(file_of(kind), entry["id"], "", entry) for entry in found]

    def texts(self, of: Names, most: int | None = None) -> Collection[str]:
        """Give the texts of a column in order: all, or the first ones."""
        table = tables()[of.table]
        column = table.c[of.column]
        found = select(column).where(column.is_not(None)).order_by(column).limit(most)
        if of.kind:
            found = found.where(table.c.kind == of.kind)
        return dict.fromkeys(self._connection.execute(found).scalars()).keys()


class StoredIds(Collection[str]):
    """The ids of a type, looked up one by one: most have been read, and there may be very many."""

    def __init__(self, records: StoredRecords, of: Names) -> None:
        self._records = records
        self._of = of
        self._first: Collection[str] | None = None

    def __contains__(self, one: object) -> bool:
        """Whether a row, of this kind if one is named, has this id."""
        found = self._records.get(RESOURCES[self._of.table].plural, str(one))
        return found is not None and self._of.kind in (None, found.text("kind"))

    def __iter__(self) -> Iterator[str]:
        """The first MOST_LIKENED ids, to be compared with an unknown one."""
        if self._first is None:
            self._first = self._records.texts(self._of, MOST_LIKENED)
        return iter(self._first)

    def __len__(self) -> int:
        """The number of ids that iteration yields."""
        return sum(1 for _ in self)
