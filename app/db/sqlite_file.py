"""The file of a SQLite database: its place, its lock, its creation and its condition."""

import fcntl
import glob
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from app.settings import Settings

APPLICATION_ID = 0x6D6F6131
DAMAGED = "is damaged, or is not a SQLite database; restore it from a copy"


def path_of(settings: Settings) -> Path:
    """The file that the address names."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


def uri(path: Path) -> str:
    """The address at which SQLite finds the file, whatever characters its path has."""
    return f"file:{quote(str(path))}?mode=rw"


@contextmanager
def alone(settings: Settings, wait: Callable[[], None]) -> Iterator[None]:
    """Let one process at a time make or change the database; call `wait` before waiting.

    The kernel releases the lock however its holder ends (flock(2)). The lock file stays: removing
    it could remove the lock of a process that has just taken it.
    """
    path = path_of(settings).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDONLY | os.O_CREAT, 0o644)
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
    with tempfile.TemporaryDirectory(".unfinished", f".{path.name}.", path.parent) as folder:
        made = Path(folder, path.name)
        yield made
        os.link(made, path)


def why_unusable(path: Path) -> str | None:
    """Why an existing file cannot be served, in one line for the operator; None if it can."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        return "is a folder; let MOA_DATABASE_URL name a file in it"
    if not stat.S_ISREG(found.st_mode):
        return "is not a regular file; let MOA_DATABASE_URL name another"
    return _closed(path) or _damage(path)


def _closed(path: Path) -> str | None:
    """Why this user cannot use the file."""
    if not os.access(path, os.R_OK):
        return "cannot be read by this user; change its permissions"
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        return "is read-only, or its folder is; SQLite needs to write beside it"
    return None


def _damage(path: Path) -> str | None:
    """Why the content of the file is no database of ours."""
    if path.stat().st_size == 0:
        return "is empty; restore it from a copy, or remove it to make a new one"
    try:
        with closing(sqlite3.connect(uri(path), uri=True)) as connection:
            return _fault(connection)
    except sqlite3.DatabaseError:
        return DAMAGED


def _fault(connection: sqlite3.Connection) -> str | None:
    if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        return "belongs to another program; choose another file"
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        return DAMAGED
    return None
