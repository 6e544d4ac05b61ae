"""A storage failure is reported to callers and operators, and recovery is noticed."""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from starlette.testclient import TestClient

from app.db import Database, Reading, Statement, kind, sqlite, sqlite_file
from app.errors import TELL_OPERATOR, TRY_AGAIN, InsufficientStorage, Invalid, Unavailable
from app.logs import SILENT_SECONDS, Seldom
from app.main import create_app
from app.settings import ROOT, Settings
from tests.postgres import folder_of, stopped

pytestmark = [pytest.mark.slow, pytest.mark.covering]

LIST = "/v1/mechanisms?limit=200"
BAD_DATABASE = "The database cannot be used ("
ACTIONS = (TRY_AGAIN, TELL_OPERATOR)
BAD_FILE = "The database file cannot be used ("
AWAY = "The database cannot be reached"
ON_SQLITE = pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("copy", ["postgres"], indirect=True)
NO_CONTENT = "The database does not say which content it holds."


@pytest.fixture
def client(copy: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(copy), raise_server_exceptions=False) as found:
        yield found


def require_outage(client: TestClient, reason: str, address: str = LIST) -> None:
    """Whatever was in memory, data are unavailable: the service is alive but not ready."""
    assert client.get(address).status_code in {200, 503}
    ready, data = client.get("/readyz"), client.get(address)

    for answer in (ready, data):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"
        assert answer.headers["cache-control"] == "no-store"
    assert ready.json()["detail"].startswith(reason)
    assert all(answer.json()["detail"].endswith(ACTIONS) for answer in (ready, data))
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200


def require_cure(client: TestClient) -> None:
    assert [client.get(address).status_code for address in ("/readyz", LIST)] == [200, 200]


# SQLite


def overwrite(path: Path) -> None:
    path.write_bytes(b"\xff" * path.stat().st_size)


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(50_000)


def damage_page(path: Path) -> None:
    (page,) = ask(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'mechanism'")
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


def ask(path: Path, sql: str) -> tuple[int]:
    connection = sqlite3.connect(path)
    with connection:
        found: tuple[int] = connection.execute(sql).fetchone()
    connection.close()
    return found


def by_sql(sql: str) -> Callable[[Path], object]:
    return lambda path: ask(path, sql)


MIDDLE = "(SELECT id FROM mechanism ORDER BY id LIMIT 1 OFFSET 3)"
FILES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "overwritten": (overwrite, f"{BAD_FILE}SQLITE_", LIST),
    "cut": (cut, f"{BAD_FILE}SQLITE_CORRUPT", LIST),
    "page": (damage_page, f"{BAD_FILE}SQLITE_CORRUPT", LIST),
    "bytes": (
        by_sql(f"UPDATE mechanism SET summary = CAST(x'ff' AS TEXT) WHERE id = {MIDDLE}"),
        f"{BAD_FILE}OperationalError)",
        LIST,
    ),
    "no table": (by_sql("DROP TABLE mechanism_step"), f"{BAD_FILE}SQLITE_ERROR)", LIST),
    "no dataset": (by_sql("DROP TABLE dataset"), f"{BAD_FILE}SQLITE_ERROR)", "/v1/dataset"),
}


@pytest.mark.slow
@pytest.mark.covering
@ON_SQLITE
@pytest.mark.parametrize("world", FILES)
def test_a_broken_file_is_an_outage_until_it_is_replaced(
    client: TestClient, copy: Settings, tmp_path: Path, world: str
) -> None:
    path, (spoil, reason, address) = sqlite_file.path_of(copy), FILES[world]
    good = Path(shutil.copy(path, tmp_path / "good.db"))
    require_cure(client)

    spoil(path)

    require_outage(client, reason, address)
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    good.replace(path)
    require_cure(client)


def test_a_missing_file_is_an_outage(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/none.db")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        require_outage(client, f"{BAD_FILE}SQLITE_CANTOPEN)")


SHORT_OF_MEMORY = """
from app.db import Database
from app.errors import Unavailable
from app.settings import Settings

try:
    with Database(Settings()).read() as reading:
        reading.connection.exec_driver_sql("PRAGMA hard_heap_limit=1000000")
        reading.connection.exec_driver_sql("SELECT zeroblob(5000000)")
except Unavailable as problem:
    print(problem.detail)
"""


@pytest.mark.aside
@ON_SQLITE
def test_no_memory_is_an_outage(copy: Settings) -> None:
    # The limit is that of the process and cannot be taken back.
    run = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY],
        cwd=ROOT,
        env=os.environ | {"MOA_DATABASE_URL": copy.database_url},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == f"{BAD_FILE}MemoryError). {TELL_OPERATOR}\n"


CODES = {
    name: code
    for name, code in vars(sqlite3).items()
    if name.startswith("SQLITE_") and isinstance(code, int)
}
PLAIN = (
    "BUSY LOCKED INTERRUPT CANTOPEN CORRUPT NOTADB IOERR FULL READONLY PERM NOLFS PROTOCOL SCHEMA "
    "NOMEM ERROR INTERNAL AUTH"
)
EXTENDED = (
    "BUSY_SNAPSHOT BUSY_RECOVERY CANTOPEN_ISDIR CORRUPT_INDEX CORRUPT_VTAB IOERR_READ "
    "IOERR_SHORT_READ IOERR_FSYNC IOERR_SHMMAP READONLY_DBMOVED READONLY_CANTLOCK ERROR_SNAPSHOT"
)


