"""The current state of the data, read once for all requests that wait for it together."""

import asyncio

from anyio import CapacityLimiter, to_thread

from app.db import Database
from app.db.revision import State
from app.errors import Unavailable


class Freshness:
    """Gives a request the state of the data, with every commit made before it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._limiter = CapacityLimiter(1)
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[State | None] | None = None
        self._now: State | None = None

    async def state(self) -> State | None:
        """The state; None if the database cannot say."""
        if self._db.settings.embedded:
            # It takes a few microseconds and never waits; a thread would cost more.
            return self._now or self._ask_here()
        if self._next is None:
            self._next = asyncio.create_task(self._ask_aside())
        return await asyncio.shield(self._next)

    def _ask_here(self) -> State | None:
        """Read it for this request, and for those that arrived earlier and still wait.

        The loop runs callbacks in the order in which they were scheduled: a request that finds
        this state arrived before it was read.
        """
        self._now = self._ask()
        asyncio.get_running_loop().call_soon(self._forget)
        return self._now

    def _forget(self) -> None:
        self._now = None

    async def _ask_aside(self) -> State | None:
        async with self._turn:
            # Requests that arrive from here on wait for the next reading; this one may miss a
            # commit made just before them.
            self._next = None
            return await to_thread.run_sync(self._ask, limiter=self._limiter)

    def _ask(self) -> State | None:
        try:
            return self._db.state()
        except Unavailable:
            return None
