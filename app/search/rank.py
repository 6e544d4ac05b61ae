"""Rank rows in whole numbers throughout, so that every database gives the same order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.search.index import BITS, IN_NAME
from app.search.query import MANY, Group
from app.search.terms import Terms

OF_NAME = 150
"""The score of a row for each percent of the query that is one of its names."""
MOST_SCORE = 9_999_999
WHOLLY = 100

Postings = Mapping[str, Mapping[int, int]]
"""For each word, the documents that contain it, with its impact there."""


class Wanted(NamedTuple):
    """What a row must match: this number of these groups."""

    groups: Sequence[Group]
    enough: int


def wanted(groups: Sequence[Group]) -> Iterator[Wanted]:
    """What a row must match: all groups but one; then, until some row has as many, fewer."""
    yield from (Wanted(groups, enough) for enough in range(max(1, len(groups) - 1), 0, -1))


def ranked(
    wants: Wanted,
    postings: Postings,
    terms: Terms,
    covers: Mapping[int, int],
    favoured: int | None = None,
) -> dict[int, int]:
    """The rank of each document that matches enough groups; higher is better.

    For a row of a favoured type, one more group counts as matched, and its score is doubled.
    """
    scores: dict[int, int] = {}
    met: dict[int, int] = {}
    for group in wants.groups:
        for document, score in best_scores(group, postings, terms).items():
            scores[document] = scores.get(document, 0) + score
            met[document] = met.get(document, 0) + 1
    size = len(wants.groups)
    found: dict[int, int] = {}
    for document, number in met.items():
        covered = covers.get(document, 0)
        if number >= wants.enough or covered >= MANY:
            suits = document >> BITS == favoured
            score = scores[document] * (1 + suits)
            found[document] = _rank(score, min(number + suits, size), size, covered)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _rank(score: int, met: int, size: int, covered: int) -> int:
    whole = WHOLLY if covered >= MANY else 0
    total = min(score * met // size + covered * OF_NAME, MOST_SCORE)
    return (whole + met) * (MOST_SCORE + 1) + total


def best_scores(group: Group, postings: Postings, terms: Terms) -> dict[int, int]:
    """The score of each document for a group: the best of any way of saying it."""
    rarest = max((terms.weight(word) for way in group.ways for word in way), default=1)
    best = dict.fromkeys(group.documents, IN_NAME * rarest)
    for way, most in group.ways.items():
        weights = {word: min(terms.weight(word), most) for word in way}
        scores = _scores(weights, postings)
        for document in scores.keys() & best.keys():
            scores[document] = max(scores[document], best[document])
        best |= scores
    return best


def _scores(weights: Mapping[str, int], postings: Postings) -> dict[int, int]:
    """The documents that contain all these words, each with its score."""
    (word, weight), *others = weights.items()
    found = {document: impact * weight for document, impact in postings[word].items()}
    for word, weight in others:
        impacts = postings[word]
        both = found.keys() & impacts.keys()
        found = {document: found[document] + impacts[document] * weight for document in both}
    return found
