"""`python -m app serve`."""

import argparse
import os
import signal
import socket
import sys
from contextlib import suppress

import uvicorn

from app import logs, startup
from app.commands import OK, STOPPED, given_as, load_content, tell
from app.db import Database
from app.http.connection import Connection
from app.main import create_app
from app.settings import Settings
from app.startup import CommandFailed
from seed import DATA

GRACE_SECONDS = 10


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Serve the API; a missing or empty database is first created and filled."""
    logs.start()
    # uvicorn handles the signal only once it serves; until then, the first process of a
    # container would ignore it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    with _listen(settings, arguments) as listener:
        if not startup.ready(settings):
            startup.make(settings, _fill, tell)
        startup.check_words(settings)
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
        tell(f"listening on http://{host}:{port} (documentation at /docs)")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])
    return OK


def _fill(db: Database) -> None:
    """Load the content of this release, unless another process has done so in the meantime."""
    with db.read() as reading:
        if startup.has_content(reading.connection):
            return
    load_content(db, DATA)


def _listen(settings: Settings, arguments: argparse.Namespace) -> socket.socket:
    """Take the port before anything else is done, so that a busy one is reported at once."""
    host, port = given_as(arguments, "host"), given_as(arguments, "port")
    try:
        # Binding alone would report a name that cannot be resolved without saying why.
        socket.getaddrinfo(settings.host, settings.port, socket.AF_INET)
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except (socket.gaierror, UnicodeError) as error:
        reason = getattr(error, "strerror", "not a host name")
        raise CommandFailed(
            f"{host} must be an IPv4 address of this machine, or a name of one: {reason}"
        ) from error
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        reason = os.strerror(error.errno or 0)
        raise CommandFailed(f"cannot listen on {where}: {reason}; see {host} and {port}") from error


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--host", help="address to listen on, instead of MOA_HOST")
    parser.add_argument("--port", help="port to listen on, instead of MOA_PORT")
