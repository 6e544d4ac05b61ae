"""Find the words of a query in the texts of a row."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.spelling import Chunk, chunks

LONGEST = 240
"""Most characters in an excerpt."""
BEFORE = 60
"""Most characters before the first word found."""

Span = tuple[int, int]


class Excerpt(NamedTuple):
    """A piece of a text, and where the words are in it, in code points."""

    text: str
    spans: Sequence[Span]


def excerpt(text: str, words: frozenset[str]) -> Excerpt | None:
    """The part of a text around the first word found; None if no word is."""
    spans = list(_joined(text, words))
    if not spans:
        return None
    first = 0 if len(text) <= LONGEST else max(0, spans[0][0] - BEFORE)
    first = text.rfind(" ", 0, first) + 1 if first else 0
    last = first + LONGEST
    if last < len(text):
        last = max(spans[0][1], text.rfind(" ", first, last))
    within = [(start - first, end - first) for start, end in spans if end <= last]
    return Excerpt(text[first:last], within)


def _joined(text: str, words: frozenset[str]) -> Iterator[Span]:
    """The places of the words; neighbours with only a space or dash between are joined."""
    open_span: Span | None = None
    for start, end in _places(chunks(text), words):
        if open_span and start - open_span[1] <= 1:
            open_span = (open_span[0], end)
            continue
        if open_span:
            yield open_span
        open_span = (start, end)
    if open_span:
        yield open_span


def _places(found: Iterator[Chunk], words: frozenset[str]) -> Iterator[Span]:
    for chunk in found:
        if chunk.joined in words or not words.isdisjoint(chunk.parts):
            yield chunk.start, chunk.end
