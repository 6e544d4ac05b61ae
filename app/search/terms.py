"""The words of the index: how common each is, and those like a word that it lacks."""

from bisect import bisect_left
from collections.abc import Mapping
from math import log

CANDIDATES = 200
ENDINGS = 12
LEAST_LIKENESS = 0.7


class Terms:
    """Every word of the index with the number of rows that have it."""

    def __init__(self, rows: Mapping[str, int], documents: int) -> None:
        self._rows = rows
        self._documents = documents
        self._sorted = sorted(rows)

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def rows(self, word: str) -> int:
        """How many rows have a word."""
        return self._rows.get(word, 0)

    def weight(self, word: str) -> int:
        """How much a word counts: the more, the fewer rows have it."""
        rows = self.rows(word)
        return round(100 * log(1 + (self._documents - rows + 0.5) / (rows + 0.5)))

    def endings(self, start: str) -> list[str]:
        """The commonest longer words that start like this."""
        first, last = bisect_left(self._sorted, start), bisect_left(self._sorted, f"{start}\uffff")
        found = [word for word in self._sorted[first:last] if word != start]
        return sorted(found, key=lambda word: (-self._rows[word], word))[:ENDINGS]

    def like(self, word: str) -> str | None:
        """The word most like one that no row has, if any is like it."""
        # Loaded only when first needed, because it takes 4 MB.
        from rapidfuzz import process  # noqa: PLC0415
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        found = process.extract(
            word,
            self._sorted,
            scorer=OSA.normalized_similarity,
            limit=CANDIDATES,
            score_cutoff=LEAST_LIKENESS,
        )
        best = [(-likeness, -self._rows[one], one) for one, likeness, _ in found if one.isalpha()]
        return min(best)[2] if best else None
