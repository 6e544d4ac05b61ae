"""A database is created once and completely, even if processes start together or are killed."""

import random
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import combinations_with_replacement, product
from pathlib import Path

import pytest
from sqlalchemy import delete, text
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app import startup
from app.__main__ import main
from app.commands import STOPPED
from app.db import Database, kind
from app.db.revision import dataset, revise
from app.main import create_app
from app.schema.curation import row_history
from app.settings import Settings
from app.write.store import replace
from seed import DATA
from seed.load import Progress, checked, load, records
from seed.words import replaced
from tests.conftest import SQLITE_FIRST, New, new_postgres
from tests.limits import SECONDS
from tests.programs import Program, free_port
from tests.writing import count

pytestmark = pytest.mark.slow

READY = "Application startup complete"
BEGUN = "creating one and filling it"
WAITS = "another process is creating or changing the database; waiting for it\n"
MADE = "evidence       {0} rows: {0} added".format(count("evidence"))


@pytest.fixture
def url(new: New, monkeypatch: pytest.MonkeyPatch) -> str:
    """One such address, also set for the commands of this process."""
    found = new()
    monkeypatch.setenv("MOA_DATABASE_URL", found)
    return found


@pytest.fixture
def counts(apps: dict[str, TestClient]) -> dict[str, int]:
    """The number of rows of each type in the complete content."""
    found: dict[str, int] = apps["sqlite"].get("/v1/dataset").json()["counts"]
    assert all(found.values())
    return found


def assert_whole(server: Program, counts: dict[str, int]) -> None:
    told = server.read(READY)
    assert READY in told, told
    assert server.ask("/readyz") == (200, {"status": "ok"})
    assert server.ask("/v1/dataset")[1]["counts"] == counts


def assert_nothing_left(url: str) -> None:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        found = {one.name for one in path.parent.iterdir()}
        assert found == {"content.db", "content.db.lock"}


LONG = pytest.mark.full
COMMANDS = ("serve", "seed", "migrate")
PAIRS = list(combinations_with_replacement(COMMANDS, 2))
# Pairs of servers are among the several starts below.
SHORT = ("seed", "migrate")


# On SQLite the several starts below show the same.
@pytest.mark.parametrize("new", [pytest.param("sqlite", marks=LONG), "postgres"], indirect=True)
@pytest.mark.parametrize(
    "pair", [pair if pair == SHORT else pytest.param(pair, marks=LONG) for pair in PAIRS]
)
def test_two_commands_at_once_wait_for_each_other(
    new: New, counts: dict[str, int], pair: tuple[str, str]
) -> None:
    url = new()
    with ExitStack() as stack:
        programs = [stack.enter_context(Program(url, command)) for command in pair]
        for program in programs:
            if program.command == "serve":
                assert_whole(program, counts)
            else:
                assert program.end() == 0, program.lines
    with Program(url, "serve") as server:
        assert_whole(server, counts)

    told = ["".join(program.lines) for program in (*programs, server)]
    assert sum(MADE in each for each in told) == 1, told
    assert not any("Traceback" in each for each in told), told
    assert_nothing_left(url)


