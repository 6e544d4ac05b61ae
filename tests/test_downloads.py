"""All content as files: whole, proved, resumable, and the same from both databases."""

import csv
import hashlib
import io
import json
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from app.__main__ import main
from app.formats.bundles import BUNDLES
from app.main import create_app
from app.resources import ALL
from app.settings import Settings
from tests.changing import changing, table
from tests.conftest import FIXED, SQLITE_FIRST, Clients
from tests.limits import SECONDS
from tests.test_caching import renderings

NDJSON = "/v1/downloads/content.ndjson"
CODINGS = ("identity", "gzip")
PLAIN = {"Accept-Encoding": "identity"}
STAMPS = {"version", "created_at", "updated_at"}


def body(client: TestClient, name: str) -> bytes:
    answer = client.get(f"/v1/downloads/{name}")
    assert answer.status_code == 200
    return answer.content


def part(client: TestClient, wanted: str, **headers: str) -> Any:
    return client.get(NDJSON, headers=PLAIN | {"Range": wanted} | headers)


def test_the_list_proves_each_file(client: TestClient) -> None:
    found = client.get("/v1/downloads").json()

    assert client.get("/v1").json()["downloads"] == "/v1/downloads"
    assert [one["name"] for one in found["items"]] == list(BUNDLES)
    assert parsedate_to_datetime(client.get(NDJSON).headers["last-modified"]) == FIXED.replace(
        microsecond=0
    )
    for one in found["items"]:
        answer = client.get(one["address"])
        assert answer.headers["content-type"] == one["media_type"]
        assert f"2026.12-{one['name']}" in answer.headers["content-disposition"]
        assert len(answer.content) == one["size"]
        assert hashlib.sha256(answer.content).hexdigest() == one["sha256"]


@pytest.mark.parametrize("name", BUNDLES)
def test_both_databases_give_the_same_file(both: Clients, name: str) -> None:
    sqlite, postgres = both
    assert body(sqlite, name) == body(postgres, name)


def test_the_lines_are_all_rows_without_their_stamps(client: TestClient) -> None:
    first, *lines = [json.loads(line) for line in body(client, "content.ndjson").splitlines()]
    references = client.get("/v1/references?format=ndjson").text.splitlines()

    assert first["type"] == "dataset"
    assert first["row"]["version"] == "2026.12"
    assert [one["row"] for one in lines if one["type"] == "reference"] == [
        {name: value for name, value in json.loads(one).items() if name not in STAMPS}
        for one in references
    ]
    counts = client.get("/v1/dataset").json()["counts"]
    for resource in ALL:
        found = [one["row"] for one in lines if one["type"] == resource.name]
        assert len([one for one in found if not one.get("computed")]) == counts[resource.plural]


def test_the_archive_is_a_data_package_of_tables(client: TestClient) -> None:
    with zipfile.ZipFile(io.BytesIO(body(client, "content-csv.zip"))) as archive:
        package = json.loads(archive.read("datapackage.json"))
        assert archive.namelist() == [
            "datapackage.json",
            *(one["path"] for one in package["resources"]),
        ]
        assert len(package["resources"]) == len(ALL)
        for one in package["resources"]:
            header, *rows = csv.reader(io.StringIO(archive.read(one["path"]).decode(), newline=""))
            assert header == [field["name"] for field in one["schema"]["fields"]]
            assert not STAMPS.intersection(header)
            assert {len(row) for row in rows} == {len(header)}


