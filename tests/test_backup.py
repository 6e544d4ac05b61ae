"""A copy is made while the database is in use, proven, and restored whole or not at all."""

import shlex
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app import RELEASE
from app.__main__ import main
from app.db import Database
from app.db.revision import SCHEMA, revise
from app.settings import Settings
from tests.conftest import new_postgres
from tests.postgres import program
from tests.programs import Program

pytestmark = [pytest.mark.slow, pytest.mark.covering]

Capture = pytest.CaptureFixture[str]
READY = "Application startup complete"
FIRST = "(SELECT min(id) FROM evidence)"


@pytest.fixture
def path(urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A filled database."""
    found = tmp_path / "content.db"
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{found}")
    return Path(shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), found))


@pytest.fixture
def copy(path: Path) -> Path:
    """A copy of it, by the command."""
    found = path.with_name("copy #1?.db")
    assert main(["backup", str(found)]) == 0
    return found


def dump(path: Path) -> list[str]:
    """All that a file holds."""
    connection = sqlite3.connect(path)
    found = list(connection.iterdump())
    connection.close()
    return found


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def refused(capture: Capture, *arguments: str) -> str:
    capture.readouterr()
    assert main(list(arguments)) == 1
    (line,) = capture.readouterr().err.splitlines()
    return line.removeprefix(f"{arguments[0]} failed: ")


@pytest.mark.aside
@pytest.mark.slow
def test_a_copy_is_proven_and_restored_with_all_it_holds(path: Path, capsys: Capture) -> None:
    copy = path.with_name("copy.db")
    before = dump(path)

    assert main(["backup", str(copy)]) == 0

    content, proof = capsys.readouterr().err.splitlines()
    assert content.startswith(f"content: release {RELEASE}, revision 1: ")
    assert proof.startswith(f"{copy}: intact, with the same ")
    assert dump(copy) == before
    change(path, "DELETE FROM conflict_side_evidence", "UPDATE dataset SET revision = 7")
    path.chmod(0o640)

    assert main(["restore", str(copy)]) == 0

    again, restored = capsys.readouterr().err.splitlines()
    assert again == content
    assert restored == f"{path}: restored from {copy}, at this release's schema"
    assert dump(path) == before
    assert path.stat().st_mode & 0o777 == 0o640
    assert main(["doctor"]) == 0
    assert {one.name for one in path.parent.iterdir()} == {
        *("content.db", "content.db.lock", "copy.db")
    }


class Writer(threading.Thread):
    """Writes without a pause: two rows in two tables, which agree in every state."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0
        self.stop = threading.Event()

    def run(self) -> None:
        db = Database(Settings())
        while not self.stop.is_set():
            with db.write() as connection:
                connection.execute(
                    text(f"UPDATE evidence SET statement = :n WHERE id = {FIRST}"),
                    {"n": f"state {self.written}"},
                )
                revise(connection, f"state {self.written}")
            self.written += 1
        db.close()


def state_of(copy: Path) -> int:
    """The number of the one state in a copy."""
    connection = sqlite3.connect(copy)
    query = f"SELECT release, statement FROM dataset, evidence WHERE evidence.id = {FIRST}"
    release, statement = connection.execute(query).fetchone()
    connection.close()
    assert release == statement
    return int(release.removeprefix("state "))


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("rounds", [2, pytest.param(100, marks=pytest.mark.full)])
def test_copies_under_load_are_each_of_one_state(path: Path, rounds: int, capsys: Capture) -> None:
    copies = [path.with_name(f"copy-{number}.db") for number in range(rounds)]
    with Program(f"sqlite:///{path}", "serve") as server:
        server.read(READY)
        assert server.ask("/v1/mechanisms")[0] == 200
        writer = Writer()
        writer.start()
        while not writer.written:
            pass
        for copy in copies:
            acknowledged = writer.written
            assert main(["backup", str(copy)]) == 0
            assert acknowledged - 1 <= state_of(copy) <= writer.written
        writer.stop.set()
        writer.join()
        assert server.ask("/readyz")[0] == 200
        line = f"{path} is in use; stop every service and command that uses it"
        assert refused(capsys, "restore", str(copies[-1])) == line

    assert main(["restore", str(copies[-1])]) == 0
    assert state_of(path) == state_of(copies[-1])


def test_no_file_is_replaced_by_a_copy(copy: Path, capsys: Capture, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    for file in (copy, link, tmp_path):
        assert refused(capsys, "backup", str(file)) == f"{file} exists; name a new file"
    line = refused(capsys, "backup", str(tmp_path / "none" / "copy.db"))
    assert line == f"{tmp_path}/none/copy.db cannot be made: No such file or directory"


def emptied(copy: Path) -> None:
    copy.write_bytes(b"")


def cut(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:100_000])


def in_use(copy: Path) -> None:
    copy.with_name(f"{copy.name}-wal").write_bytes(b"changes")


BAD_COPIES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "is not a file"),
    "emptied": (emptied, "is empty; restore it from a copy, or remove it to make a new one"),
    "cut": (cut, "is damaged, or is not a SQLite database; restore it from a copy"),
    "in use": (in_use, "is in use, or was not closed; give a file made by `backup`"),
    "of another program": (
        lambda copy: change(copy, "PRAGMA application_id=1"),
        "belongs to another program; choose another file",
    ),
    "newer": (
        lambda copy: change(copy, "UPDATE alembic_version SET version_num = '9999'"),
        f"the database has schema 9999, but this release needs {SCHEMA}; update the service",
    ),
    "without content": (lambda copy: change(copy, "DELETE FROM dataset"), "has no content"),
    "a link to no row": (
        lambda copy: change(copy, "UPDATE edge SET source_id = 'nobody' WHERE source_id = 'crbn'"),
        "foreign_key_check finds a fault in the copy",
    ),
}