@pytest.mark.parametrize("name", [*PLAIN.split(), *EXTENDED.split()])
def test_every_kind_of_error_of_a_file_is_an_outage(name: str) -> None:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorname = f"SQLITE_{name}"
    error.sqlite_errorcode = CODES[error.sqlite_errorname]

    problem = sqlite.explain(error, writing=False)

    assert type(problem) is Unavailable
    passing = name.partition("_")[0] in {"BUSY", "LOCKED", "INTERRUPT"}
    assert problem.lasting is not passing
    assert passing or name in problem.detail
    assert problem.detail.endswith(TRY_AGAIN if passing else TELL_OPERATOR)
    assert problem.cause == f"SQLITE_{name}: it failed"


# PostgreSQL


@contextmanager
def administering(settings: Settings) -> Iterator[tuple[Engine, str]]:
    """A connection beside the database, and the name of the database."""
    url, _, name = settings.database_url.rpartition("/")
    engine = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT")
    yield engine, name
    engine.dispose()


def run(engine: Engine, *statements: str) -> None:
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


KICK = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.mark.aside
@ON_POSTGRES
@pytest.mark.parametrize(
    ("break_", "cure"),
    [
        ("{name} RENAME TO {name}_away", "{name}_away RENAME TO {name}"),
        ("{name} ALLOW_CONNECTIONS false", "{name} ALLOW_CONNECTIONS true"),
    ],
    ids=["renamed", "closed"],
)
def test_a_database_that_is_away_is_an_outage_until_it_is_back(
    client: TestClient, copy: Settings, break_: str, cure: str
) -> None:
    with administering(copy) as (engine, name):
        require_cure(client)

        kick = KICK.format(name=name)
        run(engine, kick, f"ALTER DATABASE {break_.format(name=name)}", kick)

        require_outage(client, AWAY)
        run(engine, f"ALTER DATABASE {cure.format(name=name)}")
        require_cure(client)


@ON_POSTGRES
def test_connections_that_were_cut_are_made_again(client: TestClient, copy: Settings) -> None:
    with administering(copy) as (engine, name):
        require_cure(client)

        run(engine, KICK.format(name=name))

        require_cure(client)


