"""The words of the index: how common each is, and which are similar to an unknown word."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from math import log

CANDIDATES = 200
ENDINGS = 12
LEAST_LIKENESS = 0.75
"""The least similarity of a word to the one that replaces it: one letter in four may differ."""
STEMS = ("mab", "nib", "lisib", "parib", "zomib", "domide", "clax", "leucel", "stat", "cept")
"""How the names of similar drugs end (WHO: stems of international nonproprietary names)."""


class Terms:
    """Every word of the index with the number of rows that contain it."""

    def __init__(self, rows: Mapping[str, int], documents: int, names: Iterable[str]) -> None:
        self._rows = rows
        self._documents = documents
        self._sorted = sorted(rows)
        words = {word for name in names for word in name.split()}
        self._passing = {word for word, count in rows.items() if count == 1} - words

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
        """The word of the index most similar to an unknown one, if any is similar enough.

        A word in the running text of a single row does not count: Richter is not a misspelt richer.
        Known words have lost the `s` at their end, so Ikarus is compared without it.
        """
        without = word.removesuffix("s")
        return self._like(word) or (self._like(without) if without != word else None)

    def _like(self, word: str) -> str | None:
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
            if one.isalpha() and one not in self._passing and _may_be(word, one)
        ]
        return min(best)[2] if best else None


def _may_be(word: str, other: str) -> bool:
    """Whether a word may be a misspelling of another, and does not merely share its end.

    Another drug must not be taken for the one in the query: polatuzumab is not ofatumumab. A first
    letter is seldom wrong, and then it is the only one: galectin is not lectin.
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

    if word[0] != other[0] and OSA.distance(word, other) > 1:
        return False
    stem = next((one for one in STEMS if word.endswith(one) and other.endswith(one)), "")
    heads = word.removesuffix(stem), other.removesuffix(stem)
    return OSA.normalized_similarity(*heads) >= LEAST_LIKENESS
