"""Rows by the words of their names, for a text that is no name: `nodal MZL` leads to MZL."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, literal, select

from app.db import Reading
from app.read.filters import bind_names, binds
from app.read.joins import table
from app.schema.index import search_name, search_row, search_word
from app.schema.values import Names
from app.spelling import STOP, word_groups

MOST_ROWS = 2_000
"""Types with more rows are not searched by words."""
MOST_PIECES, MOST_WORDS = 6, 24
"""Pieces of a text that are looked at, and words in them."""
MOST_PARTS = MOST_PIECES * (MOST_PIECES + 1) // 2
SHORTEST = 2
"""Characters of a name that is found within a text."""

SHORTEST_PART = 3
"""Characters of a piece that is found within a word of a name."""
MOST_EXAMINED = 24

Piece = tuple[str, ...]


class Extent(NamedTuple):
    """How many rows a type has, and the numbers of its first and last document."""

    rows: int
    first: int | None
    last: int | None


class WordMatch(NamedTuple):
    """A row, and a word or name of it; of a word, also its weight."""

    id: str
    text: str
    weight: int


def ids_by_words(reading: Reading, of: Names, text: str) -> list[str]:
    """The ids of rows with all words of a text in their names, then of those named in it."""
    pieces = [one for one in word_groups(text) if "".join(one) not in STOP][:MOST_PIECES]
    (extent,) = reading.rows(Extent, {"type": of.table}, _extent)
    if not pieces or not 0 < extent.rows <= MOST_ROWS:
        return []
    found = reading.rows(WordMatch, _bound(sorted(set(_parts(pieces))), MOST_PARTS), _having, of)
    names = sorted(found, key=lambda hit: (-len(hit.text), hit.id))
    words = sorted({word for piece in pieces for word in ("".join(piece), *piece)})[:MOST_WORDS]
    places = _bound(words, MOST_WORDS) | {"first": extent.first, "last": extent.last}
    having = _with_all(pieces, reading.rows(WordMatch, places, _with, of))[:MOST_EXAMINED]
    called = reading.rows(WordMatch, _bound(having, MOST_EXAMINED), _names_of, of) if having else []
    ids = [*_called(pieces, having, called), *(hit.id for hit in names)]
    return list(dict.fromkeys(ids))


def _called(pieces: Sequence[Piece], ids: Sequence[str], names: Sequence[WordMatch]) -> list[str]:
    """The ids of rows with each piece in a name: first as a word, then as a part of one."""
    parts: list[str] = []
    words: list[str] = []
    for row_id in ids:
        texts = [one.text for one in names if one.id == row_id]
        known = {word for text in texts for word in text.split()}
        joined = ["".join(piece) for piece in pieces]
        if known.issuperset(joined):
            words.append(row_id)
        elif _is_part("".join(joined), texts) or all(
            one in known or _is_part(one, texts) for one in joined
        ):
            parts.append(row_id)
    return words + parts


def _is_part(piece: str, texts: Sequence[str]) -> bool:
    """Whether a piece is in a name, with or without spaces; `GCB` is not in `non-GCB`."""
    if len(piece) < SHORTEST_PART:
        return False
    return any(piece in text.replace(" ", "").replace(f"non{piece}", "") for text in texts)


def _with_all(pieces: Sequence[Piece], hits: Sequence[WordMatch]) -> list[str]:
    """The ids of the rows with each piece, whole or by its parts; most weight first."""
    weights: dict[str, dict[str, int]] = defaultdict(dict)
    for hit in hits:
        weights[hit.id][hit.text] = hit.weight
    found = [
        (-sum(of.values()), row_id)
        for row_id, of in weights.items()
        if all("".join(piece) in of or of.keys() >= {*piece} for piece in pieces)
    ]
    return [row_id for _, row_id in sorted(found)]


def _parts(pieces: Sequence[Piece]) -> Iterator[str]:
    """All runs of pieces that may be a name."""
    joined = ["".join(piece) for piece in pieces]
    for start in range(len(joined)):
        for end in range(start + 1, len(joined) + 1):
            part = "".join(joined[start:end])
            if len(part) >= SHORTEST:
                yield part


def _bound(texts: Sequence[str], size: int) -> dict[str, Any]:
    """The texts as values of a statement; unused places hold one that no row has."""
    filled = [*texts, *[""] * (size - len(texts))]
    return dict(zip(bind_names("text", size), filled, strict=True))


def _extent() -> Select[Any]:
    """The number of rows of a type, counted up to one more than are searched."""
    some = (
        select(search_row.c.document)
        .where(search_row.c.type == bindparam("type", None))
        .limit(MOST_ROWS + 1)
        .subquery()
    )
    number = some.c.document
    extent: list[Any] = [func.count(), func.min(number), func.max(number)]
    return select(*extent).select_from(some)


def _having(of: Names) -> Select[Any]:
    """The rows of a type that have one of these names."""
    length = func.length(search_name.c.name)
    found: Select[Any] = select(search_row.c.id, search_name.c.name, length)
    found = found.join(search_name, search_name.c.document == search_row.c.document)
    return _of(of, found.where(search_name.c.name.in_(binds("text", MOST_PARTS))))


def _names_of(of: Names) -> Select[Any]:
    """The names of rows of a type that consist of words."""
    found: Select[Any] = select(search_row.c.id, search_name.c.words, literal(0))
    found = found.join(search_name, search_name.c.document == search_row.c.document)
    asked = search_row.c.id.in_(binds("text", MOST_EXAMINED))
    return _of(of, found.where(asked, search_name.c.words != ""))


def _with(of: Names) -> Select[Any]:
    """The rows of a type, among these documents, that have one of these words."""
    first: Any = bindparam("first", None)
    last: Any = bindparam("last", None)
    word = search_word.c
    found: Select[Any] = select(search_row.c.id, word.word, word.impact)
    found = found.join(search_word, word.document == search_row.c.document)
    wanted = word.word.in_(binds("text", MOST_WORDS)), word.document.between(first, last)
    return _of(of, found.where(*wanted))


def _of(of: Names, found: Select[Any]) -> Select[Any]:
    found = found.where(search_row.c.type == of.table)
    if of.kind is None:
        return found
    row = table(of.table)
    return found.where(exists().where(row.c.id == search_row.c.id, row.c.kind == of.kind))
