"""Check that the curated content is complete and keeps its rules, with messages for curators."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from app.schema.values import Names, Word
from app.write.record import ContentFault, Record, shown
from app.write.rows import RESOURCES
from app.write.rules import faults_of_all
from seed import vocabulary
from seed.content import Content
from seed.dataset import about_faults
from seed.words import word_faults


def all_faults(content: Content) -> list[ContentFault]:
    """List all faults at once, reading faults first; if there are none, it can be loaded."""
    known = Files(content)
    found = [*content.faults]
    if content.vocabulary.values:
        found += vocabulary.vocabulary_faults(content.vocabulary, known)
        found += word_faults(content.vocabulary)
    found += about_faults(content, known)
    for rows in (*content.rows.values(), *known.terms.values(), content.releases):
        found += _doubles(rows)
    return list(dict.fromkeys([*found, *faults_of_all(known)]))


class Files:
    """The records and words in the files, as the rules ask for them."""

    def __init__(self, content: Content) -> None:
        self._rows = content.rows
        self.terms = {name: content.vocabulary.records(name) for name in vocabulary.LISTS}
        self._ids = {name: _by_id(rows) for name, rows in {**content.rows, **self.terms}.items()}
        self._having: dict[tuple[str, str], Mapping[str, Sequence[Record]]] = {}
        self._choices: dict[Names, Collection[str]] = {}

    def all(self, kind: str) -> Sequence[Record]:
        """Give the records of a type, in the order of their file."""
        return self._rows[kind]

    def get(self, kind: str, row_id: str) -> Record | None:
        """Give the record with this id, if there is one."""
        return self._ids[kind].get(row_id)

    def having(self, kind: str, field: str, value: str) -> Sequence[Record]:
        """Give the records of a type whose field is this value or, if a list, contains it."""
        if (kind, field) not in self._having:
            found: dict[str, list[Record]] = defaultdict(list)
            for row in self._rows[kind]:
                for text in {*row.texts(field), row.text(field)} - {""}:
                    found[text].append(row)
            self._having[kind, field] = found
        return self._having[kind, field].get(value, ())

    def beside(self, kind: str, field: str, value: str, other: str) -> Mapping[str, str]:
        """Give the texts in another field of these records, each with its first id."""
        rows = sorted(self.having(kind, field, value), key=lambda one: one.id, reverse=True)
        return {text: row.id for row in rows if (text := row.text(other))}

    def word(self, name: str, word: str) -> Record | None:
        """Give a word of a controlled list, with its definition and other fields."""
        return self._ids[name].get(word)

    def choices(self, of: Names | Word) -> Collection[str]:
        """Give all values that a field may take."""
        if isinstance(of, Word):
            return self._ids[of.vocabulary].keys()
        if of not in self._choices:
            rows = self._rows[RESOURCES[of.table].plural]
            kept = (row for row in rows if of.kind in (None, row.text("kind")))
            self._choices[of] = dict.fromkeys(filter(None, (row.text(of.column) for row in kept)))
        return self._choices[of]

    def readable(self, kind: str, /) -> bool:
        """Tell whether a type or controlled list could be read."""
        return bool(self._ids[kind])


def _by_id(rows: Iterable[Record]) -> Mapping[str, Record]:
    return {row.id: row for row in rows if row.id}


def _doubles(rows: Sequence[Record]) -> Iterator[ContentFault]:
    """Find rows of a file, or terms of a list, that share one id."""
    seen = set()
    for row in rows:
        if row.id in seen:
            yield row.fault("id", f"{shown(row.id)} is already the id of an earlier entry")
        elif row.id:
            seen.add(row.id)
