"""Marks on fields, as plain data: where a shape or a filter finds its value in the database.

A path is a dotted list of tables connected by foreign keys; a path to a value ends in a column.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

M = TypeVar("M")

ANY, NONE = "any", "none"


def marks(info: FieldInfo, kind: type[M]) -> Iterator[M]:
    """Yield the marks of one kind on a field, including those inside its list or union type."""
    yield from (mark for mark in info.metadata if isinstance(mark, kind))
    yield from _within(info.annotation, kind)


def _within(annotation: object, kind: type[M]) -> Iterator[M]:
    if isinstance(annotation, kind):
        yield annotation
    for part in get_args(annotation):
        yield from _within(part, kind)


def nested(info: FieldInfo) -> type[BaseModel] | None:
    """The shape of the mappings in a field, if it holds any."""
    for part in (info.annotation, *get_args(info.annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


@dataclass(frozen=True)
class One:
    """A nested object: the row that this foreign key refers to, or null."""

    key: str


@dataclass(frozen=True)
class Many:
    """A list: the rows, or the values of a column, at the end of the path.

    `order` is the column of the path's first table by which they are sorted.
    """

    path: str
    order: str = "position"


@dataclass(frozen=True)
class Each:
    """A list: the distinct values at the end of the path, no nulls, in the first table's order."""

    path: str


@dataclass(frozen=True)
class Best:
    """The word at the end of the path that comes first in its controlled list."""

    path: str
    vocabulary: str
    without: str | None = None
    """The value if there is no word at the end of the path."""


@dataclass(frozen=True)
class Inline:
    """A nested object, built from other columns of the same row."""


@dataclass(frozen=True)
class InColumn:
    """A value whose column is named differently from the field."""

    column: str


@dataclass(frozen=True)
class InUnit:
    """A number in this unit; a name in backquotes is the field that holds the unit."""

    unit: str


@dataclass(frozen=True)
class TypeIn:
    """The id of a row whose type another field names; its column is `<type>_id`."""

    field: str


@dataclass(frozen=True)
class Tally:
    """Counts of the evidence that filtering by this row finds; the writer stores them."""


@dataclass(frozen=True)
class Reaches:
    """A filter: one of the paths leads to one of the values, or to a descendant in the tree."""

    paths: tuple[str, ...]
    tree: str | None = None


@dataclass(frozen=True)
class Only:
    """A filter: everything the path leads to is one of the values, or below one in the tree.

    With the parameter `mixed`, one match is enough.
    """

    path: str
    tree: str


@dataclass(frozen=True)
class AtLeast:
    """A filter by rank: the word, or any word before it in its controlled list."""

    path: str
    vocabulary: str


@dataclass(frozen=True)
class From:
    """A filter: a number at the end of one of the paths is at least the value.

    Limits with the same paths must all hold for the same number.
    """

    paths: tuple[str, ...]


@dataclass(frozen=True)
class UpTo:
    """A filter like `From`: a number is at most the value; nulls are left out."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class Is:
    """A true-or-false filter: whether a column holds this word."""

    path: str
    word: str


@dataclass(frozen=True)
class AnyFilled:
    """A filter whose values name columns, at least one of which must not be null.

    `any` stands for all of them, `none` for rows in which all are null.
    """

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """A true-or-false filter: whether a column is not null."""

    column: str


@dataclass(frozen=True)
class Includes:
    """A true-or-false filter: whether rows with this column true are included."""

    column: str


@dataclass(frozen=True)
class Lacks:
    """A true-or-false filter: whether rows with this column filled are left out."""

    column: str


Filter = Includes | Lacks | Reaches | Only | AtLeast | From | UpTo | Is | AnyFilled | Filled


def filter_marks(info: FieldInfo) -> Iterator[Filter]:
    """Yield the filter marks of a field; none if it is not a filter."""
    yield from (mark for mark in info.metadata if isinstance(mark, Filter))
