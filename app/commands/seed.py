"""`python -m app seed`."""

import argparse
from pathlib import Path

from app import startup
from app.commands import OK, content_loader, load_content, tell
from app.settings import Settings
from app.startup import CommandFailed
from app.wording import counted
from seed import DATA


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Load the curated content, or only check it."""
    if not arguments.folder.is_dir():
        raise CommandFailed("--folder must name a folder with the YAML files of the content")
    if arguments.check:
        content = content_loader().checked(arguments.folder)
        tell(
            *(f"{name:12}{counted(len(rows), 'row'):>11}" for name, rows in content.rows.items()),
            "no faults found",
        )
        return OK
    ours, theirs = arguments.ours, arguments.theirs
    startup.make(settings, lambda db: load_content(db, arguments.folder, ours, theirs), tell)
    return OK


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--check", action="store_true", help="check the content without loading it")
    parser.add_argument("--folder", type=Path, default=DATA, help="folder of the YAML files")
    for side, what in (("ours", "file"), ("theirs", "database")):
        parser.add_argument(
            f"--{side}",
            nargs="+",
            default=(),
            metavar="TYPE/ID",
            help=f"rows changed both by key and in the files, to be taken from the {what}; "
            "`all` for all of them",
        )
