"""Check that declarations fit their tables, so that a slip is found at start, not by a request."""

from collections.abc import Iterable, Iterator
from typing import get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import Table
from sqlmodel import SQLModel

from app.schema.markers import (
    AnyFilled,
    Best,
    Each,
    Filled,
    Filter,
    From,
    Includes,
    InColumn,
    Inline,
    Lacks,
    Many,
    One,
    Only,
    Reaches,
    Tally,
    TypeIn,
    UpTo,
    filter_marks,
    nested,
)
from app.schema.resource import Resource

EVIDENCE = "evidence"

Mark = One | Many | Each | Best | Inline | InColumn | Tally | TypeIn


class Unfit(TypeError):
    """Declarations that cannot work; the message lists every fault."""


def declared(*resources: Resource) -> tuple[Resource, ...]:
    """Return the resource types given; raises Unfit with every fault if any does not fit."""
    found = [
        *_together(resources),
        *(f"{one.name}: {fault}" for one in resources for fault in _alone(one)),
    ]
    if found:
        raise Unfit("; ".join(dict.fromkeys(found)))
    return resources


def _together(resources: Iterable[Resource]) -> Iterator[str]:
    """Faults between types."""
    taken: set[str] = set()
    for one in resources:
        if taken & {one.name, one.plural}:
            yield f"{one.name}: another type has its name or plural"
        taken |= {one.name, one.plural}
    filters = {
        name for one in resources if one.name == EVIDENCE for name in one.filters.model_fields
    }
    for one in resources:
        if one.name not in {EVIDENCE, *filters}:
            yield f"{one.name}: evidence has no filter `{one.name}`"


def _alone(one: Resource) -> Iterator[str]:
    """Faults within one type."""
    own = SQLModel.metadata.tables.get(one.name)
    if own is None or one.table.__tablename__ != one.name:
        yield "its table has another name"
        return
    yield from _of_shape(one.read, own)
    yield from _of_filters(one, own)
    yield from _of_example(one)
    yield from _of_search(one, own)
    if one.write:
        yield from _of_shape(one.write, own)
        for name in one.found_by:
            if name not in one.write.model_fields:
                yield f"it is found by `{name}`, which is not in its write shape"


def _of_search(one: Resource, own: Table) -> Iterator[str]:
    for name in one.label:
        if name not in own.columns:
            yield f"its label has `{name}`, which is not a column"
    for path in one.searched:
        if _end(own, path) is None:
            yield f"it is searched at `{path}`, where there is nothing"


def _of_example(one: Resource) -> Iterator[str]:
    try:
        TypeAdapter(one.id).validate_python(one.example.id)  # type: ignore[arg-type]  # data
    except ValidationError:
        yield "the id of its example is not a valid id"
    for name in one.example.query:
        if name not in one.filters.model_fields:
            yield f"its example uses the filter `{name}`, which does not exist"


def _of_filters(one: Resource, own: Table) -> Iterator[str]:
    fields = one.filters.model_fields
    for sort in get_args(fields["sort"].annotation):
        name = sort.removeprefix("-")
        if not {name, f"{name}_id"} & set(own.columns.keys()):
            yield f"it cannot be sorted by `{name}`, which is not a column"
    for name, info in fields.items():
        for mark in filter_marks(info):
            if isinstance(mark, Reaches | Only) and mark.tree and not _is_tree(mark.tree):
                yield f"the filter `{name}` follows `{mark.tree}`, which is not a tree"
            for path in _paths_of_filter(mark):
                if _end(own, path) is None:
                    yield f"the filter `{name}` finds nothing at `{path}`"


def _paths_of_filter(mark: Filter) -> tuple[str, ...]:
    match mark:
        case Reaches(paths) | From(paths) | UpTo(paths):
            return paths
        case AnyFilled(columns):
            return columns
        case Filled(column) | Includes(column) | Lacks(column):
            return (column,)
    return (mark.path,)


def _of_shape(shape: type[BaseModel], own: Table) -> Iterator[str]:
    """Faults of a shape whose values are in this table or reachable from it."""
    for name, info in shape.model_fields.items():
        mark = next((mark for mark in info.metadata if isinstance(mark, Mark)), None)
        inner, at = nested(info), own
        for path in _paths_of_field(name, mark):
            found = _end(own, path)
            if found is None:
                yield f"the field `{name}` finds nothing at `{path}`"
                inner = None
            else:
                at = found
        if inner and not isinstance(mark, Tally):
            yield from _of_shape(inner, at)


def _paths_of_field(name: str, mark: Mark | None) -> tuple[str, ...]:
    match mark:
        case One(key):
            return (key,)
        case Many(path) | Each(path) | Best(path):
            return (path,)
        case InColumn(column):
            return (column,)
        case Inline() | TypeIn() | Tally():
            return ()
    return (name,)


def _end(own: Table, path: str) -> Table | None:
    """The table at the end of a path: the one its last column refers to, else the column's own."""
    at = own
    *before, last = path.split(".")
    for name in before:
        step = _step(at, name)
        if step is None:
            return None
        at = step
    if last in at.columns:
        return next((key.column.table for key in at.columns[last].foreign_keys), at)
    return _step(at, last)


def _step(left: Table, name: str) -> Table | None:
    """The table of this name, if a foreign key connects the two."""
    right = SQLModel.metadata.tables.get(name)
    if right is None:
        return None
    refers = {key.column.table for one in (left, right) for key in one.foreign_keys}
    return right if {left, right} & refers else None


def _is_tree(name: str) -> bool:
    found = SQLModel.metadata.tables.get(name)
    return found is not None and "parent_id" in found.columns
