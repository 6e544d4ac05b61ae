"""What happens before serving: the database is found whole and of this schema, or it is made."""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from sqlalchemy import inspect, text

from app.db import Database, sqlite
from app.db.revision import SCHEMA
from app.errors import Problem
from app.settings import ROOT, Settings

Fill = Callable[[Database], None]


class CannotStart(Exception):
    """Why the service does not start, in one line that says what to do."""


def migrate(settings: Settings) -> None:
    """Bring the database to the schema of this release; a missing SQLite file is made.

    Alembic is loaded only for that: serving does without its 11 MB.
    """
    config = import_module("alembic.config").Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["url"] = settings.database_url
    import_module("alembic.command").upgrade(config, "head")


def exists(settings: Settings) -> bool:
    """Whether there is a database; one that is damaged or not ours is refused, never replaced."""
    if settings.embedded:
        path = sqlite.path_of(settings)
        try:
            fault = sqlite.faults(path) if path.exists() else None
        except OSError as error:
            raise CannotStart(f"{path} cannot be read: {error.strerror}") from error
        if not path.exists():
            return False
        if fault:
            raise CannotStart(f"{path} {fault}")
    schema = _schema(settings)
    if schema is None and settings.embedded:
        raise CannotStart(f"{sqlite.path_of(settings)} has no tables; restore it from a copy")
    if schema is not None and schema != SCHEMA:
        advice = "update the service" if schema > SCHEMA else "run `python -m app migrate`"
        raise CannotStart(f"the database has schema {schema}, this release {SCHEMA}; {advice}")
    return schema is not None


def make(settings: Settings, fill: Fill) -> None:
    """Make the database and fill it; a SQLite file takes its place only when it is complete."""
    if not settings.embedded:
        _make(settings, fill)
        return
    path = sqlite.path_of(settings)
    unfinished = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(unfinished)
        _make(settings.model_copy(update={"database_url": f"sqlite:///{unfinished}"}), fill)
        unfinished.replace(path)
    except OSError as error:
        raise CannotStart(f"{path} cannot be made: {error.strerror}") from error
    finally:
        _remove(unfinished)


def _make(settings: Settings, fill: Fill) -> None:
    migrate(settings)
    db = Database(settings)
    try:
        fill(db)
    finally:
        db.close()


def _remove(path: Path) -> None:
    """Take away what an earlier attempt left; where that cannot be done, making it fails too."""
    with suppress(OSError):
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _schema(settings: Settings) -> str | None:
    """The schema revision that the database says it has; None where it has none at all."""
    db = Database(settings)
    try:
        with db.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    except Problem as problem:
        raise CannotStart(f"the database cannot be reached: {problem.detail}") from problem
    finally:
        db.close()
