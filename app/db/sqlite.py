"""SQLite: one writing connection, and readers that cannot write."""

import sqlite3
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Connection,
    DateTime,
    Engine,
    Float,
    String,
    Text,
    create_engine,
    event,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.db.deadline import seconds_left
from app.db.expressions import joined, json_value
from app.db.revision import State
from app.db.sqlite_file import (
    APPLICATION_ID,
    FileReplaced,
    alone,
    opened,
    path_of,
    turn,
    uri,
)
from app.db.sqlite_watch import Watch
from app.errors import InsufficientStorage, Invalid, Problem, Unavailable
from app.settings import Settings

# `Database` finds the lock and the watch of each kind of database here.
__all__ = ["Watch", "alone", "turn"]

# A few milliseconds; each look at the clock waits for the interpreter lock, which slows queries.
STEPS_BETWEEN_CLOCK_READINGS = 100_000
# Versions 3.7.0 to 3.51.2 have the WAL-reset bug (sqlite.org/wal.html).
SOUND = (3, 51, 3)
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "journal_size_limit=67108864",
)
# In KiB for each reader, a quarter of the default: the system keeps the pages of the file for all.
CACHED = 500
LIMITS = {
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_LENGTH: 8_000_000,
}
# The watcher meets these directly, not wrapped by SQLAlchemy.
Error = sqlite3.Error
# Errors that pass by themselves; the low byte of a code is its kind (sqlite.org/rescode.html).
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT}
SLOW = "The database is busy, or the query took too long."
NO_DATABASE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB}
OURS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
VALUES = (sqlite3.DataError, sqlite3.InterfaceError, OverflowError, UnicodeEncodeError)


def engine(settings: Settings, *, writer: bool) -> Engine:
    """An engine with one writer, or with as many readers as there are threads.

    The file must exist: a mistyped address does not become a new, empty database.
    """
    made = create_engine(
        URL.create("sqlite", database=uri(path_of(settings)), query={"uri": "true"}),
        paramstyle="named",
        hide_parameters=True,
        pool_size=1 if writer else settings.threads,
        max_overflow=0,
        pool_use_lifo=True,  # a connection just used still has pages in its cache
        pool_timeout=settings.wait_seconds,
        connect_args={
            "timeout": settings.wait_seconds,
            "check_same_thread": False,
            "isolation_level": None,
        },
    )
    event.listen(made, "do_connect", partial(_note_file, path_of(settings)))
    if writer:
        event.listen(made, "connect", _prepare_writer)
        event.listen(made, "begin", _begin_writing)
        return made
    event.listen(made, "connect", partial(_prepare_reader, settings))
    event.listen(made, "before_cursor_execute", _start_clock)
    return made


class Clock:
    """The time limit of the statement that a connection runs."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = float("inf")

    def start(self) -> None:
        """Start the clock for a statement, which must also end with the request."""
        self._until = time.monotonic() + min(self._seconds, seconds_left())

    def passed(self) -> bool:
        """Whether the time is up; SQLite then interrupts the statement."""
        return time.monotonic() > self._until


def _note_file(path: Path, _dialect: object, record: Any, *_: object) -> None:
    record.info["file"] = opened(path)


def _prepare_writer(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for limit, value in LIMITS.items():
        connection.setlimit(limit, value)


def _prepare_reader(settings: Settings, connection: sqlite3.Connection, record: Any) -> None:
    _prepare_writer(connection, record)
    connection.execute("PRAGMA query_only=ON")
    connection.execute(f"PRAGMA cache_size=-{CACHED}")
    clock = record.info["clock"] = Clock(settings.statement_seconds)
    connection.set_progress_handler(clock.passed, STEPS_BETWEEN_CLOCK_READINGS)


def _begin_writing(connection: Any) -> None:
    # Taking the lock at once makes a second writer wait instead of failing half-way
    # (sqlite.org/lang_transaction.html).
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrating(url: str) -> Engine:
    """An engine for migrations; it creates a missing file, in WAL mode.

    SQLite makes most changes to a table by copying it. With foreign keys on, dropping the old
    table would delete the rows that refer to it, so they are off (sqlite.org/lang_altertable.html).
    """
    path = path_of(Settings(database_url=url))
    address = URL.create("sqlite", database=uri(path, "rwc"), query={"uri": "true"})
    made = create_engine(address, hide_parameters=True)
    event.listen(made, "connect", _prepare_migration)
    event.listen(made, "begin", _begin_writing)
    return made


def _prepare_migration(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _start_clock(connection: Connection, *_: Any) -> None:
    connection.info["clock"].start()


def ask(connection: Connection, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement straight on the driver and fetch all rows."""
    _start_clock(connection)
    driver: Any = connection.connection.driver_connection
    found: list[tuple[Any, ...]] = driver.execute(sql, values).fetchall()
    return found


