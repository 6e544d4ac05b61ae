"""The tables of the migrations are those of the models, and no migration loses a row."""

import re
import shutil
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
    Table,
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
from tests.conftest import SQLITE_FIRST, new_postgres
from tests.writing import MOMENTS

pytestmark = pytest.mark.slow

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def empty(copy: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database with nothing in it, of the same kind as the copy."""
    if copy.embedded:
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return Settings(database_url=new_postgres(request.getfixturevalue("server"))).database_url


@pytest.fixture
def engine(copy: Settings) -> Any:
    found = create_engine(copy.database_url)
    yield found
    found.dispose()


def config(settings: Settings) -> Config:
    found = Config(toml_file=ROOT / "pyproject.toml")
    found.attributes["url"] = settings.database_url
    return found


def test_the_schema_that_the_service_asks_for_is_the_newest() -> None:
    assert ScriptDirectory(str(ROOT / "migrations")).get_current_head() == SCHEMA


def test_models_and_migrations_do_not_part(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def computed(column: Mapping[str, Any]) -> str:
    """How a column is computed; SQLAlchemy may read on into the next column of SQLite."""
    found: str = column.get("computed", {}).get("sqltext", "")
    return found.partition(") STORED")[0]


def described(engine: Engine) -> dict[str, Any]:
    """All that the database says of its tables, but for the names that it has given itself."""
    found = inspect(engine)
    return {
        name: {
            # In no order: a migration adds columns behind those that there are.
            "columns": sorted(
                (one["name"], str(one["type"]), one["nullable"], computed(one))
                for one in found.get_columns(name)
            ),
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
def first(
    empty: str, copy: Settings, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A database of the first schema with all of the content that fits into it.

    The commands take it for theirs.
    """
    found = Settings(database_url=empty)
    if copy.embedded:
        shutil.copy(request.getfixturevalue("first_file"), empty.removeprefix("sqlite:///"))
    else:
        make_first(found, copy.database_url)
    monkeypatch.setenv("MOA_DATABASE_URL", empty)
    return found


@pytest.fixture(scope="module")
def first_file(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a database of SQLite, to be copied."""
    found = tmp_path_factory.mktemp("first") / "first.db"
    make_first(Settings(database_url=f"sqlite:///{found}"), sqlite_url)
    return found


def make_first(found: Settings, content_url: str) -> None:
    """Make such a database from a filled one of today."""
    command.upgrade(config(found), "0001")
    engine = create_engine(found.database_url)
    tables = MetaData()
    tables.reflect(engine)
    content = [one for one in tables.sorted_tables if one.name != "alembic_version"]
    source = create_engine(content_url)
    with source.connect() as old, engine.begin() as new:
        new.execute(delete(tables.tables["dataset"]))  # the row that the migration makes
        for one in content:
            written = [each for each in one.columns if each.computed is None]
            known = known_words(engine, one)
            filled = [fitting(row._asdict(), known) for row in old.execute(select(*written))]
            # In one statement, within which rows of one table may come before those they name.
            new.execute(insert(one).values(filled))
    source.dispose()
    engine.dispose()


CODED = ScriptDirectory(str(ROOT / "migrations")).get_revision("0002").module.CODED


def known_words(engine: Engine, of: Table) -> dict[str, list[str | None]]:
    """The words that the coded columns of a table of the first schema may hold."""
    checks = {one["name"]: one["sqltext"] for one in inspect(engine).get_check_constraints(of.name)}
    return {
        name: [*re.findall(r"'([^']*)'", checks[f"ck_{name}"]), *[None][: of.c[name].nullable]]
        for name in CODED.get(of.name, ())
        if name in of.c
    }


def fitting(row: dict[str, Any], known: dict[str, list[str | None]]) -> dict[str, Any]:
    """The row, with one of the known words instead of each that came later."""
    return row | {name: words[0] for name, words in known.items() if row[name] not in words}


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


def without_stamps(tables: Columns) -> Columns:
    """The tables of the content, without when and how often rows were changed."""
    return {
        name: [each for each in columns if each not in {*MOMENTS, "version"}]
        for name, columns in tables.items()
        if name != "dataset"
    }


def lost(settings: Settings, tables: Columns, before: Rows) -> Rows:
    """The rows that are no longer there, but for names of partners from their synonyms.

    The first schema has no synonyms, so that none follow from its content.
    """
    after = rows(settings.database_url, tables)
    gone = {name: [row for row in before[name] if row not in after[name]] for name in before}
    return {name: found for name, found in gone.items() if found and name != "partner_identifier"}


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_database_of_the_first_schema_loses_nothing(
    first: Settings, copy: Settings, capsys: Capture
) -> None:
    written = without_stamps(present(first))
    before = rows(first.database_url, written)
    assert all(before.values()), "every table has rows to lose"
    assert main(["doctor"]) == 1
    assert "run `python -m app migrate`" in capsys.readouterr().err

    assert main(["migrate"]) == 0

    assert lost(first, written, before) == {}
    sound(first)
    assert main(["doctor"]) == 0
    assert main(["seed"]) == 0
    everything = {
        name: columns
        for name, columns in without_stamps(present(copy)).items()
        if name not in ("row_history", "release_load")  # which tell of this load
    }
    assert rows(first.database_url, everything) == rows(copy.database_url, everything)


# PostgreSQL restores copies itself.
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_copy_of_the_first_schema_is_restored_at_this_one(
    first: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = without_stamps(present(first))
    before = rows(first.database_url, written)
    restored = Settings(database_url=f"sqlite:///{tmp_path}/restored.db")
    monkeypatch.setenv("MOA_DATABASE_URL", restored.database_url)

    assert main(["restore", first.database_url.removeprefix("sqlite:///")]) == 0

    assert lost(restored, written, before) == {}
    sound(restored)
    assert main(["doctor"]) == 0


def test_down_and_up_again_with_the_content(copy: Settings, urls: dict[str, str]) -> None:
    tables = present(copy)

    command.downgrade(config(copy), "0001")
    kept = present(copy)
    assert kept.keys() < tables.keys()
    sound(copy)
    command.upgrade(config(copy), "head")

    untouched = urls["sqlite" if copy.embedded else "postgres"]
    assert present(copy) == tables
    assert rows(copy.database_url, kept) == rows(untouched, kept)
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


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize(
    "when",
    [
        pytest.param(r"^\s*(DROP|ALTER) TABLE evidence\b", marks=pytest.mark.full),
        "UPDATE alembic_version",
    ],
)
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
    written = without_stamps(tables)
    before = rows(first.database_url, written)
    assert main(["migrate"]) == 0
    assert lost(first, written, before) == {}
    sound(first)


# PostgreSQL has no way to such a link.
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_link_to_no_row_stops_the_migration(first: Settings, capsys: Capture) -> None:
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
