"""The tables of all content, and their description as a data package (datapackage.org)."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from app.db import Reading
from app.formats import csv, dictionary
from app.formats.archives import write_archive
from app.formats.dictionary import ColumnRef, TableColumn
from app.formats.made import MadeFile, Making
from app.read import statements
from app.read.statements import PageRow, StatementKey
from app.resources import ALL
from app.schema.about import DISCLAIMER, TITLE
from app.schema.columns import Stamp
from app.schema.resource import Resource

ROWS_AT_ONCE = 200
PACKAGE = "datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}

GUARDED = (
    "A cell that a spreadsheet would take for a formula, or that begins with a single quote, has a "
    "single quote in front."
)
JOINED = ("A bar joins the items.", "A comma joins those of a list within an item.")
ESCAPED = "In an item, a backslash precedes a bar and a backslash."


def about_dataset(reading: Reading) -> dict[str, Any]:
    """What the content is, in the terms of a data package."""
    return {
        "name": "lenalidomide-moa",
        "title": TITLE,
        "description": DISCLAIMER,
        "version": reading.release,
        "licenses": [LICENCE],
    }


def write_table(to: BinaryIO, making: Making, resource: Resource) -> None:
    """Write all rows of a type as CSV, without their stamps."""
    columns = [one for one in csv.columns(resource.read) if one.name not in Stamp.model_fields]
    to.write(csv.header(columns).encode())
    to.writelines(csv.lines(one, columns).encode() for one in _pages(making, resource))


def write_package(to: BinaryIO, making: Making) -> None:
    """Write the description of all tables, with the checksum of each."""
    profile = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
    resources = [_described(one, making.find(table_file(one))) for one in ALL]
    about = about_dataset(making.reading)
    about["description"] = f"{about['description']} {GUARDED}"
    found = profile | about | {"resources": resources}
    to.write(json.dumps(found, ensure_ascii=False, indent=1).encode())


def write_tables(to: BinaryIO, making: Making) -> None:
    """Write the description and the tables into one file."""
    files = {name: making.find(name) for name in (PACKAGE, *map(table_file, ALL))}
    write_archive(to, files, making.go_on)


def table_file(resource: Resource) -> str:
    """The name of the table of a type."""
    return f"{resource.plural}.csv"


def all_items(making: Making, resource: Resource) -> Iterator[str]:
    """All rows of a type as JSON texts, by id."""
    return chain.from_iterable(_pages(making, resource))


def _pages(making: Making, resource: Resource) -> Iterator[list[str]]:
    places: dict[str, Any] = {"rows": ROWS_AT_ONCE}
    key = StatementKey()
    while found := making.reading.rows(PageRow, places, statements.page, resource, key):
        making.go_on()
        yield [row.item for row in found]
        key = StatementKey(after=True)
        places |= {"after_value": found[-1].id, "after_id": found[-1].id}


def _described(resource: Resource, table: MadeFile) -> dict[str, Any]:
    columns = [
        one
        for one in dictionary.all_columns()[resource.plural]
        if one.name not in Stamp.model_fields
    ]
    return {
        "name": resource.plural,
        "type": "table",
        "path": table_file(resource),
        "description": resource.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.sha256}",
        "schema": {
            "fields": [_field(one) for one in columns],
            "primaryKey": [dictionary.KEY],
            "foreignKeys": [
                _key(one.name, one.refers_to, resource)
                for one in columns
                # A data package has no foreign keys within lists.
                if one.refers_to and not one.separators
            ],
        },
    }


def _field(column: TableColumn) -> dict[str, Any]:
    """A column; a list whose items may contain a bar can only be declared as text."""
    listed = bool(column.separators)
    limits = {
        "required": column.required or None,
        "unique": column.name == dictionary.KEY or None,
        "minimum": _plain(column.minimum),
        "maximum": _plain(column.maximum),
        "enum": column.words or None,
    }
    constraints = {name: value for name, value in limits.items() if value is not None}
    found: dict[str, Any] = {"name": column.name, "type": "string"}
    if listed and column.plain:
        found |= {"type": "list", "delimiter": column.separators[0]}
        found |= {"itemType": column.type if len(column.separators) == 1 else "string"}
    elif not listed:
        found |= {"type": column.type}
    if constraints and not listed:
        found["constraints"] = constraints
    unit = {"unit": column.unit} if column.unit else {}
    sentences = [column.description, *JOINED[: len(column.separators)]]
    sentences += [] if column.plain or not listed else [ESCAPED]
    return found | {"description": " ".join(sentences)} | unit


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and number.is_integer() else number


def _key(name: str, to: ColumnRef, resource: Resource) -> dict[str, Any]:
    # An empty name is the table itself.
    table = "" if to.table == resource.plural else to.table
    return {"fields": [name], "reference": {"resource": table, "fields": [to.column]}}
