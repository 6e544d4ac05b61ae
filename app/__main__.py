"""`python -m app serve | migrate | seed | doctor | openapi`."""

import argparse
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn
from pydantic import ValidationError

from app import logs, startup
from app.db import Database
from app.errors import Unavailable
from app.http.connection import Connection
from app.main import create_app
from app.picture.layout import Layouts
from app.settings import Settings
from app.startup import CannotStart
from seed.load import DATA, Faulty, Progress, Report, checked, load

GRACE_SECONDS = 10
OK, REFUSED, STOPPED = 0, 1, 143


def main(arguments: list[str]) -> int:
    """Run one command; the exit code is 0, or 1 after one line that says why not."""
    asked = _parser().parse_args(arguments)
    try:
        settings = _settings(asked)
        code: int = asked.run(settings, asked)
    except CannotStart as reason:
        _tell(f"cannot start: {reason}")
        return REFUSED
    except Faulty as faulty:
        _tell(*(str(fault) for fault in faulty.found))
        _tell(f"nothing was loaded: {faulty}")
        return REFUSED
    except Unavailable as reason:
        _tell(f"stopped: {reason.detail} {reason.cause}".rstrip())
        return REFUSED
    return code


def _settings(asked: argparse.Namespace) -> Settings:
    given = {name: getattr(asked, name, None) for name in ("host", "port")}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        (first, *_) = error.errors()
        name = f"MOA_{first['loc'][0]}".upper()
        raise CannotStart(f"{name}: {first['msg']}") from error


def serve(settings: Settings, _asked: argparse.Namespace) -> int:
    """Serve; a database that is missing or without content is made and filled first."""
    logs.start()
    # uvicorn heeds the signal only once it serves; the first process of a container would not
    # heed it at all until then.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    with _listen(settings) as listener:
        if not startup.ready(settings):
            startup.make(settings, _fill, _tell)
        config = uvicorn.Config(
            create_app(settings),
            http=Connection,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        host, port = listener.getsockname()[:2]
        _tell(f"listening on http://{host}:{port} (documentation at /docs)")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])
    return OK


def migrate(settings: Settings, _asked: argparse.Namespace) -> int:
    """Bring the database to the schema of this release."""
    startup.migrate(settings, _tell)
    return OK


def seed(settings: Settings, asked: argparse.Namespace) -> int:
    """Load the curated content, or only check it."""
    if asked.check:
        content = checked(asked.folder)
        _tell(*(f"{name:12}{len(rows):6} rows" for name, rows in content.rows.items()), "no fault")
        return OK
    startup.make(settings, lambda db: _tell(*_load(db, asked.folder).lines()), _tell)
    return OK


def doctor(settings: Settings, _asked: argparse.Namespace) -> int:
    """Say whether the database is there, whole and of this schema, and whether `dot` runs."""
    if not startup.exists(settings):
        raise CannotStart("there is no database yet; `python -m app serve` makes it")
    if not startup.filled(settings):
        raise CannotStart(startup.NO_CONTENT)
    _tell(f"{startup.name_of(settings)}: whole, and of the schema of this release")
    try:
        Layouts(settings.dot).of("digraph { one }")
    except Unavailable as reason:
        _tell(f"no pictures: {reason.detail}")
        return REFUSED
    _tell("pictures: can be laid out")
    return OK


def openapi(settings: Settings, _asked: argparse.Namespace) -> int:
    """Print the OpenAPI document."""
    sys.stdout.write(json.dumps(create_app(settings).openapi(), indent=2) + "\n")
    return OK


def _fill(db: Database) -> None:
    """Load the content of this release, unless another process has loaded some meanwhile."""
    with db.read() as connection:
        if startup.has_content(connection):
            return
    _tell(*_load(db, DATA).lines())


def _load(db: Database, folder: Path) -> Report:
    return load(db, folder, Progress(_tell))


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything else is done, so that a busy one is told at once."""
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        reason = os.strerror(error.errno or 0)
        raise CannotStart(f"cannot listen on {where}: {reason}") from error


def _tell(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(f"{line}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for command in (serve, migrate, seed, doctor, openapi):
        added = commands.add_parser(command.__name__, help=command.__doc__)
        added.set_defaults(run=command)
        if command is serve:
            added.add_argument("--host", help="address to listen on")
            added.add_argument("--port", help="port to listen on")
        if command is seed:
            added.add_argument("--check", action="store_true", help="only check the content")
            added.add_argument("--folder", type=Path, default=DATA, help="where the YAML files are")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
