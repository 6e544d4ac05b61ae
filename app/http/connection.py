"""One connection: its memory is bounded, and unreadable requests are answered in turn."""

import asyncio
from collections.abc import Sized
from types import FunctionType
from typing import Any

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.errors import BadRequest, HeadersTooLarge, PayloadTooLarge, Problem, UriTooLong
from app.http.guard import (
    HEADERS_LIMIT,
    MAX_TARGET,
    PROBLEM,
    TARGET_LIMIT,
    body_limit,
    body_limit_message,
    most_body,
)
from app.settings import Settings

MAX_UNFINISHED = 65_536
MAX_QUEUED = 16
UNREADABLE = (
    "This is not a valid HTTP/1.1 request; check its first line, its header fields and the length "
    "of its body."
)


class Flow(FlowControl):
    """Resumes reading only once no request is waiting for its turn."""

    def __init__(self, transport: asyncio.Transport, queue: Sized) -> None:
        super().__init__(transport)
        self._queue = queue

    def resume_reading(self) -> None:
        """Resume reading, unless requests are waiting."""
        if not self._queue:
            super().resume_reading()


class Ending:
    """Stands in for the transport of the last answer: closes our own side only.

    Closing both while data are unread resets the connection, and the client may lose the answer
    (RFC 9112, section 9.6). uvicorn's keep-alive timer closes the rest.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = transport.write_eof


class Connection(HttpToolsProtocol):
    """uvicorn's protocol with limits; on its own, it queues requests and headers without end."""

    most_body: int
    """The largest body of a change, in bytes."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Bytes received since a head, or a piece of a body, was last complete.
        self._unfinished = 0
        self._body = 0
        self._ended = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take the connection, with flow control of our own."""
        super().connection_made(transport)
        self.flow = Flow(transport, self.pipeline)

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived; drop what comes after the last request."""
        if self._ended:
            return
        self._unset_keepalive_if_required()
        self._unfinished += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # Declined by answering as if it had not been offered (RFC 9110, section 7.8).
            pass
        except httptools.HttpParserError:
            if not self._ended:
                self._refuse(BadRequest(UNREADABLE))
        else:
            if self._unfinished > MAX_UNFINISHED:
                self._refuse(self._too_large())

    def on_headers_complete(self) -> None:
        """Take a request; beyond the limit, announce the end of the connection instead.

        A client repeats what was not answered before the end (RFC 9112, section 9.3.2).
        """
        if len(self.pipeline) >= MAX_QUEUED:
            self._end()
            raise OverflowError
        super().on_headers_complete()
        self._unfinished = self._body = 0
        # Trailer fields must not be merged into the header section (RFC 9110, section 6.5.1).
        self.headers = []

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body; the guard sees only the length that was announced."""
        self._unfinished = 0
        self._body += len(body)
        cycle = self.cycle
        # Nobody waits for the rest of a body once its request is answered.
        answered = cycle is None or cycle.response_complete
        most = self.most_body if answered else body_limit(cycle.scope, self.most_body)
        if self._body > most:
            self._refuse(PayloadTooLarge(body_limit_message(most)))
            raise OverflowError
        super().on_body(body)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio allows it, uvicorn does not
        """Still answer a client that has closed its own side after its request."""
        cycle = self.cycle
        waits = cycle is not None and not (cycle.more_body or cycle.response_complete)
        if waits:
            cycle.keep_alive = False
        return waits

    def _end(self) -> None:
        """Let the newest request be the last."""
        self._ended = True
        self.cycle.keep_alive = False
        self.cycle.transport = Ending(self.transport)  # type: ignore[assignment]  # all it needs
        if self.cycle.response_complete:
            self.transport.write_eof()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _refuse(self, problem: Problem) -> None:
        """Answer with a problem, after the requests before it, and close."""
        if self.cycle is None or not self.cycle.more_body:
            self.on_message_begin()
            self.url = b"/"
            super().on_headers_complete()
            self.cycle.more_body = False
        # Where a body is broken, its request may have been answered already, at least in part.
        self.cycle.scope[PROBLEM] = problem  # type: ignore[literal-required]  # ours
        # Whoever reads the body waits for more of it.
        self.cycle.message_event.set()
        self._end()

    def _too_large(self) -> Problem:
        if len(self.url) > MAX_TARGET:
            return UriTooLong(TARGET_LIMIT)
        return HeadersTooLarge(HEADERS_LIMIT)


def limited(settings: Settings) -> type[Connection]:
    """The protocol with the limits of these settings."""
    return type("LimitedConnection", (Connection,), {"most_body": most_body(settings)})


def require(owner: type, *names: str) -> None:
    """Refuse to start with a uvicorn that lacks what this module relies on."""
    functions = [found for found in vars(owner).values() if isinstance(found, FunctionType)]
    there = {*dir(owner), *(name for one in functions for name in one.__code__.co_names)}
    missing = sorted(set(names) - there)
    if missing:
        raise ImportError(f"this release of uvicorn has no {owner.__name__}.{missing[0]}")


require(FlowControl, "resume_reading", "read_paused")
require(
    RequestResponseCycle,
    *("keep_alive", "message_event", "more_body", "response_complete", "scope", "transport"),
)
require(
    HttpToolsProtocol,
    *("connection_made", "data_received", "eof_received", "_unset_keepalive_if_required"),
    *("on_message_begin", "on_headers_complete", "on_body"),
    *("parser", "pipeline", "flow", "cycle", "url", "headers", "transport", "loop"),
    *("timeout_keep_alive", "timeout_keep_alive_task", "timeout_keep_alive_handler"),
)
