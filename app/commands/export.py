"""`python -m app export`."""

import argparse
from contextlib import closing
from pathlib import Path

from app import startup
from app.commands import OK, tell
from app.db import Database
from app.formats.bundles import BUNDLES, MadeFiles
from app.settings import Settings
from app.startup import CommandFailed


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write the files of `/v1/downloads` to a folder, all from one state of the data."""
    startup.require_database(settings)
    folder: Path = arguments.folder
    db = Database(settings)
    files = MadeFiles()
    with closing(db), db.read() as reading:
        made = {folder / name: files.file(reading, name) for name in BUNDLES}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, body in made.items():
            file.write_bytes(body)
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be written: {error.strerror}") from error
    tell(*(f"{file}: {len(body)} bytes" for file, body in made.items()))
    return OK


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("folder", type=Path, help="where to put the files; made if there is none")
