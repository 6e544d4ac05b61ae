"""The database, SQLite or PostgreSQL, read and written in `with` blocks."""

import gc
import logging
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, column, event, select
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import SQLModel

from app.db import bulk, sqlite
from app.db.deadline import seconds_left
from app.db.revision import State, read_dataset
from app.db.totals import Totals
from app.errors import Problem, Unavailable
from app.logs import Outage, Seldom
from app.settings import Settings

R = TypeVar("R")

MOST_STATEMENTS = 512
MAX_CAUSE = 500
SECONDS_OF_SILENCE = 1.0
SILENT = "The database does not answer."


@dataclass(frozen=True)
class Statement:
    """SQL text that is compiled once and run with new values each time.

    It goes straight to the driver: SQLAlchemy would take a tenth of the time of an answer.
    """

    sql: str
    constants: Mapping[str, Any]
    ask: Callable[[Connection, str, Mapping[str, Any]], list[tuple[Any, ...]]]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run the statement with these values, and return all rows."""
        if seconds_left() <= 0:
            raise Unavailable("The request took too long.", late=True)
        try:
            return self.ask(connection, self.sql, {**self.constants, **values})
        except (OverflowError, UnicodeEncodeError) as error:
            # The drivers refuse such a value before the database has seen it.
            raise DataError(self.sql, None, error, hide_parameters=True) from error


@dataclass(frozen=True, slots=True)
class Reading:
    """One state of the data: whatever is read here belongs together."""

    connection: Connection
    """A connection that cannot write and limits the time of each statement."""
    state: State | None
    """None if the database does not say, as before its first migration."""
    statement: Callable[..., Statement]

    @property
    def release(self) -> str:
        """The release of the content; empty if it is unknown."""
        return self.state.release if self.state else ""

    def rows(
        self,
        row: Callable[..., R],
        values: Mapping[str, Any],
        make: Callable[..., Select[Any]],
        *of: Hashable,
    ) -> list[R]:
        """Run the statement that `make` builds from `of`, and make each row into a `row`."""
        return [row(*each) for each in self.statement(make, *of).rows(self.connection, values)]


def kind(settings: Settings) -> ModuleType:
    """The module with all that is particular to SQLite or to PostgreSQL.

    The PostgreSQL driver is loaded only where it is used, because it takes 9 MB.
    """
    return sqlite if settings.embedded else import_module("app.db.postgres")


class Database:
    """One database, with its readers and its writer."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._kind = kind(settings)
        self._readers = self._kind.engine(settings, writer=False)
        self._writer = self._kind.engine(settings, writer=True)
        self._watch = self._kind.Watch(settings)
        self.totals = Totals()
        self._statements = lru_cache(maxsize=MOST_STATEMENTS)(self._prepare)
        self._seldom = Seldom()
        self._outage = Outage("the database")
        self._suspected = False
        self._turn = Lock()
        # A separate connection, so that the readiness check waits for no query.
        alone = settings.model_copy(update={"threads": 1})
        self._checker = self._kind.engine(alone, writer=False)
        for engine in (self._readers, self._checker):
            event.listen(engine, "invalidate", self._watch.lost)
        self._silent_until = 0.0
        self.timeouts = 0
        """How many statements have taken too long."""

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """Read one state of the data; an answer is made in one such block."""
        with self._reading(self._readers) as reading:
            yield reading

    @contextmanager
    def _reading(self, engine: Engine) -> Iterator[Reading]:
        self._refuse_if_silent()
        with self.explained(), engine.begin() as connection:
            state = self._kind.snapshot(connection, self._watch)
            self._outage.end()
            yield Reading(connection, state, self.statement)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The only writing connection; leaving the block commits, an error rolls back."""
        with self._writing() as connection, self._kind.unhurried(connection):
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.explained(writing=True), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """As `write`, for one of several processes that change rows at the same time."""
        with self._in_turn(), self._writing() as connection:
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        until = time.monotonic() + self.settings.wait_seconds
        if not self._turn.acquire(timeout=self.settings.wait_seconds):
            raise Unavailable("Too many changes are waiting.")
        try:
            with self._kind.turn(self.settings, until):
                yield
        finally:
            self._turn.release()

    @contextmanager
    def change_many(self) -> Iterator[Connection]:
        """As `change`, for many rows at once; SQLite's temporary files are gone afterwards."""
        with self._in_turn():
            try:
                with (
                    self._writing() as connection,
                    self._kind.unhurried(connection),
                    bulk.roomy(connection),
                ):
                    yield connection
            finally:
                if self.settings.embedded:
                    # Only closing the connection frees them.
                    self._writer.dispose()

    @contextmanager
    def load(self) -> Iterator[Connection]:
        """As `write`, for many rows at once."""
        with self.write() as connection, bulk.roomy(connection):
            yield connection

    @contextmanager
    def read_from_disk(self) -> Iterator[Reading]:
        """A reading that bypasses caches, so that damage on the disk is found.

        After a request has met a lasting error, every row of every table is read first.
        """
        wholly, self._suspected = self._suspected, False
        with self._reading(self._checker) as reading:
            self._kind.distrust(reading.connection, wholly=wholly)
            read_dataset(reading.connection)
            for table in SQLModel.metadata.sorted_tables if wholly else ():
                # Without their types, so that the driver alone decides whether they can be read.
                names: list[ColumnElement[Any]] = [column(each.name) for each in table.columns]
                for _ in reading.connection.execute(select(*names).select_from(table)):
                    pass
            yield reading

    def state(self) -> State:
        """The current state of the data, whichever process changed them.

        A state taken before the data are read is never newer than what is then read.
        """
        self._refuse_if_silent()
        try:
            found: State = self._watch.state()
        except (self._kind.Error, MemoryError) as error:
            raise self._problem(error) from error
        self._outage.end()
        return found

    def _refuse_if_silent(self) -> None:
        """Refuse at once for a second after the server failed to answer: it would fail again."""
        if self._silent_until > time.monotonic():
            raise Unavailable(SILENT)

    def _prepare(self, make: Callable[..., Select[Any]], *of: Hashable) -> Statement:
        compiled = make(*of).compile(
            dialect=self._readers.dialect, compile_kwargs={"render_postcompile": True}
        )
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        made = Statement(str(compiled), constants, self._kind.ask)
        # SQLAlchemy leaves cyclic garbage, which would stay in memory for many requests.
        del compiled
        gc.collect(1)
        return made

    def statement(self, make: Callable[..., Select[Any]], *of: Hashable) -> Statement:
        """The statement that `make` builds from its arguments, compiled on first use and kept.

        Compiling one takes milliseconds, running it a fraction of one.
        """
        return self._statements(make, *of)

    def connections(self) -> tuple[int, int]:
        """How many connections are reading, and how many may at once."""
        pool: Any = self._readers.pool
        return pool.checkedout(), pool.size()

    def log_size(self) -> int | None:
        """The size of SQLite's write-ahead log, in bytes; None on PostgreSQL, which trims it."""
        size: int | None = self._kind.log_size(self.settings)
        return size

    def close(self) -> None:
        """Close all connections; new ones are opened when they are needed."""
        self._watch.close()
        self._readers.dispose()
        self._checker.dispose()
        self._writer.dispose()

    @contextmanager
    def explained(self, *, writing: bool = False) -> Iterator[None]:
        """Turn a database error into a problem for the caller and a line in the log."""
        try:
            yield
        except (DBAPIError, self._kind.Error, MemoryError) as error:
            raise self._problem(error, writing=writing) from error
        except PoolTimeout as error:
            raise Unavailable("All connections to the database are in use.") from error

    def _problem(self, error: Exception, *, writing: bool = False) -> Problem:
        """The problem that an error means for the caller; an error on our side is raised again."""
        found = getattr(error, "orig", None) or error
        problem: Problem | None = self._kind.explain(found, writing=writing)
        if problem is None:
            raise error
        if isinstance(problem, Unavailable):
            cause = problem.cause[:MAX_CAUSE]
            self.timeouts += problem.late
            if problem.late and problem.away:
                self._silent_until = time.monotonic() + SECONDS_OF_SILENCE
            if problem.away:
                self._outage.begin(problem.detail, cause)
            else:
                line = f"the database cannot be used: {cause}"
                self._seldom.log(logging.WARNING, problem.detail, line)
            if problem.lasting:
                self._suspect()
        else:
            # Without its message, which may hold the value.
            line = f"a value passed our types, but not the database: {type(found).__name__}"
            self._seldom.log(logging.ERROR, problem.detail, line)
        return problem

    def _suspect(self) -> None:
        """Make the next readiness check a thorough one, and drop all connections.

        The file may have been replaced, PostgreSQL may have prepared statements for tables as
        they were, and answers in memory may be of a state that is lost.
        """
        self._suspected = True
        self.close()
