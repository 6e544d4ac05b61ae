"""Every list as CSV and NDJSON: the same rows, safe in a spreadsheet, whole or visibly broken."""

import asyncio
import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text, update
from starlette.testclient import TestClient
from starlette.types import Message

from app.db import Database
from app.db.revision import revise
from app.main import create_app
from app.resources import ALL
from app.schema.resource import Resource
from app.schema.vocabulary import words
from app.settings import Settings
from tests.changing import add_edge, changing
from tests.changing import table as changing_table
from tests.looking import some
from tests.writing import count


def rows(client: TestClient, plural: str) -> list[dict[str, Any]]:
    address: str | None = f"/v1/{plural}?limit=200"
    found: list[dict[str, Any]] = []
    while address:
        page = client.get(address).json()
        found += page["items"]
        address = page["next"]
    return found


def table(client: TestClient, address: str, **kw: Any) -> list[dict[str, str]]:
    answer = client.get(address, **kw)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.text.count("\r\n") >= 1
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


@pytest.mark.aside
@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_ndjson_is_every_row_of_the_list(client: TestClient, resource: Resource) -> None:
    answer = client.get(f"/v1/{resource.plural}?format=ndjson")

    assert answer.headers["content-type"] == "application/x-ndjson"
    assert some(map(json.loads, answer.text.splitlines())) == rows(client, resource.plural)


@pytest.mark.aside
@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_csv_is_every_row_of_the_list(client: TestClient, resource: Resource) -> None:
    items = rows(client, resource.plural)

    found = table(client, f"/v1/{resource.plural}?format=csv")

    assert [row["id"] for row in found] == [item["id"] for item in items]
    for row, item in some(zip(found, items, strict=True)):
        for name, value in item.items():
            if isinstance(value, bool):
                assert row[name] == str(value).lower()
            elif value is None and name in row:
                assert row[name] == ""
            elif isinstance(value, str | int | float):
                assert row[name].removeprefix("'") == str(value)


def test_nested_values_have_a_flat_form(client: TestClient) -> None:
    (row,) = table(client, "/v1/evidence?format=csv&id=lapalombella-antagonism")
    item = client.get("/v1/evidence/lapalombella-antagonism").json()

    assert row["reference.id"] == item["reference"]["id"]
    assert row["reference.citation"] == item["reference"]["citation"]
    assert row["subject.text"] == item["subject"]["text"]
    links = item["subject"]["links"]
    assert row["subject.links"] == "|".join(f"{link['type']}:{link['id']}" for link in links)
    assert row["subject.links.state"] == "|".join(link["state"] or "" for link in links)
    assert row["partners.partner.id"] == item["partners"][0]["partner"]["id"]
    assert row["partners.interaction"] == item["partners"][0]["interaction"]
    assert row["conflicts"] == "|".join(item["conflicts"])


def test_flat_forms_join_by_id(client: TestClient) -> None:
    outcomes = {row["id"]: row for row in table(client, "/v1/outcomes?format=csv")}

    trials = {
        outcome: trial["id"]
        for trial in table(client, "/v1/trials?format=csv")
        for outcome in filter(None, trial["outcomes"].split("|"))
    }
    assert trials == {outcome: row["trial.id"] for outcome, row in some(outcomes.items())}
    (conflict,) = table(client, "/v1/conflicts?format=csv&id=cd20-on-cll-cells")
    assert conflict["sides.evidence"] == (
        "acebes-cd20-up|lapalombella-cd20-down,lapalombella-antagonism"
    )


def test_accept_chooses_and_format_wins(client: TestClient) -> None:
    as_csv = {"accept": "text/csv"}

    assert table(client, "/v1/subtypes", headers=as_csv)
    assert client.get("/v1/subtypes?format=json", headers=as_csv).json()["items"]
    ranked = {"accept": "text/csv;q=0.2, application/x-ndjson;q=0.9, application/json;q=0.5"}
    answer = client.get("/v1/subtypes", headers=ranked)
    assert answer.headers["content-type"] == "application/x-ndjson"


def test_an_unknown_format_is_told_what_there_is(client: TestClient) -> None:
    answer = client.get("/v1/subtypes?format=xml")

    assert answer.status_code == 406
    told = answer.json()["detail"]
    assert told.startswith("This address offers only `json` (application/json), `csv` (text/csv),")
    assert told.endswith("; choose one by name in `format`, or in `Accept`.")


def test_a_limit_and_a_filter_hold_for_tables_too(client: TestClient) -> None:
    assert len(table(client, "/v1/evidence?format=csv&limit=3")) == 3
    native = table(client, "/v1/evidence?format=csv&native=true")
    assert {row["origin"] for row in native} == {"native"}
    of_row = table(client, "/v1/partners/rituximab/evidence?format=csv&native=true")
    assert 0 < len(of_row) < len(native)


def test_an_edge_names_its_mechanisms(client: TestClient) -> None:
    steps = {
        (step["id"], mechanism["id"])
        for mechanism in rows(client, "mechanisms")
        for step in mechanism["steps"]
    }
    edges = table(client, "/v1/edges?format=csv")

    found = {
        (row["id"], one) for row in edges for one in filter(None, row["mechanisms"].split("|"))
    }
    assert found == steps != set()


