"""What rules can look up during an import: its rows, and those of the database that it lacks.

Claims are read on demand, because there may be very many; all other rows are held in memory.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, exists, select

from app.schema.values import Names, Word
from app.write.known import MOST_LIKENED
from app.write.record import Record, file_of
from app.write.rows import KINDS, RESOURCES, tables
from app.write.staging import STAGED, import_line
from app.write.stored import StoredRecords, texts_beside

CLAIMS = "evidence"


class Merged:
    """The records of an import over those of the database."""

    def __init__(self, connection: Connection, given: dict[str, dict[str, Record]]) -> None:
        self._connection = connection
        self._stored = StoredRecords(connection)
        self._given = given
        self._rows: dict[str, dict[str, Record]] = {}
        self._having: dict[tuple[str, str], dict[str, list[Record]]] = {}
        self._choices: dict[Names | Word, Collection[str]] = {}

    def all(self, kind: str) -> Sequence[Record]:
        """Give the records of a type."""
        return list(self._of(kind).values())

    def get(self, kind: str, row_id: str) -> Record | None:
        """Give the record with this id, if there is one."""
        if kind != CLAIMS:
            return self._of(kind).get(row_id)
        mine = select(import_line.c.entry).where(_is_claim(), import_line.c.id == row_id)
        found = self._connection.execute(mine).scalar()
        if found is None:
            return self._stored.get(kind, row_id)
        return Record(file_of(kind), row_id, "", json.loads(found))

    def having(self, kind: str, field: str, value: str) -> Sequence[Record]:
        """Give the records of a type, not claims, whose field is or contains this value."""
        return self._index(kind, field).get(value, ())

    def beside(self, kind: str, field: str, value: str, other: str) -> Mapping[str, str]:
        """Give the texts in another field of these claims, each with its first id."""
        asked = KINDS[kind], (field, value), other
        sent = import_line.alias()
        kept = texts_beside(
            tables(),
            *asked,
            lambda one: ~exists().where(sent.c.type == CLAIMS, sent.c.id == one),
        )
        found: dict[str, str] = {}
        for each in (texts_beside(STAGED, *asked), kept):
            for row in self._connection.execute(each):
                found[row.text] = min(row.of, found.get(row.text, row.of))
        return found

    def word(self, name: str, word: str) -> Record | None:
        """Give a word of a controlled list, with its definition and other fields."""
        return self._stored.word(name, word)

    def choices(self, of: Names | Word) -> Collection[str]:
        """Give all values that a field may take."""
        found = self._choices.get(of)
        if found is None:
            found = self._choices[of] = self._values(of)
        return found

    def readable(self, _kind: str, /) -> bool:
        """Every list is complete here."""
        return True

    def _of(self, kind: str) -> dict[str, Record]:
        """The rows of a type that are not claims, read when a rule first asks for one."""
        if kind not in self._rows:
            stored = {one.id: one for one in self._stored.all(kind)}
            self._rows[kind] = stored | self._given.get(kind, {})
        return self._rows[kind]

    def _index(self, kind: str, field: str) -> dict[str, list[Record]]:
        if (kind, field) not in self._having:
            found = self._having[kind, field] = {}
            for row in self.all(kind):
                for text in {*row.texts(field), row.text(field)} - {""}:
                    found.setdefault(text, []).append(row)
        return self._having[kind, field]

    def _values(self, of: Names | Word) -> Collection[str]:
        if isinstance(of, Word):
            return frozenset(self._stored.choices(of))
        if of.table == CLAIMS:
            return ClaimIds(self._connection)
        rows = self.all(RESOURCES[of.table].plural)
        kept = (row.text(of.column) for row in rows if of.kind in (None, row.text("kind")))
        return dict.fromkeys(filter(None, kept)).keys()


def _is_claim() -> ColumnElement[bool]:
    return import_line.c.type == CLAIMS


class ClaimIds(Collection[str]):
    """The ids of all claims, looked up one by one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        mine = select(import_line.c.id).where(_is_claim())
        self._all = mine.union_all(select(tables()[CLAIMS].c.id)).subquery()

    def __contains__(self, one: object) -> bool:
        """Whether a claim has this id."""
        found = select(self._all.c.id).where(self._all.c.id == one).limit(1)
        return self._connection.execute(found).first() is not None

    def __iter__(self) -> Iterator[str]:
        """The first MOST_LIKENED ids, to be compared with an unknown one."""
        return iter(self._connection.execute(select(self._all.c.id).limit(MOST_LIKENED)).scalars())

    def __len__(self) -> int:
        """The number of ids that iteration yields, not of all claims."""
        return sum(1 for _ in self)
