"""What the rules may ask of the other records, whether they are in files or in the database."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.schema.values import Names, Word
from app.write.record import ContentFault, Record, shown

SUGGESTIONS = 3


class Known(Protocol):
    """All records by type, which is called by its plural, and the words of the vocabulary."""

    def all(self, kind: str) -> Sequence[Record]:
        """Give the records of a type."""
        ...

    def get(self, kind: str, row_id: str) -> Record | None:
        """Give the record of an id."""
        ...

    def having(self, kind: str, field: str, value: str) -> Sequence[Record]:
        """Give the records of a type whose field is the value or, being a list, holds it."""
        ...

    def word(self, name: str, word: str) -> Record | None:
        """Give a word of a controlled list, with what the list says of it."""
        ...

    def choices(self, of: Names | Word) -> Collection[str]:
        """Give all values that a field may take."""
        ...

    def readable(self, kind: str, /) -> bool:
        """Tell whether a type or controlled list could be read; nothing follows if it could not."""
        ...


@dataclass(frozen=True)
class Lean:
    """That rows are judged by what another row says, though neither leads to the other.

    A row that leads to another is judged with it anyway. Nor is this for two rows of which each is
    judged by the other, as where both may not have the same code.
    """

    on: str
    """The type of the other row, by its plural."""
    says: str
    """The field of the other row."""
    own: str
    """The field in which the rows that lean have the same; one within another after a point."""
    ending: str = ""
    """An ending that what the other row says must have, and that the rows do not have."""
    tree: str = ""
    """The field by which rows of the other type are below one another, where these count too."""


def shared(known: Known, kind: str, field: str, record: Record) -> Iterator[ContentFault]:
    """Refuse the texts of a field that another record has too."""
    for text in dict.fromkeys(record.texts(field) or filter(None, [record.text(field)])):
        others = [one.name for one in known.having(kind, field, text) if one.id != record.id]
        if others:
            yield record.fault(field, f"{shown(text)} also stands in {', '.join(others)}")


def loops(known: Known, kind: str, field: str, record: Record) -> Iterator[ContentFault]:
    """Refuse a tree in which a field leads back to the record itself."""
    way: list[str] = []
    at: Record | None = record
    while at and (above := at.text(field)) and above not in way and record.id not in way:
        way.append(above)
        at = known.get(kind, above)
    if way and way[-1] == record.id:
        yield record.fault(field, f"leads back to this entry: {' > '.join((record.id, *way))}")


def expected(value: str, phrase: str, choices: Iterable[str]) -> str:
    """Say that a value is unknown, and which known ones are nearest to it."""
    return f"is {shown(value)}, expected {phrase}{nearest(value, choices)}"


def nearest(value: str, choices: Iterable[str]) -> str:
    """List the known values that look most like this one, as the end of a message."""
    # Loaded at the first slip only: it takes 4 MB.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    likest = process.extract(value, list(choices), scorer=fuzz.ratio, limit=SUGGESTIONS)
    named = ", ".join(shown(choice) for choice, *_ in likest)
    return f"; nearest: {named}" if named else ""
