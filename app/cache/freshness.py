"""How far the data have come, asked once for all requests that wait for it at the same time."""

import asyncio

from anyio import CapacityLimiter, to_thread

from app.db import Database
from app.db.revision import State
from app.errors import Unavailable


class Freshness:
    """Tells a request the state after every commit that came before it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._limiter = CapacityLimiter(1)
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[State | None] | None = None
        self._now: State | None = None

    async def state(self) -> State | None:
        """The state; None where the database cannot tell it."""
        if self._db.settings.embedded:
            # It takes some microseconds and never waits; a thread would cost more.
            return self._now or self._ask_here()
        if self._next is None:
            self._next = asyncio.create_task(self._ask_aside())
        return await asyncio.shield(self._next)

    def _ask_here(self) -> State | None:
        """Ask for this request, and for those that had come before and wait for their turn.

        The loop runs what is scheduled in the order in which it came: whoever finds this answer
        came before it was asked for.
        """
        self._now = self._ask()
        asyncio.get_running_loop().call_soon(self._forget)
        return self._now

    def _forget(self) -> None:
        self._now = None

    async def _ask_aside(self) -> State | None:
        async with self._turn:
            # Who comes from here on waits for the next answer: this one may miss his commit.
            self._next = None
            return await to_thread.run_sync(self._ask, limiter=self._limiter)

    def _ask(self) -> State | None:
        try:
            return self._db.state()
        except Unavailable:
            return None
