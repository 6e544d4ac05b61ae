"""`python -m app serve`."""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import uvicorn

from app import logs, startup
from app.commands import OK, STOPPED, given_as, load_content, tell
from app.db import Database
from app.http.connection import Connection
from app.main import create_app
from app.settings import Settings, variable
from app.startup import CommandFailed
from seed import DATA

GRACE_SECONDS = 10

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
"""Host and port; of IPv6, two numbers more; the last form is that of a Python without IPv6."""


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Serve the API; a missing or empty database is first created and filled."""
    # uvicorn handles the signal only once it serves; until then, the first process of a
    # container would ignore it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    with ExitStack() as stack:
        listeners = [stack.enter_context(one) for one in _listeners(settings, arguments)]
        if not startup.ready(settings):
            startup.make(settings, _fill, tell)
        startup.check_words(settings)
        needed = startup.content_advice(settings)
        if needed:
            tell(needed)
        # What went before says itself what is wrong, in one line.
        logs.start()
        config = uvicorn.Config(
            create_app(settings),
            http=Connection,
            ws="none",
            proxy_headers=False,  # our own layer believes only those whom the operator trusts
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        places = [_written(one.getsockname()) for one in listeners]
        tell(f"listening on http://{places[0]} (documentation at /docs)")
        tell(*(f"metrics at http://{place}/metrics" for place in places[1:]))
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=listeners)
    return OK


def _fill(db: Database) -> None:
    """Load the content of this release, unless another process has done so in the meantime."""
    with db.read() as reading:
        if startup.has_content(reading.connection):
            return
    load_content(db, DATA)


def _listeners(settings: Settings, arguments: argparse.Namespace) -> Iterator[socket.socket]:
    """The port of the service, and that for metrics if there is one."""
    host, port = given_as(arguments, "host"), given_as(arguments, "port")
    yield _listen(settings, settings.port, host, port)
    if settings.metrics_port:
        yield _listen(settings, settings.metrics_port, host, variable("metrics_port"))


def _listen(settings: Settings, number: int, host: str, port: str) -> socket.socket:
    """Take a port before anything else is done, so that a busy one is reported at once."""
    family, address = _address(settings.host, number, host)
    try:
        return socket.create_server(
            address,
            family=family,
            backlog=2048,
            dualstack_ipv6=settings.host == "::" and socket.has_dualstack_ipv6(),
        )
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise CommandFailed(
            f"cannot listen on {_written(address)}: {reason}; see {host} and {port}"
        ) from error


def _address(host: str, port: int, given: str) -> tuple[socket.AddressFamily, Address]:
    """The address to listen on; of a name with several, one of IPv4."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", "not a host name")
        raise CommandFailed(
            f"{given} must be an address of this machine, such as 127.0.0.1 or ::1, or a name of "
            f"one: {reason}"
        ) from error
    family, *_, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    return family, address


def _written(address: Address) -> str:
    """An address as it is part of a URL."""
    host, port = map(str, address[:2])
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--host", help="address to listen on, instead of MOA_HOST")
    parser.add_argument("--port", help="port to listen on, instead of MOA_PORT")
