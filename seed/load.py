"""Load the curated content: all of it or nothing, and only what differs from the database."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from app.db import Database
from app.db.revision import describe, read_release, revise
from app.schema.columns import Key
from app.wording import counted
from app.write.history import keep_bases, note_release
from app.write.rows import KINDS, RESOURCES, SHAPES, tables
from app.write.store import Changes, replace
from seed import RELEASE, Faulty
from seed.check import all_faults
from seed.content import Content, read
from seed.dataset import dataset_json
from seed.settle import Noted, SidesTaken, settled
from seed.words import Words, replaced

QUIET_SECONDS = 1.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What a load did, by resource type, and how many rows of each there are now."""

    changes: Mapping[str, Changes]
    counts: dict[str, int]
    words: Words
    kept: int
    """How many rows changed by key stay as they are."""

    @property
    def changed(self) -> bool:
        """Whether anything differed."""
        return any(self.changes.values())

    def lines(self) -> Iterator[str]:
        """The report for the person who started the load."""
        new, gone = self.words.added, self.words.removed
        total = counted(self.words.total, "row")
        yield f"{'words':12}{total:>11}: {new} added, {gone} removed"
        yield from (
            f"{RESOURCES[name].plural:12}{counted(self.counts[name], 'row'):>11}: "
            f"{len(one.added)} added, "
            f"{len(one.changed)} changed, {len(one.removed)} removed"
            for name, one in self.changes.items()
        )
        if self.kept:
            yield f"{counted(self.kept, 'row')} changed by key: kept"


class Progress:
    """Announces steps, but only once the load has taken longer than QUIET_SECONDS."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock, self._since = say, clock, clock()

    def step(self, what: str) -> None:
        """Announce the next step."""
        if self._clock() - self._since > QUIET_SECONDS:
            self._say(what)


def checked(folder: Path) -> Content:
    """Read the content of a folder; raises Faulty with everything that is wrong with it."""
    content = read(folder)
    found = all_faults(content)
    if found:
        raise Faulty([str(fault) for fault in found])
    return content


def records(content: Content) -> Iterator[Key]:
    """The records of content without faults."""
    for kind, rows in content.rows.items():
        yield from (SHAPES[KINDS[kind]].model_validate(row.values) for row in rows)


def load(
    db: Database, folder: Path, progress: Progress, choice: SidesTaken | None = None
) -> Report:
    """Make the database match the content of a folder, in one transaction.

    Rows that were changed by key since the last load stay, unless the files have changed too.
    """
    content = checked(folder)
    progress.step("the content is checked; writing what differs from the database")
    with db.write() as connection, replaced(connection, content.vocabulary) as words:
        due = settled(connection, content, choice or SidesTaken())
        noted = Noted(connection, db)
        changes = replace(connection, records(due.content), RELEASE, noted.before)
        noted.after()
        keep_bases(connection, due.bases)
        described = describe(connection, dataset_json(content)) and not any(changes.values())
        if described or not read_release(connection):
            revise(connection, RELEASE)
        note_release(connection)
        return Report(
            changes, {name: _count(connection, name) for name in changes}, words, due.kept
        )


def _count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).select_from(tables()[name])).scalar_one()
