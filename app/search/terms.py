"""The words of the index: how common each is, and which are similar to an unknown word."""

from bisect import bisect_left
from collections.abc import Mapping
from math import log

CANDIDATES = 200
ENDINGS = 12
LEAST_LIKENESS = 0.7
STEMS = ("mab", "nib", "lisib", "parib", "zomib", "domide", "clax", "leucel", "stat", "cept")
"""How the names of similar drugs end (WHO: stems of international nonproprietary names)."""


class Terms:
    """Every word of the index with the number of rows that contain it."""

    def __init__(self, rows: Mapping[str, int], documents: int) -> None:
        self._rows = rows
        self._documents = documents
        self._sorted = sorted(rows)

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def rows(self, word: str) -> int:
        """How many rows contain a word."""
        return self._rows.get(word, 0)

    def weight(self, word: str) -> int:
        """How much a word weighs: the fewer rows contain it, the more (BM25)."""
        rows = self.rows(word)
        return round(100 * log(1 + (self._documents - rows + 0.5) / (rows + 0.5)))

    def endings(self, start: str) -> list[str]:
        """The commonest longer words with this start, at most ENDINGS."""
        first, last = bisect_left(self._sorted, start), bisect_left(self._sorted, f"{start}\uffff")
        found = [word for word in self._sorted[first:last] if word != start]
        return sorted(found, key=lambda word: (-self._rows[word], word))[:ENDINGS]

    def like(self, word: str) -> str | None:
        """The word of the index most similar to an unknown one, if any is similar enough."""
        # Imported only when first needed, because it takes 4 MB of memory.
        from rapidfuzz import process  # noqa: PLC0415
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        found = process.extract(
            word,
            self._sorted,
            scorer=OSA.normalized_similarity,
            limit=CANDIDATES,
            score_cutoff=LEAST_LIKENESS,
        )
        best = [
            (-likeness, -self._rows[one], one)
            for one, likeness, _ in found
            if one.isalpha() and _may_be(word, one)
        ]
        return min(best)[2] if best else None


def _may_be(word: str, other: str) -> bool:
    """Whether two words are similar not only by the end that drugs of one class share.

    Another drug must not be taken for the one in the query: polatuzumab is not ofatumumab.
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

    stem = next((one for one in STEMS if word.endswith(one) and other.endswith(one)), "")
    heads = word.removesuffix(stem), other.removesuffix(stem)
    return OSA.normalized_similarity(*heads) >= LEAST_LIKENESS
