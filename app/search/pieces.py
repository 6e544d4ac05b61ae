"""Divide a query into its useful pieces: names, and words that are more than asking."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from app.search.terms import Terms
from app.spelling import STOP, Chunk, chunks, divided

LONGEST_NAME = 6
"""Most pieces of a query that are looked up together as one name."""
MOST_PIECES = 12
SHORTEST_INNER = 2
"""Characters of a name that is found within a piece such as `anti-PD-1`."""

Run = tuple[int, int]
Row = TypeVar("Row")

ASKED_WITH = """
about any because become best better cause caused causing could did effective explain get give good
happen happened help i know known lead make me mean my our people person pmid pubmed patient role
show shown tell treat treated treating treatment us use used using we would you your
"""
ASKING = frozenset(ASKED_WITH.split())
"""Words with which people ask; they say little about the row that answers."""
FOR_A_REASON = frozenset(("why", "how", "cause", "caused", "causing", "mechanism"))
WHAT_IT_DOES = frozenset(one.joined for one in chunks("what does do"))
FOR_A_NUMBER = frozenset(("many", "much", "often", "long", "large"))
BEFORE_NAMES = frozenset(("anti", "pan", "phospho"))
"""Words that are put before a name with a dash, as in `anti-PD-1`."""
ADDED_TO_NAMES = """
associated based containing dependent derived driven induced like mediated related type
"""
AFTER_NAMES = frozenset(ADDED_TO_NAMES.split())
"""Words that are put after a name with a dash, as in `lenalidomide-induced`."""


def asks_why(text: str) -> bool:
    """Whether a query asks for a reason: why something is so, how it comes about, what it does."""
    asked = {one.joined for one in chunks(text)}
    for_a_reason = not asked.isdisjoint(FOR_A_REASON) or asked >= WHAT_IT_DOES
    return for_a_reason and asked.isdisjoint(FOR_A_NUMBER)


def pieces(text: str) -> list[Chunk]:
    """The first MOST_PIECES pieces of a query, without stop words."""
    found = [one for one in chunks(text) if one.joined not in STOP]
    return found[:MOST_PIECES]


def runs(found: Sequence[Chunk]) -> dict[Run, str]:
    """All runs of pieces that may be a name, longest first."""
    size = len(found)
    return {
        (at, at + length): "".join(one.joined for one in found[at : at + length])
        for length in range(min(LONGEST_NAME, size), 0, -1)
        for at in range(size - length + 1)
    }


def named_runs(found: Sequence[Chunk], names: Mapping[str, Row]) -> dict[Run, Row]:
    """The runs that are names, longest first, none overlapping another."""
    taken: set[int] = set()
    chosen: dict[Run, Row] = {}
    for run, name in runs(found).items():
        if name in names and taken.isdisjoint(range(*run)):
            chosen[run] = names[name]
            taken |= set(range(*run))
    return chosen


def inner_names(text: str, found: Sequence[Chunk]) -> Iterator[str]:
    """The parts that may be names within a piece of several parts."""
    for one in found:
        if len(one.parts) > 1:
            yield from runs(_parts(text, one)).values()


def useful_pieces(
    text: str, found: Sequence[Chunk], names: Mapping[str, Row], terms: Terms
) -> list[Chunk]:
    """The useful pieces of a query; those that are no word are divided at the names in them.

    Pieces of a name stay as they are, and so does a query of asking words alone.
    """
    kept = {at for run in named_runs(found, names) for at in range(*run)}
    useful: list[Chunk] = []
    for at, one in enumerate(found):
        if at in kept:
            useful.append(one)
        elif len(one.parts) > 1 and (one.joined not in terms or one.parts[-1] in AFTER_NAMES):
            useful += _divided(text, one, names, terms)
        elif one.joined not in ASKING:
            useful.append(one)
    return useful[:MOST_PIECES] or list(found)


def _parts(text: str, one: Chunk) -> list[Chunk]:
    return divided(text, one)[:MOST_PIECES]


def _divided(text: str, one: Chunk, names: Collection[str], terms: Terms) -> list[Chunk]:
    """A piece divided into the names in it and its other words; whole if all of it is unknown."""
    parts = _parts(text, one)
    inner = {
        name: name
        for name in runs(parts).values()
        if name in names and len(name) >= SHORTEST_INNER and not name.isdecimal()
    }
    chosen = named_runs(parts, inner)
    known = chosen or one.parts[-1] in AFTER_NAMES or any(part.joined in terms for part in parts)
    if not known:
        return [one]
    covered = {at for run in chosen for at in range(*run)}
    others = [(at, at + 1) for at in range(len(parts)) if at not in covered]
    return [
        _joined(parts[slice(*run)])
        for run in sorted([*chosen, *others])
        if run in chosen or _is_word(parts[run[0]].joined)
    ]


def _joined(parts: Sequence[Chunk]) -> Chunk:
    words = tuple(word for part in parts for word in part.parts)
    return Chunk(parts[0].start, parts[-1].end, words)


def _is_word(part: str) -> bool:
    return len(part) >= SHORTEST_INNER and part not in STOP | BEFORE_NAMES | AFTER_NAMES
