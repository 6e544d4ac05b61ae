"""`python -m app import`."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import UnsupportedOperation
from pathlib import Path
from typing import IO

from app import startup
from app.commands import OK, importer, tell
from app.db import Database
from app.settings import Settings
from app.startup import CommandFailed
from app.wording import counted


class _DryRunEnd(Exception):
    """Ends the transaction of a dry run, so that nothing is changed."""


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Import the rows of a bundle, as `export` writes it: all of them or none."""
    if arguments.dry_run:
        startup.require_database(settings)
    importing = importer()
    try:
        bundle = arguments.file.open("rb")
    except OSError as error:
        raise CommandFailed(f"{arguments.file} cannot be read: {error.strerror}") from error
    try:
        with bundle:
            startup.make(settings, lambda db: _bring_in(db, bundle, arguments), tell)
    except importing.FaultyImport as faulty:
        tell(*map(str, faulty.found))
        raise CommandFailed(f"{faulty}; nothing was changed") from faulty
    return OK


def _bring_in(db: Database, bundle: IO[bytes], arguments: argparse.Namespace) -> None:
    importing = importer()
    with suppress(UnsupportedOperation):  # a pipe
        bundle.seek(0)  # for a second try, if another process has just made the database
    hand = importing.Hand(importing.IMPORTER, arguments.reason)
    with suppress(_DryRunEnd), db.load() as connection:
        tell(*_report(importing.bring_in(connection, bundle, hand, tell)))
        if arguments.dry_run:
            tell("dry run: nothing was changed")
            raise _DryRunEnd


def _report(numbers: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """What was done, type by type."""
    for kind, of in numbers.items():
        total = counted(sum(of.values()) - of["removed"], "row")
        yield (
            f"{kind:12}{total:>11}: {of['added']} added, {of['changed']} changed, "
            f"{of['kept']} as they were, {of['removed']} removed"
        )


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("file", type=Path, help="a bundle: one JSON object per line (NDJSON)")
    parser.add_argument("--dry-run", action="store_true", help="check the bundle, change nothing")
    parser.add_argument("--reason", default="Imported.", help="why, for the history")
