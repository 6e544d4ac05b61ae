"""Whatever is wrong with the world, every command says so in one line and leaves all as it is."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.__main__ import main
from app.settings import ROOT
from tests.conftest import new_postgres
from tests.programs import free_port

Capture = pytest.CaptureFixture[str]
pytestmark = [pytest.mark.slow, pytest.mark.covering, pytest.mark.usefixtures("own_log")]

CHANGING = ("seed", "migrate")
READING = ("doctor", "rebuild", "backup")
COMMANDS = ("serve", *CHANGING, *READING)
NEWER = "UPDATE alembic_version SET version_num = '9999'"


def told(capture: Capture, command: str) -> str:
    """The one line with which a command refuses."""
    options = {"serve": ["--port", str(free_port())], "backup": ["never-made.db"]}
    capture.readouterr()
    assert main([command, *options.get(command, [])]) == 1, command
    (line,) = capture.readouterr().err.splitlines()
    assert line.startswith(f"{command} failed: ")
    assert "Traceback" not in line
    return line.removeprefix(f"{command} failed: ")


def by_sql(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return change


def in_a_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def beneath_a_file(path: Path) -> None:
    path.rename(path.with_name("file"))
    path.with_name("file").rename(path.parent.with_name("here.db"))
    path.parent.rmdir()
    path.parent.with_name("here.db").rename(path.parent)


WORLDS: dict[str, tuple[Callable[[Path], None], str, tuple[str, ...]]] = {
    "a table dropped": (
        by_sql("PRAGMA foreign_keys=OFF", "DROP TABLE evidence_subject_link"),
        "has lost evidence_subject_link; restore it from a copy",
        COMMANDS,
    ),
    "dataset dropped": (by_sql("DROP TABLE dataset"), "has lost dataset; restore", COMMANDS),
    "a column renamed": (
        by_sql("ALTER TABLE evidence RENAME COLUMN locator TO place"),
        "the database cannot be used; check it and MOA_DATABASE_URL: SQLITE_ERROR: no such column",
        ("rebuild",),
    ),
    "a newer schema": (by_sql(NEWER), "schema 9999, but this release needs", COMMANDS),
    "no dataset row": (by_sql("DELETE FROM dataset"), "there is no content in", ("doctor",)),
    "a loop of links": (in_a_loop, "cannot be read: Too many levels of symbolic links", COMMANDS),
    "a file for a folder": (beneath_a_file, "cannot be read: Not a directory", COMMANDS),
}


@pytest.mark.parametrize("world", WORLDS)
def test_a_bad_file(
    urls: dict[str, str],
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    world: str,
) -> None:
    spoil, line, commands = WORLDS[world]
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "here" / "content.db"
    path.parent.mkdir()
    shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{path}")
    spoil(path)

    for command in commands:
        assert line in told(capsys, command), command

    assert not Path("never-made.db").exists()


@pytest.mark.parametrize("address", ["/proc/content.db", "/proc/none/content.db", "/dev/full"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_place_where_no_file_can_be(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, address: str, command: str
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{address}")

    line = told(capsys, command)

    assert address.rpartition("/")[0] in line


def test_a_folder_that_is_gone(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setenv("MOA_DATABASE_URL", "sqlite:///content.db")

    for command in COMMANDS:
        assert told(capsys, command) == "No such file or directory"


UNLIMITED = 10**9
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from app.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


# A process that may not write cannot note which lines it ran.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def limited(url: str, size: int, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in a process that cannot make files larger than this, as on a full disk."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), *command],
        cwd=ROOT,
        env={**UNMEASURED, "MOA_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_file_that_cannot_grow(urls: dict[str, str], tmp_path: Path) -> None:
    path = Path(shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), tmp_path / "content.db"))
    by_sql("UPDATE evidence SET statement = statement || '.'")(path)
    before = path.read_bytes()
    for command in (["seed"], ["backup", str(tmp_path / "copy.db")]):
        run = limited(f"sqlite:///{path}", 100_000, *command)

        assert run.returncode == 1
        assert f"{command[0]} failed: " in run.stderr
        assert "Traceback" not in run.stderr
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"content.db", "content.db.lock"}


@pytest.mark.full
def test_a_full_or_read_only_disk(
    urls: dict[str, str], tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mount(options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", options, "moa", str(tmp_path)]
        return not subprocess.run(command, check=False, capture_output=True).returncode

    if not mount("size=700k"):
        pytest.skip("this user may not mount a small disk")
    try:
        path = tmp_path / "content.db"
        monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{path}")
        run = limited(f"sqlite:///{path}", UNLIMITED, "seed")
        assert (run.returncode, "FULL" in run.stderr.splitlines()[-1]) == (1, True), run.stderr
        assert "Traceback" not in run.stderr
        assert [one.name for one in tmp_path.iterdir()] == ["content.db.lock"]

        assert mount("remount,size=16m")
        shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)
        assert mount("remount,ro")
        for command in COMMANDS:
            assert "is read-only, or its folder is" in told(capsys, command)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=False)  # noqa: S607 - wherever it is


AS_NOBODY = """
import os, sys
from app.__main__ import main
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("command", ["doctor", pytest.param("seed", marks=pytest.mark.full)])
def test_a_file_of_another_user(urls: dict[str, str], tmp_path: Path, command: str) -> None:
    path = Path(shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), tmp_path / "content.db"))
    before = path.read_bytes()

    run = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, command],
        cwd=ROOT,
        env={**UNMEASURED, "MOA_DATABASE_URL": f"sqlite:///{path}"},
        capture_output=True,
        text=True,
        check=False,
    )

    (line,) = run.stderr.splitlines()
    assert run.returncode == 1
    assert line.startswith(f"{command} failed: {path} cannot be read")
    assert path.read_bytes() == before


