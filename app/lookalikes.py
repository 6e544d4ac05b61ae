"""Suggestions of words similar to an unknown one."""

import time

MAX_SHOWN = 3
MAX_SECONDS = 0.005
LEAST_LIKENESS = 70
CANDIDATES_AT_ONCE = 200


def alike(wrong: str, candidates: list[str]) -> tuple[str, ...]:
    """Up to three candidates similar to the wrong word, the most similar first.

    The comparison ends after a few milliseconds, whatever the number of candidates.
    """
    # Loaded only when first needed, because it takes 4 MB.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    until = time.monotonic() + MAX_SECONDS
    found: list[tuple[float, str]] = []
    for start in range(0, len(candidates), CANDIDATES_AT_ONCE):
        some = candidates[start : start + CANDIDATES_AT_ONCE]
        scored = process.extract(
            wrong, some, scorer=fuzz.WRatio, limit=MAX_SHOWN, score_cutoff=LEAST_LIKENESS
        )
        found += [(-score, word) for word, score, _ in scored]
        if time.monotonic() > until:
            break
    return tuple(word for _, word in sorted(found)[:MAX_SHOWN])
