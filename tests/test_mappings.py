"""The identifiers of entities as SSSOM, read back by a library of that standard."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import sssom_pydantic
from starlette.testclient import TestClient

from app.formats.sssom import URIS
from app.main import create_app
from app.schema.values import CODES
from app.settings import Settings
from tests.changing import add_entity, changing, table
from tests.conftest import SQLITE_FIRST
from tests.looking import some
from tests.test_tables import rows

ADDRESS = "/v1/entities?format=sssom"
SAME, LINKED = "skos:exactMatch", "oboInOwl:hasDbXref"


def read(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_identifier_of_every_entity_is_a_mapping(client: TestClient) -> None:
    entities = {one["id"]: one for one in rows(client, "entities")}

    answer = client.get(ADDRESS)

    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert answer.headers["content-disposition"].endswith('.sssom.tsv"')
    found = read(answer.text)
    pairs = [
        (f"lenalidomide-moa:{one['id']}", code)
        for one in entities.values()
        for code in one["xrefs"]
    ]
    assert [(row["subject_id"], row["object_id"]) for row in some(found)] == pairs
    for row in found:
        entity = entities[row["subject_id"].partition(":")[2]]
        assert row["subject_label"] == entity["label"]
        assert row["subject_category"].startswith("biolink:")
        assert row["mapping_justification"] == "semapv:UnspecifiedMatching"
        assert row["predicate_id"] in (SAME, LINKED)
    said = {row["object_id"].partition(":")[0]: row["predicate_id"] for row in found}
    assert (said["uniprot"], said["HGNC"], said["CL"]) == (SAME, LINKED, LINKED)


def test_a_library_reads_it_back(apps: dict[str, TestClient], tmp_path: Path) -> None:
    file = tmp_path / "mappings.sssom.tsv"
    file.write_bytes(apps["sqlite"].get(ADDRESS).content)

    mappings, converter, about, errors = sssom_pydantic.read(file, return_errors=True)

    assert errors == []
    written = read(file.read_text("utf-8"))
    assert [
        (one.subject.curie, one.predicate.curie, one.object.curie, one.justification.curie)
        for one in some(mappings)
    ] == [
        tuple(
            row[name]
            for name in ("subject_id", "predicate_id", "object_id", "mapping_justification")
        )
        for row in written
    ]
    assert str(about.license) == "https://creativecommons.org/licenses/by/4.0/"
    assert str(about.version).startswith("2026.12-r")
    assert converter.expand("uniprot:Q96SW2") == "http://purl.uniprot.org/uniprot/Q96SW2"


def test_every_prefix_that_a_curator_can_write_has_an_address() -> None:
    assert URIS.keys() == CODES.keys() | {"oboInOwl", "biolink"}


@pytest.mark.parametrize(
    ("plural", "name", "category"),
    [("subtypes", "subtype", "biolink:Disease"), ("partners", "partner", "biolink:Drug")],
)
def test_subtypes_and_partners_have_mappings_too(
    client: TestClient, tmp_path: Path, plural: str, name: str, category: str
) -> None:
    answer = client.get(f"/v1/{plural}?format=sssom")
    file = tmp_path / "mappings.sssom.tsv"
    file.write_bytes(answer.content)
    mappings, converter, about, errors = sssom_pydantic.read(file, return_errors=True)
    prefix = f"lenalidomide-moa.{name}"

    assert errors == []
    assert str(about.id).endswith(f"-{name}")
    assert [(one.subject.curie, one.object.curie) for one in some(mappings)] == [
        (f"{prefix}:{row['id']}", code) for row in rows(client, plural) for code in row["xrefs"]
    ]
    assert {row["subject_category"] for row in read(answer.text)} == {category}
    assert converter.expand(f"{prefix}:x") == f"urn:lenalidomide-moa:{name}:x"


def test_it_is_a_list_like_others(client: TestClient) -> None:
    drugs = read(client.get(f"{ADDRESS}&kind=drug").text)
    some_rows = client.get(f"{ADDRESS}&limit=2")
    whole = client.get("/v1/entities", headers={"Accept": "text/tab-separated-values"})

    assert {row["subject_category"] for row in drugs} == {"biolink:Drug"}
    two = [one["id"] for one in client.get("/v1/entities?limit=2").json()["items"]]
    subjects = {row["subject_id"] for row in read(some_rows.text)}
    assert subjects <= {f"lenalidomide-moa:{one}" for one in two}
    assert "next" in some_rows.headers["link"]
    assert whole.text == client.get(ADDRESS).text
    known = {"If-None-Match": client.head(ADDRESS).headers["etag"]}
    assert client.get(ADDRESS, headers=known).status_code == 304
    assert client.get("/v1/mechanisms?format=sssom").status_code == 406


def test_a_set_has_a_name_of_its_own(client: TestClient) -> None:
    def name_of(query: str) -> str:
        first = client.get(f"{ADDRESS}{query}").text.partition("\n")[0]
        found: str = json.loads(first.removeprefix("#mapping_set_id: "))
        return found

    whole = name_of("")
    assert re.fullmatch(r"urn:lenalidomide-moa:mappings:2026\.12-r\d+", whole)
    assert name_of("&sort=-id") == whole
    chosen = ["&kind=drug", "&kind=cell", "&limit=2", "&limit=2&sort=-id", "&kind=drug&limit=2"]
    names = [name_of(query) for query in chosen]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(re.escape(whole) + "-[0-9a-f]{16}", name)
    assert name_of("&limit=2&kind=drug") == names[-1]


@pytest.mark.parametrize("wrong", ["fields=id", "view=brief"])
def test_what_it_cannot_do_is_refused(client: TestClient, wrong: str) -> None:
    assert client.get(f"{ADDRESS}&{wrong}").status_code == 422


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_odd_labels_break_no_row(copy: Settings) -> None:
    odd = 'a\tb\nc "d" # =1+1\u2028'
    with changing(copy) as connection:
        add_entity(connection, "odd", label=odd)
        codes: list[dict[str, Any]] = [{"entity_id": "odd", "position": 0, "curie": "GO:0000001"}]
        connection.execute(table("entity_xref").insert(), codes)
    with TestClient(create_app(copy)) as client:
        found = read(client.get(ADDRESS).text)
        empty = client.get(f"{ADDRESS}&xref=nothing").text

    (row,) = [one for one in found if one["subject_id"] == "lenalidomide-moa:odd"]
    assert row["subject_label"] == 'a b c "d" # =1+1 '
    assert row["object_id"] == "GO:0000001"
    assert read(empty) == []
    assert io.StringIO(empty).readline().startswith("#mapping_set_id: ")
