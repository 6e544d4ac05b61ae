"""The whole content as files, each from one state of the data.

Versions and times of change are left out of the texts, so that the same content gives the same
bytes, whenever and on whichever database it was loaded.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from threading import RLock
from typing import NamedTuple

from sqlmodel import SQLModel

from app.db import Reading
from app.db.revision import State, read_about
from app.db.sqlite_content import content_file
from app.formats import packages
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
    make: Callable[[Reading, Find], bytes]


def ndjson(reading: Reading, _: Find) -> bytes:
    """One JSON object per line: the dataset, then every row with its type."""
    said = read_about(reading.connection)
    about = {"about": json.loads(said)} if said else {}
    first = {"type": "dataset", "row": packages.about_dataset(reading) | about}
    lines = [json.dumps(first, ensure_ascii=False)]
    for resource in ALL:
        start = f'{{"type":"{resource.name}","row":'
        lines += [f"{start}{_unstamped(item)}}}" for item in packages.all_items(reading, resource)]
    return "".join(f"{line}\n" for line in lines).encode()


def database(reading: Reading, _: Find) -> bytes:
    """A SQLite file: the content, without keys, history and proposals."""
    content = [one for one in SQLModel.metadata.sorted_tables if one not in CURATION]
    return content_file(reading.connection, content)


def _table(resource: Resource) -> Bundle:
    return Bundle(
        LIST_FORMS["csv"],
        f"All {resource.plural} as a CSV table.",
        lambda reading, _: packages.csv_table(reading, resource),
    )


BUNDLES: Mapping[str, Bundle] = {
    "content.ndjson": Bundle(
        "application/x-ndjson", "Every row of every type, one JSON object per line.", ndjson
    ),
    "content-csv.zip": Bundle(
        "application/zip",
        "A CSV table of each type, with `datapackage.json`.",
        lambda _, find: packages.table_archive(find),
    ),
    "content.sqlite": Bundle(
        "application/vnd.sqlite3", "The tables of the service, to be queried with SQL.", database
    ),
    PACKAGE: Bundle(
        JSON,
        "What each table and column holds, and the SHA-256 of each table, as a data package.",
        packages.data_package,
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
        self._files: dict[str, bytes] = {}

    def file(self, reading: Reading, name: str) -> bytes:
        """A file, made when first requested; requests meanwhile wait for it."""
        with self._lock:
            if self._state != reading.state:
                self._state, self._files = reading.state, {}
            if name not in self._files:
                find = partial(self.file, reading)
                self._files[name] = BUNDLES[name].make(reading, find)
            return self._files[name]


def _unstamped(item: str) -> str:
    """A row without its stamps, which come last."""
    return item.rpartition(STAMPS)[0] + "}"
