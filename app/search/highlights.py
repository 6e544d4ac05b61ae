"""Find the words of a query in the texts of a row."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.spelling import LONGEST_CHUNK, matches, parts_of

LONGEST = 240
"""Most characters in an excerpt."""
BEFORE = 60
"""Most characters before the first word found."""
KEPT_PASSAGES = 5_000
"""Most passages whose words are cached; all texts of the content have 6,400."""

Span = tuple[int, int]


class Excerpt(NamedTuple):
    """A piece of a text, and where the words are in it, in code points."""

    text: str
    spans: Sequence[Span]


class Marker:
    """Marks the words of one query."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)

    def excerpt(self, text: str) -> Excerpt | None:
        """The part of a text around the first word found; None if no word is."""
        found = self._joined(text)
        start, end = next(found, (0, 0))
        if not end:
            return None
        first = 0 if len(text) <= LONGEST else max(0, start - BEFORE)
        first = text.rfind(" ", 0, first) + 1 if first else 0
        last = first + LONGEST
        if last < len(text):
            last = max(end, text.rfind(" ", first, last))
        spans = [(start - first, end - first)]
        for start, end in found:
            if end > last:
                break
            spans.append((start - first, end - first))
        return Excerpt(text[first:last], spans)

    def _joined(self, text: str) -> Iterator[Span]:
        """The places of the words; neighbours with only a space or dash between are joined."""
        open_span: Span | None = None
        for start, end in self._places(text):
            if open_span and start - open_span[1] <= 1:
                open_span = (open_span[0], end)
                continue
            if open_span:
                yield open_span
            open_span = (start, end)
        if open_span:
            yield open_span

    def _places(self, text: str) -> Iterator[Span]:
        words, at = self._words, 0
        for passage in text.split(" "):
            if len(passage) > LONGEST_CHUNK or not words.isdisjoint(_words_in(passage)):
                for found in matches(passage):
                    if not words.isdisjoint(_words_of(found[0])):
                        yield at + found.start(), at + found.end()
            at += len(passage) + 1


@lru_cache(KEPT_PASSAGES)
def _words_in(passage: str) -> tuple[str, ...]:
    """The words in a passage without blanks, which has few pieces and mostly only one."""
    return tuple({word for found in matches(passage) for word in _words_of(found[0])})


def _words_of(piece: str) -> tuple[str, ...]:
    """The words of a piece of a text, and all of them as one."""
    parts = parts_of(piece)
    return "".join(parts), *parts
