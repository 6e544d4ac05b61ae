"""Both databases, filled once with the curated content, and an application on each."""

import fcntl
import gc
import itertools
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import coverage
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text, update
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app import lookalikes, startup
from app.__main__ import main
from app.commands import COLLECTED
from app.db import Database
from app.main import create_app
from app.network.budget import Budget
from app.picture.layout import Layouts
from app.resources import ALL
from app.settings import Settings
from seed import DATA
from seed.load import Progress, load
from tests import limits, postgres

BOTH = ("sqlite", "postgres")
# For features without PostgreSQL code of their own: PostgreSQL runs only in the full column.
SQLITE_FIRST = ("sqlite", pytest.param("postgres", marks=pytest.mark.full))
# A folder for all workers of `python -m tests`, those under coverage and the others.
SHARED = os.environ.get("TESTS_SHARED")
FILLED = "moa_filled"
FIXED = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)

# The time limits of the service and the fuzzers, so long that a busy machine does not reach them.
for limit in ("STATEMENT", "WAIT"):
    os.environ[f"MOA_{limit}_SECONDS"] = str(limits.LONGEST_SETTING)
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

gc.set_threshold(*COLLECTED)
numbers = itertools.count()

New = Callable[[], str]
Clients = tuple[TestClient, TestClient]
Made = TypeVar("Made")


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> Iterator[None]:
    """Lift the time limits of searches and layouts, unless a test sets them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Budget.__init__, "__defaults__", (200_000, limits.SECONDS, time.monotonic))
        patch.setattr(Layouts.__init__, "__defaults__", (limits.SECONDS,))
        patch.setattr(lookalikes, "MAX_SECONDS", limits.SECONDS)
        yield


def pytest_collection_finish() -> None:
    """Exempt what stays from garbage collection, as `serve` does.

    Examining all modules and tests again and again took a quarter of the processor time.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Store coverage and end quickly: a worker that takes ten seconds to end is killed.

    Most of that time would go into looking for garbage among all that the tests have made.
    """
    measured = coverage.Coverage.current()
    if measured:
        measured.save()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests with random values, and those that need a PostgreSQL server, as slow."""
    for item in items:
        random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if random or uses_postgres(item):
            item.add_marker("slow")


def uses_postgres(item: pytest.Item) -> bool:
    """Whether a test asks for a PostgreSQL server, or for one database among others."""
    databases = getattr(getattr(item, "callspec", None), "params", {}).values()
    return "postgres" in databases or "server" in getattr(item, "fixturenames", ())


def fill(db: Database) -> None:
    """Load the content, with fixed time stamps."""
    load(db, DATA, Progress(print))
    with db.write() as connection:
        for resource in ALL:
            table = SQLModel.metadata.tables[resource.name]
            connection.execute(update(table).values(created_at=FIXED, updated_at=FIXED))


