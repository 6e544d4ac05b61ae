"""The commands of `python -m app`, one file each.

`run` carries the command out; `options` adds its command-line options.
"""

import argparse
import gc
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

from app.db import Database, sqlite_copy
from app.db.revision import advice, read_dataset
from app.read.overview import numbers, row_counts
from app.resources import ALL
from app.settings import Settings, variable, without_secrets
from app.startup import CommandFailed

OK, REFUSED, STOPPED = 0, 1, 143
# Thresholds of the garbage collector: the new objects that start it, and after how many collections
# it looks at older objects too (docs.python.org/3/library/gc.html#gc.set_threshold).
COLLECTED = (10_000, 20, 20)


def load_content(
    db: Database, folder: Path, ours: Collection[str] = (), theirs: Collection[str] = ()
) -> None:
    """Load the content of a folder, and report on it.

    `ours` and `theirs` name rows that both the files and a key have changed.
    """
    loading = content_loader()
    choice = loading.SidesTaken(ours, theirs)
    tell(*loading.load(db, folder, loading.Progress(tell), choice).lines())


def content_loader() -> ModuleType:
    """The module that loads the content, with all code that writes; serving does without it."""
    return import_module("seed.load")


def content_writer() -> ModuleType:
    """The module that writes the content back into its files."""
    return import_module("seed.back")


def service() -> ModuleType:
    """The module that makes the application; looking after the database does without it."""
    return import_module("app.main")


def protocol() -> ModuleType:
    """The module that speaks HTTP; only serving needs it."""
    return import_module("app.http.connection")


def rebuilder() -> ModuleType:
    """The module that derives what follows from the content; reading does without it."""
    return import_module("app.write.rebuild")


def key_writer() -> ModuleType:
    """The module that issues and revokes keys; reading does without it."""
    return import_module("app.write.keys")


def historian() -> ModuleType:
    """The module that keeps the history of rows; reading does without it."""
    return import_module("app.write.history")


def importer() -> ModuleType:
    """The module that imports bundles; reading does without it."""
    return import_module("app.write.importing")


def settle() -> None:
    """Exempt what stays in memory from garbage collection, which would examine it every time."""
    gc.freeze()
    gc.set_threshold(*COLLECTED)


def given_as(arguments: argparse.Namespace, setting: str) -> str:
    """The name under which a setting was given: its option, or else its variable."""
    return f"--{setting}" if getattr(arguments, setting, None) else variable(setting)


def rebuilt(settings: Settings) -> list[str]:
    """Rebuild everything that follows from the content, and return the tables that differed."""
    db = Database(settings)
    with db.write() as connection:
        found: list[str] = rebuilder().rebuild(connection)
    db.close()
    return found


def tell(*lines: str) -> None:
    """Write the lines to standard error."""
    for line in lines:
        sys.stderr.write(f"{line}\n")


def content_lines(settings: Settings) -> list[str]:
    """The content, how much there is, and what to do if it belongs to another release."""
    db = Database(settings)
    with closing(db), db.read() as reading:
        release, revision = read_dataset(reading.connection)
        (counts,) = reading.rows(numbers, {}, row_counts, ALL)
    counted = (f"{count} {one.plural}" for count, one in zip(counts, ALL, strict=True))
    found = [f"content: release {release}, revision {revision}: {', '.join(counted)}"]
    needed = advice(release)
    return [*found, needed] if needed else found


@contextmanager
def storing(file: Path) -> Iterator[None]:
    """Say in one line why a copy cannot be made or used."""
    try:
        yield
    except sqlite_copy.CopyFailed as reason:
        raise CommandFailed(str(reason)) from reason
    except sqlite_copy.STORAGE_ERRORS as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise CommandFailed(f"{file} cannot be made: {cause}") from error


def settings_in_force(settings: Settings) -> list[str]:
    """One line for each setting, without secrets; what is not given is marked as the default."""
    given = {variable(name) for name in settings.model_fields_set}
    return [
        f"{name:24}{value}".rstrip() + ("" if name in given else " (default)")
        for name, value in without_secrets(settings).items()
    ]


def print_out(what: str, text: str) -> None:
    """Write the result of a command to standard output."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError as error:
        # Python would write the rest at its end (docs.python.org/3/library/signal.html, SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CommandFailed(f"{what} cannot be written: {error.strerror}") from error
