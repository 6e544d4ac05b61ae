"""How much work a search may do before it has to stop."""

import time
from collections.abc import Callable
from typing import Literal

Stop = Literal["limit", "expansions", "time"]

_CLOCK_EVERY = 256


class Budget:
    """Counts the steps and nodes examined, and checks the clock every 256 of them.

    It belongs to one request and is never shared by threads.
    """

    def __init__(
        self,
        expansions: int = 200_000,
        seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spent = 0
        self.stopped_by: Stop | None = None
        self._expansions = expansions
        self._clock = clock
        self._deadline = clock() + seconds
        self._next_look = _CLOCK_EVERY

    def spend(self, amount: int = 1) -> bool:
        """Count work and return whether the search may go on."""
        self.spent += amount
        if self.spent > self._expansions:
            self.stopped_by = "expansions"
        elif self.spent >= self._next_look:
            self._next_look = self.spent + _CLOCK_EVERY
            return self.in_time()
        return self.stopped_by is None

    def in_time(self) -> bool:
        """Look at the clock and return whether the search may go on."""
        if self._clock() >= self._deadline:
            self.stopped_by = "time"
        return self.stopped_by is None

    def share(self, parts: int) -> "Budget":
        """Return a budget with this fraction of the count and the same deadline."""
        part = Budget(self._expansions // parts, clock=self._clock)
        part._deadline = self._deadline
        return part
