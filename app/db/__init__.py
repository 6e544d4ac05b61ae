"""The database: reading and writing as blocks, on SQLite or PostgreSQL alike."""

from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.db import sqlite
from app.db.revision import State
from app.db.totals import Totals
from app.errors import Unavailable
from app.settings import Settings

KEPT_STATEMENTS = 512


@dataclass(frozen=True)
class Kept:
    """A statement as text, made once and run with other values each time.

    It is given to the driver at once: SQLAlchemy would take a tenth of the time of an answer.
    """

    sql: str
    constants: Mapping[str, Any]
    ask: Callable[[Connection, str, Mapping[str, Any]], list[tuple[Any, ...]]]
    row: Callable[[Iterable[Any]], Any]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """All rows of the answer, each with its values by name."""
        found = self.ask(connection, self.sql, {**self.constants, **values})
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
        self._kept = lru_cache(maxsize=KEPT_STATEMENTS)(self._keep)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the data, cannot write, and times each statement."""
        since = None
        with suppress(Unavailable):
            since = self.state()
        with self._explained(), self._readers.begin() as connection:
            connection.info["since"] = since
            yield connection

    def seen_since(self, connection: Connection) -> State | None:
        """How far the data had come when this reader began; they may have gone on since."""
        found: State | None = connection.info["since"]
        return found

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one writing connection; leaving the block commits, an error undoes everything."""
        with self._explained(), self._writer.begin() as connection:
            yield connection

    def state(self) -> State:
        """How far the data have come, whoever changed them.

        Asked before the data are read, it is never newer than what is then read.
        """
        try:
            found: State = self._watch.state()
        except self._kind.Error as error:
            raise Unavailable("The database cannot be reached or is busy.") from error
        self.release = found.release
        return found

    def _keep(self, make: Callable[..., Select[Any]], *of: Hashable) -> Kept:
        statement = make(*of)
        compiled = statement.compile(
            dialect=self._readers.dialect, compile_kwargs={"render_postcompile": True}
        )
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        row = namedtuple("Row", statement.selected_columns.keys(), rename=True)  # type: ignore[misc]  # noqa: PYI024  # its names are data
        return Kept(str(compiled), constants, self._kind.ask, row._make)

    def kept(self, make: Callable[..., Select[Any]], *of: Hashable) -> Kept:
        """The statement that a function makes of its arguments, made on first use and kept.

        Making one takes milliseconds, running it a fraction of one.
        """
        return self._kept(make, *of)

    def close(self) -> None:
        """Give all connections back."""
        self._watch.close()
        self._readers.dispose()
        self._writer.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the database means by an error into a problem for the caller."""
        try:
            yield
        except (DBAPIError, self._kind.Error) as error:
            problem = self._kind.explain(getattr(error, "orig", None) or error)
            if problem is None:
                raise
            raise problem from error
        except PoolTimeout as error:
            raise Unavailable("All connections to the database are in use.") from error
