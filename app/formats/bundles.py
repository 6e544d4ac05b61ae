"""The whole content as files, each from one state of the data.

Versions and times of change are left out of the texts, so that the same content gives the same
bytes, whenever and on whichever database it was loaded.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from threading import TIMEOUT_MAX, RLock
from typing import BinaryIO, NamedTuple

from sqlmodel import SQLModel

from app.db import Reading
from app.db.deadline import NEVER, due, seconds_left
from app.db.revision import State, read_about
from app.db.sqlite_content import write_content
from app.errors import Unavailable
from app.formats import packages
from app.formats.made import MadeFile
from app.formats.packages import PACKAGE, Find, table_file
from app.resources import ALL
from app.schema.curation import CURATION
from app.schema.forms import JSON, LIST_FORMS
from app.schema.resource import Resource

STAMPS = ',"version":'


class Bundle(NamedTuple):
    """A file with all content, or all of one type."""

    media_type: str
    about: str
    write: Callable[[BinaryIO, Reading, Find], None]


def write_lines(to: BinaryIO, reading: Reading, _: Find) -> None:
    """Write one JSON object per line: the dataset, then every row with its type."""
    said = read_about(reading.connection)
    about = {"about": json.loads(said)} if said else {}
    first = {"type": "dataset", "row": packages.about_dataset(reading) | about}
    to.write(f"{json.dumps(first, ensure_ascii=False)}\n".encode())
    for resource in ALL:
        start = f'{{"type":"{resource.name}","row":'
        items = packages.all_items(reading, resource)
        to.writelines(f"{start}{_unstamped(item)}}}\n".encode() for item in items)


def write_database(to: BinaryIO, reading: Reading, _: Find) -> None:
    """Write a SQLite file: the content, without keys, history and proposals."""
    content = [one for one in SQLModel.metadata.sorted_tables if one not in CURATION]
    write_content(to, reading.connection, content)


def _table(resource: Resource) -> Bundle:
    return Bundle(
        LIST_FORMS["csv"],
        f"All {resource.plural} as a CSV table.",
        lambda to, reading, _: packages.write_table(to, reading, resource),
    )


BUNDLES: Mapping[str, Bundle] = {
    "content.ndjson": Bundle(
        "application/x-ndjson", "Every row of every type, one JSON object per line.", write_lines
    ),
    "content-csv.zip": Bundle(
        "application/zip",
        "A CSV table of each type, with `datapackage.json`.",
        lambda to, _, find: packages.write_tables(to, find),
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

    def __init__(self) -> None:
        # Re-entrant, because a file that is made from others takes it again.
        self._lock = RLock()
        self._state: State | None = None
        self._files: dict[str, MadeFile] = {}

    def file(self, reading: Reading, name: str) -> MadeFile:
        """A file; who asks while it is made waits for it, but no longer than a request may."""
        if not self._lock.acquire(timeout=min(max(seconds_left(), 0), TIMEOUT_MAX)):
            raise Unavailable("The files are being made.")
        try:
            if self._state != reading.state:
                self._state, self._files = reading.state, {}
            if name not in self._files:
                find = partial(self.file, reading)
                write = BUNDLES[name].write
                # All rows take the time that they take; each of the statements has its limit.
                with due(NEVER):
                    self._files[name] = MadeFile(lambda to: write(to, reading, find))
            return self._files[name]
        finally:
            self._lock.release()


def _unstamped(item: str) -> str:
    """A row without its stamps, which come last."""
    return item.rpartition(STAMPS)[0] + "}"
