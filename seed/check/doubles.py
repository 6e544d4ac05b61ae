"""What must not be there twice."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from seed.check.fields import TERM_LISTS
from seed.check.known import Known
from seed.content import ContentEntry, ContentFault, shown


def faults(known: Known) -> Iterator[ContentFault]:
    """Find rows of a file, and terms of a list, that share one id."""
    for rows in known.rows.values():
        yield from _ids(rows)
    for name in TERM_LISTS:
        yield from _ids(known.vocabulary.entries(name))


def repeated(entry: ContentEntry, field: str, texts: Iterable[str]) -> Iterator[ContentFault]:
    """Find the texts that one list holds more than once."""
    for text, times in Counter(texts).items():
        if times > 1:
            yield entry.fault(field, f"holds {shown(text)} {times} times")


def shared(
    rows: Sequence[ContentEntry], field: str, texts_of: Callable[[ContentEntry], Iterable[str]]
) -> Iterator[ContentFault]:
    """Find the rows that have a text which another row has too."""
    owners = defaultdict(list)
    for row in rows:
        for text in dict.fromkeys(texts_of(row)):
            owners[text].append(row)
    for text, sharers in owners.items():
        for row in sharers:
            others = ", ".join(other.name for other in sharers if other is not row)
            if others:
                yield row.fault(field, f"{shown(text)} also stands in {others}")


def _ids(rows: Sequence[ContentEntry]) -> Iterator[ContentFault]:
    seen = set()
    for row in rows:
        if row.id in seen:
            yield row.fault("id", f"{shown(row.id)} is already the id of an earlier entry")
        elif row.id:
            seen.add(row.id)
