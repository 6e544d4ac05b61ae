"""The file that a SQLite address names is the file that is used, even if it is replaced."""

import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from app import startup
from app.__main__ import main
from app.db import Database, sqlite_file, sqlite_watch
from app.errors import Unavailable
from app.settings import ROOT, Settings
from seed import RELEASE
from tests.programs import Program

pytestmark = [pytest.mark.slow, pytest.mark.covering]

Capture = pytest.CaptureFixture[str]
READY = "Application startup complete"
NAMES = (
    "a b.db",
    " ",
    "#1.db",
    "what?.db",
    "what?mode=memory",
    "50%.db",
    "%41%00.db",
    "&c=;'\"\\.db",
    "λεναλιδομίδη.db",
    "file:a.db",
    ":memory:",
    "~",
    "two\nlines",
    "no\udcffutf-8",
)


def put(source: str, path: Path) -> Path:
    return Path(shutil.copy(source.removeprefix("sqlite:///"), path))


def release_in(path: Path, new: str | None = None) -> str:
    """The release in a file, read and written without the service."""
    connection = sqlite3.connect(path)
    with connection:
        if new:
            connection.execute("UPDATE dataset SET revision = revision + 1, release = ?", [new])
        (found,) = connection.execute("SELECT release FROM dataset").fetchone()
    connection.close()
    return str(found)


def written_by_the_service(url: str) -> str:
    """The release, after the service has written one."""
    db = Database(Settings(database_url=url))
    with db.write() as connection:
        connection.execute(text("UPDATE dataset SET release = 'ours'"))
    with db.read() as reading:
        found = reading.release
    db.close()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_any_legal_path_is_that_very_file(urls: dict[str, str], tmp_path: Path, name: str) -> None:
    path = put(urls["sqlite"], tmp_path / name)

    for prefix in (f"sqlite:///{tmp_path}/", f"sqlite:////{tmp_path}//", f"sqlite:///{tmp_path}/."):
        release_in(path, "theirs")
        assert written_by_the_service(f"{prefix}/{name}") == "ours"
        assert release_in(path) == "ours"

    assert {found.name for found in tmp_path.iterdir()} == {name, f"{name}.lock"}


