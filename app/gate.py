"""A limit on concurrent searches, so that they do not hold up the rest of the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from app.errors import Unavailable

# A search keeps the interpreter busy: several at once would be no faster and delay all else.
AT_ONCE = 1


class Gate:
    """Lets a few callers in at a time; the others wait for their turn."""

    def __init__(self, seconds: float, at_once: int = AT_ONCE) -> None:
        self._seconds = seconds
        self._free = BoundedSemaphore(at_once)

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Wait for a turn; Unavailable if none comes in time."""
        if not self._free.acquire(timeout=self._seconds):
            raise Unavailable("Too many requests of this kind are waiting.")
        try:
            yield
        finally:
            self._free.release()
