"""Move an import from its temporary tables into the content, in statements over many rows."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from app.db.revision import read_dataset
from app.schema.columns import now
from app.schema.curation import moment, row_history
from app.search.index import types
from app.write import counts, index, years
from app.write.comparing import AFFECTED, affected_ids
from app.write.history import Hand
from app.write.rows import RESOURCES, SHAPES, own_columns, owner_of, tables
from app.write.staging import (
    ADDED,
    CHANGED,
    INDEXED,
    KEPT,
    REMOVED,
    STAGED,
    STAGED_INDEX,
    import_row,
)

CLAIM, REFERENCE = "evidence", "reference"

Numbers = Mapping[str, Mapping[str, int]]
"""The numbers of rows `added`, `changed`, `removed` and `kept`, by the plural of their type."""


def types_with(numbers: Numbers, *actions: str) -> set[str]:
    """The types of which some rows are marked with one of these actions."""
    return {name for name in RESOURCES if _changed(numbers, name, *actions)}


def move(connection: Connection, numbers: Numbers) -> None:
    """Apply the import to the content, its counts and its search index.

    Only what differs is touched, and owners come before what belongs to them.
    """
    with counts.adjusted(connection, _counted(connection, numbers)):
        _move_rows(connection, numbers)
    if _changed(numbers, CLAIM, CHANGED) + _changed(numbers, REFERENCE, CHANGED) > counts.MOST:
        years.date_all(connection)
    else:
        claims, references = (_ids(connection, one, CHANGED) for one in (CLAIM, REFERENCE))
        years.date(connection, claims, references)
    _move_index(connection, numbers)


def note_moved(connection: Connection, numbers: Numbers, hand: Hand) -> None:
    """Note the changes in the history, type by type, in the order of the lines."""
    _, revision = read_dataset(connection)
    at = moment()
    for name in (one for one in SHAPES if one in types_with(numbers, ADDED, CHANGED)):
        last = connection.execute(select(func.max(row_history.c.number))).scalar() or 0
        row = tables()[name]
        order = func.row_number().over(order_by=import_row.c.line)
        values: dict[str, ColumnElement[Any]] = {
            "number": literal(last) + order,
            "type": literal(RESOURCES[name].plural),
            "id": row.c.id,
            "action": import_row.c.action,
            "version": row.c.version,
            "at": literal(at),
            "by": literal(hand.name),
            "reason": literal(hand.reason, row_history.c.reason.type),
            "before": import_row.c.before,
            "after": import_row.c.after,
            "shown_before": import_row.c.shown_before,
            "revision": literal(revision),
        }
        found = (
            select(*values.values())
            .join_from(import_row, row, row.c.id == import_row.c.id)
            .where(import_row.c.type == name, import_row.c.action.in_((ADDED, CHANGED)))
        )
        connection.execute(insert(row_history).from_select(list(values), found))


def _counted(connection: Connection, numbers: Numbers) -> Collection[str] | None:
    """The claims whose counts may change; None for all, if they are many or other types change."""
    claims = _changed(numbers, CLAIM, *AFFECTED)
    alone = claims == sum(_changed(numbers, name, *AFFECTED) for name in RESOURCES)
    return _ids(connection, CLAIM, *AFFECTED) if alone and claims <= counts.MOST else None


def _changed(numbers: Numbers, name: str, *actions: str) -> int:
    """How many rows of a type are marked with one of these actions."""
    return sum(numbers[RESOURCES[name].plural][action] for action in actions)


def _ids(connection: Connection, name: str, *actions: str) -> list[str]:
    return [one.id for one in connection.execute(affected_ids(name, *actions))]


def _move_rows(connection: Connection, numbers: Numbers) -> None:
    differ = types_with(numbers, *AFFECTED)
    names = [name for name in tables() if owner_of(name)[0] in differ]
    parts = [name for name in names if name not in RESOURCES]
    rows = [name for name in names if name in RESOURCES]
    held = types_with(numbers, CHANGED, REMOVED, KEPT)
    for name in reversed(parts):
        owner, column = owner_of(name)
        if owner not in held:
            continue
        gone = tables()[name].c[column].in_(affected_ids(owner, CHANGED, REMOVED))
        connection.execute(delete(tables()[name]).where(gone))
    for name in rows:
        if name in held:
            _free(connection, name)
        _insert(connection, name, affected_ids(name, ADDED) if name in held else None)
    for name in (one for one in rows if one in held):
        _update(connection, name)
    for name in (one for one in reversed(rows) if one in held):
        gone = tables()[name].c.id.in_(affected_ids(name, REMOVED))
        connection.execute(delete(tables()[name]).where(gone))
    for name in parts:
        owner, _ = owner_of(name)
        _insert(connection, name, affected_ids(owner, ADDED, CHANGED) if owner in held else None)


def _free(connection: Connection, name: str) -> None:
    """Clear unique columns of rows about to change, so that a value can move between rows."""
    table = tables()[name]
    unique = [column.name for index in table.indexes if index.unique for column in index.columns]
    if unique:
        freed = update(table).where(table.c.id.in_(affected_ids(name, CHANGED, REMOVED)))
        connection.execute(freed.values(dict.fromkeys(unique)))


def _insert(connection: Connection, name: str, ids: Select[Any] | None) -> None:
    """Add the staged rows that belong to these rows of their type; None for all."""
    table, waiting = tables()[name], STAGED[name]
    computed = {one.name for one in table.columns if one.computed is not None}
    values: dict[str, Any] = {
        one: waiting.c[one] for one in own_columns(name) if one not in computed
    }
    if name == CLAIM:
        values |= years.of_reference(waiting)
    if "version" in table.c:
        at = now()
        stamps = {"created_at": at, "updated_at": at}
        values |= {one: literal(value, table.c[one].type) for one, value in stamps.items()}
        values["version"] = _next_version(name, waiting)
    found = select(*values.values()).order_by(*(waiting.c[key.name] for key in table.primary_key))
    if ids is not None:
        found = found.where(waiting.c[owner_of(name)[1]].in_(ids))
    connection.execute(insert(table).from_select(list(values), found))


def _next_version(name: str, waiting: Table) -> ColumnElement[int]:
    """One more than the last version ever held under this id: versions never start again."""
    of = row_history.c
    held = of.type == RESOURCES[name].plural, of.id == waiting.c.id
    last = select(func.max(of.version)).where(*held).scalar_subquery()
    return func.coalesce(last, 0) + 1


def _update(connection: Connection, name: str) -> None:
    table, waiting = tables()[name], STAGED[name]
    values = {one: waiting.c[one] for one in own_columns(name) if one != "id"}
    raised = {"version": table.c.version + 1, "updated_at": now()}
    changed = update(table).where(
        table.c.id == waiting.c.id, table.c.id.in_(affected_ids(name, CHANGED))
    )
    connection.execute(changed.values(values | raised))


def _move_index(connection: Connection, numbers: Numbers) -> None:
    """Replace the entries of changed rows in the search index."""
    row = INDEXED[0]
    for name in types_with(numbers, CHANGED, REMOVED) & {one.name for one in types()}:
        old = select(row.c.document).where(
            row.c.type == name, row.c.id.in_(affected_ids(name, CHANGED, REMOVED))
        )
        for table in reversed(INDEXED):
            _forget(connection, table, old)
    waiting = STAGED_INDEX[row]
    new = select(waiting.c.document).where(
        select(import_row.c.id)
        .where(import_row.c.type == waiting.c.type, import_row.c.id == waiting.c.id)
        .where(import_row.c.action.in_((ADDED, CHANGED)))
        .exists()
    )
    held = types_with(numbers, CHANGED, REMOVED, KEPT)
    for table in INDEXED:
        staged_rows = STAGED_INDEX[table]
        found = select(staged_rows).order_by(
            *(staged_rows.c[key.name] for key in table.primary_key)
        )
        if held:
            found = found.where(staged_rows.c.document.in_(new))
        connection.execute(insert(table).from_select(table.columns.keys(), found))
    index.count_words(connection)


def _forget(connection: Connection, table: Table, documents: Any) -> None:
    connection.execute(delete(table).where(table.c.document.in_(documents)))
