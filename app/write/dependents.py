"""What depends on a row: rows that refer to it, and rows that rules compare with it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, ForeignKey, Table, or_, select

from app.errors import Resting
from app.schema.markers import marks, nested
from app.schema.values import Names
from app.write.fields import spellings_of
from app.write.known import Comparison
from app.write.record import ContentFault, Record
from app.write.rows import KINDS, RESOURCES, SHAPES, nested_types, owner_of, place_of, tables
from app.write.rules import RULES, faults_of_one
from app.write.stored import AT_ONCE, StoredRecords, chosen, stored_conflicts

MOST = 50
CLAIMS = "evidence"
COMPARISONS = tuple(
    (kind, comparison) for kind, rules in RULES.items() for comparison in rules.comparisons
)
"""Every Comparison of the rules, with the type of the rows that it checks."""

NAMES = {one.plural: one.found_by for one in RESOURCES.values()}
"""The fields that hold names of a row, by the plural of its type."""

UNREAD = ("summary", "note")
"""Fields that no rule reads of a row to which another refers, unless the row is a claim."""

Selection = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Selects rows of a type: makes a condition from any column that holds their ids."""
Places = set[tuple[str, str]]
"""Rows, each by the plural of its type and its id."""
ComparedValues = Mapping[Comparison, set[str]]
"""The values with which rules compare other rows, by Comparison."""


def with_id(row_id: str) -> Selection:
    """Selects the row with this id."""
    return lambda column: column == row_id


def referring_to(connection: Connection, name: str, row_id: str) -> Resting | None:
    """The rows that refer to this one; None if it may be removed."""
    return listed(referring_rows(connection, name, with_id(row_id)))


def listed(found: Places) -> Resting | None:
    """The first MOST of some rows, and how many there are; None for none."""
    return Resting(tuple(sorted(found)[:MOST]), len(found)) if found else None


def referring_rows(connection: Connection, name: str, selected: Selection) -> Places:
    """The rows that refer to these, except these themselves and computed conflicts."""
    found: Places = set()
    for table, keys in _leading_to(name):
        owner, column = owner_of(table.name)
        leading = (_leads_to(key, selected) for key in keys)
        rows = select(table.c[column]).where(or_(*leading))
        ids = set(connection.execute(rows).scalars())
        if owner in nested_types():
            owner, ids = _holders(connection, owner, ids)
        found |= {(RESOURCES[owner].plural, one) for one in ids}
    own_id = tables()[name].c.id
    own = connection.execute(select(own_id).where(selected(own_id))).scalars()
    computed = stored_conflicts(connection, computed=True)
    return found - {
        *((RESOURCES[name].plural, one) for one in own),
        *((RESOURCES["conflict"].plural, one) for one in computed),
    }


def matters_elsewhere(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change of a row may break the rules of rows that refer to it."""
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return kind == CLAIMS or not changed <= {*UNREAD}


def compared_values(connection: Connection, name: str, selected: Selection) -> ComparedValues:
    """The current values in these rows with which rules compare other rows."""
    every = (comparison for _, comparison in COMPARISONS if comparison.on == RESOURCES[name].plural)
    return {comparison: _values(connection, name, comparison, selected) for comparison in every}


def compared_rows(connection: Connection, *compared: ComparedValues) -> Places:
    """The rows that rules compare with any of these values, from before or after a change."""
    found: Places = set()
    for kind, comparison in COMPARISONS:
        values = set().union(*(one.get(comparison, ()) for one in compared))
        table, column = place_of(KINDS[kind], comparison.own)
        key = tables()[table].c[owner_of(table)[1]]
        rows = chosen(connection, select(key.label("id")), tables()[table].c[column], values)
        found |= {(kind, row["id"]) for row in rows}
    return found


def faulty(
    connection: Connection, places: Places
) -> Iterator[tuple[tuple[str, str], ContentFault]]:
    """The faults of these rows as they are now, each with the type and id of its row."""
    known = StoredRecords(connection)
    for kind in KINDS:
        ids = sorted(row_id for of, row_id in places if of == kind)
        for start in range(0, len(ids), AT_ONCE):
            records = known.read(kind, ids[start : start + AT_ONCE])
            read_ahead(known, kind, records)
            for record in records:
                place = kind, record.id
                yield from ((place, one) for one in faults_of_one(kind, record, known))


def read_ahead(known: StoredRecords, kind: str, records: Sequence[Record]) -> None:
    """Read what rules will look up for some records, one type at a time."""
    for named, ids in _named(SHAPES[KINDS[kind]], records).items():
        known.read(named, sorted(ids))
        unknown = [one for one in ids if known.get(named, one) is None]
        for field in NAMES[named] if unknown else ():
            known.expect(named, field, {text for one in unknown for text in spellings_of(one)})
    for field in RULES[kind].alone:
        texts = {one for row in records for one in row.texts(field)}
        known.expect(kind, field, texts)
        known.read(kind, sorted(texts))


def _named(shape: type[BaseModel], records: Sequence[Record]) -> dict[str, set[str]]:
    """The ids that some records name, by the plural of their type."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, info in shape.model_fields.items():
        field = info.alias or name
        for mark in marks(info, Names):
            named = {one for row in records for one in (row.text(field), *row.texts(field)) if one}
            found[RESOURCES[mark.table].plural] |= named
        inner = nested(info)
        if inner:
            within = _named(inner, [one for row in records for one in row.records(field)])
            for plural, ids in within.items():
                found[plural] |= ids
    return found


def _values(
    connection: Connection, name: str, comparison: Comparison, selected: Selection
) -> set[str]:
    table, column = place_of(name, comparison.says)
    rows = tables()[table]
    found = select(rows.c[column]).where(selected(rows.c[owner_of(table)[1]])).distinct()
    values = {one for one in connection.execute(found).scalars() if one is not None}
    if comparison.tree:
        values = _below(connection, name, comparison.tree, values)
    ended = (one for one in values if one.endswith(comparison.ending))
    return {one.removesuffix(comparison.ending) for one in ended}


def _below(connection: Connection, name: str, field: str, ids: set[str]) -> set[str]:
    """These ids and all below them in the tree that a parent field makes."""
    table, column = place_of(name, field)
    rows = tables()[table]
    found, new = set[str](), ids
    while new:
        found |= new
        children = chosen(connection, select(rows.c.id), rows.c[column], new)
        new = {row["id"] for row in children} - found
    return found


def _leading_to(name: str) -> Iterator[tuple[Table, list[ForeignKey]]]:
    """The tables with foreign keys to a type, except keys by which they belong to its rows."""
    for table in tables().values():
        own = owner_of(table.name)
        keys = [
            one
            for one in table.foreign_keys
            if one.column.table.name == name and (name, one.parent.name) != own
        ]
        if keys:
            yield table, keys


def _leads_to(key: ForeignKey, selected: Selection) -> ColumnElement[bool]:
    """Whether a foreign key refers to one of these rows, by id or by another column."""
    there = key.column
    if there.name == "id":
        return selected(key.parent)
    return key.parent.in_(select(there).where(selected(there.table.c.id)))


def _holders(connection: Connection, name: str, ids: set[str]) -> tuple[str, set[str]]:
    """The type and ids of the rows that contain these nested rows."""
    owner, column = nested_types()[name]
    table = tables()[name]
    rows = chosen(connection, select(table.c[column].label("of")), table.c.id, ids)
    return owner, {row["of"] for row in rows}
