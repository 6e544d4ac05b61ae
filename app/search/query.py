"""Parse a query into groups of words, each with other ways to say the same; no database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from app.search.pieces import named_runs, runs
from app.search.terms import Terms
from app.spelling import STOP, Chunk

MOST_WAYS = 16
SHORTEST_START = 3
"""From this many characters, a word also stands for longer ones that start with it."""
SHORTEST_MENDED = 4
ALSO = frozenset({"entity", "subtype", "partner"})
"""Types whose rows have several names."""
NO_LIMIT = 1_000_000
MANY = 100

How = Literal["synonym", "ending", "spelling", "unknown"]
Way = tuple[str, ...]


class Named(NamedTuple):
    """A row that has a name, with all names of that row as words."""

    document: int
    type: str
    names: tuple[str, ...]


@dataclass
class Group:
    """Pieces of the query that mean one thing, and the ways to say it."""

    start: int
    end: int
    ways: dict[Way, int] = field(default_factory=dict)
    """Each way, with the most that one of its words may weigh."""
    documents: frozenset[int] = frozenset()
    """The rows that have it as a name."""
    how: How | None = None
    shown: tuple[str, ...] = ()
    """What was searched besides or instead of what was written."""

    @property
    def known(self) -> bool:
        """Whether it can find anything."""
        return bool(self.ways or self.documents)


def covers(found: list[Chunk], names: Mapping[str, list[Named]]) -> dict[int, int]:
    """The rows that parts of the query name, each with the percentage of the query covered."""
    covered: dict[int, int] = {}
    for (start, end), name in runs(found).items():
        for one in names.get(name, ()):
            percent = MANY * (end - start) // len(found)
            covered[one.document] = max(percent, covered.get(one.document, 0))
    return covered


def groups(found: list[Chunk], names: Mapping[str, list[Named]], terms: Terms) -> list[Group]:
    """The groups of a query, in its order."""
    by_run = named_runs(found, names)
    covered = {at for run in by_run for at in range(*run)}
    single = [(at, at + 1) for at in range(len(found)) if at not in covered]
    made: list[Group] = []
    for run in sorted([*by_run, *single]):
        rows = by_run.get(run, [])
        of = found[slice(*run)]
        group = Group(of[0].start, of[-1].end)
        _add_own(group, of, terms)
        if rows:
            _add_names(group, rows, terms)
        if run[1] - run[0] == 1:
            _add_joined(group, found, run[0], terms)
            last = run[1] == len(found)
            if not group.known or (last and not rows):
                _add_similar(group, of[0], terms)
        made.append(group)
    return made


def _add_own(group: Group, of: list[Chunk], terms: Terms) -> None:
    """Add the words as written, both joined and apart."""
    joined = tuple(one.joined for one in of)
    apart = tuple(part for one in of for part in one.parts)
    for way in ("".join(joined),), joined, apart:
        _add(group, way, terms)


def _add(group: Group, way: Way, terms: Terms, most: int = NO_LIMIT) -> bool:
    telling = tuple(dict.fromkeys(word for word in way if word not in STOP))
    if telling and len(group.ways) < MOST_WAYS and all(word in terms for word in telling):
        group.ways.setdefault(telling, most)
        return True
    return False


def _add_names(group: Group, rows: Iterable[Named], terms: Terms) -> None:
    """Add the other names of the rows that the words name."""
    before = set(group.ways)
    for row in rows:
        for name in row.names if row.type in ALSO else ():
            _add(group, tuple(name.split()), terms)
    group.documents = frozenset(row.document for row in rows)
    more = [" ".join(way) for way in group.ways if way not in before]
    if more:
        group.how, group.shown = "synonym", tuple(more)


def _add_joined(group: Group, found: list[Chunk], at: int, terms: Terms) -> None:
    """Add the word joined with each neighbour, where that is a word of the index."""
    for first, second in ((at - 1, at), (at, at + 1)):
        if first >= 0 and second < len(found):
            _add(group, (found[first].joined + found[second].joined,), terms)


def _add_similar(group: Group, of: Chunk, terms: Terms) -> None:
    """Add longer words with the same start; for a word still unknown, the most similar one."""
    word, known = of.joined, group.known
    if len(word) >= SHORTEST_START:
        longer = terms.endings(word)
        # They weigh as much as the commonest of them, or half as much as the word if it is known.
        most = min(map(terms.weight, [word] if known else longer), default=0) // (1 + known)
        added = [one for one in longer if _add(group, (one,), terms, most)]
        if added and not known:
            group.how, group.shown = "ending", tuple(added)
    if group.known:
        return
    group.how = "unknown"
    if len(word) >= SHORTEST_MENDED and word.isalpha():
        like = terms.like(word)
        if like:
            _add(group, (like,), terms)
            # Known words have lost the `s` at their end: Ikaros is `ikaro`.
            plain = f"{like}s" if word.endswith("s") and not like.endswith("s") else like
            group.how, group.shown = "spelling", (plain,)
        return
    for part in of.parts:
        _add(group, (part,), terms)


def all_words(of: Iterable[Group]) -> Iterator[str]:
    """Every word of these groups, without duplicates."""
    yield from dict.fromkeys(word for group in of for way in group.ways for word in way)
