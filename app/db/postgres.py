"""PostgreSQL: one writer at a time, and readers that cannot write."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from typing import Any

import psycopg
from psycopg.errors import ConnectionTimeout, UndefinedTable
from sqlalchemy import Connection, DateTime, Engine, String, Text, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.db.expressions import joined, json_value
from app.db.postgres_link import Silent, connection_for, plain_connection
from app.db.revision import State
from app.errors import InsufficientStorage, Invalid, Problem, Unavailable
from app.settings import Settings

# Errors that pass by themselves: of the connection or the transaction, resources, locks, shutdown,
# time limits (postgresql.org/docs/current/errcodes-appendix.html).
PASSING = ("08", "25", "40", "53", "55", "57")
# Those of them that mean that there is no connection to the server.
NO_SERVER = ("08", "57P")
INTEGRITY = "23"
DISK_FULL = "53100"
TOO_LONG = "57014"
OURS = (psycopg.ProgrammingError, psycopg.NotSupportedError, psycopg.IntegrityError)
AWAY = "The database cannot be reached, is busy, or took too long."
VALUES = (psycopg.DataError, UnicodeEncodeError, OverflowError)

# Keys of our advisory locks.
MAKING, WRITING = 0x6D6F6131_01, 0x6D6F6131_02

LOOK = "SELECT revision, release FROM dataset"
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

# The watcher meets these directly, not wrapped by SQLAlchemy.
Error = psycopg.Error


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """Let each statement take as long as it needs, for the moment."""
    driver: Any = connection.connection.driver_connection
    limit, driver.limit = driver.limit, None
    try:
        yield
    finally:
        driver.limit = limit


def engine(settings: Settings, *, writer: bool) -> Engine:
    """An engine with one writer, or with as many readers as there are threads."""
    made = create_engine(
        settings.database_url,
        hide_parameters=True,
        pool_size=1 if writer else settings.threads,
        max_overflow=0,
        pool_timeout=settings.wait_seconds,
        pool_pre_ping=writer,
        pool_recycle=1800,
        isolation_level="READ COMMITTED" if writer else "AUTOCOMMIT",
    )
    event.listen(made, "do_connect", partial(_take, settings=settings, writer=writer))
    if writer:
        event.listen(made, "begin", _begin_writing)
    else:
        event.listen(made, "checkout", _begin_reading)
    return made


def migrating(url: str) -> Engine:
    """An engine for migrations, which wait for any other writer."""
    made = create_engine(url, hide_parameters=True)
    event.listen(made, "begin", _begin_writing)
    return made


def _take(*given: Any, settings: Settings, writer: bool) -> psycopg.Connection[Any]:
    """Open a connection for an engine."""
    return connection_for(settings, given[-1], writer=writer, autocommit=False)


def _begin_writing(connection: Connection) -> None:
    # One writer at a time, as on SQLite. The server may still be committing for a process that
    # was killed; its changes are certain to be visible only once this lock is held.
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")


def _begin_reading(connection: psycopg.Connection, record: Any, _: object) -> None:
    """Begin to read one state of the data, and note it; the first statement sets the snapshot.

    Both are sent together, in place of a ping: the pool replaces a connection that was lost
    meanwhile.
    """
    used = "seen" in record.info
    try:
        found = connection.execute(f"{BEGIN}; {LOOK}", prepare=False)
        found.nextset()
        record.info["seen"] = found.fetchone() or (0, "")
    except UndefinedTable:
        connection.rollback()
        connection.execute(BEGIN)
        record.info["seen"] = None
    except Silent:
        raise
    except psycopg.OperationalError as error:
        if used and connection.closed:
            raise InvalidatePoolError from error
        raise


def snapshot(connection: Connection, watch: "Watch") -> State | None:
    """The state of the data that this reader sees since it began."""
    seen = connection.info["seen"]
    return watch.seen(*seen) if seen else None


@contextmanager
def alone(settings: Settings, wait: Callable[[], None]) -> Iterator[None]:
    """Let one process at a time make or change the database; call `wait` before waiting.

    It is a session-level advisory lock: the server releases it however its holder ends
    (postgresql.org/docs/current/explicit-locking.html).
    """
    with closing(plain_connection(settings, writer=True)) as connection:
        connection.limit = None
        connection.execute("SET lock_timeout = 0")
        if connection.execute("SELECT pg_try_advisory_lock(%s)", [MAKING]).fetchone() != (True,):
            wait()
            connection.execute("SELECT pg_advisory_lock(%s)", [MAKING])
        yield


def turn(_settings: Settings, _until: float) -> AbstractContextManager[None]:
    """Nothing: each writing transaction waits for its turn by itself, for a limited time."""
    return nullcontext()


def why_unusable(settings: Settings) -> str | None:
    """Why an existing database cannot hold the content, in one line; None if it can."""
    with closing(plain_connection(settings, writer=False)) as connection:
        encoding = connection.execute("SELECT getdatabaseencoding() = 'UTF8'").fetchone()
    if encoding != (True,):
        return "has an encoding other than UTF8; create it again with ENCODING 'UTF8'"
    return None


def ask(connection: Connection, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement straight on the driver and fetch all rows."""
    driver: Any = connection.connection.driver_connection
    found: list[tuple[Any, ...]] = driver.execute(sql, values).fetchall()
    return found


