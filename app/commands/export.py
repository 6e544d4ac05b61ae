"""`python -m app export`."""

import argparse
import hashlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from app import startup
from app.commands import OK, REFUSED, content_writer, tell
from app.db import Database
from app.formats.bundles import BUNDLES, MadeFiles
from app.formats.made import MadeFile, NotMade
from app.settings import Settings
from app.startup import CommandFailed


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write the files of `/v1/downloads` to a folder, all from one state of the data."""
    startup.require_database(settings)
    with closing(Database(settings)) as db:
        return (_curated if arguments.yaml else _downloads)(db, arguments.folder)


def _downloads(db: Database, folder: Path) -> int:
    try:
        _, made = MadeFiles(db).find(BUNDLES, lambda _: None)
    except NotMade as reason:
        raise CommandFailed(str(reason)) from reason
    _write_all(folder, made)
    return OK


def _curated(db: Database, folder: Path) -> int:
    """Write the curated files; REFUSED if a load would refuse them as they are now."""
    writer = content_writer()
    with db.read() as reading:
        written = writer.written_back(reading.connection, folder)
    _write_all(folder, {name: _made(text) for name, text in written.texts.items()})
    faults: list[str] = writer.faults_if_loaded(folder, written.rows)
    tell(*faults)
    return REFUSED if faults else OK


def _write_all(folder: Path, made: Mapping[str, MadeFile]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in made.items():
            _write(folder / name, file)
    except OSError as error:
        raise CommandFailed(f"{folder} cannot be written: {error.strerror}") from error
    tell(*(f"{folder / name}: {file.size} bytes" for name, file in made.items()))


def _write(path: Path, made: MadeFile) -> None:
    """Write the file, unless it is there already."""
    if path.exists():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == made.sha256:
                return
    with path.open("wb") as file:
        file.writelines(made.pieces())


def _made(text: str) -> MadeFile:
    return MadeFile(lambda to: to.write(text.encode()))


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("folder", type=Path, help="where to put the files; created if missing")
    parser.add_argument("--yaml", action="store_true", help="the curated files, as in `seed/data`")