@pytest.mark.parametrize("fault", BAD_COPIES)
def test_a_bad_copy_is_refused_and_the_database_stays(
    path: Path, copy: Path, capsys: Capture, fault: str
) -> None:
    spoil, line = BAD_COPIES[fault]
    before = path.read_bytes()
    spoil(copy)

    assert refused(capsys, "restore", str(copy)).endswith(line)

    assert path.read_bytes() == before


def garbage(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)
    path.with_name(f"{path.name}-wal").write_bytes(b"more garbage")


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("spoil", [emptied, garbage, Path.unlink])
def test_a_database_that_is_lost_is_restored(
    path: Path, copy: Path, spoil: Callable[[Path], None]
) -> None:
    before = dump(path)
    spoil(path)

    assert main(["restore", str(copy)]) == 0

    assert dump(path) == before


def test_a_folder_is_not_replaced(
    copy: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{tmp_path}")
    assert refused(capsys, "restore", str(copy)) == f"{tmp_path} is not a file"
    link = tmp_path / "link"
    link.symlink_to(link)
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{link}")
    line = f"{link} is a link to a missing file; repair or remove it"
    assert refused(capsys, "restore", str(copy)) == line
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{tmp_path}/none/content.db")
    line = f"{tmp_path}/none/content.db cannot be made: No such file or directory"
    assert refused(capsys, "restore", str(copy)) == line


@pytest.mark.slow
@pytest.mark.covering
def test_postgres_is_copied_and_restored_by_the_commands_that_are_named(
    server: str,
    template: str,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = new_postgres(server, template)
    secret = url.replace("postgres@", "postgres:hush@")
    monkeypatch.setenv("MOA_DATABASE_URL", secret)
    copy = tmp_path / "a copy"
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))

    for command, name in (("backup", "pg_dump"), ("restore", "pg_restore")):
        line = refused(capsys, command, str(copy))
        assert "hush" not in line
        named, *arguments = shlex.split(line.partition("program: ")[2])
        assert named == name
        subprocess.run([program(name), *arguments], check=True)
        assert main(["doctor"]) == 0
        with engine.begin() as connection:
            assert connection.execute(text("DELETE FROM conflict_side_evidence")).rowcount
    engine.dispose()
