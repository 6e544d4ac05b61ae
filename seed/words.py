"""Check that this release can serve the words of vocabulary.yaml, and store them as rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert

from app.schema.shapes import LevelCounts, OriginCounts
from app.schema.values import MAX_ID, WORD_CHARACTERS
from app.schema.vocabulary import FILE, words
from app.schema.words import read_words, word_tables
from app.write.record import ContentFault, Record, shown

COUNTED = {"levels": list(LevelCounts.model_fields), "origins": list(OriginCounts.model_fields)}
"""The lists by which answers count claims, with the fields of these counts."""


class Words(NamedTuple):
    """How many words there are now, and how many were added and removed."""

    total: int
    added: int
    removed: int


def word_faults(vocabulary: Record) -> Iterator[ContentFault]:
    """Check that every word can be stored and belongs to the running release.

    Types and filters take their words from the release, so no request could use others.
    """
    for name in word_tables():
        for word in vocabulary.records(name):
            if word.id and (missed := _expectation(name, word.id)):
                yield word.fault("id", f"is {shown(word.id)}, {missed}")
    for name, counted in COUNTED.items():
        given = {word.id for word in vocabulary.records(name)}
        if given and given != set(counted):
            named = ", ".join(map(shown, counted))
            yield vocabulary.fault(name, f"expected {named} and no others: answers count by them")


def _expectation(name: str, word: str) -> str:
    if len(word) > MAX_ID:
        return f"expected at most {MAX_ID} characters"
    if not set(word) <= set(WORD_CHARACTERS):
        return "expected letters a to z, digits, spaces and the signs + - / ? ( ) _ ."
    if word not in words(name):
        return f"which this release does not know; add it to {FILE} first"
    return ""


@contextmanager
def replaced(connection: Connection, vocabulary: Record) -> Iterator[Words]:
    """Store new words before the block that writes rows using them, and drop old words after it.

    The revision does not change, because no answer is built from these tables.
    """
    tables = word_tables()
    wanted = {(name, word.id) for name in tables for word in vocabulary.records(name)}
    stored = {(name, word) for name, held in read_words(connection).items() for word in held}
    for name, word in sorted(wanted - stored):
        connection.execute(insert(tables[name]).values(id=word))
    yield Words(len(wanted), len(wanted - stored), len(stored - wanted))
    for name, word in sorted(stored - wanted):
        connection.execute(delete(tables[name]).where(tables[name].c.id == word))
