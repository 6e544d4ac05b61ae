"""Fresh databases for one run, created and seeded with the service's own commands."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text

from app.db import Database
from app.settings import Settings
from tests.bench.servers import ROOT, SERVER_CORES, on_cores, surroundings
from tests.postgres import PACKAGE, server

SEED_SECONDS = 120
GIVEN = "TEST_DATABASE_URL"
VERSION = {"SQLite": "SELECT sqlite_version()", "PostgreSQL": "SHOW server_version"}


@dataclass(frozen=True)
class Place:
    """A seeded database and how long the seeding took, as a command, from nothing."""

    name: str
    url: str
    seeding: float

    @property
    def embedded(self) -> bool:
        """Whether it is a file."""
        return self.url.startswith("sqlite:")

    def open(self) -> Database:
        """The database, as the service opens it."""
        return Database(Settings(database_url=self.url, statement_seconds=60))

    def version(self) -> str:
        """Return the version of SQLite or PostgreSQL."""
        return str(self._scalar(VERSION[self.name]))

    def megabytes(self) -> float:
        """Its size on disk in MB (10^6 bytes), without the write-ahead log."""
        if self.embedded:
            return Path(self.url.removeprefix("sqlite:///")).stat().st_size / 1e6
        return float(str(self._scalar("SELECT pg_database_size(current_database())"))) / 1e6

    def settle(self) -> None:
        """Do what autovacuum does a minute after a load; SQLite has no equivalent."""
        if not self.embedded:
            _command(self.url, "VACUUM ANALYZE")

    def _scalar(self, statement: str) -> object:
        db = self.open()
        try:
            with db.read() as reading:
                return reading.connection.execute(text(statement)).scalar()
        finally:
            db.close()


@contextmanager
def postgres() -> Iterator[str | None]:
    """A PostgreSQL server on the core of the services, so that its work counts as theirs."""
    if PACKAGE is None and GIVEN not in os.environ:
        yield None
        return
    with on_cores(SERVER_CORES):
        running = server()
        url = running.__enter__()
    try:
        yield url
    finally:
        running.__exit__(None, None, None)


@contextmanager
def on_sqlite() -> Iterator[Place]:
    """A seeded file."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        url = f"sqlite:///{folder}/bench.db"
        yield Place("SQLite", url, _seed(url))


@contextmanager
def on_postgres(address: str) -> Iterator[Place]:
    """A seeded database of its own on a server."""
    name = f"bench_{uuid4().hex[:12]}"
    url = f"{address.rpartition('/')[0]}/{name}"
    _command(address, f"CREATE DATABASE {name}")
    try:
        yield Place("PostgreSQL", url, _seed(url))
    finally:
        _command(address, f"DROP DATABASE {name} WITH (FORCE)")


def _command(url: str, statement: str) -> None:
    """A statement that no transaction may hold."""
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _seed(url: str) -> float:
    since = time.perf_counter()
    with on_cores(SERVER_CORES):
        subprocess.run(
            [sys.executable, "-m", "app", "seed"],
            cwd=ROOT,
            env=surroundings({"MOA_DATABASE_URL": url}),
            check=True,
            capture_output=True,
            timeout=SEED_SECONDS,
        )
    return time.perf_counter() - since
