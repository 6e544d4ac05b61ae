"""The file of a SQLite database: its place, its lock, its log, its creation and its condition."""

import fcntl
import glob
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from app.errors import Unavailable
from app.settings import DEFAULT_FILE, Settings

APPLICATION_ID = 0x6D6F6131
DAMAGED = "is damaged, or is not a SQLite database; restore it from a copy"
LOCK_PAUSE = 0.005
RESTORE = "move the log away, or restore both from a copy"


class FileReplaced(sqlite3.DatabaseError):
    """The path leads to another file than the one that was opened, or to none."""


def path_of(settings: Settings) -> Path:
    """The file that the address names."""
    return Path(settings.database_url.removeprefix("sqlite:///")).absolute()


def uri(path: Path, mode: str = "rw") -> str:
    """The address at which SQLite finds the file, whatever characters its path has.

    Without the two slashes, a path that begins with two would name a host (sqlite.org/uri.html).
    """
    return f"file://{quote(os.fsencode(path))}?mode={mode}"


def number_of(path: Path) -> tuple[int, int] | None:
    """What tells the file at this path from any other; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def opened(path: Path) -> tuple[int, int] | None:
    """The number of the file about to be opened; FileReplaced if the log belongs to another."""
    fault = foreign_log(path)
    if fault:
        raise FileReplaced(f"{path} {fault}")
    return number_of(path)


def log_of(path: Path) -> Path:
    """The write-ahead log of the file; SQLite keeps it beside the file to which a link leads."""
    real = path.resolve()
    return real.with_name(f"{real.name}-wal")


def has_log(path: Path) -> bool:
    """Whether there are changes in the log."""
    try:
        return log_of(path).stat().st_size > 0
    except OSError:
        return False


def foreign_log(path: Path) -> str | None:
    """Why SQLite must not apply the log beside the file: it belongs to a file that was here before.

    The lock file holds the number of the file to which the log belongs.
    """
    number = number_of(path)
    if number is None:
        return None
    try:
        lock = os.open(_lock_file(path), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return None  # this user cannot write there, so that nothing is known
    with os.fdopen(lock, "r+", encoding="ascii") as record:
        held, found = record.read(), f"{number[1]:<20}\n"
        if held == found:
            return None
        if held and has_log(path):
            return (
                f"is another file than the one to which {log_of(path)} belongs; stop every "
                "process that uses it, and move that log away"
            )
        record.seek(0)
        record.write(found)
    return None


def make_folder(path: Path) -> None:
    """Make the folder of the default file; any other must exist, so that a typo is noticed."""
    if path.parent == DEFAULT_FILE.parent:
        path.parent.mkdir(exist_ok=True)


def _lock_file(path: Path) -> Path:
    real = path.resolve()
    return real.with_name(f"{real.name}.lock")


@contextmanager
def alone(settings: Settings, wait: Callable[[], None]) -> Iterator[None]:
    """Let one process at a time make or change the database; call `wait` before waiting.

    The kernel releases the lock however its holder ends (flock(2)). The lock file stays: removing
    it could remove the lock of a process that has just taken it.
    """
    path = path_of(settings).resolve()
    lock = os.open(_lock_file(path), os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        for left in leftovers(path):
            shutil.rmtree(left)
        yield
    finally:
        os.close(lock)


@contextmanager
def turn(settings: Settings, until: float) -> Iterator[None]:
    """Let one of several writers change rows, whichever process it is in.

    It is the lock of `alone`, but with a limited wait: a load of the content may take long.
    """
    try:
        lock = os.open(_lock_file(path_of(settings)), os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError as error:
        cause = f"{_lock_file(path_of(settings))}: {error.strerror}"
        raise Unavailable("Nothing can be written.", cause=cause, lasting=True) from error
    try:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise Unavailable("Another process is changing the database.") from error
                time.sleep(LOCK_PAUSE)
        yield
    finally:
        os.close(lock)


def leftovers(path: Path) -> list[Path]:
    """The folders of processes that are making the database or were killed while doing so."""
    path = path.resolve()
    return list(path.parent.glob(f".{glob.escape(path.name)}.????????.unfinished"))


def strays(path: Path) -> list[Path]:
    """Journals that would corrupt a new file (sqlite.org/howtocorrupt.html)."""
    beside = (path.with_name(path.name + suffix) for suffix in ("-wal", "-journal"))
    return [one for one in beside if one.exists()]


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A place for a new database, which moves to its path when it is complete.

    A link, unlike a rename, never replaces a file that was put there meanwhile without our lock;
    it raises FileExistsError (link(2)).
    """
    with folder_beside(path) as folder:
        yield folder / path.name
        os.link(folder / path.name, path)
        store_names(path.parent)


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """A folder for what is not finished, on the same disk."""
    beside = path.parent.resolve()
    with tempfile.TemporaryDirectory(".unfinished", f".{path.name}.", beside) as folder:
        yield Path(folder)


def store_names(folder: Path) -> None:
    """Have the disk keep the names in a folder, whatever happens to the machine (fsync(2))."""
    opened_folder = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened_folder)
    finally:
        os.close(opened_folder)


def why_unusable(path: Path) -> str | None:
    """Why an existing file cannot be served, in one line for the operator; None if it can."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        return "is a folder; let MOA_DATABASE_URL name a file in it"
    if not stat.S_ISREG(found.st_mode):
        return "is not a regular file; let MOA_DATABASE_URL name another"
    return _closed(path) or foreign_log(path) or _damage(path)


def _closed(path: Path) -> str | None:
    """Why this user cannot use the file."""
    if not os.access(path, os.R_OK):
        return "cannot be read by this user; change its permissions"
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return "is read-only, or its folder is; SQLite needs to write beside it"
    return None


def _damage(path: Path) -> str | None:
    """Why the file is not an intact database of ours."""
    if path.stat().st_size == 0:
        return "is empty; restore it from a copy, or remove it to make a new one"
    # With changes in the log, opening for writing would bring them into the file.
    log = log_of(path) if has_log(path) else None
    try:
        with closing(sqlite3.connect(uri(path, "ro" if log else "rw"), uri=True)) as connection:
            fault = _fault(connection, "integrity_check(1)" if log else "quick_check(1)")
    except sqlite3.DatabaseError:
        fault = DAMAGED
    return f"and its log {log} do not fit together; {RESTORE}" if log and fault else fault


def _fault(connection: sqlite3.Connection, check: str) -> str | None:
    if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        return "belongs to another program; choose another file"
    if connection.execute(f"PRAGMA {check}").fetchone() != ("ok",):
        return DAMAGED
    return None
