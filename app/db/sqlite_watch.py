"""Notices when a SQLite file changes, or when its path leads to another file."""

import sqlite3
import threading
import time

from app.db.revision import State
from app.db.sqlite_file import FileReplaced, number_of, opened, path_of, uri
from app.settings import Settings

SECONDS_BETWEEN_LOOKS = 0.5

Number = tuple[int, int] | None
"""What tells a file from any other."""


class Watch:
    """Detects changes of the file within microseconds, and another file within half a second.

    `PRAGMA data_version` counts commits by other connections only, so this one never writes. Nor
    does it wait for a lock, because the event loop calls it (sqlite.org/pragma.html).
    """

    def __init__(self, settings: Settings) -> None:
        self._path = path_of(settings)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._cursor: sqlite3.Cursor | None = None
        self._times_opened = 0
        self._file: Number = None
        self._next_look = 0.0
        self.latest = State((0, 0), "")
        """What was found at the last look."""

    def state(self) -> State:
        """The state after the last commit by any process."""
        with self._lock:
            cursor = self._cursor or self._open()
            if time.monotonic() >= self._next_look:
                self._look()
            (version,) = cursor.execute("PRAGMA data_version").fetchone()
            if self.latest.revision != (self._times_opened, version):
                (release,) = cursor.execute("SELECT release FROM dataset").fetchone() or ("",)
                self.latest = State((self._times_opened, version), release)
            return self.latest

    def state_of(self, file: Number) -> State:
        """The state, for a connection that has opened this file."""
        found = self.state()
        if file != self._file:
            raise FileReplaced("connections have been made to two different files")
        return found

    def close(self) -> None:
        """Close the connection; the next look opens the file again."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = self._cursor = None

    def lost(self, *_: object) -> None:
        """Do nothing: a connection to a file is not lost."""

    def _look(self) -> None:
        """Notice that the path leads to another file: it was replaced or removed."""
        if number_of(self._path) != self._file:
            raise FileReplaced(f"{self._path} has been replaced or removed")
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS

    def _open(self) -> sqlite3.Cursor:
        """A cursor for all looks, of a new connection.

        Its versions cannot be compared with those of the one before.
        """
        self._times_opened += 1
        self._file = opened(self._path)
        self._next_look = 0.0
        self._connection = sqlite3.connect(
            uri(self._path), timeout=0, uri=True, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA query_only=ON")
        self._cursor = self._connection.cursor()
        return self._cursor
