"""Changes of single rows with a key: checked by the rules of the files, noted in the history.

Nothing here opens or ends a transaction: each function works in its caller's. If it raises a
problem, the caller rolls back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.db import Statement
from app.db.revision import lock
from app.errors import Clash, Fault, Invalid, NotFound, PreconditionFailed
from app.read.statements import ItemRow
from app.read.unknown import bind_values
from app.schema.columns import Key
from app.schema.resource import Resource
from app.schema.values import UNSTORABLE
from app.write.converting import converted, merged, with_nulls
from app.write.dependents import (
    ComparedValues,
    Places,
    compared_rows,
    compared_values,
    faulty,
    listed,
    matters_elsewhere,
    read_ahead,
    referring_rows,
    referring_to,
    with_id,
)
from app.write.history import Edit, Entry, Hand, note
from app.write.lines import LONGEST
from app.write.record import ContentFault, Record, file_of
from app.write.refusals import fault_sentence, refusal
from app.write.rows import SHAPES, gathered_entries
from app.write.rules import faults_of_one
from app.write.store import drop, put
from app.write.stored import StoredRecords, known_ids, stored

Versions = Collection[int] | None
"""The versions of a row to which a change may apply; None for any."""
Body = Mapping[str, Any]
COMPUTED = "computed-"
MOST_SHOWN = LONGEST - 1_000
"""Most bytes of a row: with its type around it, it must fit a line of a bundle."""
CHANGED = "The row has changed since you read it. Read it again, and send the new `ETag`."
NO_TAG = (
    "`If-Match` holds no `ETag` of a row. Read the row again, and send the `ETag` of the answer."
)
FIRST = "first change or remove the rows that `resting` lists"
REFUSED = "The database refuses this: another row refers to something it would remove."


@dataclass(frozen=True)
class Intent:
    """What to do with a row: `add`, `replace`, `patch` or `remove` it."""

    action: str
    id: str = ""
    body: Body = field(default_factory=dict)
    versions: Versions = None
    successor: str | None = None
    """The id of the row that replaces a removed one."""


class Edited(NamedTuple):
    """A row after its change, as readers see it; a removed row has its last version and no item."""

    id: str
    version: int
    item: str | None


@dataclass(frozen=True)
class Editing:
    """Changes a row of one type, in this transaction, on behalf of this hand."""

    connection: Connection
    resource: Resource
    item: Statement
    """The statement that reads a row as readers see it."""
    hand: Hand

    def carry_out(self, asked: Intent) -> Edited:
        """Make the change, or raise the problem that prevents it."""
        match asked.action:
            case "add":
                return self._add(asked.body)
            case "remove":
                return self._remove(asked)
            case "replace":
                before = self._current(asked.id, asked.versions)
                values = {"id": asked.id} | self._converted(asked.body)
            case _:
                before = self._current(asked.id, asked.versions)
                patched = merged(before.entry, self._named(asked.body))
                values = with_nulls(self._shape, self._converted(patched))
        return self._put(values, asked.body, before)

    def _add(self, body: Body) -> Edited:
        """Add a row whose id is not yet in use."""
        lock(self.connection)
        values = self._converted(body)
        row_id = values.get("id")
        if isinstance(row_id, str) and not UNSTORABLE.search(row_id) and self._shown(row_id):
            raise Clash(f"A {self.resource.name} with this id already exists; change that one.")
        return self._put(values, body, None)

    def _remove(self, asked: Intent) -> Edited:
        """Remove a row that no other needs."""
        row_id, successor = asked.id, asked.successor
        before = self._current(row_id, asked.versions)
        if successor and (successor == row_id or not self._shown(successor)):
            fault = Fault("successor", f"must be the id of another existing {self.resource.name}")
            raise Invalid("The successor of the row must exist.", faults=(fault,))
        resting = referring_to(self.connection, self.resource.name, row_id)
        if resting:
            rows = "row rests" if resting.total == 1 else "rows rest"
            raise Clash(f"{resting.total:,} {rows} on this one; {FIRST}.", resting=resting)
        compared = self._compared_values(row_id)
        drop(self.connection, self.resource.name, row_id)
        self._require_sound(compared_rows(self.connection, compared), {}, "")
        self._note(row_id, before, None, successor)
        return Edited(row_id, before.shown.version, None)

    @property
    def _shape(self) -> type[Key]:
        return SHAPES[self.resource.name]

    def _converted(self, body: Body) -> Entry:
        return converted(self._shape, self.resource.read, body)

    def _named(self, patch: Body) -> Entry:
        """A patch with its fields under the names used in the files."""
        names = {name: info.alias or name for name, info in self._shape.model_fields.items()}
        return {names.get(key, key): value for key, value in patch.items()}

    def _current(self, row_id: str, versions: Versions) -> "_Known":
        """The row as it is now; refused if `If-Match` names other versions only."""
        lock(self.connection)
        found = self._shown(row_id)
        if not found:
            raise NotFound(f"There is no {self.resource.name} with this id.")
        (shown,) = found
        if versions is not None and shown.version not in versions:
            raise PreconditionFailed(CHANGED if versions else NO_TAG)
        if self.resource.name == "conflict" and row_id.startswith(COMPUTED):
            raise Clash("This conflict is computed from the claims; change those instead.")
        return _Known(self._entry(row_id), shown)

    def _put(self, values: Entry, sent: Body, before: "_Known | None") -> Edited:
        """Check a row, write it with everything derived from it, and read it back."""
        kind = self.resource.plural
        record = Record(file_of(kind), str(values.get("id", "")), "", values)
        found = [*self._own_faults(record, before)]
        known = StoredRecords(self.connection)
        read_ahead(known, kind, [record])
        found += faults_of_one(kind, record, known)
        if found:
            raise refusal(found, sent, partial(known_ids, self.connection))
        compared = self._compared_values(record.id)
        try:
            changes = put(self.connection, self._shape.model_validate(values))
        except IntegrityError as error:
            raise Clash(REFUSED) from error
        (after,) = self._shown(record.id)
        if len(after.item.encode()) > MOST_SHOWN:
            long = record.fault(
                "", f"is longer than {MOST_SHOWN:,} bytes, so no bundle could hold it"
            )
            raise refusal([long], sent, partial(known_ids, self.connection))
        if any(changes.values()):
            places = compared_rows(self.connection, compared, self._compared_values(record.id))
            now = _Known(self._entry(record.id), after)
            if before and matters_elsewhere(kind, before.entry, now.entry):
                places |= referring_rows(self.connection, self.resource.name, with_id(record.id))
            self._require_sound(places - {(kind, record.id)}, sent, "" if before else record.id)
            self._note(record.id, before, now)
        return Edited(record.id, after.version, after.item)

    def _compared_values(self, row_id: str) -> ComparedValues:
        return compared_values(self.connection, self.resource.name, with_id(row_id))

    def _require_sound(self, places: Places, sent: Body, new: str) -> None:
        """Refuse a change after which other rows break their rules.

        `new` is the id of the row if the change adds it: nobody but the sender knows it yet.
        """
        found = dict(reversed([*faulty(self.connection, places)]))
        if found:

            def known(texts: Collection[str]) -> set[str]:
                return known_ids(self.connection, texts) - {new}

            first = fault_sentence(min(found.items())[1], sent, known)
            message = f"Other rows would break their rules; the first of them: {first}."
            raise Clash(message, resting=listed({*found}))

    def _own_faults(self, record: Record, before: "_Known | None") -> list[ContentFault]:
        """Faults that files cannot have: an id that is reserved or differs from the address."""
        if before and record.values.get("id") != before.entry["id"]:
            return [record.fault("id", "is not the id in the address; ids never change")]
        if self.resource.name == "conflict" and record.id.startswith(COMPUTED):
            return [record.fault("id", f"begins with {COMPUTED}, which marks computed conflicts")]
        return []

    def _note(
        self,
        row_id: str,
        before: "_Known | None",
        after: "_Known | None",
        successor: str | None = None,
    ) -> None:
        last = after or before
        step = Edit(
            type=self.resource.plural,
            id=row_id,
            version=last.shown.version if last else 0,
            before=before.entry if before else None,
            after=after.entry if after else None,
            shown_before=before.shown.item if before else None,
            shown_after=after.shown.item if after else None,
            successor=successor,
        )
        note(self.connection, step, self.hand)

    def _entry(self, row_id: str) -> Entry:
        name = self.resource.name
        (found,) = gathered_entries(name, stored(self.connection, {name: [row_id]}))
        return found

    def _shown(self, row_id: str) -> list[ItemRow]:
        return shown_now(self.connection, self.item, row_id)


def shown_now(connection: Connection, item: Statement, row_id: str) -> list[ItemRow]:
    """The row as readers see it now; an empty list if there is none."""
    places = {**item.constants, **bind_values({"id": [row_id]})}
    found = connection.exec_driver_sql(item.sql, places)
    return [ItemRow(*row) for row in found]


@dataclass(frozen=True)
class _Known:
    """A row before or after its change: in the written form, and as readers see it."""

    entry: Entry
    shown: ItemRow