def snapshot(connection: Connection, watch: Watch) -> State | None:
    """Begin to read one state of the data, and return it.

    A transaction sees the data as they are at its first read (sqlite.org/isolation.html). If the
    watcher finds no commit between its last look and one after that read, its state is theirs.
    """
    # Straight to the driver: SQLAlchemy would take ten times as long and add nothing.
    driver: Any = connection.connection.driver_connection
    while True:
        before = watch.latest
        driver.execute("BEGIN")
        driver.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
        try:
            if watch.state_of(connection.info["file"]) == before:
                return before
        except FileReplaced:
            raise
        except sqlite3.Error:
            return None
        driver.execute("ROLLBACK")


def explain(error: BaseException, *, writing: bool) -> Problem | None:
    """The problem that an error means for the caller; None for an error on our side.

    Our statements are fixed and tested, so an error is due to the file or the machine.
    """
    if isinstance(error, OURS):
        return None
    if isinstance(error, VALUES):
        return Invalid("A parameter has a value that the database cannot take.")
    if isinstance(error, FileReplaced):
        gone = "The database file has been replaced or removed."
        return Unavailable(gone, cause=str(error), lasting=True, away=True)
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    cause = f"{name}: {error}"
    if kind in BUSY:
        late = kind == sqlite3.SQLITE_INTERRUPT
        return Unavailable(SLOW, cause=cause, late=late)
    if kind == sqlite3.SQLITE_FULL and writing:
        return InsufficientStorage("The disk is full; nothing was written.", cause=cause)
    return Unavailable(
        f"The database file cannot be used ({name}).",
        cause=cause,
        lasting=True,
        away=kind in NO_DATABASE,
    )


def unhurried(_connection: Connection) -> AbstractContextManager[None]:
    """Nothing: statements that write have no limit."""
    return nullcontext()


def log_size(settings: Settings) -> int | None:
    """The size of the log beside the file, in bytes."""
    log = path_of(settings).with_name(f"{path_of(settings).name}-wal")
    return log.stat().st_size if log.exists() else 0


def warnings() -> list[str]:
    """What the operator should know about this version of SQLite."""
    if sqlite3.sqlite_version_info >= SOUND:
        return []
    newer = ".".join(map(str, SOUND))
    reason = "has a rare race that can damage the file (sqlite.org/wal.html)"
    return [f"SQLite {sqlite3.sqlite_version} {reason}; use {newer} or newer"]


def distrust(connection: Connection, *, wholly: bool) -> None:
    """Empty the page cache, so that the file is read; if `wholly`, check every page."""
    connection.exec_driver_sql("PRAGMA shrink_memory")
    if wholly and connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise sqlite3.DatabaseError("quick_check finds the file damaged")


@compiles(String, "sqlite")
def _text(_type: TypeEngine[str], _compiler: Any, **_: Any) -> str:
    return "TEXT"


@compiles(BigInteger, "sqlite")
def _whole(_type: TypeEngine[int], _compiler: Any, **_: Any) -> str:
    return "INTEGER"


@compiles(Float, "sqlite")
def _real(_type: TypeEngine[float], _compiler: Any, **_: Any) -> str:
    return "REAL"


@compiles(Boolean, "sqlite")
def _flag(_type: TypeEngine[bool], _compiler: Any, **_: Any) -> str:
    return "INTEGER"


@compiles(DateTime, "sqlite")
def _time(_type: TypeEngine[Any], _compiler: Any, **_: Any) -> str:
    return "TEXT"


@compiles(json_value, "sqlite")
def _json(element: json_value, compiler: SQLCompiler, **kw: Any) -> str:
    column, kind = element.column()
    value = compiler.process(column, **kw)
    if isinstance(kind, Boolean):
        return f"CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END"
    if isinstance(kind, Float):
        whole = f"CAST({value} AS INTEGER)"
        return f"CASE WHEN {value} = {whole} THEN {whole} || '' ELSE json_quote({value}) END"
    if isinstance(kind, DateTime):
        return f"coalesce('\"' || replace({value}, ' ', 'T') || 'Z\"', 'null')"
    return f"json_quote({value})"


@compiles(joined, "sqlite")
def _joined(element: joined, compiler: SQLCompiler, **kw: Any) -> str:
    """One `printf`: with `||`, each part would copy everything before it."""
    form = "%s".join(text.replace("%", "%%") for text in element.texts)
    values = [compiler.process(value, **kw) for value in element.clauses]
    return f"printf({', '.join([compiler.render_literal_value(form, Text()), *values])})"