@pytest.fixture
def administrator(server: str) -> Iterator[Callable[..., None]]:
    engine = create_engine(
        server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )

    def run(*statements: str) -> None:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    yield run
    engine.dispose()


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_postgres_with_another_encoding(
    server: str,
    administrator: Callable[..., None],
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
) -> None:
    name = f"moa_test_{encoding.lower()}"
    administrator(
        f"DROP DATABASE IF EXISTS {name}",
        f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0",
    )
    monkeypatch.setenv("MOA_DATABASE_URL", f"{server.rpartition('/')[0]}/{name}")

    for command in COMMANDS:
        line = "PostgreSQL has an encoding other than UTF8; create it again with ENCODING 'UTF8'"
        assert told(capsys, command) == line


def test_postgres_that_cannot_be_reached_is_told_with_the_cause(
    server: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = server.partition("@")[2].rpartition("/")[0]
    start = "the database cannot be used; check it and MOA_DATABASE_URL: "
    causes = {
        f"postgresql://postgres:hush@{host}/none": 'database "none" does not exist',
        f"postgresql://x:hush@127.0.0.1:{free_port()}/none": "Connection refused",
        "postgresql://x:hush@no.such.host.invalid/none": "no.such.host.invalid",
        f"postgresql://nobody:hush@{host}/postgres": 'role "nobody" does not exist',
    }
    for address, cause in causes.items():
        monkeypatch.setenv("MOA_DATABASE_URL", address)
        for command in COMMANDS:
            line = told(capsys, command)
            assert line.startswith(start), line
            assert cause in line
            assert "hush" not in line


def test_postgres_that_gives_too_little(
    server: str,
    administrator: Callable[..., None],
    template: str,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filled = new_postgres(server, template)
    engine = create_engine(filled.replace("postgresql:", "postgresql+psycopg:"))
    administrator("DROP ROLE IF EXISTS moa_poor", "CREATE ROLE moa_poor LOGIN")
    monkeypatch.setenv("MOA_DATABASE_URL", filled.replace("postgres@", "moa_poor@"))
    for command in COMMANDS:
        assert "permission denied" in told(capsys, command)
    administrator("DROP ROLE moa_poor")

    monkeypatch.setenv("MOA_DATABASE_URL", filled)
    lines = {
        "DROP TABLE evidence_subject_link CASCADE": "PostgreSQL has lost evidence_subject_link",
        NEWER: "schema 9999, but this release needs",
    }
    for statement, line in lines.items():
        with engine.begin() as connection:
            connection.execute(text(statement))
        for command in COMMANDS:
            assert line in told(capsys, command)
    engine.dispose()
