"""`python -m app serve`."""

import argparse
import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import partial

import uvicorn

from app import logs, startup
from app.commands import (
    OK,
    REFUSED,
    STOPPED,
    given_as,
    load_content,
    protocol,
    service,
    settle,
    tell,
)
from app.db import Database
from app.http.workers import Workers
from app.settings import MAX_PORT, Settings, variable
from app.startup import CommandFailed
from seed import DATA

GRACE_SECONDS = 10
MOST_WORKERS = 64
# After this time, a tenth of Python's default, a busy thread lets the event loop run: with the
# default, eight busy threads made `/livez` wait twice as long.
SWITCH_SECONDS = 0.0005
# A parameter of glibc (mallopt(3)): from how many heaps threads take their memory.
HEAPS = -8
# The exit code after each signal.
ENDS: dict[int, int] = {signal.SIGINT: OK, signal.SIGTERM: STOPPED}

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
"""Host and port, for IPv6 with two more numbers; the last form is for a Python without IPv6."""


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Serve the API; a missing or empty database is first created and filled."""
    # uvicorn handles the signal only once it serves; until then, the first process of a
    # container would ignore it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    workers = arguments.workers
    sys.setswitchinterval(SWITCH_SECONDS)
    _share_heap()
    with ExitStack() as stack:
        ports = [stack.enter_context(one) for one in _listeners(settings, arguments)]
        if not startup.ready(settings):
            startup.make(settings, _fill, tell)
        startup.check_words(settings)
        needed = startup.content_advice(settings)
        if needed:
            tell(needed)
        # Until here, a failure is reported as one plain line.
        logs.start()
        tell(f"listening on http://{_written(ports[0].getsockname())} (documentation at /docs)")
        tell(*(f"metrics at http://{_written(one.getsockname())}/metrics" for one in ports[1:]))
        if workers == 1:
            return _serve(settings, ports)
        ended = Workers(partial(_work, settings, ports)).run(workers)
        return ENDS.get(ended, REFUSED)


def _work(settings: Settings, ports: list[socket.socket], worker: int) -> int:
    """Serve as one of several workers, each with its own port for metrics."""
    own = {"metrics_port": settings.metrics_port + worker} if settings.metrics_port else {}
    return _serve(settings.model_copy(update=own), [ports[0], *ports[1 + worker :][:1]])


def _serve(settings: Settings, ports: list[socket.socket]) -> int:
    """Serve in this process, until a signal ends it."""
    config = uvicorn.Config(
        service().create_app(settings),
        http=protocol().limited(settings),
        ws="none",
        proxy_headers=False,  # our own layer believes only trusted proxies
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    gc.collect()
    settle()
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=ports)
    return OK


def _share_heap() -> None:
    """Have all threads share one heap: with heaps of their own, each keeps what it has freed."""
    with suppress(AttributeError):  # other C libraries have no such parameter
        ctypes.CDLL(None).mallopt(HEAPS, 1)


def _fill(db: Database) -> None:
    """Load the content of this release, unless another process has just done so."""
    with db.read() as reading:
        if startup.has_content(reading.connection):
            return
    load_content(db, DATA)


def _listeners(settings: Settings, arguments: argparse.Namespace) -> Iterator[socket.socket]:
    """The port of the service and, if metrics are wanted, one for those of each worker."""
    host, port = given_as(arguments, "host"), given_as(arguments, "port")
    yield _listen(settings, settings.port, host, port)
    if settings.metrics_port:
        for worker in range(arguments.workers):
            number = settings.metrics_port + worker
            if number > MAX_PORT:
                raise CommandFailed(
                    f"{variable('metrics_port')} is too high: each worker needs a port of its own, "
                    f"up to {MAX_PORT}"
                )
            yield _listen(settings, number, host, variable("metrics_port"))


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
    """The address to listen on; if a name has several, preferably an IPv4 one."""
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
    """An address as it is written in a URL."""
    host, port = map(str, address[:2])
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _workers(given: str) -> int:
    """A number of workers; argparse itself would list every number there is to choose from."""
    number = int(given) if given.isdecimal() and len(given) <= len(str(MOST_WORKERS)) else 0
    if not 1 <= number <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {MOST_WORKERS}")
    return number


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--host", help="address to listen on, instead of MOA_HOST")
    parser.add_argument("--port", help="port to listen on, instead of MOA_PORT")
    parser.add_argument(
        "--workers",
        type=_workers,
        default=1,
        metavar=f"1..{MOST_WORKERS}",
        help="processes that answer on this port, about one per core; default: 1",
    )
