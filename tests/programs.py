"""Commands of the service, run in separate processes."""

import errno
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from app.settings import ROOT

LIMIT_SECONDS = 600
# Linux gives 32768 and above to outgoing connections (ip(7), ip_local_port_range).
PORTS = range(20_000, 32_000)
TRIES = 100


class Program:
    """A command in its own process, killed if it takes far too long."""

    def __init__(self, url: str, command: str, *more: str, root: Path = ROOT) -> None:
        self.url, self.command, self.root, self.port = url, command, root, free_port()
        self.more = more
        self.lines: list[str] = []

    def __enter__(self) -> Self:
        options = ["--port", str(self.port)] if self.command == "serve" else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", self.command, *options, *self.more],
            cwd=self.root,
            env={**os.environ, "MOA_DATABASE_URL": self.url},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.limit = threading.Timer(LIMIT_SECONDS, self.process.kill)
        self.limit.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.end()
        self.limit.cancel()

    def read(self, until: str | None = None) -> str:
        """Its output, once it has printed something or has ended."""
        for line in self.process.stderr or ():
            self.lines.append(line)
            if until is not None and until in line:
                break
        return "".join(self.lines)

    def end(self) -> int:
        """Its exit code, once it has ended."""
        if self.process.stderr and not self.process.stderr.closed:
            self.lines += self.process.stderr
            self.process.stderr.close()
        return self.process.wait()

    def ask(self, address: str) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        status, body = self._answer(address)
        return status, json.loads(body)

    def text(self, address: str) -> str:
        """The body of an answer that succeeds."""
        status, body = self._answer(address)
        assert status == 200, address
        return body

    def _answer(self, address: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT_SECONDS)
        connection.request("GET", quote(address, safe="/?&=,"))
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found


def free_port() -> int:
    """A free port below those that systems give to outgoing connections, which could take it."""
    for port in random.SystemRandom().sample(PORTS, TRIES):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
