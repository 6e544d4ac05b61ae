"""What happens before serving: the database is found intact and at this schema, or created."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, inspect, select, text
from sqlmodel import SQLModel

from app.db import Database, kind, sqlite_file
from app.db.revision import SCHEMA, advice, read_release
from app.errors import Problem, Unavailable
from app.resources import ALL
from app.schema.vocabulary import words
from app.schema.words import read_words
from app.settings import ROOT, Settings
from app.wording import counted

Fill = Callable[[Database], None]
Tell = Callable[[str], None]
Answer = TypeVar("Answer")

MOST_NAMED = 3

NO_CONTENT = "there is no content in the database yet; `python -m app seed` loads it"


class CommandFailed(Exception):
    """Why a command cannot do its work, in one line that says what to do."""


def unusable(problem: Problem) -> str:
    """The message for the operator if the database cannot be used."""
    cause = problem.cause if isinstance(problem, Unavailable) else ""
    return _unusable(cause or problem.detail)


def _unusable(cause: str) -> str:
    return f"the database cannot be used; check it and MOA_DATABASE_URL: {cause}"


def name_of(settings: Settings) -> str:
    """The name of the database in messages: the path of its file, or PostgreSQL."""
    return str(sqlite_file.path_of(settings)) if settings.embedded else "PostgreSQL"


def _where(settings: Settings) -> str:
    return f"at {name_of(settings)}" if settings.embedded else f"in {name_of(settings)}"


def ready(settings: Settings) -> bool:
    """Whether there is nothing to do before serving: the database has content, and no leftovers."""
    if not exists(settings) or not filled(settings):
        return False
    return not (settings.embedded and sqlite_file.leftovers(sqlite_file.path_of(settings)))


def filled(settings: Settings) -> bool:
    """Whether the database, which exists, has content."""
    return _read(settings, has_content)


def require_database(settings: Settings) -> None:
    """Refuse to go on without a database."""
    if not exists(settings):
        raise CommandFailed(
            f"there is no database {_where(settings)} yet; `python -m app serve` creates it"
        )


def has_content(connection: Connection) -> bool:
    """Whether content was loaded: its release is known, and there are rows."""
    first_rows = (select(SQLModel.metadata.tables[one.name].c.id).limit(1) for one in ALL)
    return bool(read_release(connection)) and any(connection.scalar(one) for one in first_rows)


def exists(settings: Settings) -> bool:
    """Whether there is a database; one that is damaged or not ours is refused, never replaced."""
    schema = _found(settings)
    if schema is not None and schema != SCHEMA:
        raise _other(schema)
    return schema is not None


def _found(settings: Settings) -> str | None:
    """The schema of the database, if there is one."""
    if settings.embedded:
        if not _is_there(sqlite_file.path_of(settings)):
            return None
    else:
        with _connected(settings):
            _refuse(settings, kind(settings).why_unusable(settings))
    schema, missing = _read(settings, _schema)
    if schema == "":
        _refuse(settings, "has lost its schema revision; restore it from a copy")
    if schema == SCHEMA and missing:
        _refuse(settings, f"has lost {', '.join(missing[:MOST_NAMED])}; restore it from a copy")
    return schema


def _refuse(settings: Settings, fault: str | None) -> None:
    if fault:
        raise CommandFailed(f"{name_of(settings)} {fault}")


@contextmanager
def _connected(settings: Settings) -> Iterator[None]:
    """Turn a failure to connect into one line that says why."""
    try:
        yield
    except kind(settings).Error as error:
        raise CommandFailed(_unusable(" ".join(str(error).split()))) from error


def _other(schema: str) -> CommandFailed:
    advice = "update the service" if schema > SCHEMA else "run `python -m app migrate`"
    return CommandFailed(
        f"the database has schema {schema}, but this release needs {SCHEMA}; {advice}"
    )


def content_advice(settings: Settings) -> str | None:
    """What the operator should do about content of another release."""
    return advice(_read(settings, read_release))


def check_words(settings: Settings) -> None:
    """Refuse a database with words that this release lacks, because its types cannot name them."""
    unknown = [
        f"'{word}' in {name}"
        for name, held in _read(settings, read_words).items()
        for word in sorted(held.difference(words(name)))
    ]
    if unknown:
        named = ", ".join(unknown[:MOST_NAMED])
        number = counted(len(unknown), "word")
        raise CommandFailed(
            f"the database has {number} that this release lacks, such as {named}; "
            "run `python -m app seed`"
        )


def migrate(settings: Settings, tell: Tell) -> None:
    """Bring the database to this release's schema; a missing SQLite file is created."""

    def upgrade(place: Settings) -> None:
        if not bring(place):
            tell(f"there was no database {_where(settings)}; created a new one without content")

    _work(settings, upgrade, tell)