@ON_POSTGRES
def test_a_server_that_is_stopped_is_an_outage_until_it_runs_again(
    client: TestClient, server: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = folder_of(server)

    for _ in range(2):
        caplog.clear()
        with stopped(folder):
            require_outage(client, AWAY)

        require_cure(client)
        away, back = [record for record in caplog.records if record.name == "moa"]
        assert {away.levelno, back.levelno} == {logging.WARNING}
        assert away.getMessage().startswith("the database cannot be used: ")
        assert "Connection refused" in away.getMessage()
        assert back.getMessage() == "the database can be used again"


@pytest.mark.slow
@pytest.mark.aside
@ON_POSTGRES
@pytest.mark.parametrize(
    ("break_", "cure", "state"),
    [
        ("TABLE mechanism_step RENAME TO gone", "TABLE gone RENAME TO mechanism_step", "42P01"),
        ("TABLE mechanism RENAME summary TO s", "TABLE mechanism RENAME s TO summary", "42703"),
        (
            "TABLE mechanism ALTER created_at TYPE text",
            "TABLE mechanism ALTER created_at TYPE timestamptz USING created_at::timestamptz",
            "42883",
        ),
        ("TABLE dataset RENAME TO gone", "TABLE gone RENAME TO dataset", "42P01"),
    ],
)
def test_tables_that_are_not_of_this_release_are_an_outage_until_they_are(
    client: TestClient, copy: Settings, break_: str, cure: str, state: str
) -> None:
    engine = create_engine(copy.database_url, isolation_level="AUTOCOMMIT")
    require_cure(client)

    run(engine, f"ALTER {break_}")

    address = "/v1/dataset" if "dataset" in break_ else LIST
    require_outage(client, f"{BAD_DATABASE}{state}", address)
    run(engine, f"ALTER {cure}")
    require_cure(client)
    engine.dispose()


PASSING = "08006 25006 25P03 40001 40P01 53000 53200 53300 55P03 55006 57014 57P01 57P03"
LASTING = "0A000 21000 28000 3D000 42501 42804 42883 54001 58030 58P01 XX000 XX001 XX002"


def failing_with(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'it failed' USING ERRCODE = '{state}'; END $$"


@pytest.mark.parametrize("state", [*PASSING.split(), *LASTING.split()])
def test_every_class_of_error_of_a_server_is_an_outage(postgres_url: str, state: str) -> None:
    db = Database(Settings(database_url=postgres_url))

    with pytest.raises(Unavailable) as caught, db.read() as reading:
        reading.connection.execute(text(failing_with(state)))

    assert caught.value.lasting is (state in LASTING)
    assert caught.value.cause.startswith(f"{state}: it failed")
    db.close()


@pytest.mark.parametrize("state", ["22003", "22021", "22P02"])
def test_what_the_server_says_of_a_value_is_no_outage(postgres_url: str, state: str) -> None:
    db = Database(Settings(database_url=postgres_url))

    with pytest.raises(Invalid), db.read() as reading:
        reading.connection.execute(text(failing_with(state)))
    db.close()


# Both


def test_a_database_without_its_one_row_is_an_outage(client: TestClient, copy: Settings) -> None:
    db = Database(copy)
    require_cure(client)

    with db.write() as connection:
        connection.execute(text("DELETE FROM dataset"))

    require_outage(client, NO_CONTENT, "/v1/dataset")
    db.close()


FULL = {
    # No more pages than now: SQLite reports this as a full disk.
    "sqlite": ("PRAGMA max_page_count=1", "CREATE TABLE large AS SELECT zeroblob(100000) AS b"),
    "postgres": (failing_with("53100"),),
}


@pytest.mark.parametrize("writing", [False, True])
def test_a_full_disk(copy: Settings, *, writing: bool) -> None:
    db = Database(copy)
    opened = db.write if writing or copy.embedded else db.read

    def fill_up() -> None:
        with opened() as found:
            connection = found.connection if isinstance(found, Reading) else found
            connection.execute(text("SELECT 1"))
            for statement in FULL["sqlite" if copy.embedded else "postgres"]:
                connection.execute(text(statement))

    if copy.embedded and not writing:
        pytest.skip("a reader of SQLite has nothing to store")
    with pytest.raises(Unavailable) as caught:
        fill_up()

    assert type(caught.value) is (InsufficientStorage if writing else Unavailable)
    assert caught.value.status == (507 if writing else 503)
    assert caught.value.headers == {"Retry-After": "2"}
    with db.read() as reading:
        assert reading.connection.execute(text("SELECT count(*) FROM evidence")).scalar()
    db.close()


@pytest.mark.parametrize("value", [2**63, "secret \ud800"])
def test_a_value_that_the_database_cannot_take_is_no_outage(
    copy: Settings, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    db = Database(copy)
    place = ":v" if copy.embedded else "%(v)s"
    statement = Statement(f"SELECT id FROM evidence LIMIT {place}", {}, kind(copy).ask)

    with pytest.raises(Invalid) as caught, db.read() as reading:
        statement.rows(reading.connection, {"v": value})

    assert caught.value.detail == "A parameter has a value that the database cannot take."
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "passed our types" in record.getMessage()
    assert "secret" not in caplog.text
    db.close()


@pytest.mark.aside
def test_an_outage_is_logged_once_however_many_requests_it_fails(
    client: TestClient, copy: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    db = Database(copy)
    with db.write() as connection:
        connection.execute(text("ALTER TABLE mechanism_step RENAME TO gone"))
    db.close()

    statuses = {client.get(f"/v1/mechanisms?limit={limit}").status_code for limit in range(1, 21)}

    assert statuses == {503}
    (record,) = [record for record in caplog.records if record.name == "moa"]
    assert record.levelno == logging.WARNING
    assert "mechanism_step" in record.getMessage()
    assert "mechanism_step" not in client.get(LIST).text


def test_the_same_cause_is_logged_again_after_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    seldom = Seldom(lambda: now)

    for now in (0.0, 1.0, SILENT_SECONDS + 1):
        seldom.log(logging.WARNING, "one", f"one at {now}")
    seldom.log(logging.WARNING, "other", "other")

    assert [record.getMessage() for record in caplog.records] == [
        "one at 0.0",
        f"one at {SILENT_SECONDS + 1}",
        "other",
    ]


@ON_SQLITE
def test_a_list_that_breaks_off_is_one_quiet_line(
    client: TestClient, copy: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    last = "(SELECT max(id) FROM evidence)"
    ask(
        sqlite_file.path_of(copy),
        f"UPDATE evidence SET statement = CAST(x'ff' AS TEXT) WHERE id = {last}",
    )

    answer = client.get("/v1/evidence?format=csv", headers={"Accept-Encoding": "identity"})

    assert answer.status_code == 200
    outage, broken = [record.getMessage() for record in caplog.records if record.name == "moa"]
    assert outage.startswith("the database cannot be used: OperationalError: Could not decode")
    assert broken == f"answer broken off: {BAD_FILE}OperationalError). {TELL_OPERATOR}"
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.slow
@ON_POSTGRES
def test_settings_of_the_database_change_no_figure(client: TestClient, copy: Settings) -> None:
    before = client.get("/v1/outcomes?limit=200").content
    engine = create_engine(copy.database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        for setting in ("extra_float_digits = -14", "timezone = 'Asia/Tokyo'"):
            connection.execute(text(f"ALTER DATABASE {name} SET {setting}"))
    engine.dispose()

    with TestClient(create_app(copy)) as after:
        assert after.get("/v1/outcomes?limit=200").content == before
