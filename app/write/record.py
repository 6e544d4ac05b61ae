"""One entry as given, before anything about it is checked, and the faults found in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from app.schema.values import MAX_NUMBER

LONGEST_LABEL = 40
LONGEST_SHOWN = 100
WORDS = {None: "empty", True: "true", False: "false"}

Sentence = str | Callable[[], str]
"""What is wrong; a function if the words for it must be looked up, and so only if they are read."""


@dataclass(frozen=True)
class ContentFault:
    """Something a curator has to put right: file, entry, field, and what is wrong."""

    file: str
    entry: str
    field: str
    wrong: Sentence

    @cached_property
    def message(self) -> str:
        """What is wrong, in words."""
        return self.wrong if isinstance(self.wrong, str) else self.wrong()

    def worded(self) -> "ContentFault":
        """The same fault with its words made now, while they can still be looked up."""
        return replace(self, wrong=self.message)

    def __str__(self) -> str:
        """Give it as one printable line."""
        parts = (self.file, self.entry, self.field, self.message)
        line = ": ".join(part for part in parts if part)
        return line if line.isprintable() else repr(line)[1:-1]


class Record(NamedTuple):
    """A mapping of fields, read by type: a value of the wrong type counts as absent."""

    file: str
    name: str
    path: str
    values: Mapping[str, object]

    @property
    def id(self) -> str:
        """The id, empty when there is none."""
        return self.text("id")

    def text(self, field: str) -> str:
        """Give the text of a field, empty when there is none."""
        value = self.values.get(field)
        return value if isinstance(value, str) else ""

    def flag(self, field: str) -> bool | None:
        """Give true or false, or None if the field holds neither."""
        value = self.values.get(field)
        return value if isinstance(value, bool) else None

    def number(self, field: str) -> float | None:
        """Give the number in a field; None if there is none or it is too large to store."""
        value = self.values.get(field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if abs(value) < MAX_NUMBER else None

    def texts(self, field: str) -> list[str]:
        """Give the texts of a list, in order."""
        return [item for item in self._items(field) if isinstance(item, str)]

    def record(self, field: str) -> "Record":
        """Give the mapping in a field, empty when there is none."""
        value = self.values.get(field)
        return self.below(field, value if isinstance(value, dict) else {})

    def records(self, field: str) -> list["Record"]:
        """Give the mappings of a list, in order."""
        return [
            self.below(numbered(field, position, item), item)
            for position, item in enumerate(self._items(field), 1)
            if isinstance(item, dict)
        ]

    def below(self, label: str, values: Mapping[str, object]) -> "Record":
        """Make a record within this one; its faults name both."""
        if not self.name:
            return Record(self.file, label, self.path, values)
        return Record(self.file, self.name, f"{self.path}{label}: ", values)

    def fault(self, field: str, wrong: Sentence) -> ContentFault:
        """Report a fault in one field of this record."""
        return ContentFault(self.file, self.name, self.path + field, wrong)

    def _items(self, field: str) -> list[object]:
        value = self.values.get(field)
        return value if isinstance(value, list) else []


def file_of(kind: str) -> str:
    """Name the file that holds a type or the vocabulary."""
    return f"{kind}.yaml"


def shown(value: object) -> str:
    """Show a value in a message: short, whatever it holds."""
    if isinstance(value, str):
        return repr(value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}...")
    if value is None or isinstance(value, bool):
        return WORDS[value]
    if isinstance(value, int | float):
        # Python refuses to write out whole numbers of more than 4,300 digits.
        return "a number that is too large" if abs(value) >= MAX_NUMBER else str(value)
    kind = "mapping" if isinstance(value, dict) else type(value).__name__
    return f"an empty {kind}" if value in ([], {}) else f"a {kind}"


def numbered(field: str, position: int, item: object) -> str:
    """Name an item of a list by its position and, where it is a mapping, its first text."""
    label = f"{field} {position}"
    for value in item.values() if isinstance(item, dict) else ():
        if isinstance(value, str):
            return f"{label} ({value})" if 0 < len(value) <= LONGEST_LABEL else label
    return label
