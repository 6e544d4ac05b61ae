"""The matrix from kinds of claims: there are hundreds of them, however many claims there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from app.db import Reading
from app.read.counts import DIMENSIONS, CountRow
from app.read.joins import table
from app.read.statements import StatementKey
from app.read.stored_counts import BETWEEN
from app.read.unknown import Values
from app.schema.stored_counts import claim_kind
from app.schema.vocabulary import words

FIELDS = {
    "mechanism": "mechanisms",
    "partner": "partners",
    "setting": "settings",
    "level": "levels",
    "level_is": "levels",
    "cell": "cells",
    "subtype": "subtypes",
    "context": "contexts",
    "origin": "origins",
    "native": "origins",
    "in_review": "in_review",
}
"""The field of a kind that a filter tests or a dimension divides by."""
TREES = {"cell": "entity", "subtype": "subtype"}
NATIVE = "native"

Parents = Mapping[str, str]


class Kind(NamedTuple):
    """Claims that are alike in these fields, and their number (`rows`)."""

    mechanisms: tuple[str, ...]
    cells: tuple[str, ...]
    settings: tuple[str, ...]
    levels: tuple[str, ...]
    origins: tuple[str, ...]
    in_review: tuple[bool, ...]
    subtypes: tuple[str, ...]
    partners: tuple[str, ...]
    contexts: tuple[str, ...]
    rows: int


def kind_row(*found: Any) -> Kind:
    """A row of `claim_kind`, each value as a list."""
    return Kind._make((*map(_values, found[:-1]), found[-1]))


def _values(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(value.split(BETWEEN)) if value else ()
    return (bool(value),)


def all_kinds() -> Select[Any]:
    """Every kind of claim."""
    return select(*claim_kind.c)


def parents(tree: str) -> Select[Any]:
    """Each row of a tree that is below another, with the row above it."""
    row = table(tree)
    return select(row.c.id, row.c.parent_id).where(row.c.parent_id.is_not(None))


class Link(NamedTuple):
    """A row of a tree and the one above it."""

    below: str
    above: str


class Kinds:
    """The kinds of claims that pass the filters of one query."""

    def __init__(self, reading: Reading, values: Values, key: StatementKey) -> None:
        self._roll_up = key.roll_up
        self._parents: dict[str, Parents] = {
            name: dict(reading.rows(Link, {}, parents, tree)) for name, tree in TREES.items()
        }
        wanted = [(FIELDS[name], self._meant(name, given)) for name, given in values.items()]
        self._kinds = [
            one
            for one in reading.rows(kind_row, {}, all_kinds)
            if all(not meant.isdisjoint(getattr(one, field)) for field, meant in wanted)
        ]

    def counted(self, *by: str) -> list[CountRow]:
        """The number of claims of each level and origin, by the dimensions."""
        return self._counted(self._kinds, by)

    def lacking(self, name: str, *by: str) -> list[CountRow]:
        """The same, for the claims that have no value in a dimension."""
        return self._counted([one for one in self._kinds if not getattr(one, FIELDS[name])], by)

    def _counted(self, kinds: Iterable[Kind], by: tuple[str, ...]) -> list[CountRow]:
        found: dict[tuple[str, ...], list[Kind]] = defaultdict(list)
        for one in kinds:
            for values in product(*(self._divided(one, name) for name in by)):
                found[values].append(one)
        if not by:
            found.setdefault((), [])
        return [_summed(values, kinds) for values, kinds in sorted(found.items())]

    def _meant(self, name: str, given: Iterable[Any]) -> set[Any]:
        """The values that a filter lets pass."""
        if name == "native":
            (native,) = given
            return {word for word in words("origins") if (word == NATIVE) == native}
        found = set(given)
        if name in TREES and self._roll_up:
            above = self._parents[name]
            found |= {one for one in above if not found.isdisjoint(_upwards(one, above))}
        return found

    def _divided(self, one: Kind, name: str) -> Collection[str]:
        """The values of a dimension under which a kind is counted, each once."""
        values: tuple[str, ...] = getattr(one, FIELDS[name])
        if not (DIMENSIONS[name].tree and self._roll_up):
            return values
        return {higher for value in values for higher in _upwards(value, self._parents[name])}


def serves(values: Values) -> bool:
    """Whether kinds of claims are fine enough for these filters."""
    return values.keys() <= FIELDS.keys()


def _upwards(one: str, above: Parents) -> Iterator[str]:
    """A row of a tree and all above it."""
    at: str | None = one
    while at is not None:
        yield at
        at = above.get(at)


def _summed(values: tuple[str, ...], kinds: list[Kind]) -> CountRow:
    levels, origins = dict.fromkeys(words("levels"), 0), dict.fromkeys(words("origins"), 0)
    for one in kinds:
        levels[one.levels[0]] += one.rows
        origins[one.origins[0]] += one.rows
    return CountRow(values, sum(one.rows for one in kinds), levels, origins)
