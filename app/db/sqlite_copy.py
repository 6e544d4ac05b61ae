"""Copies of a SQLite file: made while it is in use, and put in its place."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from app.db.sqlite_file import has_log, log_of, store_names, uri, why_unusable

PAGES_AT_ONCE = 256
WAIT_SECONDS = 5
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"


class CopyFailed(Exception):
    """Why a copy cannot be made or used, in one line."""


# The errors of a file that cannot be read or written, from the disk or from SQLite.
STORAGE_ERRORS = (OSError, sqlite3.Error)


def copy_while_in_use(source: Path, copy: Path) -> int:
    """Copy one state of the file, verify the copy, and return its number of rows.

    The transaction holds that state, so that writers neither disturb the copy nor start it anew
    (sqlite.org/backup.html).
    """
    with (
        closing(sqlite3.connect(uri(source), uri=True, isolation_level=None)) as old,
        closing(sqlite3.connect(uri(copy, "rwc"), uri=True, isolation_level=None)) as new,
    ):
        old.execute("BEGIN")
        rows = _rows(old)
        old.backup(new, pages=PAGES_AT_ONCE)
        _prove(new, rows)
    return sum(rows.values())


def copy_idle(source: Path, copy: Path) -> None:
    """Copy a file that is not in use, and verify the copy."""
    if has_log(source):
        raise CopyFailed(f"{source} is in use, or was not closed; give a file made by `backup`")
    shutil.copyfile(source, copy)
    fault = why_unusable(copy)
    if fault:
        raise CopyFailed(f"{source} {fault}")
    with closing(sqlite3.connect(uri(copy), uri=True, isolation_level=None)) as connection:
        _prove(connection, _rows(connection))


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Keep all other processes out of a file; refuse if one has it open.

    Only the last connection can leave WAL mode, which also removes the log (sqlite.org/wal.html).
    """
    opening = sqlite3.connect(uri(path), timeout=WAIT_SECONDS, uri=True, isolation_level=None)
    with closing(opening) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise CopyFailed(
                    f"{path} is in use; stop every service and command that uses it"
                ) from error
            # It is damaged, which is why it is replaced; its log goes with it.
            log_of(path).unlink(missing_ok=True)
        yield


def put_in_place(copy: Path, path: Path) -> None:
    """Replace the file with the copy, durably, keeping the file's owner and permissions."""
    if path.exists():
        found = path.stat()
        with suppress(PermissionError):  # only root may give a file away
            os.chown(copy, found.st_uid, found.st_gid)
        copy.chmod(found.st_mode & 0o777)
    copy.replace(path)
    store_names(path.parent)


def _prove(connection: sqlite3.Connection, rows: dict[str, int]) -> None:
    """Refuse a copy that is damaged, has broken foreign keys, or other numbers of rows."""
    proofs: tuple[tuple[str, object, object], ...] = (
        ("integrity_check", connection.execute("PRAGMA integrity_check(1)").fetchall(), [("ok",)]),
        ("foreign_key_check", connection.execute("PRAGMA foreign_key_check").fetchall(), []),
        ("the count of rows", _rows(connection), rows),
    )
    for proof, found, expected in proofs:
        if found != expected:
            raise CopyFailed(f"{proof} finds a fault in the copy")


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    """The number of rows of each table."""
    names = [name for (name,) in connection.execute(TABLES)]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for name in names
    }
