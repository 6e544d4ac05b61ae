"""The whole content as files, each from one state of the data.

Versions and times of change are left out of the texts, so that the same content gives the same
bytes, whenever and on whichever database it was loaded.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import Any, NamedTuple

from pydantic import BaseModel, create_model
from sqlmodel import SQLModel

from app.db import Reading
from app.db.revision import State
from app.db.sqlite_content import content_file
from app.formats import csv
from app.read import statements
from app.read.statements import PageRow, StatementKey
from app.resources import ALL
from app.schema.about import DISCLAIMER, TITLE
from app.schema.columns import Stamp
from app.schema.curation import CURATION
from app.schema.resource import Resource

ROWS_AT_ONCE = 1_000
STAMPS = ',"version":'
# Of every file in the archive, so that its bytes do not depend on when it was made.
MOMENT = (1980, 1, 1, 0, 0, 0)
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


class Bundle(NamedTuple):
    """A file with all content."""

    media_type: str
    about: str
    make: Callable[[Reading], bytes]


def ndjson(reading: Reading) -> bytes:
    """One JSON object a line: the dataset, then every row with its type."""
    lines = [json.dumps({"type": "dataset", "row": _dataset(reading)}, ensure_ascii=False)]
    for resource in ALL:
        start = f'{{"type":"{resource.name}","row":'
        lines += [f"{start}{_unstamped(item)}}}" for item in _items(reading, resource)]
    return "".join(f"{line}\n" for line in lines).encode()


def table_archive(reading: Reading) -> bytes:
    """An archive with a table of each type, and their description as a data package."""
    package = _dataset(reading) | {"resources": [_described(one) for one in ALL]}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as to:
        _add(to, "datapackage.json", json.dumps(package, ensure_ascii=False, indent=1))
        for resource in ALL:
            columns = csv.columns(_without_stamps(resource.read))
            text = csv.header(columns) + csv.lines(_items(reading, resource), columns)
            _add(to, f"{resource.plural}.csv", text)
    return archive.getvalue()


def database(reading: Reading) -> bytes:
    """A SQLite file: the content, without keys and history."""
    content = [one for one in SQLModel.metadata.sorted_tables if one not in CURATION]
    return content_file(reading.connection, content)


BUNDLES: Mapping[str, Bundle] = {
    "content.ndjson": Bundle(
        "application/x-ndjson", "Every row of every type, one JSON object a line.", ndjson
    ),
    "content-csv.zip": Bundle(
        "application/zip", "A CSV table of each type, with `datapackage.json`.", table_archive
    ),
    "content.sqlite": Bundle(
        "application/vnd.sqlite3", "The tables of the service, to be queried with SQL.", database
    ),
}
"""What there is to download, by the name of the file."""


class MadeFiles:
    """The files of the state of the data that was last asked for, each made once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: State | None = None
        self._files: dict[str, bytes] = {}

    def file(self, reading: Reading, name: str) -> bytes:
        """A file; who asks while it is made waits for it."""
        with self._lock:
            if self._state != reading.state:
                self._state, self._files = reading.state, {}
            if name not in self._files:
                self._files[name] = BUNDLES[name].make(reading)
            return self._files[name]


def _dataset(reading: Reading) -> dict[str, Any]:
    return {
        "name": "lenalidomide-moa",
        "title": TITLE,
        "description": DISCLAIMER,
        "version": reading.release,
        "licenses": [LICENCE],
    }


def _described(resource: Resource) -> dict[str, Any]:
    """A table in the terms of a data package (datapackage.org)."""
    columns = csv.columns(_without_stamps(resource.read))
    return {
        "name": resource.plural,
        "path": f"{resource.plural}.csv",
        "description": resource.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [{"name": one.name, "type": "string"} for one in columns],
            "primaryKey": ["id"],
        },
    }


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, MOMENT), text.encode(), zipfile.ZIP_DEFLATED)


def _items(reading: Reading, resource: Resource) -> Iterator[str]:
    """All rows of a type as JSON texts, by id."""
    places: dict[str, Any] = {"rows": ROWS_AT_ONCE}
    key = StatementKey()
    while found := reading.rows(PageRow, places, statements.page, resource, key):
        yield from (row.item for row in found)
        key = StatementKey(after=True)
        places |= {"after_value": found[-1].id, "after_id": found[-1].id}


def _unstamped(item: str) -> str:
    """A row without its stamps, which come last."""
    return item.rpartition(STAMPS)[0] + "}"


def _without_stamps(shape: type[BaseModel]) -> type[BaseModel]:
    fields = {
        name: (info.annotation, info)
        for name, info in shape.model_fields.items()
        if name not in Stamp.model_fields
    }
    return create_model(shape.__name__, **fields)  # type: ignore[call-overload,no-any-return]  # fields are data
