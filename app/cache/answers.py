"""Answers repeated from memory, ahead of routing, as long as the data do not change."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from anyio import Event
from starlette.types import Receive, Scope, Send

from app.addresses import Addresses
from app.cache.freshness import Freshness
from app.cache.memory import Memory, RawRequest
from app.db import Database
from app.db.revision import State
from app.http import negotiation
from app.http.representation import ROUTE, Finisher, Finishing, Representation

MEGABYTE = 1_000_000
# What does not depend on the data, and so is answered even without the database.
FIXED = (
    "/.well-known",
    "/docs",
    "/openapi.json",
    "/problems",
    "/static",
    "/favicon.ico",
    "/livez",
    "/readyz",
)
# The fields that an answer depends on, and the tags of what the caller already has.
READ = (b"accept", b"accept-encoding", b"if-none-match", b"authorization", b"range")


class CacheKey(NamedTuple):
    """What a request asks for, however it is written."""

    path: str
    query: str
    accept: bytes
    coding: str

    @property
    def cost(self) -> int:
        """Roughly how much memory it takes beyond its fixed part, in bytes."""
        return len(self.path) + len(self.query) + len(self.accept)


@dataclass(slots=True)
class Flight:
    """A request that is being answered, shared by equal requests that arrive meanwhile."""

    state: State
    done: Event = field(default_factory=Event)
    found: Representation | None = None


class Cache:
    """Keeps what the layer behind it has finished, and answers from memory what it can."""

    def __init__(self, finishing: Finishing, db: Database) -> None:
        self._finishing = finishing
        self._freshness = Freshness(db)
        self._memory = Memory(db.settings.cache_megabytes * MEGABYTE)
        addresses = Addresses(db.settings.prefix)
        self._fixed = tuple(map(addresses.of, FIXED))
        self._flights: dict[Hashable, Flight] = {}
        # For the operator.
        self.hits = self.misses = self.joined = 0

    @property
    def used(self) -> int:
        """The memory for cached answers, in bytes."""
        return self._memory.used

    @property
    def flights(self) -> int:
        """How many answers are being made."""
        return len(self._flights)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, from memory if possible."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._finishing(scope, receive, send)
            return
        accept, encoding, tags, key, part = negotiation.read_fields(scope, *READ)
        if key or part:
            # An answer to a request with a key is for its owner alone, and a part is not the whole.
            await self._finishing(scope, receive, send)
            return
        request = scope["raw_path"], scope["query_string"], accept, encoding
        known = scope["path"].startswith(self._fixed) or await self._reaches_now()
        found = self._memory.find(request) if known else None
        if found:
            self.hits += 1
        elif known:
            found = await self._find(request, scope, receive, send)
        else:
            finisher = Finisher(send, negotiation.choose_coding(encoding))
            found = await self._finishing.answer(scope, receive, finisher)
        if found:
            scope[ROUTE] = found.route
            await found.send(tags, send)

    async def _find(
        self, request: RawRequest, scope: Scope, receive: Receive, send: Send
    ) -> Representation | None:
        """The answer to a request in new bytes; None if the routes have already sent it."""
        key = _key(request, scope)
        found = self._memory.answer(key, request)
        if found:
            self.hits += 1
            return found
        flight = self._flights.get(key)
        if flight and flight.state == self._memory.state:
            self.joined += 1
            await flight.done.wait()
            if flight.found:
                return flight.found
            finisher = Finisher(send, key.coding)
            return await self._finishing.answer(scope, receive, finisher)
        return await self._fly(key, scope, receive, send)

    async def _reaches_now(self) -> bool:
        """Drop answers that are older than the data; False if the state of the data is unknown."""
        state = await self._freshness.state()
        if state is None:
            return False
        self._memory.reach(state)
        return True

    async def _fly(
        self, key: CacheKey, scope: Scope, receive: Receive, send: Send
    ) -> Representation | None:
        """Answer a request, and all equal ones that arrive before its answer does."""
        self.misses += 1
        flight = self._flights[key] = Flight(self._memory.state)
        finisher = Finisher(send, key.coding, flight.done.set)
        try:
            flight.found = await self._finishing.answer(scope, receive, finisher)
            if flight.found:
                self._memory.put(key, flight.found, key.cost, flight.state)
            return flight.found
        finally:
            flight.done.set()
            if self._flights.get(key) is flight:
                del self._flights[key]


def _key(request: RawRequest, scope: Scope) -> CacheKey:
    """The key of a request: parameters sorted by name, those of one name in the order given."""
    _, query, accept, encoding = request
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return CacheKey(
        scope["path"],
        urlencode(sorted(pairs, key=itemgetter(0))),
        accept,
        negotiation.choose_coding(encoding),
    )
