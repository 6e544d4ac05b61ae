"""What rules can look up about other records, whether in files or in the database."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from app.schema.values import Names, Word
from app.write.record import ContentFault, Record, shown

SUGGESTIONS = 3
MOST_LIKENED = 2_000
"""Most known values with which an unknown one is compared, to suggest the nearest."""


class Known(Protocol):
    """All records by type (`kind` is its plural), and the words of the vocabulary."""

    def all(self, kind: str) -> Sequence[Record]:
        """Give the records of a type."""
        ...

    def get(self, kind: str, row_id: str) -> Record | None:
        """Give the record with this id, if there is one."""
        ...

    def having(self, kind: str, field: str, value: str) -> Sequence[Record]:
        """Give the records of a type whose field is this value or, if a list, contains it."""
        ...

    def beside(self, kind: str, field: str, value: str, other: str) -> Mapping[str, str]:
        """Give the texts in another field of the records that `having` gives, however many.

        Each comes with the first id, in alphabetical order, of a record that has it.
        """
        ...

    def word(self, name: str, word: str) -> Record | None:
        """Give a word of a controlled list, with its definition and other fields."""
        ...

    def choices(self, of: Names | Word) -> Collection[str]:
        """Give all values that a field may take."""
        ...

    def readable(self, kind: str, /) -> bool:
        """Tell whether a type or controlled list could be read; if not, its rules wait."""
        ...


@dataclass(frozen=True)
class Comparison:
    """A rule that compares rows with another row, though neither refers to the other.

    Rows that refer to the changed row are checked again anyway. Rules that hold in both directions,
    such as that no two rows share a code, need no entry either.
    """

    on: str
    """The type of the other row, by its plural."""
    says: str
    """The field of the other row."""
    own: str
    """The field in which the checked rows hold the same value; `a.b` for `b` within `a`."""
    ending: str = ""
    """A suffix of the other row's value that the checked rows leave out."""
    tree: str = ""
    """The parent field of the other type, if rows below the one named count as well."""


def shared(known: Known, kind: str, field: str, record: Record) -> Iterator[ContentFault]:
    """Refuse texts of a field that another record has too."""
    for text in dict.fromkeys(record.texts(field) or filter(None, [record.text(field)])):
        others = [one.name for one in known.having(kind, field, text) if one.id != record.id]
        if others:
            yield record.fault(field, f"{shown(text)} also appears in {', '.join(others)}")


def loops(known: Known, kind: str, field: str, record: Record) -> Iterator[ContentFault]:
    """Refuse a field that leads, step by step, back to the record itself."""
    way: list[str] = []
    at: Record | None = record
    while at and (above := at.text(field)) and above not in way and record.id not in way:
        way.append(above)
        at = known.get(kind, above)
    if way and way[-1] == record.id:
        yield record.fault(field, f"leads back to this entry: {' > '.join((record.id, *way))}")


def expected(value: str, phrase: str, choices: Iterable[str], named: Sequence[str] = ()) -> str:
    """Say that a value is unknown, and which known values are nearest to it.

    First come those that it names in another way.
    """
    return f"is {shown(value)}, expected {phrase}{nearest(value, choices, named)}"


def nearest(value: str, choices: Iterable[str], named: Sequence[str] = ()) -> str:
    """The end of a message: up to three known values that look most like this one.

    Case and signs make no difference.
    """
    # Imported only when first needed: it takes 4 MB of memory.
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415

    some = list(islice(choices, MOST_LIKENED))
    likest = process.extract(
        value, some, scorer=fuzz.ratio, processor=utils.default_process, limit=SUGGESTIONS
    )
    first = named or [choice for choice, *_ in likest]
    listed = ", ".join(shown(choice) for choice in list(dict.fromkeys(first))[:SUGGESTIONS])
    return f"; nearest: {listed}" if listed else ""
