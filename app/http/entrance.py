"""Admits requests that change rows: checks the key, reads the body, then waits for a turn."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Forbidden, Unauthorised, Unavailable
from app.http.bodies import BodyLimits, read_object
from app.http.parameters import FastRoute
from app.http.problems import BESIDE
from app.http.rates import Rate

BEARER = re.compile(rb"(?i:bearer) +([A-Za-z0-9_-]{20,200})")
"""The name of the scheme may be in upper or lower case (RFC 9110, section 11.1)."""
RETRY_SECONDS, SLACK = float(Unavailable("").headers["Retry-After"]), 1.0
"""How long a refused caller waits before trying again, and how late it may be."""
REALM = 'Bearer realm="lenalidomide-moa"'
NO_KEY = "Send your key as `Authorization: Bearer`; reading needs none."
WRONG_KEY = "The key is unknown, expired or revoked; ask the operator for another."


class KeyOwner(NamedTuple):
    """The owner of a key, by public name, and what the key allows."""

    name: str
    scope: str


FindKey = Callable[[str], KeyOwner | None]


class AdmissionLimits(NamedTuple):
    """How many changes a key may make in a minute, and how many are made at once or wait."""

    rate: int
    at_once: int
    most_waiting: int
    wait_seconds: float
    body: BodyLimits


class Entrance:
    """Admits requests whose key allows them, a few at a time."""

    def __init__(self, find: FindKey, limits: AdmissionLimits) -> None:
        self._find = find
        self._free = asyncio.Semaphore(limits.at_once)
        self._many = asyncio.Semaphore(1)
        self._refused, self._calm_from = False, 0.0
        self._rate = Rate("key", limits.rate, "changes by your key")
        self._waiting, self._most_waiting = 0, limits.most_waiting
        self._wait_seconds = limits.wait_seconds
        self.body = limits.body

    async def owner(self, request: Request) -> KeyOwner:
        """The owner of the key in a request; Unauthorised if there is no valid one."""
        given = [value for name, value in request.scope["headers"] if name == b"authorization"]
        found = BEARER.fullmatch(given[0]) if len(given) == 1 else None
        if found is None:
            raise Unauthorised(NO_KEY, headers={"WWW-Authenticate": REALM})
        key = found[1].decode()
        owner = await asyncio.get_running_loop().run_in_executor(None, self._find, key)
        if owner is None:
            raise wrong_key()
        return owner

    def count(self, owner: KeyOwner) -> dict[str, str]:
        """Count a change, and return the header fields that say how many more are allowed."""
        return self._rate.take(owner.name)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, but not for long; reads keep their threads."""
        try:
            async with self._let_in(self._free):
                yield
        except Unavailable:
            self._refused = True
            raise

    @asynccontextmanager
    async def turn_for_many(self) -> AsyncIterator[None]:
        """As `turn`, for a change of many rows, which may take long: one after the other.

        If changes were refused during one, the next waits until these could be sent again.
        """
        now = asyncio.get_running_loop().time
        async with self._let_in(self._many):
            await asyncio.sleep(self._calm_from - now())
            self._refused = False
            try:
                async with self._let_in(self._free):
                    yield
            finally:
                self._calm_from = now() + self._refused * (RETRY_SECONDS + SLACK)

    @asynccontextmanager
    async def _let_in(self, free: asyncio.Semaphore) -> AsyncIterator[None]:
        """Wait in a bounded queue."""
        if self._waiting >= self._most_waiting:
            raise Unavailable("Too many changes are waiting.")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await free.acquire()
        except TimeoutError as error:
            raise Unavailable("Other changes take long; try again later.") from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            free.release()


class KeyRoute(FastRoute):
    """A route for requests whose key has one of the scopes that the route names.

    The scopes are read from the function, which `needs` marks with them.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of a request: it checks the key and reads the body before the call."""
        answer = super().get_route_handler()
        scopes: tuple[str, ...] = getattr(self.endpoint, SCOPES)

        async def handle(request: Request) -> Response:
            entrance: Entrance = request.app.state.entrance
            owner = await entrance.owner(request)
            if owner.scope not in scopes:
                raise _too_little(scopes)
            fields = request.scope[BESIDE] = entrance.count(owner)
            request.state.owner = owner
            request.state.sent = await self.read(request)
            async with self.turn(entrance):
                response = await answer(request)
            response.headers.update(fields)
            return response

        return handle

    def turn(self, entrance: Entrance) -> AbstractAsyncContextManager[None]:
        """The turn that the request waits for."""
        return entrance.turn()

    async def read(self, request: Request) -> Mapping[str, Any]:
        """What the body says."""
        entrance: Entrance = request.app.state.entrance
        return await read_object(request, entrance.body)


SCOPES = "scopes"
Endpoint = Callable[..., Response]


def needs(*scopes: str) -> Callable[[Endpoint], Endpoint]:
    """Declare the scopes of which a key must have one."""

    def declare(call: Endpoint) -> Endpoint:
        setattr(call, SCOPES, scopes)
        return call

    return declare


def owner_of_key(request: Request) -> KeyOwner:
    """The owner of the key with which an admitted request was sent."""
    found: KeyOwner = request.state.owner
    return found


def sent(request: Request) -> Mapping[str, Any]:
    """The object in the body of an admitted request."""
    found: Mapping[str, Any] = request.state.sent
    return found


def wrong_key() -> Unauthorised:
    """The refusal of a key that is not, or no longer, valid."""
    wrong = f'{REALM}, error="invalid_token"'
    return Unauthorised(WRONG_KEY, headers={"WWW-Authenticate": wrong})


def _too_little(scopes: tuple[str, ...]) -> Forbidden:
    needed = " or ".join(scopes)
    header = f'{REALM}, error="insufficient_scope", scope="{" ".join(scopes)}"'
    return Forbidden(
        f"This needs a key with the scope {needed}.", headers={"WWW-Authenticate": header}
    )
