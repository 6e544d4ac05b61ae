"""Calls to an application without a server or client library, to measure its own cost."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI
from starlette.types import Message

from app.main import create_app
from app.settings import Settings

Header = tuple[bytes, bytes]
HOST: Header = (b"host", b"example.org")


class Answer(NamedTuple):
    """An answer as received."""

    status: int
    body: bytes
    link: bytes | None
    """Where it leads on."""


class Direct:
    """A caller of one application, in a loop of its own."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner) -> None:
        self._app = app
        self._runner = runner

    def ask(self, address: str, headers: Sequence[Header] = (HOST,), method: str = "GET") -> Answer:
        """Ask once."""
        return self._runner.run(self._ask(address, headers, method))

    async def _ask(self, address: str, headers: Sequence[Header], method: str) -> Answer:
        path, _, query = address.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode(errors="replace"),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 80),
        }
        sent: list[Message] = []

        async def receive() -> Message:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            await asyncio.sleep(0)
            sent.append(message)

        await self._app(scope, receive, send)
        start, *rest = sent
        body = b"".join(message["body"] for message in rest)
        return Answer(start["status"], body, dict(start["headers"]).get(b"link"))


@contextmanager
def direct(settings: Settings) -> Iterator[Direct]:
    """A caller of a new application, started and stopped as a server does it."""
    app = create_app(settings)
    with asyncio.Runner() as runner:
        lifespan = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        yield Direct(app, runner)
        runner.run(lifespan.__aexit__(None, None, None))
