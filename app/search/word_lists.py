"""Read which documents contain the words of a query, those of common words only in part."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.db import Reading
from app.read.filters import binds
from app.read.unknown import bind_values
from app.schema.index import search_word
from app.search.index import BITS
from app.search.query import all_words
from app.search.rank import Wanted
from app.search.terms import Terms

SHORT = 200
"""Up to this many rows, the list of a word is read whole."""
BEST, LEAST = 200, 40
"""Rows with which a search for a commoner word starts: those with its highest impact. Several
ways of saying the same share BEST rows, but get at least LEAST each."""
EXAMINED = 1_000
"""How many rows of a commoner word are searched for those, in the order of documents."""
SIZES = (8, 32, 128, 256, 512, 2_048)
"""Numbers of placeholders in a statement; unused ones repeat the last value."""
Lists = dict[str, dict[int, int]]


class WordLists:
    """One search: reads the lists of rare words whole, those of common words only in part."""

    def __init__(
        self, reading: Reading, terms: Terms, wants: Wanted, types: Collection[int]
    ) -> None:
        self._reading = reading
        self._terms = terms
        self._groups, self._enough = wants
        self._types = types
        self.complete = True
        self.most = len(self._groups)
        """No document matches more groups than these."""

    def postings(self) -> Lists:
        """The lists of all words, restricted to documents that may match."""
        short = [word for word in all_words(self._groups) if self._is_short(word)]
        common = [word for word in all_words(self._groups) if not self._is_short(word)]
        found: Lists = {word: {} for word in (*short, *common)}
        _fill(found, filled_rows(self._reading, _lists, {"word": short}))
        possible = self._possible(found)
        if common:
            started = self._start(possible)
            for some in _portions(sorted(started)):
                values = {"word": common, "document": some}
                _fill(found, filled_rows(self._reading, _within, values))
        return found

    def _is_short(self, word: str) -> bool:
        return self._terms.rows(word) <= SHORT

    def _is_rare(self, way: Sequence[str]) -> bool:
        return any(map(self._is_short, way))

    def _start(self, possible: set[int]) -> set[int]:
        """The documents to look for in the lists of common words.

        A document that lacks at most n groups has at least one of any n + 1 of them.
        """
        others = [group for group in self._groups if not all(map(self._is_rare, group.ways))]
        wanting = len(others) + 1 - self._enough
        rarest = sorted(others, key=lambda group: max(map(self._least, group.ways)))
        documents = set(possible)
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
        self.most = max(met.values(), default=0) + open_groups
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


def _fill(found: Lists, postings: Sequence[tuple[Any, ...]]) -> None:
    for word, document, impact in postings:
        found[word][document] = impact


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), SIZES[-1]):
        yield values[start : start + SIZES[-1]]


def filled_rows(
    reading: Reading, make: Any, lists: Mapping[str, Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """Run a statement with lists of values, each padded to one of a few sizes."""
    if not all(lists.values()):
        return []
    filled = {name: _filled(values) for name, values in lists.items()}
    statement = reading.statement(make, *map(len, filled.values()))
    return statement.rows(reading.connection, bind_values(filled))


def _filled(values: Sequence[Any]) -> list[Any]:
    size = next(one for one in SIZES if one >= len(values))
    return [*values, *[values[-1]] * (size - len(values))]


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
