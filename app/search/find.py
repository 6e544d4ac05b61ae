"""Find documents: a few short statements read the index, and ranks are whole numbers."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from app.db import Database, Reading
from app.db.revision import State
from app.read.filters import binds
from app.schema.identifiers import normal
from app.schema.index import search_name, search_row, search_term
from app.search import rank
from app.search.index import BITS, type_numbers, type_of
from app.search.pieces import asks_why, inner_names, pieces, runs, useful_pieces
from app.search.query import ALSO, Group, Named, covers, groups
from app.search.rank import Wanted
from app.search.terms import Terms
from app.search.word_lists import WordLists, filled_rows

REASON = "mechanism"
"""The type of row that answers a query for a reason."""

Search = Callable[[Wanted, Collection[int]], tuple[dict[int, int], WordLists]]


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
            # An address, or a spelling of an identifier, is matched by no run of words.
            names.setdefault(whole, names[entire])
        kept = useful_pieces(text, asked, names, terms)
        if kept != asked:
            asked = kept
            names |= _names(reading, {*runs(asked).values()} - names.keys())
        made = groups(asked, names, terms)
        known = [group for group in made if group.known]
        numbers = {type_numbers()[one] for one in types}
        favoured = type_numbers()[REASON] if asks_why(text) else None
        covered = covers(asked, names)

        def search(wants: Wanted, within: Collection[int]) -> tuple[dict[int, int], WordLists]:
            lists = WordLists(reading, terms, wants, within)
            return rank.ranked(wants, lists.postings(), terms, covered, favoured), lists

        ranks, complete = _enough(known, numbers, search)
        if numbers:
            ranks = {one: of for one, of in ranks.items() if one >> BITS in numbers}
        return Found(ranks, made, complete=complete)

    def _current(self, reading: Reading) -> Terms:
        with self._lock:
            if self._terms is None or reading.state is None or reading.state != self._state:
                rows = dict(reading.rows(TermRow, {}, _all_terms))
                (documents,) = reading.rows(int, {}, _documents)
                names = reading.rows(str, {}, _all_names)
                self._terms, self._state = Terms(rows, documents, names), reading.state
            return self._terms


def _enough(
    known: Sequence[Group], numbers: Collection[int], search: Search
) -> tuple[dict[int, int], bool]:
    """The ranks of rows that match as many groups as any row does, all but one at most.

    That number does not depend on the types asked for. Also tells whether these are all rows.
    """
    ranks, complete, most = dict[int, int](), True, len(known)
    for wants in rank.wanted(known):
        if wants.enough <= most:
            ranks, lists = search(wants, numbers)
            complete, most = lists.complete, lists.most
            if ranks or (numbers and search(wants, ())[0]):
                break
    return ranks, complete


def row_labels(reading: Reading, documents: Sequence[int]) -> dict[int, LabelRow]:
    """The labels of documents, as readers see them."""
    found = filled_rows(reading, _labels, {"document": documents})
    return {row[0]: LabelRow(*row) for row in found}


def _names(reading: Reading, asked: Collection[str]) -> dict[str, list[Named]]:
    """The rows that have each of these names, with all the other names of the row."""
    by_row: dict[tuple[str, int], list[str]] = {}
    for name, document, other in filled_rows(reading, _named, {"name": sorted(asked)}):
        by_row.setdefault((name, document), []).append(other)
    found: dict[str, list[Named]] = {}
    for (name, document), others in sorted(by_row.items()):
        one = Named(document, type_of(document).name, tuple(sorted(others)))
        found.setdefault(name, []).append(one)
    return found


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


def _labels(size: int) -> Select[Any]:
    return select(*search_row.c).where(search_row.c.document.in_(binds("document", size)))
