"""Send raw bytes to a server, and read its answers with every header field."""

import re
import socket
from dataclasses import dataclass
from io import BytesIO

from tests.bench.servers import HOST

PATIENCE = 60
BODILESS = (204, 304)


@dataclass(frozen=True)
class Answer:
    """An answer; header names are in lower case and may come more than once."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def of(self, name: str) -> list[str]:
        """The values of all header fields of this name."""
        return [value for found, value in self.headers if found == name]


def get(target: str, *headers: str, method: str = "GET") -> bytes:
    """A request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode()


def ask(port: int, sent: bytes, *heads: int, half_close: bool = False) -> list[Answer]:
    """All answers until the server closes; the numbered ones are answers to HEAD."""
    with socket.create_connection((HOST, port), PATIENCE) as connection:
        connection.sendall(sent)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = BytesIO(b"".join(iter(lambda: connection.recv(65_536), b"")))
    found: list[Answer] = []
    while line := received.readline():
        found.append(_answer(received, line, head=len(found) in heads))
    return found


def _answer(received: BytesIO, line: bytes, *, head: bool) -> Answer:
    shown = re.fullmatch(rb"HTTP/1\.1 (\d{3}) .*\r\n", line)
    assert shown, line
    status, headers = int(shown[1]), []
    while (field := received.readline()) != b"\r\n":
        name, _, value = field.decode().rstrip("\r\n").partition(": ")
        headers.append((name.lower(), value))
    if head or status in BODILESS:
        return Answer(status, headers, b"")
    length = dict(headers).get("content-length")
    body = received.read(int(length)) if length else b"".join(_chunks(received))
    return Answer(status, headers, body)


def _chunks(received: BytesIO) -> list[bytes]:
    found = []
    while size := int(received.readline(), 16):
        found.append(received.read(size))
        received.readline()
    received.readline()
    return found
