"""The tables of the migrations are those of the models, and they go down and up again."""

from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, create_engine, inspect
from sqlmodel import SQLModel

from app.db.revision import SCHEMA
from app.settings import ROOT, Settings


@pytest.fixture
def engine(copy: Settings) -> Any:
    found = create_engine(copy.database_url)
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


def test_every_check_of_the_models_is_in_the_database(engine: Engine) -> None:
    found = inspect(engine)
    for name, table in SQLModel.metadata.tables.items():
        wanted = {one.name for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {one["name"] for one in found.get_check_constraints(name)} == wanted, name


def test_down_and_up_again(copy: Settings, engine: Engine) -> None:
    command.downgrade(config(copy), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]

    command.upgrade(config(copy), "head")
    assert set(inspect(engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}
