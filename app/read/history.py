"""Rows as they were, and how they have changed, from the history."""

import json
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, Row, func, select

from app.db import Reading
from app.errors import NotFound
from app.read.statements import ItemRow
from app.schema.curation import moment, row_history
from app.schema.shapes import Shape
from app.schema.values import Whole

Fields = dict[str, Any]


class HistoryEntry(Shape):
    """One change of a row."""

    number: Whole = Field(description="Grows with every change of any row.")
    revision: Whole = Field(description="The revision of the data that it came with.")
    action: str = Field(description="`added`, `changed` or `removed`.")
    version: Whole = Field(description="The version of the row after the change.")
    at: str = Field(description="When, in UTC.")
    by: str = Field(
        description="The public name of the key, never the key; `seed` for a load of the files, "
        "`import` for an import."
    )
    reason: str | None
    successor: str | None = Field(
        description="The id of the row that replaces a removed one, if any."
    )
    source: str | None = Field(
        description="Where this is stated, according to the owner of the key."
    )
    proposal: Whole | None = Field(
        description="The number of the proposal that was accepted; null for a change made at once."
    )
    accepted_by: str | None = Field(
        description="The public name of the key that accepted the proposal of `by`."
    )
    before: Fields | None = Field(
        description="The row before the change, in the form in which it is sent; null if new."
    )
    after: Fields | None = Field(description="The same after the change; null if removed.")


class RowHistory(Shape):
    """The changes of one row, the latest first."""

    items: list[HistoryEntry]
    total: Whole
    next: str | None = Field(description="The address of earlier changes; null if there are none.")


def changes_of(
    reading: Reading, plural: str, row_id: str, before: int | None, limit: int
) -> tuple[list[HistoryEntry], int, int | None]:
    """A page of changes of a row, their number in all, and the `before` of the next page."""
    held = _of(plural, row_id)
    earlier = () if before is None else (row_history.c.number < before,)
    found = reading.connection.execute(
        select(*(row_history.c[name] for name in HistoryEntry.model_fields))
        .where(*held, *earlier)
        .order_by(row_history.c.number.desc())
        .limit(limit + 1)
    ).mappings()
    entries = [
        HistoryEntry(**dict(row) | {name: _fields(row[name]) for name in ("before", "after")})
        for row in found
    ]
    count = select(func.count()).select_from(row_history).where(*held)
    shown = entries[:limit]
    rest = shown[-1].number if len(entries) > limit else None
    return shown, reading.connection.execute(count).scalar_one(), rest


def as_of(
    reading: Reading, plural: str, row_id: str, then: datetime, now: ItemRow | None
) -> ItemRow:
    """A row as it was at a moment; `now` is the present row, None if it was removed."""
    at = moment(then)
    last = _first(reading, plural, row_id, row_history.c.at <= at, row_history.c.number.desc())
    if last and (last.shown_after or last.action == "removed"):
        return _shown(last.shown_after, "The row had been removed by then.")
    # An imported row is kept in the form that readers get only once it changes again.
    later = _first(reading, plural, row_id, row_history.c.at > at, row_history.c.number)
    if later:
        found = _shown(later.shown_before, "The row was not there yet.")
    else:
        found = now or _shown(None, "The row was not there.")
    stamps = json.loads(found.item)
    if stamps["created_at"] > at:
        raise NotFound("The row was not there yet.")
    if stamps["updated_at"] > at:
        raise NotFound(
            "The row was changed since by a load of the files, of which no history is kept."
        )
    return found


def was_there(reading: Reading, plural: str, row_id: str) -> bool:
    """Whether the history has changes of a row that is no longer there."""
    return changes_of(reading, plural, row_id, None, 1)[1] > 0


def removed(reading: Reading, plural: str, row_id: str) -> Row[Any] | None:
    """The removal of a row that is no longer there."""
    last = row_history.select().where(*_of(plural, row_id)).order_by(row_history.c.number.desc())
    found = reading.connection.execute(last.limit(1)).first()
    return found if found and found.action == "removed" else None


def successor(reading: Reading, plural: str, row_id: str) -> str | None:
    """The id of the row that replaced a removed one, directly or through others; None if none."""
    passed = {row_id}
    gone = removed(reading, plural, row_id)
    while gone and gone.successor and gone.successor not in passed:
        row_id = gone.successor
        passed.add(row_id)
        gone = removed(reading, plural, row_id)
    return None if gone else row_id


def _of(plural: str, row_id: str) -> tuple[ColumnElement[bool], ...]:
    return row_history.c.type == plural, row_history.c.id == row_id


def _first(reading: Reading, plural: str, row_id: str, *of: ColumnElement[Any]) -> Row[Any] | None:
    """The first change of a row that meets a condition, in an order."""
    condition, order = of
    rows = row_history.select().where(*_of(plural, row_id), condition).order_by(order).limit(1)
    return reading.connection.execute(rows).first()


def _shown(item: str | None, absent: str) -> ItemRow:
    if item is None:
        raise NotFound(absent)
    return ItemRow(item, json.loads(item)["version"])


def _fields(text: str | None) -> Fields | None:
    return None if text is None else json.loads(text)