@pytest.mark.aside
def test_an_edge_says_how_good_its_claims_are_and_whose(copy: Settings) -> None:
    with changing(copy) as connection:
        add_edge(connection, "unproved", ("lenalidomide", "crbn"))
    with TestClient(create_app(copy)) as client:
        claims = {row["id"]: row for row in rows(client, "evidence")}
        network = client.get("/v1/graph?basis=evidence&basis=textbook").json()["edges"]
        edges = {row["id"]: row for row in table(client, "/v1/edges?format=csv")}
        lines = client.get("/v1/edges?format=ndjson").text.splitlines()
        plain = rows(client, "edges")

    assert some(map(json.loads, lines)) == plain
    for edge in some(plain):
        found = [claims[one] for one in edge["evidence"]]
        origins = sorted((one["origin"] for one in found), key=words("origins").index)
        levels = sorted(one["level"] for one in found)
        pmids = [one["reference"]["pmid"] for one in found if one["reference"]["pmid"]]
        assert edge["origin"] == next(iter(origins), "none")
        assert edge["level"] == next(iter(levels), None)
        assert edge["pmids"] == list(dict.fromkeys(pmids))
        row = edges[edge["id"]]
        assert (row["origin"], row["level"]) == (edge["origin"], edge["level"] or "")
        assert row["pmids"] == "|".join(edge["pmids"])
    assert (edges["unproved"]["origin"], edges["unproved"]["level"]) == ("none", "")
    names = ("origin", "level", "mechanisms", "pmids")
    assert {one["id"]: [one[name] for name in names] for one in network} == {
        one["id"]: [one[name] for name in names] for one in plain
    }


def test_a_file_can_be_opened_in_a_spreadsheet(client: TestClient) -> None:
    plain = client.get("/v1/evidence?format=csv&limit=2")
    marked = client.get("/v1/evidence?format=csv&limit=2&bom=true")

    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert marked.headers["etag"] != plain.headers["etag"]


# UTF-8, and the format of each column as it appears (wiki.documentfoundation.org, Filter Options).
READ = "CSV:44,34,76,1"
WRITTEN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


@pytest.mark.full
@pytest.mark.skipif(shutil.which("localc") is None, reason="apt-get install libreoffice-calc")
def test_a_spreadsheet_keeps_every_cell(apps: dict[str, TestClient], tmp_path: Path) -> None:
    """All but dates, of which the document warns, and other ways to write the same value."""
    told = {"phase"}
    office = ["soffice", f"-env:UserInstallation=file://{tmp_path}/own", "--headless"]
    for one in ALL:
        content = apps["sqlite"].get(f"/v1/{one.plural}?format=csv&bom=true").content
        (tmp_path / f"{one.plural}.csv").write_bytes(content)
    sent = sorted(map(str, tmp_path.glob("*.csv")))
    first = [*office, f"--infilter={READ}", "--convert-to", "xlsx", "--outdir", "x", *sent]
    subprocess.run(first, cwd=tmp_path, check=True, capture_output=True)
    books = sorted(map(str, (tmp_path / "x").glob("*.xlsx")))
    second = [*office, "--convert-to", WRITTEN, "--outdir", "y", *books]
    subprocess.run(second, cwd=tmp_path, check=True, capture_output=True)

    for one in ALL:
        texts = (
            (tmp_path / place / f"{one.plural}.csv").read_bytes().decode("utf-8-sig")
            for place in (".", "y")
        )
        before, after = (list(csv.DictReader(io.StringIO(each, newline=""))) for each in texts)
        assert len(before) == len(after) > 0
        for old, new in zip(before, after, strict=True):
            changed = {name for name in old if same(old[name]) != same(new[name])}
            assert changed <= told, (one.plural, old, changed)


def same(cell: str) -> float | str:
    """A value that does not depend on how it is written."""
    try:
        return float(cell)
    except ValueError:
        return cell.lower() if cell.lower() in ("true", "false") else cell


@pytest.mark.aside
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_file_says_what_it_is_and_of_which_state(client: TestClient, form: str) -> None:
    revision = client.get("/v1/graph").json()["graph"]["revision"]
    of_all = f"2026.12-r{revision}"

    for address, name in {
        f"/v1/evidence?format={form}&sort=-id": f"evidence-{of_all}",
        f"/v1/evidence?format={form}&native=true": f"evidence-selected-{of_all}",
        f"/v1/partners/rituximab/evidence?format={form}": f"partners-rituximab-evidence-{of_all}",
        f"/v1/evidence?format={form}&fields=id": f"evidence-columns-{of_all}",
        f"/v1/evidence?format={form}&fields=id&limit=2": f"evidence-selected-columns-{of_all}",
    }.items():
        answer = client.get(address)
        named = f'inline; filename="lenalidomide-moa-{name}.{form}"'
        assert answer.headers["content-disposition"] == named
        assert answer.headers["x-dataset-version"] == "2026.12"
        assert answer.headers["x-dataset-revision"] == str(revision)
        assert "X-Dataset-Revision" in answer.headers["access-control-expose-headers"]
    if form == "ndjson":
        for view, name in (("whole", "evidence"), ("brief", "evidence-brief")):
            answer = client.head(f"/v1/evidence?format=ndjson&view={view}")
            named = f'inline; filename="lenalidomide-moa-{name}-{of_all}.ndjson"'
            assert answer.headers["content-disposition"] == named