@pytest.fixture
def own_log() -> Iterator[None]:
    """Remove after the test what `serve` adds to the log."""
    before = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = before


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Be the only worker that makes this."""
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def prepared() -> Path | None:
    """The data of a PostgreSQL server with the content, made by one worker for all."""
    if SHARED is None or "TEST_DATABASE_URL" in os.environ:
        return None
    place = Path(SHARED) / "postgres"
    with alone(place):
        if not place.exists():
            postgres.prepare(place, lambda server: filled(new_postgres(server, name=FILLED)))
    return place


@pytest.fixture(scope="session")
def server(prepared: Path | None) -> Iterator[str]:
    """A PostgreSQL server."""
    with postgres.server(prepared) as url:
        yield url


class WhenAsked(Mapping[str, Made]):
    """One value for each database, made when it is first asked for."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        """Remember how to make a value."""
        self.make = make

    def __getitem__(self, name: str) -> Made:
        """The value for one database."""
        return self.make(name)

    def __iter__(self) -> Iterator[str]:
        """The names of the databases."""
        return iter(BOTH)

    def __len__(self) -> int:
        """Their number."""
        return len(BOTH)


def filled(url: str) -> str:
    """Create a database with the content and return its address."""
    startup.make(Settings(database_url=url), fill, print)
    return url


def new_postgres(server: str, template: str = "template0", name: str | None = None) -> str:
    """The address of a new database on the server, a copy of the template."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    # Two runs may share one server: that of the tests under coverage, and that of the others.
    run = "covering" if coverage.Coverage.current() else "test"
    name = name or f"moa_{run}_{worker}_{next(numbers)}"
    engine = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        # Copied by files, not by way of the log: with little else to log, five times as fast.
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    engine.dispose()
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A filled SQLite file, for tests that only read: filled by one worker, and copied by each."""
    own = tmp_path_factory.mktemp("filled") / "content.db"
    # The folders of all workers of a run lie in one.
    of_run = own.parent.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else own.parent
    first = Path(SHARED or of_run) / "first.db"
    with alone(first):
        if not first.exists():
            half = filled(f"sqlite:///{first.with_name('half.db')}").removeprefix("sqlite:///")
            Path(half).rename(first)
    shutil.copy(first, own)
    return f"sqlite:///{own}"


@pytest.fixture(scope="session")
def template(server: str, prepared: Path | None) -> str:
    """The name of a filled database on the server, to be copied.

    That works only while nothing is connected to it, and nothing ever is to this one.
    """
    if prepared:
        return FILLED
    return filled(new_postgres(server)).rpartition("/")[2]


@pytest.fixture(scope="session")
def postgres_url(server: str, template: str) -> str:
    """A filled PostgreSQL database, for tests that only read."""
    return new_postgres(server, template)


@pytest.fixture(scope="session")
def urls(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The filled databases by their names."""
    return WhenAsked(lambda name: request.getfixturevalue(f"{name}_url"))


@pytest.fixture(scope="session")
def on_sqlite(sqlite_url: str) -> Iterator[TestClient]:
    """A client of an application on SQLite."""
    with TestClient(create_app(Settings(database_url=sqlite_url))) as found:
        yield found


@pytest.fixture(scope="session")
def on_postgres(postgres_url: str) -> Iterator[TestClient]:
    """A client of an application on PostgreSQL."""
    with TestClient(create_app(Settings(database_url=postgres_url))) as found:
        yield found


@pytest.fixture(scope="session")
def both(on_sqlite: TestClient, on_postgres: TestClient) -> Clients:
    """The two of them."""
    return on_sqlite, on_postgres


@pytest.fixture(scope="session")
def apps(request: pytest.FixtureRequest) -> Mapping[str, TestClient]:
    """The two of them by their names."""
    return WhenAsked(lambda name: request.getfixturevalue(f"on_{name}"))


@pytest.fixture(params=BOTH)
def client(request: pytest.FixtureRequest, apps: dict[str, TestClient]) -> TestClient:
    """A client of an application, on each database in turn."""
    return apps[request.param]


@pytest.fixture(params=BOTH)
def copy(request: pytest.FixtureRequest, urls: dict[str, str], tmp_path: Path) -> Settings:
    """A filled database of the test's own, which it may change."""
    if request.param == "postgres":
        server, template = map(request.getfixturevalue, ("server", "template"))
        return Settings(database_url=new_postgres(server, template))
    path = tmp_path / "copy.db"
    shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)
    return Settings(database_url=f"sqlite:///{path}")


@pytest.fixture
def doctor(copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After the test the database agrees with itself."""
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    yield
    assert main(["doctor"]) == 0


@pytest.fixture(params=BOTH)
def new(request: pytest.FixtureRequest, tmp_path: Path) -> New:
    """The address of a database that does not exist yet; a new one each time."""
    if request.param == "postgres":
        server = request.getfixturevalue("server")
        return lambda: new_postgres(server)
    folders = (tmp_path / str(number) for number in range(1000))

    def in_its_own_folder() -> str:
        folder = next(folders)
        folder.mkdir()
        return f"sqlite:///{folder / 'content.db'}"

    return in_its_own_folder
