"""All content as files: whole, proved, resumable, and the same from both databases."""

import asyncio
import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit
from threading import Event
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import SQLModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from app.__main__ import main
from app.db import Database
from app.db.sqlite_content import write_content
from app.errors import Unavailable
from app.formats.bundles import BUNDLES, MadeFiles
from app.formats.made import MadeFile, Making
from app.main import create_app
from app.read.overview import last_change
from app.resources import ALL
from app.settings import ROOT, Settings
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


@pytest.mark.aside
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


@pytest.mark.aside
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


def test_a_part_is_sent_only_to_get(client: TestClient) -> None:
    whole = client.head(NDJSON, headers=PLAIN | {"Range": "bytes=0-1"})

    assert whole.status_code == 200
    assert int(whole.headers["content-length"]) > 2


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
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_the_command_writes_the_same_files(
    copy: Settings,
    on_sqlite: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    folder = tmp_path / "new" / "folder"
    # Another process has its sets in another order.
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    environment = os.environ | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "app", "export", str(folder)]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert {one.name: one.read_bytes() for one in folder.iterdir()} == {
        name: body(on_sqlite, name) for name in BUNDLES
    }
    assert f"{folder / 'content.ndjson'}: " in run.stderr

    assert main(["export", str(folder)]) == 0
    assert f"{folder / 'content.ndjson'}: " in capsys.readouterr().err
    assert main(["export", str(folder / "content.ndjson")]) == 1
    assert "export failed: " in capsys.readouterr().err
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert main(["export", str(folder)]) == 1
    assert f"made in TMPDIR ({tmp_path / 'gone'}): No such file" in capsys.readouterr().err


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


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_one_waits_for_a_file_and_the_rest_are_refused_at_once(copy: Settings) -> None:
    patient = copy.model_copy(update={"wait_seconds": SECONDS, "threads": 3})
    making, refused = Event(), Event()

    def hold() -> None:
        making.set()
        assert refused.wait(SECONDS)

    with (
        TestClient(create_app(patient)) as client,
        ThreadPoolExecutor(3) as others,
        renderings(before=hold),
    ):
        asked = [others.submit(client.get, NDJSON)]
        assert making.wait(SECONDS)
        asked += [others.submit(client.get, f"/v1/downloads/{name}") for name in list(BUNDLES)[-2:]]
        try:
            done, _ = wait(asked, SECONDS / 4, FIRST_COMPLETED)
            assert len(done) == 1
            assert client.get("/v1").status_code == 200
        finally:
            refused.set()
        answers = [one.result(SECONDS) for one in asked]
        (answer,) = (one.result() for one in done)

    assert sorted(one.status_code for one in answers) == [200, 200, 503]
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_file_in_the_making_is_given_up_when_the_service_ends(copy: Settings) -> None:
    with closing(Database(copy)) as db, ExitStack() as ending, renderings(before=ending.close):
        files = MadeFiles(db)
        ending.enter_context(files.serving())
        with pytest.raises(Unavailable, match="being stopped"):
            files.find([NDJSON.rpartition("/")[2]], last_change)


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_each_file_looks_whether_to_go_on(copy: Settings) -> None:
    def stop() -> None:
        raise InterruptedError

    with closing(Database(copy)) as db, db.read() as reading, tempfile.TemporaryFile() as to:
        some = MadeFile(lambda file: file.write(b"some"))
        for name in BUNDLES.keys() - {"datapackage.json"}:
            with pytest.raises(InterruptedError):
                BUNDLES[name].write(to, Making(reading, lambda _: some, stop))


def test_a_request_that_is_cut_off_when_the_service_ends_is_told_so(client: TestClient) -> None:
    path = "/v1/downloads/{name}"
    (route,) = (one for one in client.app.routes if getattr(one, "path", "") == path)  # type: ignore[attr-defined]
    scope = {"type": "http", "method": "GET", "headers": [], "query_string": b""}
    request = Request(scope | {"app": client.app, "path_params": {"name": "none"}})

    async def cut_off() -> Response:
        task: asyncio.Task[Response] = asyncio.create_task(route.get_route_handler()(request))
        await asyncio.sleep(0)
        task.cancel()
        return await task

    answer = asyncio.run(cut_off())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert b"being stopped" in answer.body


def test_a_service_that_has_ended_makes_no_files(copy: Settings) -> None:
    app = create_app(copy)
    with TestClient(app) as client:
        assert client.get("/v1").status_code == 200
    answer = TestClient(app).get(NDJSON)

    assert answer.status_code == 503
    assert "being stopped" in answer.json()["detail"]


@pytest.mark.aside
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_files_that_are_made_have_no_name(
    copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    seen: list[list[Path]] = []
    with closing(Database(copy)) as db, db.read() as reading, tempfile.TemporaryFile() as to:
        tables = SQLModel.metadata.sorted_tables
        write_content(to, reading.connection, tables, lambda: seen.append([*folder.iterdir()]))

    assert len(seen) > len(ALL)
    assert not any(seen)


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_lost_temporary_folder_is_not_blamed_on_the_database(
    copy: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with TestClient(create_app(copy)) as client:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        for address in ("/v1/downloads", NDJSON, "/v1/downloads/content.sqlite"):
            answer = client.get(address)
            assert answer.status_code == 503
            assert answer.json()["detail"].startswith("The file cannot be made.")
        monkeypatch.undo()
        assert client.get(NDJSON).status_code == 200

    (line,) = (one.message for one in caplog.records if "TMPDIR" in one.message)
    assert line.endswith(f"({tmp_path / 'gone'}): No such file or directory")


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_full_disk_is_not_blamed_on_the_database(
    copy: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    _, hard = limit = getrlimit(RLIMIT_FSIZE)
    with TestClient(create_app(copy)) as client:
        client.get("/v1")
        setrlimit(RLIMIT_FSIZE, (50_000, hard))
        try:
            answers = {name: client.get(f"/v1/downloads/{name}") for name in list(BUNDLES)[:3]}
        finally:
            setrlimit(RLIMIT_FSIZE, limit)
        assert client.get(NDJSON).status_code == 200

    found = {name: answer.status_code for name, answer in answers.items()}
    # SQLite says the same of a limit as of a broken disk.
    assert found == {"content.ndjson": 507, "content-csv.zip": 507, "content.sqlite": 503}
    assert answers["content.sqlite"].json()["detail"].startswith("The file cannot be made.")
    assert not [one for one in caplog.records if "database" in one.message]


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


@pytest.mark.aside
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