@pytest.mark.aside
def test_a_new_file_is_made_at_that_very_path(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    monkeypatch.chdir(tmp_path / "real")
    name = "50% of #1? β.db"
    for address in (name, f"/{tmp_path}/link/../{name}"):
        monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{address}")

        assert main(["migrate"]) == 0
        assert f"{name}; created a new one" in capsys.readouterr().err
        assert main(["migrate"]) == 0
        assert "a new one" not in capsys.readouterr().err

    assert {one.name for one in (tmp_path / "real").iterdir()} == {name, f"{name}.lock"}
    assert {one.name for one in tmp_path.iterdir()} == {"real", "link", name, f"{name}.lock"}


@pytest.mark.usefixtures("own_log")
@pytest.mark.parametrize("command", ["serve", "seed", "migrate", "doctor", "rebuild"])
def test_a_mistyped_path_makes_nothing(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    path = tmp_path / "dta" / "content.db"
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{path}")

    assert main([command]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    missing = f"{path.parent} does not exist; create this folder, or correct MOA_DATABASE_URL"
    none = f"there is no database at {path} yet; `python -m app serve` creates it"
    assert line == f"{command} failed: {none if command in {'doctor', 'rebuild'} else missing}"
    assert list(tmp_path.iterdir()) == []


def test_the_default_folder_is_made(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / "lenalidomide-moa.db"
    monkeypatch.setattr(sqlite_file, "DEFAULT_FILE", path)
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{path}")

    assert main(["migrate"]) == 0

    assert f"there was no database at {path}; created a new one" in capsys.readouterr().err
    assert path.exists()


@pytest.mark.full
def test_the_default_folder_of_a_clone_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("app", "seed", "migrations", "pyproject.toml"):
        (root / name).symlink_to(ROOT / name)
    (root / "app").unlink()
    shutil.copytree(ROOT / "app", root / "app", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.delenv("MOA_DATABASE_URL", raising=False)

    with Program("", "migrate", root=root) as program:
        assert program.end() == 0, program.lines

    place = root / "data" / "lenalidomide-moa.db"
    assert f"there was no database at {place}; created a new one" in "".join(program.lines)
    assert place.exists()


def shown(server: Program) -> str:
    """The release that the service shows, or the status."""
    status, document = server.ask("/v1/dataset")
    return str(document["version"] if status == 200 else status)


def shown_soon(server: Program) -> str:
    """What it shows to the first request made a second from now or later, having been busy."""
    change = time.monotonic()
    while True:
        began = time.monotonic()
        found = shown(server)
        if began >= change + 1:
            return found


@pytest.mark.slow
@pytest.mark.aside
def test_a_file_that_is_replaced_or_removed_is_noticed_within_a_second(
    urls: dict[str, str], tmp_path: Path
) -> None:
    path, new = put(urls["sqlite"], tmp_path / "content.db"), tmp_path / "new.db"
    with Program(f"sqlite:///{path}", "serve") as server:
        server.read(READY)
        assert shown(server) == RELEASE
        release_in(put(urls["sqlite"], new), "2030.01")

        new.replace(path)
        assert shown_soon(server) == "2030.01"
        assert server.ask("/readyz")[0] == 200

        path.unlink()
        assert shown_soon(server) == "503"
        assert [server.ask(address)[0] for address in ("/readyz", "/livez")] == [503, 200]

        put(urls["sqlite"], path)
        assert [server.ask("/readyz")[0], shown(server)] == [200, RELEASE]


@pytest.mark.slow
@pytest.mark.covering
def test_a_new_file_is_served_only_once_the_log_of_the_old_one_is_gone(
    urls: dict[str, str], tmp_path: Path
) -> None:
    path, new = put(urls["sqlite"], tmp_path / "content.db"), tmp_path / "new.db"
    with Program(f"sqlite:///{path}", "serve") as server:
        server.read(READY)
        assert shown(server) == RELEASE
        assert release_in(path, "2026.01") == "2026.01"
        assert shown(server) == "2026.01"
        log = sqlite_file.log_of(path)
        assert sqlite_file.has_log(path)

        put(urls["sqlite"], new).replace(path)
        assert shown_soon(server) == "503"
        assert [server.ask("/readyz")[0], shown(server)] == [503, "503"]

        log.replace(tmp_path / "moved-away")
        assert [server.ask("/readyz")[0], shown(server)] == [200, RELEASE]
    assert "Traceback" not in "".join(server.lines)
    assert release_in(path) == RELEASE


@pytest.fixture
def killed(urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file whose last changes are only in its log, as after a kill."""
    path = put(urls["sqlite"], tmp_path / "content.db")
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{path}")
    db = Database(Settings())
    with db.write() as connection:
        connection.execute(text("DELETE FROM conflict"))
    log, file = sqlite_file.log_of(path).read_bytes(), path.read_bytes()
    db.close()
    path.write_bytes(file)
    sqlite_file.log_of(path).write_bytes(log)
    return path


@pytest.mark.aside
def test_changes_in_the_log_are_not_lost(killed: Path) -> None:
    assert main(["doctor"]) == 1  # the conflicts do not agree with the content

    assert not sqlite_file.has_log(killed)
    db = Database(Settings())
    with db.read() as reading:
        assert reading.connection.execute(text("SELECT count(*) FROM conflict")).scalar() == 0
    db.close()


@pytest.mark.usefixtures("own_log")
@pytest.mark.parametrize("command", ["serve", "seed", "migrate", "doctor", "rebuild"])
def test_a_new_file_beside_the_log_of_the_old_one_is_refused_and_left_as_it_is(
    killed: Path, urls: dict[str, str], capsys: Capture, command: str
) -> None:
    put(urls["sqlite"], killed.with_name("new.db")).replace(killed)
    before, log = killed.read_bytes(), sqlite_file.log_of(killed)

    assert main([command]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"{command} failed: {killed} is another file than the one to which {log} belongs; stop "
        "every process that uses it, and move that log away"
    )
    assert killed.read_bytes() == before
    log.unlink()
    assert startup.ready(Settings())


def test_a_file_copied_over_the_old_one_beside_its_log_is_refused(
    killed: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert main(["migrate"]) == 0
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{killed}")
    capsys.readouterr()
    killed.write_bytes((tmp_path / "empty.db").read_bytes())
    before = killed.read_bytes()

    assert main(["doctor"]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    log = sqlite_file.log_of(killed)
    assert line == (
        f"doctor failed: {killed} and its log {log} do not fit together; move the log away, or "
        "restore both from a copy"
    )
    assert killed.read_bytes() == before


def test_connections_to_two_files_give_no_answer(
    urls: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_watch, "SECONDS_BETWEEN_LOOKS", 600)
    path, new = put(urls["sqlite"], tmp_path / "content.db"), put(urls["sqlite"], tmp_path / "new")
    release_in(new, "2030.01")
    db = Database(Settings(database_url=f"sqlite:///{path}"))
    assert db.state().release == RELEASE
    new.replace(path)

    with pytest.raises(Unavailable) as caught, db.read():
        pass

    assert caught.value.detail.startswith("The database file has been replaced or removed.")
    with db.read() as reading:
        assert reading.release == "2030.01"
    db.close()


def test_a_lock_file_that_cannot_be_written_hinders_nothing(killed: Path) -> None:
    lock = killed.with_name("content.db.lock")
    lock.unlink()
    lock.mkdir()

    db = Database(Settings())
    with db.read() as reading:
        assert reading.release == RELEASE
    db.close()
    assert list(lock.iterdir()) == []
