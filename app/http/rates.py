"""How often somebody may ask: at most so many times in any minute."""

import time
from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.errors import TooManyRequests

MINUTE = 60


class Rate:
    """Counts the requests of each, in this process alone, and refuses those beyond the limit.

    The minute slides: the last whole minute counts by the part of it that has not yet passed.
    """

    def __init__(self, policy: str, most: int, what: str) -> None:
        """Know the name of the limit, the most in a minute, and of what; 0 is for no limit."""
        self._policy = f'"{policy}"'
        self._most = most
        self._what = what
        self._item = RateLimitItemPerMinute(most)
        # Made only if it is needed: it has a thread that forgets what is past.
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage()) if most else None

    def take(self, who: str) -> dict[str, str]:
        """Count a request; the header fields that tell how many more there may be.

        They follow draft-ietf-httpapi-ratelimit-headers-10.
        """
        if self._limiter is None:
            return {}
        allowed = self._limiter.hit(self._item, who)
        reset, left = self._limiter.get_window_stats(self._item, who)
        seconds = max(1, ceil(reset - time.time()))
        fields = {
            "RateLimit-Policy": f"{self._policy};q={self._most};w={MINUTE}",
            "RateLimit": f"{self._policy};r={left};t={seconds}",
        }
        if not allowed:
            raise TooManyRequests(
                f"More than {self._most} {self._what} in a minute; try again after {seconds} s.",
                headers={**fields, "Retry-After": str(seconds)},
            )
        return fields
