"""What has changed since a revision of the data, or since a release of the content."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from app.addresses import Addresses
from app.db import Reading
from app.db.revision import read_dataset
from app.errors import Fault, Invalid
from app.lookalikes import alike
from app.read.empty import why_empty
from app.schema.curation import release_load, row_history
from app.schema.pages import MAX_TOTAL, WhyEmpty

MADE = row_history.c
SHOWN = (
    *("action", "version", "at", "by", "reason", "successor"),
    *("source", "proposal", "accepted_by"),
)
MOST_DIGITS = 15
NOTHING = "No row has changed since the files were first loaded."
AHEAD = (
    "`since` is a revision later than that of these data, which were restored from an earlier copy "
    "or will soon catch up. Continue from `revision`. If you meant a release, give its whole name, "
    "such as {release}."
)


@dataclass(frozen=True)
class ChangeSelection:
    """Which changes to list: those after a revision, of some types, of some kinds."""

    since: int | None
    filters: Mapping[str, tuple[str, ...]]
    upto: int | None = None
    """The number of the last change to list; changes made meanwhile are left out."""


class FoundChanges(NamedTuple):
    """Some changes as JSON texts, and where to go on."""

    items: list[str]
    total: int
    after: tuple[int, str] | None
    """The number and the id of the last one, if more follow."""
    revision: int
    """The revision of the data that the page was read from."""
    why: WhyEmpty | None


def revision_named(reading: Reading, since: str | None) -> int | None:
    """The revision that `since` means: the number itself, or that of a release at first load."""
    if since is None:
        return None
    if since.isdecimal() and len(since) <= MOST_DIGITS:
        return int(since)
    loads = reading.connection.execute(select(release_load.c.release, release_load.c.revision))
    known = {row.release: row.revision for row in loads}
    if since not in known:
        message = "is neither a revision nor a release that was loaded here"
        fault = Fault("since", message, alike(since, sorted(known)))
        raise Invalid("`since` names no state of these data.", faults=(fault,))
    found: int = known[since]
    return found


def last_number(reading: Reading) -> int:
    """The number of the last change; 0 if there is none."""
    return reading.connection.execute(select(func.max(MADE.number))).scalar() or 0


def changes(
    reading: Reading,
    selection: ChangeSelection,
    after: int | None,
    limit: int,
    addresses: Addresses,
) -> FoundChanges:
    """One page of changes, in the order in which they were made."""
    _, revision = read_dataset(reading.connection)
    further = [] if after is None else [MADE.number > after]
    rows = reading.connection.execute(
        select(row_history)
        .where(*_conditions(selection, _given(selection)), *further)
        .order_by(MADE.number)
        .limit(limit + 1)
    ).mappings()
    found = [dict(row) for row in rows]
    shown = found[:limit]
    last = (shown[-1]["number"], shown[-1]["id"]) if len(found) > limit else None
    total = _total(reading, selection, _given(selection))
    why = None if total else _why(reading, selection, revision)
    return FoundChanges([_text(row, addresses) for row in shown], total, last, revision, why)


def _given(selection: ChangeSelection) -> dict[str, list[Any]]:
    since = {} if selection.since is None else {"since": [selection.since]}
    return since | {name: list(values) for name, values in selection.filters.items() if values}


def _conditions(
    selection: ChangeSelection, given: Mapping[str, list[Any]]
) -> list[ColumnElement[bool]]:
    until = [] if selection.upto is None else [MADE.number <= selection.upto]
    since = [MADE.revision > given["since"][0]] if "since" in given else []
    others = [MADE[name].in_(values) for name, values in given.items() if name != "since"]
    return [*until, *since, *others]


def _total(reading: Reading, selection: ChangeSelection, given: Mapping[str, list[Any]]) -> int:
    some = select(MADE.number).where(*_conditions(selection, given)).limit(MAX_TOTAL + 1)
    count = select(func.count()).select_from(some.subquery())
    return reading.connection.execute(count).scalar_one()


def _why(reading: Reading, selection: ChangeSelection, revision: int) -> WhyEmpty:
    if selection.since is not None and selection.since > revision:
        return WhyEmpty(reason=AHEAD.format(release=reading.release), by=[])

    def count(fewer: Mapping[str, list[Any]]) -> int:
        return _total(reading, selection, fewer)

    return why_empty(_given(selection), count, NOTHING)


def _text(row: Mapping[str, Any], addresses: Addresses) -> str:
    """A change as JSON text; the row before and after it is JSON text already."""
    plural, row_id = row["type"], row["id"]
    found = {
        "number": row["number"],
        "revision": row["revision"],
        "type": plural,
        "id": row_id,
        "address": addresses.item(plural, row_id),
    } | {name: row[name] for name in SHOWN}
    start = json.dumps(found, ensure_ascii=False, separators=(",", ":"))[:-1]
    before, after = (row[name] or "null" for name in ("before", "after"))
    return f'{start},"before":{before},"after":{after}}}'
