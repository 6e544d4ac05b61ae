"""Answers given again from memory, in front of routing, as long as the data do not change."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from anyio import Event
from starlette.types import ASGIApp, Receive, Scope, Send

from app.cache.freshness import Freshness
from app.cache.memory import Memory, RawRequest
from app.db import Database
from app.db.revision import State
from app.http import negotiation
from app.http.representation import Finisher, Representation

MEGABYTE = 1_000_000


class CacheKey(NamedTuple):
    """What is asked, in whichever way it was written."""

    path: str
    query: str
    accept: bytes
    coding: str

    @property
    def cost(self) -> int:
        """About the memory that it takes beyond its fixed part, in bytes."""
        return len(self.path) + len(self.query) + len(self.accept)


@dataclass(slots=True)
class Flight:
    """A question that is being answered, for all who ask it meanwhile."""

    state: State
    done: Event = field(default_factory=Event)
    found: Representation | None = None


class Cache:
    """Answers from memory what it can, and finishes whatever the routes answer."""

    def __init__(self, app: ASGIApp, *, db: Database) -> None:
        self._app = app
        self._db = db
        self._freshness = Freshness(db)
        megabytes = db.settings.cache_megabytes
        self._memory = Memory(megabytes * MEGABYTE) if megabytes else None
        self._data = ("/v1", f"{db.settings.root_path}/v1")
        self._flights: dict[Hashable, Flight] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        request, known = _read(scope)
        found = await self._find(request, scope, receive, send)
        if found:
            await found.send(known, send)

    async def _find(
        self, request: RawRequest, scope: Scope, receive: Receive, send: Send
    ) -> Representation | None:
        """What answers the request; None where the routes have answered it already."""
        memory = self._memory
        if memory is None or not await self._reaches(memory, scope):
            return await self._ask(
                scope, receive, Finisher(send, negotiation.choose_coding(request.encoding))
            )
        found = memory.find(request)
        if found:
            return found
        key = _key(request, scope)
        found = memory.answer(key, request)
        if found:
            return found
        flight = self._flights.get(key)
        if flight and flight.state == memory.state:
            await flight.done.wait()
            if flight.found:
                return flight.found
            return await self._ask(scope, receive, Finisher(send, key.coding))
        return await self._fly(memory, key, scope, receive, send)

    async def _reaches(self, memory: Memory, scope: Scope) -> bool:
        """Bring the store to the state of the data; what is not made of them needs no look."""
        if scope["path"].startswith(self._data):
            state = await self._freshness.state()
            if state is None:
                return False
            memory.reach(state)
        return True

    async def _fly(
        self, memory: Memory, key: CacheKey, scope: Scope, receive: Receive, send: Send
    ) -> Representation | None:
        """Answer a question for all who ask it before it is answered."""
        flight = self._flights[key] = Flight(memory.state)
        finisher = Finisher(send, key.coding, flight.done.set)
        try:
            flight.found = await self._ask(scope, receive, finisher)
            if flight.found:
                memory.put(key, flight.found, key.cost, flight.state)
            return flight.found
        finally:
            flight.done.set()
            if self._flights.get(key) is flight:
                del self._flights[key]

    async def _ask(
        self, scope: Scope, receive: Receive, finisher: Finisher
    ) -> Representation | None:
        """Let the routes answer."""
        await self._app(scope, receive, finisher)
        of_data = scope["path"].startswith(self._data)
        return await finisher.whole(self._db.release if of_data else "")


def _read(scope: Scope) -> tuple[RawRequest, bytes]:
    """What the answer depends on, and the tags of what the caller has already."""
    accept = encoding = known = b""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = _joined(accept, value)
        elif name == b"accept-encoding":
            encoding = _joined(encoding, value)
        elif name == b"if-none-match":
            known = _joined(known, value)
    return RawRequest(scope["raw_path"], scope["query_string"], accept, encoding), known


def _joined(before: bytes, value: bytes) -> bytes:
    return before + b"," + value if before else value


def _key(request: RawRequest, scope: Scope) -> CacheKey:
    """What is asked, however it is written: parameters by name, those of one name as given."""
    pairs = parse_qsl(request.query.decode("latin-1"), keep_blank_values=True)
    return CacheKey(
        scope["path"],
        urlencode(sorted(pairs, key=itemgetter(0))),
        request.accept,
        negotiation.choose_coding(request.encoding),
    )