def test_the_database_has_the_content_and_no_keys(client: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "content.sqlite"
    file.write_bytes(body(client, "content.sqlite"))

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        (claims,) = connection.execute("SELECT count(*) FROM evidence").fetchone()
    assert not {"api_key", "row_history", "kept_answer", "proposal"} & names
    assert claims == client.get("/v1/dataset").json()["counts"]["evidence"]


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_the_same_content_gives_the_same_bytes_whenever_it_was_loaded(
    copy: Settings, apps: dict[str, TestClient]
) -> None:
    with changing(copy, release="2026.12") as connection:
        later = {"version": 7, "updated_at": FIXED.replace(year=2027)}
        for resource in ALL:
            connection.execute(update(table(resource.name)).values(later))

    with TestClient(create_app(copy)) as client:
        for name in ("content.ndjson", "content-csv.zip"):
            assert body(client, name) == body(apps["sqlite"], name)


def test_an_interrupted_download_is_resumed(client: TestClient) -> None:
    whole = client.get(NDJSON, headers=PLAIN)
    assert whole.headers["accept-ranges"] == "bytes"
    tag, size = whole.headers["etag"], len(whole.content)

    first = part(client, "bytes=0-99999")
    rest = part(client, "bytes=100000-", **{"If-Range": tag})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.headers["etag"] == rest.headers["etag"] == tag
    assert first.headers["content-range"] == f"bytes 0-99999/{size}"
    assert first.content + rest.content == whole.content
    assert part(client, "bytes=-5").content == whole.content[-5:]
    assert part(client, f"bytes={size - 2}-{size + 5}").content == whole.content[-2:]
    assert part(client, f"bytes=-{size + 5}").content == whole.content


@pytest.mark.parametrize(
    "wanted", ["bytes=-", "bytes=5-1", "bytes=0-1,3-4", "lines=0-1", "bytes=x", "bytes=9" * 9]
)
def test_the_whole_is_sent_where_no_part_can_be(client: TestClient, wanted: str) -> None:
    assert part(client, wanted).status_code == 200


def test_a_part_of_another_state_of_the_file_is_never_sent(client: TestClient) -> None:
    assert part(client, "bytes=0-1", **{"If-Range": '"another"'}).status_code == 200


def test_no_part_is_sent_to_a_caller_that_has_the_file(client: TestClient) -> None:
    tag = client.get(NDJSON, headers=PLAIN).headers["etag"]

    assert part(client, "bytes=0-1", **{"If-None-Match": tag}).status_code == 304
    assert part(client, "bytes=0-1", **{"If-None-Match": '"another"'}).status_code == 206


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(client: TestClient, wanted: str) -> None:
    size = len(client.get(NDJSON, headers=PLAIN).content)
    answer = part(client, wanted)

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert answer.json()["type"] == "/problems/range-not-satisfiable"


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_the_command_writes_the_same_files(
    copy: Settings,
    client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    folder = tmp_path / "new" / "folder"

    assert main(["export", str(folder)]) == 0
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == {
        name: body(client, name) for name in BUNDLES
    }
    assert f"{folder / 'content.ndjson'}: " in capsys.readouterr().err

    assert main(["export", str(folder / "content.ndjson")]) == 1
    assert "export failed: " in capsys.readouterr().err


def test_an_unknown_file_is_answered_with_those_there_are(client: TestClient) -> None:
    answer = client.get("/v1/downloads/content.xml")

    assert answer.status_code == 404
    assert answer.json()["nearest"] == list(BUNDLES)


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_file_may_take_longer_than_a_request_but_nobody_waits_so_long(copy: Settings) -> None:
    hurried = copy.model_copy(update={"statement_seconds": 1.0, "wait_seconds": 0.05})
    making, refused = Event(), Event()

    def hold() -> None:
        making.set()
        assert refused.wait(SECONDS)

    with (
        TestClient(create_app(hurried)) as client,
        ThreadPoolExecutor(1) as another,
        renderings(before=hold),
    ):
        first = another.submit(client.get, NDJSON)
        assert making.wait(SECONDS)
        answer = client.get("/v1/downloads/edges.csv")
        refused.set()
        assert first.result(SECONDS).status_code == 200

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["detail"].startswith("The files are being made.")


def test_what_is_sent_coded_has_a_tag_of_its_own(client: TestClient) -> None:
    plain, coded = (client.get(NDJSON, headers={"Accept-Encoding": one}) for one in CODINGS)

    assert plain.content == coded.content
    assert plain.headers["content-length"] == str(len(plain.content))
    assert coded.headers["content-encoding"] == "gzip"
    tags = [one.headers["etag"] for one in (plain, coded)]
    assert tags[0] != tags[1]
    for coding, tag in zip(CODINGS, tags, strict=True):
        headers = {"Accept-Encoding": coding, "If-None-Match": tag}
        again = client.get(NDJSON, headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.head(NDJSON, headers={"Accept-Encoding": coding}).headers["etag"] == tag


def test_a_file_is_made_once_for_each_state_of_the_data(copy: Settings) -> None:
    made: list[str] = []
    with (
        TestClient(create_app(copy)) as client,
        renderings(before=lambda: made.append("")),
    ):
        whole = body(client, "content.ndjson")
        once = len(made)
        rest = part(client, "bytes=100-").content
        again = len(made)
        with changing(copy) as connection:
            connection.execute(update(table("mechanism")).values(name="Another"))
        changed = body(client, "content.ndjson")

    assert 0 < once == again < len(made)
    assert rest == whole[100:]
    assert b'"name":"Another"' in changed
