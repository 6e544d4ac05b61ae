"""Load the curated content: all of it or nothing, and only what differs from the database."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.db import Database
from app.db.revision import read_release, revise
from seed import RELEASE
from seed.changes import RESOURCES, Changes, apply, compare, gathered, stored
from seed.check import all_faults
from seed.content import Content, ContentFault, read
from seed.rows import TABLES, all_rows, records

DATA = Path(__file__).resolve().parent / "data"
QUIET_SECONDS = 1.0

Say = Callable[[str], None]


class Faulty(Exception):
    """The content breaks its rules; nothing was loaded."""

    def __init__(self, found: list[ContentFault]) -> None:
        super().__init__(f"{len(found)} faults in the content")
        self.found = found


@dataclass(frozen=True)
class Report:
    """What a load did, by resource type, and how many rows of each there are now."""

    changes: dict[str, Changes]
    counts: dict[str, int]

    @property
    def changed(self) -> bool:
        """Whether anything differed."""
        return any(one.added or one.changed or one.removed for one in self.changes.values())

    def lines(self) -> list[str]:
        """The report for the person who started the load."""
        return [
            f"{RESOURCES[name]:12}{self.counts[name]:6} rows: {len(one.added)} added, "
            f"{len(one.changed)} changed, {len(one.removed)} removed"
            for name, one in self.changes.items()
        ]


class Progress:
    """Says what is being done, but only once it has taken longer than a second."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say, self._clock, self._since = say, clock, clock()

    def step(self, what: str) -> None:
        """Tell what comes next."""
        if self._clock() - self._since > QUIET_SECONDS:
            self._say(what)


def checked(folder: Path = DATA) -> Content:
    """The content of a folder, or Faulty with everything that is wrong with it."""
    content = read(folder)
    found = all_faults(content)
    if found:
        raise Faulty(found)
    return content


def load(db: Database, folder: Path, progress: Progress) -> Report:
    """Bring the database to the content of a folder, in one transaction."""
    content = checked(folder)
    progress.step("the content is checked; comparing it with the database")
    wanted = gathered(all_rows({kind: records(content, kind) for kind in TABLES}))
    with db.write() as connection:
        changes = compare(wanted, stored(connection))
        report = Report(changes, {name: len(wanted[name]) for name in RESOURCES})
        if report.changed or not read_release(connection):
            progress.step("writing what differs")
            apply(connection, changes, wanted)
            revise(connection, RELEASE)
    return report
