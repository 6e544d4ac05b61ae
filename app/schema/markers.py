"""Data-only marks on fields: where a read shape or a filter finds its value in the database.

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
    """The shape of the mappings that a field holds, if it holds any."""
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

    `order` names the column of the first table that they are sorted by.
    """

    path: str
    order: str = "position"


@dataclass(frozen=True)
class Each:
    """A list: each value at the end of the path once, in the order of the first table; no nulls."""

    path: str


@dataclass(frozen=True)
class Best:
    """Of the words at the end of the path, the one that its controlled list has first."""

    path: str
    vocabulary: str
    without: str | None = None
    """The word where there is none at the end of the path."""


@dataclass(frozen=True)
class Inline:
    """A nested object, built from other columns of the same row."""


@dataclass(frozen=True)
class InColumn:
    """A value whose column is named differently from the field."""

    column: str


@dataclass(frozen=True)
class InUnit:
    """A number in this unit; in backquotes, the field that names the unit."""

    unit: str


@dataclass(frozen=True)
class TypeIn:
    """The id of a row whose type another field names; its column is `<type>_id`."""

    field: str


@dataclass(frozen=True)
class Tally:
    """Counts of the evidence that the filter of the row's type finds; the writer keeps them."""


@dataclass(frozen=True)
class Reaches:
    """A filter: any path leads to one of the values, or to a descendant in the tree."""

    paths: tuple[str, ...]
    tree: str | None = None


@dataclass(frozen=True)
class Only:
    """A filter: all that the path leads to is one of the values, or below it in the tree.

    With the parameter `mixed` it is enough if a part is.
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

    Several limits with the same paths hold of one and the same number.
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
    """A true-or-false filter: whether rows are left out in which a column is not null."""

    column: str


Filter = Includes | Lacks | Reaches | Only | AtLeast | From | UpTo | Is | AnyFilled | Filled


def filter_marks(info: FieldInfo) -> Iterator[Filter]:
    """Yield the filter marks of a field; none if it is not a filter."""
    yield from (mark for mark in info.metadata if isinstance(mark, Filter))
