"""Find documents: a few short statements read the index, and ranks are whole numbers."""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from app.db import Database, Reading
from app.db.revision import State
from app.read.filters import binds
from app.read.unknown import bind_values
from app.schema.identifiers import normal
from app.schema.index import search_name, search_row, search_term, search_word
from app.search import rank
from app.search.index import BITS, type_numbers, type_of
from app.search.pieces import asks_why, inner_names, pieces, runs, telling
from app.search.question import ALSO, Group, Named, all_words, covers, groups
from app.search.rank import Wanted
from app.search.terms import Terms

SHORT = 200
"""Up to this many rows, the list of a word is read whole."""
BEST, LEAST = 200, 40
"""Rows with which a search for a commoner word starts: those with its highest impact. Several
ways of saying the same share BEST rows, but get at least LEAST each."""
EXAMINED = 1_000
"""Rows of a commoner word among which those are sought, in the order of documents."""
SIZES = (8, 32, 128, 256, 512, 2_048)
"""Numbers of placeholders in a statement; unused ones repeat the last value."""
REASON = "mechanism"
"""The type of row that questions for a reason look for."""

Lists = dict[str, dict[int, int]]


class TermRow(NamedTuple):
    """A word, and the number of rows that have it."""

    word: str
    rows: int


class LabelRow(NamedTuple):
    """A document with the label shown to readers."""

    document: int
    type: str
    id: str
    label: str


@dataclass(frozen=True)
class Found:
    """What a search finds, and how the query was understood."""

    ranks: Mapping[int, int]
    """The documents, best first, each with its rank."""
    groups: Sequence[Group]
    complete: bool
    """Whether these are all matches; if not, there may be more of lower rank."""

    def of_type(self, name: str) -> dict[int, int]:
        """The documents of one type."""
        at = type_numbers()[name]
        return {one: of for one, of in self.ranks.items() if one >> BITS == at}


