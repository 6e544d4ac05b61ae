"""The migrations create the tables of the models, and can be undone and repeated."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlmodel import SQLModel

from app.db.revision import SCHEMA
from app.settings import ROOT, Settings
from tests.conftest import new_postgres


@pytest.fixture
def engine(copy: Settings) -> Any:
    found = create_engine(copy.database_url)
    yield found
    found.dispose()


@pytest.fixture
def bare(copy: Settings, tmp_path: Path, server: str) -> Any:
    """An empty database of the same kind."""
    url = f"sqlite:///{tmp_path / 'bare.db'}" if copy.embedded else new_postgres(server)
    found = create_engine(Settings(database_url=url).database_url)
    yield found
    found.dispose()


def config(settings: Settings) -> Config:
    found = Config(toml_file=ROOT / "pyproject.toml")
    found.attributes["url"] = settings.database_url
    return found


def test_the_schema_that_the_service_asks_for_is_the_newest(copy: Settings) -> None:
    assert ScriptDirectory.from_config(config(copy)).get_current_head() == SCHEMA


def test_models_and_migrations_do_not_part(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def checks(engine: Engine) -> dict[tuple[str, str | None], str]:
    """The condition of each check of each table, as the database reports it."""
    found = inspect(engine)
    return {
        (table, check["name"]): check["sqltext"]
        for table in SQLModel.metadata.tables
        for check in found.get_check_constraints(table)
    }


def test_every_check_of_the_models_is_in_the_database(engine: Engine, bare: Engine) -> None:
    SQLModel.metadata.create_all(bare)

    wanted = checks(bare)

    assert {"entity", "evidence", "outcome"} <= {name for name, _ in wanted}
    assert checks(engine) == wanted


def test_down_and_up_again(copy: Settings, engine: Engine) -> None:
    command.downgrade(config(copy), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]

    command.upgrade(config(copy), "head")
    assert set(inspect(engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}
