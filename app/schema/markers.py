"""Data-only marks on fields: where a read shape or a filter finds its value in the database.

A path is names joined by dots: tables that foreign keys connect, then, where a value is meant,
a column. Which columns join is read from the foreign keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar, get_args

from pydantic.fields import FieldInfo

M = TypeVar("M")


def marks(info: FieldInfo, kind: type[M]) -> Iterator[M]:
    """The marks of one kind on a field, also on what it is a list or an option of."""
    yield from (mark for mark in info.metadata if isinstance(mark, kind))
    yield from _within(info.annotation, kind)


def _within(annotation: object, kind: type[M]) -> Iterator[M]:
    if isinstance(annotation, kind):
        yield annotation
    for part in get_args(annotation):
        yield from _within(part, kind)


@dataclass(frozen=True)
class One:
    """A nested object: the row that this foreign key names, or null."""

    key: str


@dataclass(frozen=True)
class Many:
    """A list: the rows, or values of a column, at the end of the path.

    They come in the order of the first table's `position`, or by `order` where given.
    """

    path: str
    order: str = "position"


@dataclass(frozen=True)
class Inline:
    """A nested object made from further columns of the same row."""


@dataclass(frozen=True)
class InColumn:
    """A value whose column has another name than the field."""

    column: str


@dataclass(frozen=True)
class TypeIn:
    """The id of a row whose type another field names; its column is `<type>_id`."""

    field: str


@dataclass(frozen=True)
class Tally:
    """Counts of the distinct evidence rows that any of the paths leads to."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class Reaches:
    """A filter: some path leads to one of the values, or below them in the tree of that table."""

    paths: tuple[str, ...]
    tree: str | None = None


@dataclass(frozen=True)
class AtLeast:
    """A filter by rank: the word itself or any that stands before it in its controlled list."""

    path: str
    vocabulary: str


@dataclass(frozen=True)
class From:
    """A filter: the number at the end of the path is the value or more."""

    path: str


@dataclass(frozen=True)
class UpTo:
    """A filter: the number at the end of the path is the value or less; unknown is left out."""

    path: str


@dataclass(frozen=True)
class Is:
    """A filter that is true or false: whether a column holds this word."""

    path: str
    word: str


@dataclass(frozen=True)
class AnyFilled:
    """A filter whose value names a column that must not be empty."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """A filter that is true or false: whether a column is filled."""

    column: str


@dataclass(frozen=True)
class Includes:
    """A filter that is true or false: whether rows marked by this column are listed too."""

    column: str


Filter = Includes | Reaches | AtLeast | From | UpTo | Is | AnyFilled | Filled


def filter_marks(info: FieldInfo) -> Iterator[Filter]:
    """What a field filters by; nothing where it is no filter."""
    yield from (mark for mark in info.metadata if isinstance(mark, Filter))
