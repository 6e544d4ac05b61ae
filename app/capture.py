"""What a route sends: kept back whole where it may be kept, else passed on piece by piece."""

from collections.abc import Callable, Sequence
from functools import partial

from anyio import to_thread
from starlette.types import Message, Send

from app import codings, conditional
from app.codings import IDENTITY
from app.representation import (
    LENGTH,
    OK,
    REPLACED,
    VARY,
    Header,
    Representation,
    make,
    worth_coding,
)


def _nothing() -> None:
    """Tell nobody that an answer is passed on."""


class Capture:
    """Takes the place of `send` for one answer."""

    def __init__(self, send: Send, coding: str, passes: Callable[[], object] = _nothing) -> None:
        self._send = send
        self._coding = coding
        self._passes = passes
        self._kept: Sequence[Header] | None = None
        self._pieces: list[bytes] = []
        self._coder: codings.Coder | None = None

    async def __call__(self, message: Message) -> None:
        """Take one message."""
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._kept is not None:
            self._pieces.append(message["body"])
        elif self._coder:
            piece = partial(_piece, self._coder, message)
            await self._send({**message, "body": await to_thread.run_sync(piece)})
        else:
            await self._send(message)

    async def whole(self, release: str) -> Representation | None:
        """What was kept back; None where it has been passed on."""
        if self._kept is None:
            return None
        return await make(self._kept, b"".join(self._pieces), self._coding, release)

    async def _start(self, message: Message) -> None:
        given = dict(message["headers"])
        policy = given.get(b"cache-control", conditional.DEFAULT.encode())
        streamed = LENGTH not in given
        if message["status"] == OK and not streamed and policy != conditional.NO_STORE.encode():
            self._kept = message["headers"]
            return
        self._passes()
        headers = [pair for pair in message["headers"] if pair[0] not in REPLACED]
        if b"cache-control" not in given:
            headers.append((b"cache-control", policy))
        if streamed and self._coding != IDENTITY and worth_coding(headers):
            self._coder = codings.coder(self._coding)
            headers.append((b"content-encoding", self._coding.encode()))
        await self._send({**message, "headers": [*headers, VARY]})


def _piece(coder: codings.Coder, message: Message) -> bytes:
    ready = coder.compress(message["body"])
    return ready if message.get("more_body") else ready + coder.flush()
