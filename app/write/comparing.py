"""What an import changes: staged rows compared with the content, one statement for many rows."""

from collections.abc import Iterator

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    and_,
    exists,
    insert,
    literal,
    select,
    update,
)

from app.write.rows import RESOURCES, keys, nested_types, own_columns, owner_of, tables
from app.write.staging import ADDED, CHANGED, KEPT, REMOVED, STAGED, import_row

Condition = ColumnElement[bool]


def compare(connection: Connection) -> None:
    """Mark each row of the import as added, changed, removed or kept."""
    sent = set(connection.execute(select(import_row.c.type).distinct()).scalars())
    for name in sent:
        there = select(tables()[name].c.id)
        _mark(connection, name, ADDED, KEPT, import_row.c.id.in_(there))
    held = _not_all(connection, ADDED)
    for name in tables():
        for ids in _differing(name) if owner_of(name)[0] in held else ():
            _mark(connection, owner_of(name)[0], KEPT, CHANGED, import_row.c.id.in_(ids))
    for inner, (owner, column) in nested_types().items():
        if owner not in held:
            continue
        _note_removed(connection, inner, owner, column)
        for table in (STAGED[inner], tables()[inner]):
            parts = select(table.c[column]).where(table.c.id.in_(affected_ids(inner, *AFFECTED)))
            _mark(connection, owner, KEPT, CHANGED, import_row.c.id.in_(parts))


AFFECTED = (ADDED, CHANGED, REMOVED)


def affected_ids(name: str, *actions: str) -> Select[tuple[str]]:
    """The ids of the rows of a type that are marked with one of these actions."""
    of_type = import_row.c.type == name
    return select(import_row.c.id).where(of_type, import_row.c.action.in_(actions))


def _not_all(connection: Connection, action: str) -> set[str]:
    """The types of which some rows are marked with another action."""
    found = select(import_row.c.type).where(import_row.c.action != action).distinct()
    return set(connection.execute(found).scalars())


def _mark(connection: Connection, name: str, old: str, new: str, which: Condition) -> None:
    held = import_row.c.type == name, import_row.c.action == old
    connection.execute(update(import_row).where(*held, which).values(action=new))


def _differing(name: str) -> Iterator[Select[tuple[str]]]:
    """The owners of the rows of a table that are new or differ, or that are no longer sent."""
    old, new = tables()[name], STAGED[name]
    owner, column = owner_of(name)
    kept = affected_ids(owner, KEPT)
    equal = and_(*(old.c[one].is_not_distinct_from(new.c[one]) for one in own_columns(name)))
    yield select(new.c[column]).where(
        new.c[column].in_(kept), ~exists().where(_same_key(name, old, new), equal)
    )
    if name not in RESOURCES:
        sent = exists().where(_same_key(name, old, new))
        yield select(old.c[column]).where(old.c[column].in_(kept), ~sent)


def _same_key(name: str, old: Table, new: Table) -> Condition:
    return and_(*(old.c[key] == new.c[key] for key in keys(name)))


def _note_removed(connection: Connection, inner: str, owner: str, column: str) -> None:
    """Mark as removed the rows written within another row that no longer has them."""
    old, new = tables()[inner], STAGED[inner]
    gone = select(literal(inner, String), old.c.id, literal(REMOVED, String)).where(
        old.c[column].in_(affected_ids(owner, KEPT, CHANGED)), ~exists().where(new.c.id == old.c.id)
    )
    connection.execute(insert(import_row).from_select(["type", "id", "action"], gone))
