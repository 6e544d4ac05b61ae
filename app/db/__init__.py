"""The database: reading and writing as blocks, on SQLite or PostgreSQL alike."""

import logging
from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, select
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import SQLModel

from app.db import sqlite
from app.db.revision import State, read_dataset
from app.db.totals import Totals
from app.errors import Problem, Unavailable
from app.logs import Seldom
from app.settings import Settings

MOST_STATEMENTS = 512
MAX_CAUSE = 500


@dataclass(frozen=True)
class Statement:
    """A statement as text, made once and run with other values each time.

    It is given to the driver at once: SQLAlchemy would take a tenth of the time of an answer.
    """

    sql: str
    constants: Mapping[str, Any]
    ask: Callable[[Connection, str, Mapping[str, Any]], list[tuple[Any, ...]]]
    row: Callable[[Iterable[Any]], Any]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """All rows of the answer, each with its values by name."""
        try:
            found = self.ask(connection, self.sql, {**self.constants, **values})
        except (OverflowError, UnicodeEncodeError) as error:
            # What the drivers say of a value before the database has seen it.
            raise DataError(self.sql, None, error, hide_parameters=True) from error
        return [self.row(each) for each in found]


def kind(settings: Settings) -> ModuleType:
    """What is particular to SQLite or PostgreSQL.

    The driver of PostgreSQL is loaded only where it is used: it takes 9 MB.
    """
    return sqlite if settings.embedded else import_module("app.db.postgres")


class Database:
    """One database with its readers and its writer."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._kind = kind(settings)
        self._readers = self._kind.engine(settings, writer=False)
        self._writer = self._kind.engine(settings, writer=True)
        self._watch = self._kind.Watch(settings)
        self.totals = Totals()
        self.release = ""
        self._statements = lru_cache(maxsize=MOST_STATEMENTS)(self._prepare)
        self._seldom = Seldom()
        self._suspected = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the data, cannot write, and times each statement."""
        since = None
        with suppress(Unavailable):
            since = self.state()
        with self.explained(), self._readers.begin() as connection:
            connection.info["since"] = since
            yield connection

    def seen_since(self, connection: Connection) -> State | None:
        """How far the data had come when this reader began; they may have gone on since."""
        found: State | None = connection.info["since"]
        return found

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one writing connection; leaving the block commits, an error undoes everything."""
        with self.explained(writing=True), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read_from_disk(self) -> Iterator[Connection]:
        """A reader that finds what is wrong with the data, whatever memory still holds of them.

        After a request has met a lasting error, all rows of all tables are read first.
        """
        wholly, self._suspected = self._suspected, False
        with self.read() as connection:
            self._kind.distrust(connection, wholly=wholly)
            read_dataset(connection)
            for table in SQLModel.metadata.sorted_tables if wholly else ():
                # Without their types, so that the driver alone decides whether they can be read.
                names: list[ColumnElement[Any]] = [column(each.name) for each in table.columns]
                for _ in connection.execute(select(*names).select_from(table)):
                    pass
            yield connection

    def state(self) -> State:
        """How far the data have come, whoever changed them.

        Asked before the data are read, it is never newer than what is then read.
        """
        try:
            found: State = self._watch.state()
        except (self._kind.Error, MemoryError) as error:
            raise self._problem(error) from error
        self.release = found.release
        return found

    def _prepare(self, make: Callable[..., Select[Any]], *of: Hashable) -> Statement:
        statement = make(*of)
        compiled = statement.compile(
            dialect=self._readers.dialect, compile_kwargs={"render_postcompile": True}
        )
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        row = namedtuple("Row", statement.selected_columns.keys(), rename=True)  # type: ignore[misc]  # noqa: PYI024  # its names are data
        return Statement(str(compiled), constants, self._kind.ask, row._make)

    def statement(self, make: Callable[..., Select[Any]], *of: Hashable) -> Statement:
        """The statement that a function makes of its arguments, made on first use and kept.

        Making one takes milliseconds, running it a fraction of one.
        """
        return self._statements(make, *of)

    def close(self) -> None:
        """Give all connections back; new ones are made when they are needed."""
        self._watch.close()
        self._readers.dispose()
        self._writer.dispose()

    @contextmanager
    def explained(self, *, writing: bool = False) -> Iterator[None]:
        """Turn an error of the database into a problem for the caller, and tell the operator."""
        try:
            yield
        except (DBAPIError, self._kind.Error, MemoryError) as error:
            raise self._problem(error, writing=writing) from error
        except PoolTimeout as error:
            raise Unavailable("All connections to the database are in use.") from error

    def _problem(self, error: Exception, *, writing: bool = False) -> Problem:
        """What an error means for the caller; one on our side is raised as it is."""
        cause = getattr(error, "orig", None) or error
        problem: Problem | None = self._kind.explain(cause, writing=writing)
        if problem is None:
            raise error
        if isinstance(problem, Unavailable):
            told = f"the database cannot be used: {problem.cause[:MAX_CAUSE]}"
            self._seldom.log(logging.WARNING, problem.detail, told)
            if problem.lasting:
                self._suspect()
        else:
            # Not its message, which may hold the value.
            told = f"a value passed our types, but not the database: {type(cause).__name__}"
            self._seldom.log(logging.ERROR, problem.detail, told)
        return problem

    def _suspect(self) -> None:
        """Let the next look at the data be a thorough one, and begin anew.

        Nothing may hold on to a file that is replaced, or to a statement that PostgreSQL prepared
        for tables as they were; and answers in memory are of a state that is lost.
        """
        self._suspected = True
        self.close()
