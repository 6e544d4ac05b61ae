"""What the columns of the tables hold: in words, and as a data package that others validate."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import frictionless
import pytest
from starlette.testclient import TestClient

from app.resources import ALL
from app.schema.vocabulary import vocabulary
from tests.bench.servers import service
from tests.conftest import SQLITE_FIRST
from tests.looking import some

SENTENCE = re.compile(r"[A-Z0-9`+<].*[.`]", re.DOTALL)
READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "datetime": datetime.fromisoformat,
}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module", params=SQLITE_FIRST)
def named(request: pytest.FixtureRequest, apps: dict[str, TestClient]) -> TestClient:
    return apps[request.param]


@pytest.fixture(scope="module")
def tables(named: TestClient) -> dict[str, Any]:
    return {one["name"]: one for one in named.get("/v1/dataset/tables").json()["items"]}


@pytest.fixture(scope="module")
def found(named: TestClient, tables: dict[str, Any]) -> dict[str, Rows]:
    return {
        name: list(csv.DictReader(io.StringIO(named.get(one["address"]).text, newline="")))
        for name, one in tables.items()
    }


@pytest.fixture(scope="module")
def package(apps: dict[str, TestClient], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive as it comes; both databases give the same (test_downloads.py)."""
    file = tmp_path_factory.mktemp("package") / "content-csv.zip"
    file.write_bytes(apps["sqlite"].get("/v1/downloads/content-csv.zip").content)
    return file


def items(column: dict[str, Any], cell: str) -> list[str]:
    """The values in a cell, split as its column says."""
    parts = [cell]
    for separator in column["separators"]:
        parts = [item for part in parts for item in part.split(separator)]
    return [part for part in parts if part]


@pytest.mark.aside
def test_every_column_of_every_table_is_described(
    tables: dict[str, Any], found: dict[str, Rows]
) -> None:
    assert list(tables) == [one.plural for one in ALL]
    for name, table in some(tables.items()):
        assert table["key"] == ["id"]
        assert [one["name"] for one in table["columns"]] == list(found[name][0])
        for column in some(table["columns"]):
            assert SENTENCE.fullmatch(column["description"]), f"{name}: {column['name']}"


def test_every_cell_is_what_its_column_says(tables: dict[str, Any], found: dict[str, Rows]) -> None:
    for name, table in some(tables.items()):
        for column in some(table["columns"]):
            cells = [row[column["name"]] for row in found[name]]
            assert all(cells) or not column["required"], f"{name}: {column['name']}"
            for value in [one for cell in cells for one in items(column, cell)]:
                read = READ[column["type"]](value)
                assert column["minimum"] is None or read >= column["minimum"]
                assert column["maximum"] is None or read <= column["maximum"]
                assert not column["words"] or value in column["words"]
                assert not column["plain"] or "\\" not in value


def test_every_link_leads_to_a_row(tables: dict[str, Any], found: dict[str, Rows]) -> None:
    links = 0
    for name, table in some(tables.items()):
        for column in table["columns"]:
            to = column["refers_to"]
            if to is None:
                continue
            keys = {row[to["column"]] for row in found[to["table"]]}
            cells = [row[column["name"]] for row in found[name]]
            values = {value for cell in cells for value in items(column, cell)}
            # Conflicts that no curator has judged are listed only on request.
            assert values <= keys or to["table"] == "conflicts", f"{name}: {column['name']}"
            links += len(values)
    assert links > 1000


def test_every_column_of_ids_leads_to_its_table(
    tables: dict[str, Any], found: dict[str, Rows]
) -> None:
    keys = {name: {row["id"] for row in rows} for name, rows in found.items()}
    for name, table in some(tables.items()):
        for column in table["columns"]:
            cells = [row[column["name"]] for row in found[name]]
            values = {value for cell in cells for value in items(column, cell)}
            if column["name"] == "id" or column["refers_to"] or not values:
                continue
            if column["name"].endswith(".label"):
                continue  # Some are spelt as the id that stands beside them.
            of_ids = [other for other, ids in keys.items() if values <= ids]
            assert of_ids == [], f"{name}: {column['name']}: mark whose ids they are"
    outcomes = {one["name"]: one["refers_to"] for one in tables["trials"]["columns"]}
    assert outcomes["outcomes"] == {"table": "outcomes", "column": "id"}


def test_what_a_newcomer_asks_of_a_figure(tables: dict[str, Any]) -> None:
    columns = {one["name"]: one for one in tables["outcomes"]["columns"]}

    assert [columns[name]["unit"] for name in ("value", "n", "unit")] == [
        "`unit`",
        "patients",
        None,
    ]
    assert columns["trial.id"]["refers_to"] == {"table": "trials", "column": "id"}
    assert columns["evidence.reference.year"]["minimum"] == 1950
    assert columns["measure"]["words"] == [one["id"] for one in vocabulary()["measures"]]
    assert columns["repeats"]["refers_to"]["table"] == "outcomes"
    assert (columns["value"]["required"], columns["ci_low"]["required"]) == (True, False)
    assert (columns["tests"]["separators"], columns["value"]["separators"]) == ("|", "")


@pytest.mark.aside
def test_the_archive_is_valid(package: Path) -> None:
    report = frictionless.validate(str(package), type="package")

    assert report.valid, report.flatten(["name", "fieldName", "rowNumber", "note"])
    assert [task.name for task in report.tasks] == [one.plural for one in ALL]
    for task in report.tasks:
        assert task.stats["rows"] > 0


def test_an_archive_that_was_changed_is_found_out(package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path)
    file = tmp_path / "datapackage.json"
    document = json.loads(file.read_text())
    document["resources"] = [
        one for one in document["resources"] if one["name"] in ("entities", "edges")
    ]
    file.write_text(json.dumps(document))
    edges = tmp_path / "edges.csv"
    text = edges.read_bytes()
    edges.write_bytes(
        text.replace(b",+,", b",up,", 1).replace(b",lenalidomide,", b",no-such-drug,", 1)
    )

    report = frictionless.validate(str(file))

    kinds = {kind for (kind,) in report.flatten(["type"])}
    assert {"hash-count", "constraint-error", "foreign-key"} <= kinds


def test_the_package_says_how_cells_are_written(apps: dict[str, TestClient]) -> None:
    found = apps["sqlite"].get("/v1/downloads/datapackage.json").json()

    assert "has a single quote in front" in found["description"]
    fields = {
        (table["name"], field["name"]): field
        for table in found["resources"]
        for field in table["schema"]["fields"]
    }
    sides = fields["conflicts", "sides.evidence"]
    assert (sides["type"], sides["delimiter"]) == ("list", "|")
    assert sides["description"].endswith("A comma joins those of a list within an item.")
    synonyms = fields["entities", "synonyms"]
    assert synonyms["type"] == "string"
    assert synonyms["description"].endswith(
        "In an item, a backslash precedes a bar and a backslash."
    )


@pytest.mark.full
def test_the_package_is_valid_where_it_is_served(urls: dict[str, str]) -> None:
    with service(urls["sqlite"]) as server:
        address = f"http://127.0.0.1:{server.port}/v1/downloads/datapackage.json"
        report = frictionless.validate(address)

    assert report.valid, report.flatten(["name", "fieldName", "rowNumber", "note"])
    assert len(report.tasks) == len(ALL)
