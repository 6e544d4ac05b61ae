"""A whole answer as bytes with its entity tag, sent in full or as unchanged."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http import codings, conditional, negotiation
from app.http.codings import IDENTITY

Header = tuple[bytes, bytes]

LEAST_COST = 1_000
# The key of the scope for the template of the route that answers, or has answered, the request.
ROUTE = "moa.route"
# The same for every caller, so that one answer can be kept for all of them.
VARY: Header = (b"vary", b"Accept, Accept-Encoding")
VERSION = conditional.VERSION.encode()
REPLACED = {VERSION, b"etag", VARY[0]}
LENGTH = b"content-length"
OF_THE_BODY = {b"content-type", LENGTH, b"content-encoding", b"content-disposition"}
OK, NOT_MODIFIED = 200, 304


@dataclass(frozen=True, slots=True)
class Representation:
    """A body in one media type and coding, with its headers."""

    tag: bytes
    headers: Sequence[Header]
    unchanged: Sequence[Header]
    body: bytes
    route: str = ""
    """The template of the route that made it."""

    @property
    def cost(self) -> int:
        """Roughly how much memory it takes, in bytes."""
        return LEAST_COST + len(self.body) + 2 * sum(len(a) + len(b) for a, b in self.headers)

    async def send(self, known: bytes, send: Send) -> None:
        """Send it, or only its headers if the caller already has the body."""
        if known and conditional.knows(known, self.tag):
            status, headers, body = NOT_MODIFIED, self.unchanged, b""
        else:
            status, headers, body = OK, self.headers, self.body
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def route_of(scope: Scope) -> str:
    """The template of the route that has answered the request; empty if there is none."""
    kept: str | None = scope.get(ROUTE)
    return getattr(scope.get("route"), "path", "") if kept is None else kept


async def finish(
    raw: Sequence[Header], body: bytes, coding: str, route: str = ""
) -> Representation:
    """Make a representation of the answer that a route gave."""
    headers = [pair for pair in raw if pair[0] not in REPLACED and pair[0] != LENGTH]
    if coding != IDENTITY and len(body) >= codings.SMALLEST and worth_coding(raw):
        body = await to_thread.run_sync(partial(codings.compress, body, coding))
        headers.append((b"content-encoding", coding.encode()))
    tag = conditional.tag(body, dict(raw).get(VERSION))
    headers += [(LENGTH, b"%d" % len(body)), (b"etag", tag), VARY]
    unchanged = [pair for pair in headers if pair[0] not in OF_THE_BODY]
    return Representation(tag, headers, unchanged, body, route)


def worth_coding(headers: Iterable[Header]) -> bool:
    """Whether the body is of a type that coding makes smaller."""
    return any(name == b"content-type" and codings.compressible(value) for name, value in headers)


def _nothing() -> None:
    """Do nothing when an answer is passed on."""


class Finisher:
    """Takes the place of `send` for one answer: holds it back to be finished, or passes it on."""

    def __init__(self, send: Send, coding: str, passes: Callable[[], object] = _nothing) -> None:
        self._send = send
        self._coding = coding
        self._passes = passes
        self._kept: Sequence[Header] | None = None
        self._pieces: list[bytes] = []
        self._compressor: codings.Compressor | None = None

    async def __call__(self, message: Message) -> None:
        """Take one message: hold it back, compress it, or pass it on."""
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._kept is not None:
            self._pieces.append(message["body"])
        elif self._compressor:
            piece = partial(_piece, self._compressor, message)
            await self._send({**message, "body": await to_thread.run_sync(piece)})
        else:
            await self._send(message)

    async def whole(self, route: str) -> Representation | None:
        """The answer that was held back; None if it has been passed on."""
        if self._kept is None:
            return None
        return await finish(self._kept, b"".join(self._pieces), self._coding, route)

    async def _start(self, message: Message) -> None:
        given = dict(message["headers"])
        policy = given.get(b"cache-control", conditional.DEFAULT.encode())
        streamed = LENGTH not in given
        # A route that sets the tag itself does so to have its answer sent piece by piece.
        held = not streamed and b"etag" not in given and policy != conditional.NO_STORE.encode()
        if message["status"] == OK and held:
            self._kept = message["headers"]
            return
        self._passes()
        # The route sets the tag: that of the changed row, or that of the state of the data.
        headers = [pair for pair in message["headers"] if pair[0] not in REPLACED - {b"etag"}]
        if b"cache-control" not in given:
            headers.append((b"cache-control", policy))
        if streamed and self._coding != IDENTITY and worth_coding(headers):
            self._compressor = codings.compressor(self._coding)
            headers.append((b"content-encoding", self._coding.encode()))
        await self._send({**message, "headers": [*headers, VARY]})


def _piece(compressor: codings.Compressor, message: Message) -> bytes:
    ready = compressor.compress(message["body"])
    return ready if message.get("more_body") else ready + compressor.flush()


class Finishing:
    """The layer through which every answer of a route passes, whether or not there is a cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with a finished answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding, tags = negotiation.read_fields(scope, b"accept-encoding", b"if-none-match")
        finisher = Finisher(send, negotiation.choose_coding(encoding))
        found = await self.answer(scope, receive, finisher)
        if found:
            await found.send(tags, send)

    async def answer(
        self, scope: Scope, receive: Receive, finisher: Finisher
    ) -> Representation | None:
        """The answer of a route, finished; None if it has been passed on."""
        await self._app(scope, receive, finisher)
        return await finisher.whole(route_of(scope))
