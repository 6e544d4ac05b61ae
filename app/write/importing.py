"""Import a bundle into the database: stage and check it, then move it in, all or nothing.

Rows are added or changed; rows that the bundle lacks stay as they are. Nothing here opens or ends
a transaction.
"""

import json
from collections.abc import Collection, Iterator
from functools import partial
from typing import IO

from pydantic import ValidationError
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app import RELEASE
from app.db.revision import describe, lock, read_release, revise
from app.read.rendering import render
from app.schema.about import AboutDataset
from app.schema.curation import IMPORTER
from app.schema.vocabulary import words
from app.schema.words import read_words, word_tables
from app.write.checking import (
    Checking,
    Faults,
    FaultyImport,
    Given,
    GoOn,
    Say,
    unhindered,
)
from app.write.collecting import seldom
from app.write.comparing import AFFECTED, affected_ids, compare
from app.write.dependents import (
    Places,
    Selection,
    compared_rows,
    compared_values,
    faulty,
    referring_rows,
)
from app.write.history import Hand, entries_now, note_release
from app.write.lines import Entry
from app.write.moving import Numbers, move, note_moved, types_with
from app.write.record import ContentFault, shown
from app.write.rows import RESOURCES, SHAPES, tables
from app.write.staging import ADDED, CHANGED, KEPT, REMOVED, import_row, set_up, take_down
from app.write.store import recompute_conflicts
from app.write.stored import AT_ONCE, chosen, known_ids

__all__ = ["IMPORTER", "FaultyImport", "Hand", "bring_in"]


def quietly(_: str) -> None:
    """Say nothing."""


def bring_in(
    connection: Connection,
    file: IO[bytes],
    hand: Hand,
    say: Say = quietly,
    go_on: GoOn = unhindered,
) -> Numbers:
    """Import a bundle; raises FaultyImport with everything that is wrong with it.

    `go_on` is called after every batch of lines, and ends the import by raising.
    """
    lock(connection)
    set_up(connection)
    faults = Faults(partial(known_ids, connection))
    checking = Checking(connection, faults, say, go_on)
    with seldom():
        given = checking.read(file)
        release = _release(connection, given, faults)
        about = _about(given, faults)
        checking.check(given)
    faults.settle()
    say("checked; comparing with the database")
    compare(connection)
    numbers = _numbers(connection)
    if changed := any(of[action] for of in numbers.values() for action in AFFECTED):
        _note_before(connection, numbers)
        say("moving what differs")
        _move(connection, numbers, faults)
        recompute_conflicts(connection)
    described = about is not None and describe(connection, about)
    if changed or described:
        revise(connection, release)
        note_moved(connection, numbers, hand)
        note_release(connection)
    take_down(connection)
    return numbers


def _release(connection: Connection, given: Given, faults: Faults) -> str:
    """The release of the content or, in an empty database, that of the bundle."""
    here = read_release(connection)
    bundle = given.dataset.get("version") if given.dataset else None
    if not given.lines and not faults.total:
        faults.add(0, ContentFault("", "", "", "the bundle holds no rows"))
    if bundle is not None and not isinstance(bundle, str):
        faults.add(1, ContentFault("", "", "version", "is not a text"))
    elif bundle and here and bundle != here:
        message = f"is {shown(bundle)}, expected {here}, the release that the database holds"
        faults.add(1, ContentFault("", "", "version", message))
    return here or str(bundle or RELEASE)


def _about(given: Given, faults: Faults) -> str | None:
    """The description of the dataset in the bundle, in the form that the database holds."""
    found = given.dataset.get("about") if given.dataset else None
    if found is None:
        return None
    try:
        return AboutDataset.model_validate_json(json.dumps(found)).model_dump_json()
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            place = ".".join(map(str, ("about", *each["loc"])))
            faults.add(1, ContentFault("", "", place, "is not as `/v1/dataset` gives it"))
        return None


def _move(connection: Connection, numbers: Numbers, faults: Faults) -> None:
    """Move the rows in, then check those that rest on rows that have changed."""
    _complete_words(connection)
    changed = types_with(numbers, CHANGED) & SHAPES.keys()
    compared = [compared_values(connection, name, _marked(name, CHANGED)) for name in changed]
    try:
        move(connection, numbers)
    except IntegrityError:
        message = "the database refuses this: another row refers to something it would remove"
        faults.add(0, ContentFault("", "", "", message))
        faults.settle()
    new = types_with(numbers, ADDED, CHANGED) & SHAPES.keys()
    compared += [compared_values(connection, name, _marked(name, ADDED, CHANGED)) for name in new]
    places = compared_rows(connection, *compared)
    for name in changed:
        places |= referring_rows(connection, name, _marked(name, CHANGED))
    for _, fault in faulty(connection, places - _sent(connection, places)):
        faults.add(0, fault)
    faults.settle()


def _complete_words(connection: Connection) -> None:
    """Store the vocabulary words of this release that the database lacks."""
    held = read_words(connection)
    for name, table in word_tables().items():
        new = sorted(set(words(name)) - held[name])
        if new:
            connection.execute(insert(table), [{"id": word} for word in new])


def _note_before(connection: Connection, numbers: Numbers) -> None:
    """Keep each changed row as it was, in the written form and as readers see it."""
    note = (
        update(import_row)
        .where(import_row.c.type == bindparam("of"), import_row.c.id == bindparam("one"))
        .values(before=bindparam("was"), shown_before=bindparam("seen"))
    )
    for name in types_with(numbers, CHANGED) & SHAPES.keys():
        for some in _in_parts(connection, name):
            seen = _shown(connection, name, some)
            entries = entries_now(connection, name, some)
            notes = [
                {"of": name, "one": one, "was": _json(entries[one]), "seen": seen[one]}
                for one in some
            ]
            connection.execute(note, notes)


def _in_parts(connection: Connection, name: str) -> Iterator[list[str]]:
    """The ids of the changed rows in batches, because there may be very many."""
    last = ""
    while True:
        found = affected_ids(name, CHANGED).where(import_row.c.id > last)
        ordered = found.order_by(import_row.c.id).limit(AT_ONCE)
        some = [row.id for row in connection.execute(ordered)]
        if not some:
            return
        yield some
        last = some[-1]


def _shown(connection: Connection, name: str, ids: Collection[str]) -> dict[str, str]:
    row = tables()[name]
    found = select(row.c.id, render(RESOURCES[name].read, row).label("item")).where(
        row.c.id.in_(ids)
    )
    return {row.id: row.item for row in connection.execute(found)}


def _marked(name: str, *actions: str) -> Selection:
    """Selects the rows of a type that are marked with one of these actions."""
    return lambda column: column.in_(affected_ids(name, *actions))


def _sent(connection: Connection, places: Places) -> Places:
    """The rows among these that are in the bundle, and so have been checked already."""
    found: Places = set()
    for name in SHAPES:
        kind = RESOURCES[name].plural
        asked = {row_id for of, row_id in places if of == kind}
        there = affected_ids(name, ADDED, CHANGED, KEPT)
        rows = chosen(connection, there, import_row.c.id, asked)
        found |= {(kind, row["id"]) for row in rows}
    return found


def _numbers(connection: Connection) -> Numbers:
    of = import_row.c
    found = connection.execute(
        select(of.type, of.action, func.count()).group_by(of.type, of.action)
    )
    numbers: dict[str, dict[str, int]] = {
        one.plural: dict.fromkeys((ADDED, CHANGED, REMOVED, KEPT), 0) for one in RESOURCES.values()
    }
    for name, action, count in found:
        numbers[RESOURCES[name].plural][action] = count
    return numbers


def _json(entry: Entry | None) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