@pytest.mark.slow
@pytest.mark.parametrize("new", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=LONG)])
def test_of_several_starts_one_makes_and_all_serve(
    new: New, counts: dict[str, int], rounds: int
) -> None:
    chance = random.Random(rounds)  # noqa: S311 - to be repeated
    for number in range(1, rounds + 1):
        url = new()
        if number % 4 == 3:
            with Program(url, "migrate") as migration:
                assert migration.end() == 0
        others = chance.sample(("seed", "migrate"), number % 2)
        with ExitStack() as stack:
            commands = ["serve"] * (2 + number // 2 % 2) + others
            chance.shuffle(commands)
            programs = [stack.enter_context(Program(url, command)) for command in commands]
            for program in programs:
                if program.command == "serve":
                    assert_whole(program, counts)
                else:
                    assert program.end() == 0, program.lines

        told = ["".join(program.lines) for program in programs]
        assert sum(MADE in each for each in told) == 1, told
        assert not any("Traceback" in each for each in told), told
        assert_nothing_left(url)


def seconds_of_a_start(url: str, counts: dict[str, int]) -> float:
    began = time.monotonic()
    with Program(url, "serve") as server:
        assert_whole(server, counts)
    return time.monotonic() - began


@pytest.mark.parametrize("new", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("kills", [1, pytest.param(36, marks=LONG)])
def test_a_killed_start_is_completed_by_the_next(
    new: New, counts: dict[str, int], kills: int
) -> None:
    chance = random.Random(kills)  # noqa: S311 - to be repeated
    whole_start = seconds_of_a_start(new(), counts) if kills > 1 else None
    for number in range(kills):
        url = new()
        first, following = list(product(COMMANDS, COMMANDS))[number % 9]
        with Program(url, first) as killed:
            if whole_start is None:
                killed.read(BEGUN)
            else:
                time.sleep(chance.uniform(0, whole_start))
            killed.process.kill()
        if following != "serve":
            with Program(url, following) as again:
                assert again.end() == 0, again.lines
        with Program(url, "serve") as server:
            assert_whole(server, counts)
        assert "Traceback" not in "".join(server.lines)
        assert_nothing_left(url)


@pytest.mark.aside
@pytest.mark.slow
@pytest.mark.parametrize("new", SQLITE_FIRST, indirect=True)
def test_a_start_waits_for_the_one_that_makes(url: str, counts: dict[str, int]) -> None:
    with Program(url, "serve") as server:
        with kind(Settings()).alone(Settings(), list):
            assert WAITS in server.read(WAITS)
        assert_whole(server, counts)


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.usefixtures("url")
def test_the_second_to_make_a_database_is_told_that_it_waits() -> None:
    told = threading.Event()

    def make() -> None:
        with kind(Settings()).alone(Settings(), told.set):
            pass

    with ThreadPoolExecutor(1) as pool:
        with kind(Settings()).alone(Settings(), list):
            second = pool.submit(make)
            assert told.wait(SECONDS)
            assert not second.done()
        second.result(SECONDS)


@pytest.mark.slow
@pytest.mark.covering
def test_a_start_that_waits_can_be_stopped(url: str) -> None:
    with kind(Settings()).alone(Settings(), list), Program(url, "serve") as server:
        assert WAITS in server.read(WAITS)
        server.process.terminate()

        assert server.end() == STOPPED


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("new", SQLITE_FIRST, indirect=True)
def test_a_database_without_content_is_not_ready_until_a_start_fills_it(
    url: str,
    counts: dict[str, int],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert main(["migrate"]) == 0
    capsys.readouterr()
    missing = "there is no content in the database yet; `python -m app seed` loads it"

    assert main(["doctor"]) == 1
    assert capsys.readouterr().err == f"doctor failed: {missing}\n"
    with TestClient(create_app(Settings(database_url=url))) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["detail"]) == (
            503,
            "The service has no content yet. If this lasts, tell the operator of this service.",
        )
        assert missing in caplog.messages
        with Program(url, "serve") as server:
            assert_whole(server, counts)
        assert client.get("/readyz").status_code == 200


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("lost", [pytest.param("rows", marks=pytest.mark.aside), "dataset"])
def test_what_is_emptied_is_filled_again(
    copy: Settings, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    db = Database(copy)
    with db.write() as connection:
        # The history cannot be emptied, and is empty.
        for table in reversed(SQLModel.metadata.sorted_tables):
            if (table is dataset) == (lost == "dataset") and table is not row_history:
                connection.execute(delete(table))
    db.close()
    assert not startup.ready(copy)

    assert main(["seed"]) == 0

    assert startup.ready(copy)


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_content_of_another_folder_is_not_replaced(copy: Settings) -> None:
    db = Database(copy)
    with db.write() as connection:
        connection.execute(text("DELETE FROM conflict"))
        revise(connection, "our own")
    db.close()

    with Program(copy.database_url, "serve") as server:
        server.read(READY)
        answer = server.ask("/v1/dataset")[1]

    assert answer["version"] == "our own"
    assert answer["counts"]["conflicts"] == 0


def test_a_writer_sees_what_one_that_was_killed_still_commits(server: str) -> None:
    """PostgreSQL completes a statement that it has received, even if nobody waits for it."""
    settings = Settings(database_url=new_postgres(server), wait_seconds=60)
    startup.migrate(settings, print)
    db = Database(settings)
    content = checked(DATA)
    reports: list[bool] = []

    def second() -> None:
        other = Database(settings)
        reports.append(load(other, DATA, Progress(print)).changed)
        other.close()

    thread = threading.Thread(target=second)
    with db.write() as connection, replaced(connection, content.vocabulary):
        replace(connection, records(content), "one")
        thread.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while thread.is_alive() and not connection.execute(waiting).scalar():
            pass
    thread.join()
    db.close()

    assert reports == [False]


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a SQLite file is to be."""
    found = tmp_path / "here" / "content.db"
    found.parent.mkdir()
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{found}")
    return found


@pytest.mark.covering
def test_a_file_that_appears_meanwhile_is_used(path: Path, urls: dict[str, str]) -> None:
    filled: list[str] = []

    def slow(db: Database) -> None:
        if not path.exists():
            shutil.copy(path_of(urls["sqlite"]), path)
        filled.append(db.settings.database_url)

    startup.make(Settings(), slow, print)

    assert filled[1:] == [f"sqlite:///{path}"]
    assert path.read_bytes() == path_of(urls["sqlite"]).read_bytes()
    assert startup.ready(Settings())


@pytest.mark.covering
@pytest.mark.parametrize("command", ["seed", "migrate", "doctor"])
def test_a_link_to_nothing_is_refused(
    path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path.symlink_to(path.parent / "gone" / "content.db")

    assert main([command]) == 1

    line = f"{command} failed: {path} is a link to a missing file; repair or remove it\n"
    assert capsys.readouterr().err == line
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.covering
@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_a_log_of_another_database_is_not_played_into_the_new_one(
    path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    stray = path.with_name(f"content.db{suffix}")
    stray.write_bytes(b"some work")

    assert main(["seed"]) == 1

    line = f"seed failed: {stray} is left over from another database; move it away\n"
    assert capsys.readouterr().err == line
    assert stray.read_bytes() == b"some work"


@pytest.mark.slow
@pytest.mark.covering
def test_only_what_killed_starts_left_is_removed(
    path: Path, counts: dict[str, int], urls: dict[str, str]
) -> None:
    shutil.copy(path_of(urls["sqlite"]), path)
    left = path.with_name(".content.db.a1b2c3d4.unfinished")
    left.mkdir()
    (left / "content.db-wal").touch()
    own = path.with_name("content.db.new")
    own.touch()

    with Program(f"sqlite:///{path}", "serve") as server:
        assert_whole(server, counts)

    assert {one.name for one in path.parent.iterdir()} == {
        "content.db",
        "content.db.lock",
        "content.db.new",
    }


def test_a_file_of_ours_without_tables_is_completed(path: Path) -> None:
    """The file as left by a migration that was killed before its first commit."""
    engine = kind(Settings()).migrating(f"sqlite:///{path}")
    engine.connect().close()
    engine.dispose()
    assert not startup.ready(Settings())

    assert main(["seed"]) == 0

    assert startup.ready(Settings())


def test_a_server_that_is_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", f"postgresql://x@127.0.0.1:{free_port()}/none")

    assert main(["seed"]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "seed failed: the database cannot be used; check it and MOA_DATABASE_URL: "
    )
    assert "Connection refused" in line
