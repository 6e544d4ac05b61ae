"""Read an import and check each row by the rules, given all others in file and database."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import IO, Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json, to_json
from sqlalchemy import Connection, delete, func, select

from app.db.bulk import add_rows
from app.schema.columns import Key
from app.write.characters import is_plain
from app.write.derived import complete
from app.write.known import Known
from app.write.lines import DATASET, BundleLine, Entry, LineFault, read_lines
from app.write.merged import CLAIMS, Merged
from app.write.record import ContentFault, Record, file_of, shown
from app.write.refusals import KnownIds, telling_texts
from app.write.rows import RESOURCES, SHAPES, curated_json, gathered
from app.write.rules import faults_of_one
from app.write.staging import ADDED, import_line, import_row, stage

AT_ONCE = 250
"""Rows in a batch: with more, they no longer fit into the caches of a processor."""
MUCH_AT_ONCE = 8_000_000
MOST_KEPT = 256_000_000
MOST_FAULTS = 1_000
FIRST_REPORTED = 1_000
COMPUTED = "computed-"
TOO_MUCH = (
    f"makes more than {MOST_KEPT // 1_000_000} MB of rows that are not claims; "
    "send the bundle in parts"
)

StoredLine = tuple[int, str, str, str]
"""A line as `import_line` holds it."""
Judged = tuple[BundleLine, bool]
"""A line, and whether its texts are known to be plain."""
Say = Callable[[str], None]
GoOn = Callable[[], None]


def unhindered() -> None:
    """Go on, whatever has happened."""


class FaultyImport(Exception):
    """A bundle has faults: the first MOST_FAULTS, and how many in all. Nothing was changed."""

    def __init__(self, found: Sequence[LineFault], total: int) -> None:
        super().__init__(f"{total:,} fault{'' if total == 1 else 's'} in the bundle")
        self.found = sorted(found, key=lambda one: one.line)
        self.total = total


class Faults:
    """Collects faults: keeps the first MOST_FAULTS and counts them all."""

    def __init__(self, known: KnownIds) -> None:
        self._known = known
        self.found: list[LineFault] = []
        self.total = 0

    def add(self, line: int, fault: ContentFault) -> None:
        """Add a fault found in a line that was not read as a row."""
        self.found += [LineFault(line, one) for one in self._first([fault])]

    def add_all(self, line: int, found: Sequence[ContentFault], row: Entry) -> None:
        """Add the faults found in a line, with the row that was read from it."""
        kept = self._first(found)
        # Once for all of a line: its row may be long.
        told = telling_texts([one.message for one in kept], row, self._known) if kept else None
        self.found += [LineFault(line, one, told) for one in kept]

    def _first(self, found: Sequence[ContentFault]) -> list[ContentFault]:
        """Count faults; the words of those that are reported are made now, the others need none."""
        self.total += len(found)
        return [one.worded() for one in found[: MOST_FAULTS - len(self.found)]]

    def settle(self) -> None:
        """Raise FaultyImport if there are any."""
        if self.total:
            raise FaultyImport(self.found, self.total)


def is_reported(before: int, number: int) -> bool:
    """Whether progress deserves a line: every 1,000 up to 10,000, then every 10,000, and so on."""
    step = max(FIRST_REPORTED, int(f"1{'0' * (len(str(number)) - 1)}"))
    return before // step < number // step


class Given(NamedTuple):
    """What a bundle holds besides its claims, and its number of rows."""

    dataset: Entry | None
    rows: dict[str, dict[str, Record]]
    lines: int


class Checking:
    """Reads a bundle and checks it."""

    def __init__(self, connection: Connection, faults: Faults, say: Say, go_on: GoOn) -> None:
        self._connection = connection
        self._faults = faults
        self._say = say
        self._go_on = go_on
        self._kept = 0
        # The last line of each batch, so that no batch is larger when it is read again.
        self._ends: list[int] = []

    def read(self, file: IO[bytes]) -> Given:
        """Read each line and put its row, in the written form, into the temporary tables."""
        given = Given(None, {}, 0)
        waiting: list[StoredLine] = []
        size = 0
        for line in read_lines(file):
            if isinstance(line, LineFault):
                self._faults.add(line.line, line.fault)
            elif line.type == DATASET:
                given = given._replace(dataset=line.entry)
            else:
                entry = _json(line.entry)
                waiting.append((line.number, line.type, line.entry["id"], entry))
                size += len(entry)
                given = given._replace(lines=given.lines + 1)
                self._note(line, given, len(entry))
            if len(waiting) == AT_ONCE or size >= MUCH_AT_ONCE:
                self._put_aside(waiting)
                waiting, size = [], 0
        self._put_aside(waiting)
        # By id first: by type, it would be read as a whole for every batch of lines of a type.
        self._connection.exec_driver_sql("CREATE INDEX ix_import_line_id ON import_line (id, type)")
        self._drop_doubles()
        return given

    def check(self, given: Given) -> None:
        """Check every row and stage those without fault; claims first, because trials need them."""
        known = Merged(self._connection, given.rows)
        checked = 0
        for claims in (True, False):
            for lines in self._batches(claims=claims):
                self._go_on()
                self._judge(lines, known)
                checked += len(lines)
                if is_reported(checked - len(lines), checked):
                    self._say(f"{checked:,} of {given.lines:,} rows checked")

    def _note(self, line: BundleLine, given: Given, size: int) -> None:
        """Keep every row that is not a claim in memory, by type and id."""
        if is_reported(given.lines - 1, given.lines):
            self._say(f"{given.lines:,} rows read")
        kind = RESOURCES[line.type].plural
        if kind != CLAIMS:
            row_id = line.entry["id"]
            record = Record(file_of(kind), row_id, "", line.entry)
            self._kept += size
            if self._kept > MOST_KEPT:
                # Without it, everything that refers to it would seem faulty.
                self._faults.add(line.number, record.fault("", TOO_MUCH))
                self._faults.settle()
            given.rows.setdefault(kind, {}).setdefault(row_id, record)

    def _put_aside(self, lines: Sequence[StoredLine]) -> None:
        self._go_on()
        add_rows(self._connection, import_line, lines)
        self._ends += [one[0] for one in lines[-1:]]

    def _drop_doubles(self) -> None:
        """Refuse further rows with an id already used; the first is kept and checked."""
        of = import_line.c
        first = func.min(of.line).over(partition_by=(of.id, of.type)).label("before")
        numbered = select(of.line, of.type, of.id, first).subquery()
        doubled = numbered.c.line > numbered.c.before
        found = select(numbered).where(doubled).order_by(numbered.c.line).limit(MOST_FAULTS)
        rows = self._connection.execute(found).all()
        for line, name, row_id, before in rows:
            message = f"{shown(row_id)} is already the id of line {before}"
            self._faults.add(line, _of(name, row_id).fault("id", message))
        if rows:
            gone = delete(import_line).where(of.line.in_(select(numbered.c.line).where(doubled)))
            self._faults.total += self._connection.execute(gone).rowcount - len(rows)

    def _batches(self, *, claims: bool) -> Iterator[Sequence[Judged]]:
        of = import_line.c
        which = of.type == CLAIMS if claims else of.type != CLAIMS
        for before, last in pairwise((0, *self._ends)):
            some = select(import_line).where(which, of.line > before, of.line <= last)
            found = self._connection.execute(some.order_by(of.line)).all()
            if found:
                yield [
                    (BundleLine(number, name, from_json(entry)), is_plain(entry))
                    for number, name, _, entry in found
                ]

    def _judge(self, lines: Sequence[Judged], known: Known) -> None:
        sound: list[Key] = []
        noted: dict[tuple[str, str], tuple[int, str]] = {}
        for line, plain in lines:
            record = _record(line)
            faults = list(_faults_of(line, known, fits=record is not None, plain=plain))
            if faults:
                self._faults.add_all(line.number, faults, line.entry)
            if record and not faults:
                sound.append(record)
                noted[line.type, record.id] = line.number, curated_json(record)
        rows = gathered(row for record in sound for row in complete(record))
        ids = {name: [key[0] for key in rows[name]] for name in RESOURCES if rows[name]}
        stage(self._connection, rows, ids)
        due = [
            (name, row_id, *_noted(noted.get((name, row_id))))
            for name, found in ids.items()
            for row_id in found
        ]
        add_rows(self._connection, import_row, due)


def _noted(line: tuple[int, str] | None) -> tuple[Any, ...]:
    """The values noted for a row in `import_row`: `added`, until it is found in the database."""
    number, entry = line or (None, None)
    return number, ADDED, None, entry, None


def _record(line: BundleLine) -> Key | None:
    """The row of a line as a record; None if it does not fit its shape."""
    try:
        return SHAPES[line.type].model_validate(line.entry)
    except ValidationError:
        return None


def _faults_of(
    line: BundleLine, known: Known, *, fits: bool, plain: bool
) -> Iterator[ContentFault]:
    kind = RESOURCES[line.type].plural
    record = Record(file_of(kind), line.entry["id"], "", line.entry)
    if line.type == "conflict" and record.id.startswith(COMPUTED):
        yield record.fault("id", f"begins with {COMPUTED}, which marks computed conflicts")
    yield from faults_of_one(kind, record, known, fits=fits, plain=plain)


def _of(name: str, row_id: str) -> Record:
    return Record(file_of(RESOURCES[name].plural), row_id, "", {})


def _json(entry: Entry) -> str:
    return to_json(entry).decode()
