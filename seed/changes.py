"""What differs between the curated rows and those in the database, and how it is applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlmodel import SQLModel

from app.resources import ALL
from app.schema.columns import Stamp, now

Values = dict[str, Any]
Key = tuple[Any, ...]
Tables = Mapping[str, Mapping[Key, Values]]
"""Of each table the rows by primary key."""

RESOURCES = {resource.name: resource.plural for resource in ALL}


@dataclass
class Changes:
    """Ids of one resource type that are new, changed or gone."""

    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)


def tables() -> list[Table]:
    """The tables of the content, each after those that it refers to."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name != "dataset"]


def gathered(rows: Iterable[tuple[str, Values]]) -> Tables:
    """The rows by table and key."""
    found: dict[str, dict[Key, Values]] = {table.name: {} for table in tables()}
    for name, values in rows:
        key = tuple(values[column.name] for column in SQLModel.metadata.tables[name].primary_key)
        found[name][key] = values
    return found


def stored(connection: Connection) -> Tables:
    """The rows that the database holds now, without stamps and derived columns."""
    return gathered(
        (table.name, dict(row))
        for table in tables()
        for row in connection.execute(select(*_own_columns(table))).mappings()
    )


def compare(wanted: Tables, have: Tables) -> dict[str, Changes]:
    """What is new, changed or gone, by resource type; a change of a list is one of its owner."""
    found: dict[str, Changes] = {}
    for name in RESOURCES:
        new, old = wanted[name].keys(), have[name].keys()
        changes = found[name] = Changes(
            {key[0] for key in new - old},
            {key[0] for key in new & old if wanted[name][key] != have[name][key]},
            {key[0] for key in old - new},
        )
        kept = {key[0] for key in new & old}
        changes.changed |= kept & _owners_that_differ(name, wanted, have)
    return found


def apply(connection: Connection, changes: Mapping[str, Changes], wanted: Tables) -> None:
    """Make the database hold the wanted rows, touching only what differs."""
    parts = [table for table in tables() if table.name not in RESOURCES]
    resources = [table for table in tables() if table.name in RESOURCES]
    for table in reversed(parts):
        owner = owner_of(table)
        differ = changes[owner].changed | changes[owner].removed
        _delete(connection, table, f"{owner}_id", differ)
    for table in resources:
        _insert(connection, table, _parents_first(table, wanted, changes[table.name].added))
    for table in resources:
        _update(connection, table, wanted, changes[table.name].changed)
    for table in reversed(resources):
        _delete(connection, table, "id", changes[table.name].removed)
    for table in parts:
        owner = owner_of(table)
        differ = changes[owner].changed | changes[owner].added
        rows = [row for key, row in wanted[table.name].items() if key[0] in differ]
        _insert(connection, table, rows)


def owner_of(table: Table) -> str:
    """The resource type to whose rows those of this table belong."""
    return next(iter(table.primary_key)).name.removesuffix("_id")


def _own_columns(table: Table) -> list[Any]:
    return [
        column
        for column in table.columns
        if column.name not in Stamp.model_fields and column.computed is None
    ]


def _owners_that_differ(owner: str, wanted: Tables, have: Tables) -> set[str]:
    differ: set[str] = set()
    for table in tables():
        if table.name in RESOURCES or owner_of(table) != owner:
            continue
        new, old = wanted[table.name], have[table.name]
        differ |= {key[0] for key in new.keys() | old.keys() if new.get(key) != old.get(key)}
    return differ


def _delete(connection: Connection, table: Table, column: str, ids: set[str]) -> None:
    if ids:
        gone = delete(table).where(table.c[column] == bindparam("gone"))
        connection.execute(gone, [{"gone": one} for one in sorted(ids)])


def _insert(connection: Connection, table: Table, rows: list[Values]) -> None:
    if rows:
        stamp = _stamp() if "version" in table.c else {}
        connection.execute(insert(table), [{**row, **stamp} for row in rows])


def _stamp() -> Values:
    moment = now()
    return Stamp(created_at=moment, updated_at=moment).model_dump()


def _update(connection: Connection, table: Table, wanted: Tables, ids: set[str]) -> None:
    for one in sorted(ids):
        raised = {"version": table.c.version + 1, "updated_at": now()}
        changed = update(table).where(table.c.id == one).values(wanted[table.name][one,] | raised)
        connection.execute(changed)


def _parents_first(table: Table, wanted: Tables, ids: set[str]) -> list[Values]:
    """New rows in an order in which none refers to one of the same table that comes later."""
    own_links = [
        column.name
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    waiting = {one: wanted[table.name][one,] for one in sorted(ids)}
    placed: list[Values] = []
    while waiting:
        ready = [
            one
            for one, row in waiting.items()
            if not any(row[link] in waiting for link in own_links)
        ]
        placed += [waiting.pop(one) for one in ready]
    return placed
