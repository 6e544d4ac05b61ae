"""`python -m app backup`."""

import argparse
import shlex
from pathlib import Path

from app import startup
from app.commands import OK, content_lines, storing, tell
from app.db import sqlite_copy, sqlite_file
from app.settings import Settings, address_without_password
from app.startup import CommandFailed


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Copy the database to a new file while it is in use, and verify the copy."""
    startup.require_database(settings)
    file: Path = arguments.file.absolute()
    if not settings.embedded:
        command = ["pg_dump", "--format=custom", f"--file={file}"]
        place = shlex.join([*command, f"--dbname={address_without_password(settings)}"])
        raise CommandFailed(f"copy PostgreSQL with its own program: {place}")
    if file.exists() or file.is_symlink():
        raise CommandFailed(f"{file} exists; name a new file")
    with storing(file), sqlite_file.unfinished(file) as made:
        rows = sqlite_copy.copy_while_in_use(sqlite_file.path_of(settings), made)
        content = content_lines(settings.model_copy(update={"database_url": f"sqlite:///{made}"}))
    tell(*content, f"{file}: intact, with the same {rows} rows as the database")
    return OK


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("file", type=Path, help="the file to create; it must not exist")
