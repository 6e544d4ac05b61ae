"""Both databases, filled once with the curated content, and an application on each."""

import itertools
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text, update
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app import lookalikes, startup
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
# For what has no code of its own on PostgreSQL; there it is tried in the full column.
SQLITE_FIRST = ("sqlite", pytest.param("postgres", marks=pytest.mark.full))
FIXED = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)

# The time limits of the service and the fuzzers, so long that a busy machine does not reach them.
for limit in ("STATEMENT", "WAIT"):
    os.environ[f"MOA_{limit}_SECONDS"] = str(limits.LONGEST_SETTING)
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

numbers = itertools.count()

New = Callable[[], str]


@pytest.fixture(scope="session", autouse=True)
def unhurried() -> Iterator[None]:
    """Lift the time limits of searches and layouts, unless a test sets them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Budget.__init__, "__defaults__", (200_000, limits.SECONDS, time.monotonic))
        patch.setattr(Layouts.__init__, "__defaults__", (limits.SECONDS,))
        patch.setattr(lookalikes, "MAX_SECONDS", limits.SECONDS)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests with random values as slow."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("slow")


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


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def urls(tmp_path_factory: pytest.TempPathFactory, server: str) -> dict[str, str]:
    """The filled databases, for tests that only read."""
    path = tmp_path_factory.mktemp("filled") / "content.db"
    found = {"sqlite": f"sqlite:///{path}", "postgres": new_postgres(server)}
    for url in found.values():
        startup.make(Settings(database_url=url), fill, print)
    # A database can be copied only while nobody uses it; this one nobody ever does.
    found["template"] = new_postgres(server, found["postgres"].rpartition("/")[2])
    return found


def new_postgres(server: str, template: str = "template0") -> str:
    """The address of a new database on the server, a copy of the template."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"moa_test_{worker}_{next(numbers)}"
    engine = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def apps(urls: dict[str, str]) -> Iterator[dict[str, TestClient]]:
    """A client of an application on each filled database."""
    found = {name: TestClient(create_app(Settings(database_url=urls[name]))) for name in BOTH}
    for client in found.values():
        client.__enter__()
    yield found
    for client in found.values():
        client.__exit__()


@pytest.fixture(params=BOTH)
def client(request: pytest.FixtureRequest, apps: dict[str, TestClient]) -> TestClient:
    """A client of an application, on each database in turn."""
    return apps[request.param]


@pytest.fixture(params=BOTH)
def copy(
    request: pytest.FixtureRequest, urls: dict[str, str], tmp_path: Path, server: str
) -> Settings:
    """A filled database of the test's own, which it may change."""
    if request.param == "postgres":
        name = urls["template"].rpartition("/")[2]
        return Settings(database_url=new_postgres(server, name))
    path = tmp_path / "copy.db"
    shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)
    return Settings(database_url=f"sqlite:///{path}")


@pytest.fixture(params=BOTH)
def new(request: pytest.FixtureRequest, tmp_path: Path, server: str) -> New:
    """The address of a database that does not exist yet; a new one each time."""
    if request.param == "postgres":
        return lambda: new_postgres(server)
    folders = (tmp_path / str(number) for number in range(1000))

    def in_its_own_folder() -> str:
        folder = next(folders)
        folder.mkdir()
        return f"sqlite:///{folder / 'content.db'}"

    return in_its_own_folder
