"""Limits on the requests of one caller, at once and per minute; answers from memory are free."""

from collections.abc import Collection
from ipaddress import IPv6Address

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import Unavailable
from app.http.forwarding import node_address
from app.http.rates import Rate

# The bits of an IPv6 address that a household or host assigns itself (RFC 6177).
HOST_BITS = 64
TOO_MANY = "Too many requests from your address are being answered at once."


class Callers:
    """Refuses a caller with too many requests at once or per minute; some paths are exempt."""

    def __init__(self, app: ASGIApp, most: int, rate: int, free: Collection[str]) -> None:
        self._app = app
        self._most = most
        self._rate = Rate("address", rate, "requests from your address")
        self._limited = bool(most or rate)
        self._free = frozenset(free)
        # Only callers with requests in progress, so it stays small.
        self._busy: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it if its caller has reached a limit."""
        if not self._limited or scope["type"] != "http" or scope["path"] in self._free:
            await self._app(scope, receive, send)
            return
        caller = _caller(scope)
        # Only refusals carry the `RateLimit` fields, which are for this caller alone: any other
        # answer may be cached for everybody.
        self._rate.take(caller)
        busy = self._busy.get(caller, 0)
        if self._most and busy >= self._most:
            raise Unavailable(TOO_MANY)
        self._busy[caller] = busy + 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._busy[caller] -= 1
            if not self._busy[caller]:
                del self._busy[caller]


def _caller(scope: Scope) -> str:
    """The address of the caller; for IPv6, its network."""
    given: str = (scope["client"] or ("",))[0]
    address = node_address(given)
    if isinstance(address, IPv6Address):
        return str(int(address) >> HOST_BITS)
    return str(address or given)