@pytest.mark.aside
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_file_is_sent_again_only_if_the_data_have_changed(copy: Settings, form: str) -> None:
    address = f"/v1/entities?format={form}"
    with TestClient(create_app(copy)) as client:
        first = client.get(address)
        known = {"If-None-Match": first.headers["etag"]}
        same = client.get(address, headers=known)
        head = client.head(address)
        others = [
            client.get(other, headers=known).status_code
            for other in (f"{address}&kind=drug", f"/v1/partners?format={form}")
        ]
    with TestClient(create_app(copy)) as client:
        restarted = client.get(address, headers=known)
        with changing(copy, "2026.12") as connection:
            connection.execute(update(changing_table("entity")).values(note="Changed."))
        changed = client.get(address, headers=known)

    assert first.status_code == 200
    for answer in (same, restarted):
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == first.headers["etag"]
        assert "content-disposition" not in answer.headers
    assert head.headers["etag"] == first.headers["etag"]
    assert others == [200, 200]
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert "Changed." in changed.text
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_a_wrong_question_is_a_problem_and_no_table(client: TestClient) -> None:
    answer = client.get("/v1/evidence?format=csv&subtype=none")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


NAMES = {
    "crbn": '=HYPERLINK("x")',
    "ikzf1": "-1+2",
    "ikzf3": 'a,"b"\n',
    "irf4": '\'=HYPERLINK("x")',
    "myc": "one\u2028two\x85three",
}


def test_a_formula_is_made_harmless_and_lists_can_be_split_again(copy: Settings) -> None:
    db = Database(copy)
    with db.write() as connection:
        for row_id, name in NAMES.items():
            change = text("UPDATE entity SET name = :name WHERE id = :id")
            connection.execute(change, {"name": name, "id": row_id})
        added = text("INSERT INTO entity_synonym VALUES ('crbn', 9, :text)")
        connection.execute(added, {"text": "a|b\\c"})
    db.close()
    with TestClient(create_app(copy)) as client:
        found = {row["id"]: row for row in table(client, "/v1/entities?format=csv")}
        edges = table(client, "/v1/edges?format=csv")
        answer = client.get("/v1/entities?format=ndjson")

    assert {row: found[row]["name"].removeprefix("'") for row in NAMES} == NAMES
    # As `str.splitlines`, on which many readers of lines rely.
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {one["id"]: one["name"] for one in lines}["myc"] == NAMES["myc"]
    assert found["crbn"]["name"] == '\'=HYPERLINK("x")'
    assert found["ikzf1"]["name"] == "'-1+2"
    assert found["ikzf3"]["name"] == 'a,"b"\n'
    assert found["crbn"]["synonyms"].endswith("|a\\|b\\\\c")
    assert {edge["sign"] for edge in edges} == {"+", "-", "?"}


async def sent(app: FastAPI, address: str, meanwhile: Callable[[], None]) -> list[Message]:
    """The messages of an answer, where something happens after its first rows were sent."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)
        if len(messages) == 2:
            meanwhile()

    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.4"},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"test")],
    }
    await app(scope, receive, send)
    return messages


@pytest.mark.slow
@pytest.mark.covering
def test_a_change_while_a_list_is_sent_breaks_it_off(copy: Settings) -> None:
    db = Database(copy)
    app = create_app(copy)

    def change() -> None:
        with db.write() as connection:
            revise(connection, "changed")

    whole = asyncio.run(sent(app, "/v1/evidence?format=ndjson", lambda: None))
    broken = asyncio.run(sent(app, "/v1/evidence?format=ndjson", change))
    db.close()

    assert whole[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert broken[-1]["more_body"] is True
    assert b"".join(one.get("body", b"") for one in whole).count(b"\n") == count("evidence")
    assert b"".join(one.get("body", b"") for one in broken).count(b"\n") == 200


def test_the_index_takes_no_parameters(client: TestClient) -> None:
    for address in ("/v1", "/v1/vocabulary", "/livez"):
        answer = client.get(f"{address}?colour=blue")
        assert answer.status_code == 422, address
        assert answer.json()["faults"][0]["message"] == (
            "is not a parameter of this address; it takes none"
        )


def test_a_name_that_takes_one_value_is_given_once(client: TestClient) -> None:
    answer = client.get("/v1/evidence?limit=1&limit=2")

    assert answer.status_code == 422
    assert answer.json()["faults"] == [
        {"parameter": "limit", "message": "was given several times; give it once", "nearest": []}
    ]
