"""Limits on the requests of one caller or key in any minute."""

import time
from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.errors import TooManyRequests

MINUTE = 60


class Rate:
    """Counts requests by caller or key, in this process alone, and refuses those over the limit.

    The minute slides: requests of the previous minute count in proportion to how much of it lies
    within the last 60 seconds.
    """

    def __init__(self, policy: str, most: int, what: str) -> None:
        """Take the name of the limit, the most per minute (0: no limit), and what is counted."""
        self._policy = f'"{policy}"'
        self._most = most
        self._what = what
        self._item = RateLimitItemPerMinute(most)
        # Made only if needed: it runs a thread that drops expired counts.
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage()) if most else None

    def take(self, who: str) -> dict[str, str]:
        """Count a request, and return the header fields that say how many more are allowed.

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
