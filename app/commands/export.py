"""`python -m app export`."""

import argparse
import hashlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from app import startup
from app.commands import OK, content_writer, tell
from app.db import Database
from app.formats.bundles import BUNDLES, MadeFiles
from app.formats.made import MadeFile, NotMade
from app.settings import Settings
from app.startup import CommandFailed


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write the files of `/v1/downloads` to a folder, all from one state of the data."""
    startup.require_database(settings)
    folder: Path = arguments.folder
    try:
        with closing(Database(settings)) as db:
            made = _curated(db, folder) if arguments.yaml else _downloads(db)
    except NotMade as reason:
        raise CommandFailed(str(reason)) from reason
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in made.items():
            _write(folder / name, file)
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be written: {error.strerror}") from error
    tell(*(f"{folder / name}: {file.size} bytes" for name, file in made.items()))
    return OK


def _write(path: Path, made: MadeFile) -> None:
    """Write the file, unless it is there already."""
    if path.exists():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == made.sha256:
                return
    with path.open("wb") as file:
        file.writelines(made.pieces())


def _downloads(db: Database) -> Mapping[str, MadeFile]:
    _, made = MadeFiles(db).find(BUNDLES, lambda _: None)
    return made


def _curated(db: Database, folder: Path) -> Mapping[str, MadeFile]:
    with db.read() as reading:
        texts = content_writer().written_back(reading.connection, folder)
    return {name: _made(text) for name, text in texts.items()}


def _made(text: str) -> MadeFile:
    return MadeFile(lambda to: to.write(text.encode()))


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("folder", type=Path, help="where to put the files; created if missing")
    parser.add_argument("--yaml", action="store_true", help="the curated files, as in `seed/data`")
