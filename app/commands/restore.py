"""`python -m app restore`."""

import argparse
import shlex
from contextlib import nullcontext
from pathlib import Path

from app import startup
from app.commands import OK, content_lines, rebuilt, storing, tell
from app.db import sqlite_copy, sqlite_file
from app.settings import Settings, address_without_password
from app.startup import CommandFailed


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Verify a copy, bring it to this release's schema, and replace the database with it."""
    file: Path = arguments.file.absolute()
    if not settings.embedded:
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
        address = f"--dbname={address_without_password(settings)}"
        place = shlex.join([*command, address, str(file)])
        raise CommandFailed(f"restore PostgreSQL with its own program: {place}")
    path = sqlite_file.path_of(settings)
    if path.is_symlink() and not path.exists():
        raise CommandFailed(f"{path} is a link to a missing file; repair or remove it")
    path = path.resolve()
    for needed in (file, path):
        if not needed.is_file() and (needed is file or needed.exists()):
            raise CommandFailed(f"{needed} is not a file")
    with (
        storing(path),
        startup.changing(settings, tell),
        sqlite_file.folder_beside(path) as folder,
    ):
        copy = folder / path.name
        sqlite_copy.copy_idle(file, copy)
        content = _proven(settings.model_copy(update={"database_url": f"sqlite:///{copy}"}), file)
        with sqlite_copy.alone_with(path) if path.exists() else nullcontext():
            sqlite_copy.put_in_place(copy, path)
    tell(*content, f"{path}: restored from {file}, at this release's schema")
    return OK


def _proven(copy: Settings, file: Path) -> list[str]:
    """Bring the copy to this release, and return what it holds."""
    startup.bring(copy)
    if not startup.filled(copy):
        raise CommandFailed(f"{file} has no content")
    startup.check_words(copy)
    rebuilt(copy)
    return content_lines(copy)


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("file", type=Path, help="a file made by `backup`")
