"""The whole content as files, each from one state of the data.

Versions and times of change are left out of the texts, so that the same content gives the same
bytes, whenever and on whichever database it was loaded.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from threading import TIMEOUT_MAX, Event, Lock, Semaphore
from typing import BinaryIO, NamedTuple, TypeVar

from sqlmodel import SQLModel

import app.schema.index  # noqa: F401 - the import defines tables
from app.db import Database, Reading
from app.db.deadline import NEVER, due, seconds_left
from app.db.revision import State, read_about
from app.db.sqlite_content import write_content
from app.errors import Unavailable
from app.formats import packages
from app.formats.made import MadeFile, Making
from app.formats.packages import PACKAGE, table_file
from app.resources import ALL
from app.schema.curation import CURATION
from app.schema.forms import JSON, LIST_FORMS
from app.schema.resource import Resource

T = TypeVar("T")

STAMPS = ',"version":'
MAKING = "The files are being made."


class Bundle(NamedTuple):
    """A file with all content, or all of one type."""

    media_type: str
    about: str
    write: Callable[[BinaryIO, Making], None]


def write_lines(to: BinaryIO, making: Making) -> None:
    """Write one JSON object per line: the dataset, then every row with its type."""
    said = read_about(making.reading.connection)
    about = {"about": json.loads(said)} if said else {}
    first = {"type": "dataset", "row": packages.about_dataset(making.reading) | about}
    to.write(f"{json.dumps(first, ensure_ascii=False)}\n".encode())
    for resource in ALL:
        start = f'{{"type":"{resource.name}","row":'
        items = packages.all_items(making, resource)
        to.writelines(f"{start}{_unstamped(item)}}}\n".encode() for item in items)


def write_database(to: BinaryIO, making: Making) -> None:
    """Write a SQLite file: the content, without keys, history and proposals."""
    content = [one for one in SQLModel.metadata.sorted_tables if one not in CURATION]
    write_content(to, making.reading.connection, content, making.go_on)


def _table(resource: Resource) -> Bundle:
    return Bundle(
        LIST_FORMS["csv"],
        f"All {resource.plural} as a CSV table.",
        lambda to, making: packages.write_table(to, making, resource),
    )


BUNDLES: Mapping[str, Bundle] = {
    "content.ndjson": Bundle(
        "application/x-ndjson", "Every row of every type, one JSON object per line.", write_lines
    ),
    "content-csv.zip": Bundle(
        "application/zip",
        "A CSV table of each type, with `datapackage.json`.",
        packages.write_tables,
    ),
    "content.sqlite": Bundle(
        "application/vnd.sqlite3",
        "The tables of the service, to be queried with SQL.",
        write_database,
    ),
    PACKAGE: Bundle(
        JSON,
        "What each table and column holds, and the SHA-256 of each table, as a data package.",
        packages.write_package,
    ),
    **{table_file(one): _table(one) for one in ALL},
}
"""The files that can be downloaded, by name."""


class MadeFiles:
    """The files of the state of the data that was last requested, each made once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        # One request makes files and one waits; more would hold threads and get nothing sooner.
        self._places, self._turn = Semaphore(2), Lock()
        self._stopped = Event()
        self._kept: tuple[State | None, dict[str, MadeFile]] = None, {}

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Make files until the end of this block; those still being made then are abandoned."""
        self._stopped.clear()
        try:
            yield
        finally:
            self._stopped.set()

    def find(
        self, names: Collection[str], about: Callable[[Reading], T]
    ) -> tuple[T, Mapping[str, MadeFile]]:
        """Files of one state of the data, and what else is to be read from it."""
        with self._db.read() as reading:
            state, files = self._kept
            if state == reading.state and all(name in files for name in names):
                return about(reading), {name: files[name] for name in names}
        # The turn comes first, so that a waiting request holds no connection.
        with self._alone(), self._db.read() as reading:
            # First what must be read within the time of a request: files may take longer.
            said = about(reading)
            return said, {name: self._file(reading, name) for name in names}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A turn to make files; one request may wait for it, as long as requests may take."""
        if not self._places.acquire(blocking=False):
            raise Unavailable(MAKING)
        try:
            if not self._turn.acquire(timeout=min(max(seconds_left(), 0), TIMEOUT_MAX)):
                raise Unavailable(MAKING)
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def _file(self, reading: Reading, name: str) -> MadeFile:
        if self._kept[0] != reading.state:
            self._kept = reading.state, {}
        _, files = self._kept
        if name not in files:
            self._go_on()
            making = Making(reading, partial(self._file, reading), self._go_on)
            # No limit for all rows together; each statement still has its own.
            with due(NEVER):
                files[name] = MadeFile(lambda to: BUNDLES[name].write(to, making))
        return files[name]

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise Unavailable("The service is being stopped.")


def _unstamped(item: str) -> str:
    """A row without its stamps, which come last."""
    return item.rpartition(STAMPS)[0] + "}"