def bring(place: Settings) -> bool:
    """Bring a database to this release's schema; False if there was none."""
    schema = _found(place)
    if schema and schema > SCHEMA:
        raise _other(schema)
    _upgrade(place)
    return schema is not None


def make(settings: Settings, fill: Fill, tell: Tell) -> None:
    """Create the database if there is none, and fill it.

    Killed at any moment, it leaves no database, or one that the next start completes.
    """

    def complete(place: Settings) -> None:
        if not exists(place):
            tell(f"there is no database {_where(settings)} yet; creating one and filling it")
            _upgrade(place)
        db = Database(place)
        try:
            fill(db)
        finally:
            db.close()

    _work(settings, complete, tell)


def _work(settings: Settings, work: Callable[[Settings], None], tell: Tell) -> None:
    """Do work that changes the database, one process at a time."""
    try:
        if settings.embedded:
            _require_place(sqlite_file.path_of(settings))
        with changing(settings, tell):
            try:
                _do(settings, work)
            except FileExistsError:
                # Another program has put a file there, which is the database from now on.
                _do(settings, work)
    except OSError as error:
        raise CommandFailed(
            f"{name_of(settings)} cannot be created: {error.strerror}; see MOA_DATABASE_URL"
        ) from error


def _require_place(path: Path) -> None:
    """Refuse a path at which there cannot be a database."""
    sqlite_file.make_folder(path)
    if not _is_there(path) and not path.parent.is_dir():
        raise CommandFailed(
            f"{path.parent} does not exist; create this folder, or correct MOA_DATABASE_URL"
        )


@contextmanager
def changing(settings: Settings, tell: Tell) -> Iterator[None]:
    """Be the only process that changes the database, after waiting for any other."""
    wait = partial(tell, "another process is creating or changing the database; waiting for it")
    with ExitStack() as lock:
        with _connected(settings):
            lock.enter_context(kind(settings).alone(settings, wait))
        yield


def _do(settings: Settings, work: Callable[[Settings], None]) -> None:
    """Work on the database; a new one takes its place only when it is complete."""
    path = sqlite_file.path_of(settings)
    if not settings.embedded or _is_there(path):
        work(settings)
        return
    for stray in sqlite_file.strays(path):
        raise CommandFailed(f"{stray} is left over from another database; move it away")
    with sqlite_file.unfinished(path) as made:
        work(settings.model_copy(update={"database_url": f"sqlite:///{made}"}))


def _upgrade(settings: Settings) -> None:
    """Run the migrations; Alembic is loaded only for this, to spare serving its 11 MB."""
    config = import_module("alembic.config").Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["url"] = settings.database_url
    db = Database(settings)
    alembic = import_module("alembic.command")
    with closing(db), db.explained(writing=True):
        try:
            alembic.upgrade(config, "head")
        except alembic.util.CommandError as error:
            raise CommandFailed(
                "the schema cannot be changed and is as it was; restore the database from a copy: "
                f"{error}"
            ) from error


def _is_there(path: Path) -> bool:
    """Whether there is a file; one that cannot be our database is refused."""
    try:
        path.lstat()
        fault = sqlite_file.why_unusable(path)
    except FileNotFoundError:
        if path.is_symlink():
            raise CommandFailed(
                f"{path} is a link to a missing file; repair or remove it"
            ) from None
        return False
    except OSError as error:
        raise CommandFailed(
            f"{path} cannot be read: {error.strerror}; see MOA_DATABASE_URL"
        ) from error
    if fault:
        raise CommandFailed(f"{path} {fault}")
    return True


def _read(settings: Settings, question: Callable[[Connection], Answer]) -> Answer:
    db = Database(settings)
    try:
        with db.read() as reading:
            return question(reading.connection)
    except Unavailable as problem:
        raise CommandFailed(unusable(problem)) from problem
    finally:
        db.close()


def _schema(connection: Connection) -> tuple[str | None, list[str]]:
    """The schema revision, and the tables that are missing from it.

    The revision is None before the first migration, and empty if it has been lost.
    """
    tables = set(inspect(connection).get_table_names())
    found: str | None = None
    if "alembic_version" in tables:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    missing = sorted(SQLModel.metadata.tables.keys() - tables)
    return found or ("" if "dataset" in tables else None), missing
