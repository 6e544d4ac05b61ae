"""The totals of lists, counted once for each state of the data."""

import threading
from collections.abc import Hashable

from app.db.revision import State

MOST = 1_000


class Totals:
    """Totals by query, all of one state of the data; a newer state drops them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: State | None = None
        self._counts: dict[Hashable, int] = {}

    def get(self, state: State | None, key: Hashable) -> int | None:
        """The count, if it is known for this state."""
        with self._lock:
            return self._counts.get(key) if state and state == self._state else None

    def put(self, state: State | None, key: Hashable, count: int) -> None:
        """Keep a count of this state."""
        if state is None:
            return
        with self._lock:
            if self._state is None or state > self._state or len(self._counts) >= MOST:
                self._counts.clear()
                self._state = max(state, self._state or state)
            if state == self._state:
                self._counts[key] = count
