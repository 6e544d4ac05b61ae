"""Find the words of a query in the texts of a row."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.spelling import matches, parts_of

LONGEST = 240
"""Most characters in an excerpt."""
BEFORE = 60
"""Most characters before the first word found."""

Span = tuple[int, int]


class Excerpt(NamedTuple):
    """A piece of a text, and where the words are in it, in code points."""

    text: str
    spans: Sequence[Span]


class Marker:
    """Marks the words of one query; remembers which pieces of the texts are among them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._is_word: dict[str, bool] = {}

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
        known = self._is_word
        for found in matches(text):
            piece = found[0]
            if piece not in known:
                known[piece] = self._has_word(parts_of(piece))
            if known[piece]:
                yield found.span()

    def _has_word(self, parts: tuple[str, ...]) -> bool:
        return "".join(parts) in self._words or not self._words.isdisjoint(parts)