class Watch:
    """Detects changes of the data with one short query."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._times_opened = 0

    def state(self) -> State:
        """The state after the last commit by any client."""
        with self._lock:
            if self._connection:
                try:
                    return self._read(self._connection)
                except psycopg.OperationalError as error:
                    self._connection.close()
                    if isinstance(error, Silent):
                        raise
            return self._read(self._open())

    def seen(self, revision: int, release: str) -> State:
        """The state that another connection has found."""
        return State((self._times_opened, revision), release)

    def lost(self, *_: object) -> None:
        """Count a lost connection: the database may have been replaced."""
        self._times_opened += 1

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _open(self) -> psycopg.Connection:
        """A new connection; it may be to another database than before."""
        self._connection = None
        self._times_opened += 1
        self._connection = plain_connection(self._settings, writer=False)
        return self._connection

    def _read(self, connection: psycopg.Connection) -> State:
        return self.seen(*(connection.execute(LOOK).fetchone() or (0, "")))


def explain(error: BaseException, *, writing: bool) -> Problem | None:
    """The problem that an error means for the caller; None for an error on our side.

    Our statements are fixed and tested, so a refusal is due to the server or its tables.
    """
    if isinstance(error, VALUES):
        return Invalid("A parameter has a value that the database cannot take.")
    state = getattr(error, "sqlstate", None)
    cause = " ".join(f"{state or type(error).__name__}: {error}".split())
    if state is None:
        late = isinstance(error, Silent | ConnectionTimeout)
        away = Unavailable(AWAY, cause=cause, away=True, late=late)
        return None if isinstance(error, OURS) else away
    if state.startswith(INTEGRITY):
        return None
    if state == DISK_FULL and writing:
        return InsufficientStorage("The disk is full; nothing was written.", cause=cause)
    if state.startswith(PASSING):
        no_server = state.startswith(NO_SERVER)
        return Unavailable(AWAY, cause=cause, away=no_server, late=state == TOO_LONG)
    return Unavailable(f"The database cannot be used ({state}).", cause=cause, lasting=True)


def log_size(_settings: Settings) -> None:
    """None: the server looks after its log itself."""


def warnings() -> list[str]:
    """Nothing: any server that runs the migrations will do."""
    return []


def distrust(_connection: Connection, *, wholly: bool) -> None:
    """Do nothing: the server looks after its files itself."""


@compiles(String, "postgresql")
def _text(_type: TypeEngine[str], _compiler: Any, **kw: Any) -> str:
    # Sorted by code point, as on SQLite, whatever the locale of the server.
    return 'TEXT COLLATE "C"' if _in_a_table(kw) else "TEXT"


def _in_a_table(context: dict[str, Any]) -> bool:
    """Whether it is the type of a column, not of a cast."""
    return context.get("type_expression") is not None


@compiles(json_value, "postgresql")
def _json(element: json_value, compiler: SQLCompiler, **kw: Any) -> str:
    column, kind = element.column()
    value = compiler.process(column, **kw)
    if isinstance(kind, DateTime):
        form = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
        return f"""coalesce('"' || to_char({value} AT TIME ZONE 'UTC', '{form}') || '"', 'null')"""
    return f"coalesce(CAST(to_json({value}) AS TEXT), 'null')"


@compiles(joined, "postgresql")
def _joined(element: joined, compiler: SQLCompiler, **kw: Any) -> str:
    first, *texts = (compiler.render_literal_value(text, Text()) for text in element.texts)
    values = (compiler.process(value, **kw) for value in element.clauses)
    pairs = (part for pair in zip(values, texts, strict=True) for part in pair)
    return f"({' || '.join((first, *pairs))})"
