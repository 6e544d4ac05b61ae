"""The tables of the migrations are those of the models, and no migration loses a row."""

import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Engine,
    MetaData,
    column,
    create_engine,
    delete,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlmodel import SQLModel

from app.__main__ import main
from app.db.revision import SCHEMA
from app.settings import ROOT, Settings
from tests.conftest import new_postgres

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def empty(copy: Settings, tmp_path: Path, server: str) -> str:
    """The address of a database with nothing in it, of the same kind as the copy."""
    if copy.embedded:
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return Settings(database_url=new_postgres(server)).database_url


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


def described(engine: Engine) -> dict[str, Any]:
    """All that the database says of its tables, but for the names that it has given itself."""
    found = inspect(engine)
    return {
        name: {
            "columns": [
                (one["name"], str(one["type"]), one["nullable"], one.get("computed"))
                for one in found.get_columns(name)
            ],
            "key": found.get_pk_constraint(name)["constrained_columns"],
            "options": found.get_table_options(name),
            "checks": sorted(
                (one["name"], one["sqltext"]) for one in found.get_check_constraints(name)
            ),
            "links": sorted(
                (
                    one["constrained_columns"],
                    one["referred_table"],
                    one["referred_columns"],
                    one["options"].get("ondelete"),
                )
                for one in found.get_foreign_keys(name)
            ),
            "unique": sorted(
                (one["name"], one["column_names"]) for one in found.get_unique_constraints(name)
            ),
            "indexes": sorted(
                (one["name"], one["column_names"], one["unique"]) for one in found.get_indexes(name)
            ),
        }
        for name in SQLModel.metadata.tables
    }


def test_the_tables_of_the_models_made_at_once_are_the_same(engine: Engine, empty: str) -> None:
    made = create_engine(empty)
    SQLModel.metadata.create_all(made)

    assert described(engine) == described(made)
    made.dispose()


Rows = dict[str, list[tuple[Any, ...]]]
Columns = Mapping[str, list[str]]
"""The columns of some tables."""


def rows(url: str, tables: Columns) -> Rows:
    """What all rows of some tables hold in some columns."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: sorted(
                map(
                    tuple,
                    connection.execute(select(*map(column, columns)).select_from(table(name))),
                ),
                key=str,
            )
            for name, columns in tables.items()
        }
    engine.dispose()
    return found


def sound(settings: Settings) -> None:
    """The database finds no fault with itself; PostgreSQL looked when the keys were made."""
    if settings.embedded:
        engine = create_engine(settings.database_url)
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        engine.dispose()


@pytest.fixture
def first(empty: str, copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database of the first schema with the whole content; the commands take it for theirs."""
    found = Settings(database_url=empty)
    command.upgrade(config(found), "0001")
    engine = create_engine(empty)
    tables = MetaData()
    tables.reflect(engine)
    content = [one for one in tables.sorted_tables if one.name != "alembic_version"]
    source = create_engine(copy.database_url)
    with source.connect() as old, engine.begin() as new:
        new.execute(delete(tables.tables["dataset"]))  # the row that the migration makes
        for one in content:
            written = [each for each in one.columns if each.computed is None]
            filled = [row._asdict() for row in old.execute(select(*written))]
            # In one statement, within which rows of one table may come before those they name.
            new.execute(insert(one).values(filled))
    source.dispose()
    engine.dispose()
    monkeypatch.setenv("MOA_DATABASE_URL", empty)
    return found


def present(settings: Settings) -> Columns:
    """The tables that there are now, but for Alembic's own."""
    tables = MetaData()
    engine = create_engine(settings.database_url)
    tables.reflect(engine)
    engine.dispose()
    return {
        name: list(one.columns.keys())
        for name, one in tables.tables.items()
        if name != "alembic_version"
    }


def test_a_database_of_the_first_schema_loses_nothing(first: Settings, capsys: Capture) -> None:
    tables = present(first)
    before = rows(first.database_url, tables)
    assert all(before.values()), "every table has rows to lose"
    assert main(["doctor"]) == 1
    assert "run `python -m app migrate`" in capsys.readouterr().err

    assert main(["migrate"]) == 0

    assert rows(first.database_url, tables) == before
    sound(first)
    assert main(["doctor"]) == 0
    capsys.readouterr()
    assert main(["seed"]) == 0
    told = capsys.readouterr().err.splitlines()
    words, *others = [line for line in told if " rows: " in line]
    assert words == "words          144 rows: 1 added, 0 removed"
    assert all(line.endswith(": 0 added, 0 changed, 0 removed") for line in others)


def test_down_and_up_again_with_the_content(copy: Settings) -> None:
    tables = present(copy)
    before = rows(copy.database_url, tables)

    command.downgrade(config(copy), "0001")
    kept = present(copy)
    assert kept.keys() < tables.keys()
    sound(copy)
    command.upgrade(config(copy), "head")

    after = rows(copy.database_url, tables)
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    sound(copy)


def test_down_to_nothing_and_up_again(copy: Settings, engine: Engine) -> None:
    command.downgrade(config(copy), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]

    command.upgrade(config(copy), "head")
    assert set(inspect(engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}


KILLED = """
import os, re, signal, sys
from sqlalchemy import Engine, event
from app.__main__ import main

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, *_):
    if re.search(sys.argv[1], statement):
        os.kill(os.getpid(), signal.SIGKILL)

main(["migrate"])
"""


@pytest.mark.parametrize("when", [r"^\s*(DROP|ALTER) TABLE evidence\b", "UPDATE alembic_version"])
def test_a_migration_killed_half_way_has_changed_nothing(
    first: Settings, capsys: Capture, when: str
) -> None:
    tables = present(first)
    before = rows(first.database_url, tables)

    killed = subprocess.run([sys.executable, "-c", KILLED, when], cwd=ROOT, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert present(first) == tables
    assert rows(first.database_url, tables) == before
    assert main(["doctor"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"has schema 0001, but this release needs {SCHEMA}; run `python -m app migrate`" in line
    assert main(["migrate"]) == 0
    assert rows(first.database_url, tables) == before
    sound(first)


def test_a_link_to_no_row_stops_the_migration(first: Settings, capsys: Capture) -> None:
    if not first.embedded:
        pytest.skip("PostgreSQL has no way to such a link")
    engine = create_engine(first.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE edge SET source_id = 'nobody' WHERE source_id = 'crbn'"))
    engine.dispose()
    tables = {**present(first), "alembic_version": ["version_num"]}
    before = rows(first.database_url, tables)

    assert main(["migrate"]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        "migrate failed: the schema cannot be changed and is as it was; restore the database from "
        r"a copy: links that lead to no row: \d+",
        line,
    )
    assert {**present(first), "alembic_version": ["version_num"]} == tables
    assert rows(first.database_url, tables) == before