class Finder:
    """Searches the index; keeps the words of the latest state of the data in memory."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._state: State | None = None
        self._terms: Terms | None = None

    def find(self, reading: Reading, text: str, types: Collection[str] = ()) -> Found:
        """Find the documents that match a query, of these types or of all."""
        asked = pieces(text)
        if not asked:
            return Found({}, (), complete=True)
        terms = self._current(reading)
        whole, entire = "".join(one.joined for one in asked), normal(text)
        names = _names(reading, {*runs(asked).values(), *inner_names(text, asked), entire})
        if entire in names:
            # An address, or a spelling of an identifier, that no run of words matches.
            names.setdefault(whole, names[entire])
        told = telling(text, asked, names, terms)
        if told != asked:
            asked = told
            names |= _names(reading, {*runs(asked).values()} - names.keys())
        made = groups(asked, names, terms)
        known = [group for group in made if group.known]
        numbers = {type_numbers()[one] for one in types}
        favoured = type_numbers()[REASON] if asks_why(text) else None
        covered, found = covers(asked, names), Found({}, made, complete=True)
        for wants in rank.wanted(known):
            search = _Search(reading, terms, wants, numbers)
            ranks = rank.ranked(wants, search.postings(), terms, covered, favoured)
            if numbers:
                ranks = {one: of for one, of in ranks.items() if one >> BITS in numbers}
            found = Found(ranks, made, complete=search.complete)
            if ranks:
                break
        return found

    def _current(self, reading: Reading) -> Terms:
        with self._lock:
            if self._terms is None or reading.state is None or reading.state != self._state:
                rows = dict(reading.rows(TermRow, {}, _all_terms))
                (documents,) = reading.rows(int, {}, _documents)
                names = reading.rows(str, {}, _all_names)
                self._terms, self._state = Terms(rows, documents, names), reading.state
            return self._terms


class _Search:
    """One search: reads the lists of rare words whole, those of common words only in part."""

    def __init__(
        self, reading: Reading, terms: Terms, wants: Wanted, types: Collection[int]
    ) -> None:
        self._reading = reading
        self._terms = terms
        self._groups, self._enough = wants
        self._types = types
        self.complete = True

    def postings(self) -> Lists:
        """The lists of all words, restricted to documents that may match."""
        short = [word for word in all_words(self._groups) if self._is_short(word)]
        common = [word for word in all_words(self._groups) if not self._is_short(word)]
        found: Lists = {word: {} for word in (*short, *common)}
        _fill(found, _rows(self._reading, _lists, {"word": short}))
        if common:
            started = self._start(found)
            for some in _portions(sorted(started)):
                values = {"word": common, "document": some}
                _fill(found, _rows(self._reading, _within, values))
        return found

    def _is_short(self, word: str) -> bool:
        return self._terms.rows(word) <= SHORT

    def _is_rare(self, way: Sequence[str]) -> bool:
        return any(map(self._is_short, way))

    def _start(self, found: Lists) -> set[int]:
        """The documents to look for in the lists of common words.

        A document that lacks at most so many groups has at least one of any more than these.
        """
        others = [group for group in self._groups if not all(map(self._is_rare, group.ways))]
        wanting = len(others) + 1 - self._enough
        rarest = sorted(others, key=lambda group: max(map(self._least, group.ways)))
        documents = self._possible(found)
        for group in rarest[: max(0, wanting)]:
            ways = [way for way in group.ways if not self._is_rare(way)]
            for word in {min(way, key=self._terms.rows) for way in ways}:
                documents |= self._best(word, max(LEAST, BEST // len(ways)))
        return documents

    def _possible(self, found: Lists) -> set[int]:
        """The documents in lists of rare words that may match enough groups of the query."""
        met: dict[int, int] = {}
        open_groups = 0
        for group in self._groups:
            rare = {word for way in group.ways for word in way if self._is_short(word)}
            open_groups += any(not rare.intersection(way) for way in group.ways)
            for document in set().union(group.documents, *(found[word] for word in rare)):
                met[document] = met.get(document, 0) + 1
        enough = self._enough - open_groups
        return {document for document, number in met.items() if number >= enough}

    def _least(self, way: Sequence[str]) -> int:
        return min(map(self._terms.rows, way))

    def _best(self, word: str, most: int) -> set[int]:
        """The documents in which a common word has the highest impact."""
        found: set[int] = set()
        for first, last in self._ranges():
            values = {"word": word, "first": first, "last": last, "most": most}
            some = self._reading.rows(int, values, _best)
            found |= set(some)
            self.complete = self.complete and len(some) < most
        return found

    def _ranges(self) -> list[tuple[int, int]]:
        """The range of document numbers of each type asked for, or of all."""
        if not self._types:
            return [(0, 2**63 - 1)]
        return [(of << BITS, (of + 1 << BITS) - 1) for of in sorted(self._types)]


def row_labels(reading: Reading, documents: Sequence[int]) -> dict[int, LabelRow]:
    """The labels of documents, as readers see them."""
    found = _rows(reading, _labels, {"document": documents})
    return {row[0]: LabelRow(*row) for row in found}


def _names(reading: Reading, asked: Collection[str]) -> dict[str, list[Named]]:
    """The rows that have each of these names, with all the other names of the row."""
    by_row: dict[tuple[str, int], list[str]] = {}
    for name, document, other in _rows(reading, _named, {"name": sorted(asked)}):
        by_row.setdefault((name, document), []).append(other)
    found: dict[str, list[Named]] = {}
    for (name, document), others in sorted(by_row.items()):
        one = Named(document, type_of(document).name, tuple(sorted(others)))
        found.setdefault(name, []).append(one)
    return found


def _fill(found: Lists, postings: Sequence[tuple[Any, ...]]) -> None:
    for word, document, impact in postings:
        found[word][document] = impact


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), SIZES[-1]):
        yield values[start : start + SIZES[-1]]


def _rows(reading: Reading, make: Any, lists: Mapping[str, Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Run a statement with lists of values, each padded to one of a few sizes."""
    if not all(lists.values()):
        return []
    filled = {name: _filled(values) for name, values in lists.items()}
    statement = reading.statement(make, *map(len, filled.values()))
    return statement.rows(reading.connection, bind_values(filled))


def _filled(values: Sequence[Any]) -> list[Any]:
    size = next(one for one in SIZES if one >= len(values))
    return [*values, *[values[-1]] * (size - len(values))]


def _all_terms() -> Select[Any]:
    return select(search_term.c.word, search_term.c.rows)


def _all_names() -> Select[Any]:
    """The names of things, as words."""
    return (
        select(search_name.c.words)
        .join(search_row, search_row.c.document == search_name.c.document)
        .where(search_row.c.type.in_(sorted(ALSO)), search_name.c.words != "")
    )


def _documents() -> Select[Any]:
    return select(func.count()).select_from(search_row)


def _named(size: int) -> Select[Any]:
    other = search_name.alias()
    return (
        select(search_name.c.name, search_name.c.document, other.c.words)
        .join(other, other.c.document == search_name.c.document)
        .where(search_name.c.name.in_(binds("name", size)))
    )


def _lists(size: int) -> Select[Any]:
    return select(*search_word.c).where(search_word.c.word.in_(binds("word", size)))


def _within(size: int, documents: int) -> Select[Any]:
    return _lists(size).where(search_word.c.document.in_(binds("document", documents)))


def _best() -> Select[Any]:
    """The documents with the highest impact of a word, among the first that contain it."""
    word = search_word.c
    first: Any = bindparam("first", None)
    last: Any = bindparam("last", None)
    most: Any = bindparam("most", None)
    some = (
        select(word.document, word.impact)
        .where(word.word == bindparam("word", None), word.document.between(first, last))
        .order_by(word.document)
        .limit(EXAMINED)
        .subquery()
    )
    best = some.c.impact.desc(), some.c.document
    return select(some.c.document).order_by(*best).limit(most)


def _labels(size: int) -> Select[Any]:
    return select(*search_row.c).where(search_row.c.document.in_(binds("document", size)))
