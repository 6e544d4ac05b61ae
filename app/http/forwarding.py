"""Where a request comes from, according to the proxies that the operator trusts."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.negotiation import read_fields
from app.settings import Network

FIELDS = (b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")
SCHEMES = ("http", "https")
HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
# An address with or without a port (RFC 7239, section 6); IPv6 without one needs no brackets.
NODE = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\w+)?|([0-9.]+)(?::\w+)?|([0-9A-Fa-f:.]+)")
# A parameter of `Forwarded` and what ends it (RFC 7239, section 4); possessive, so linear.
PARAMETER = re.compile(r'[ \t]*+(\w++)=(?:"([^"\\]*+)"|([^",; \t]*+))[ \t]*+([,;]|\Z)')

Place = IPv4Address | IPv6Address


class Hop(NamedTuple):
    """What one proxy says about the request that it passed on; empty where it says nothing."""

    client: str = ""
    scheme: str = ""
    host: str = ""


class Forwarding:
    """Replaces the client, scheme and host of a trusted proxy with those of the caller."""

    def __init__(self, app: ASGIApp, trusted: Iterable[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as from the caller behind a trusted proxy."""
        if self._trusted and scope["type"] == "http":
            peer = node_address((scope["client"] or ("",))[0])
            if self._trusts(peer):
                _correct(scope, self._caller(scope))
        await self._app(scope, receive, send)

    def _trusts(self, place: Place | None) -> bool:
        return place is not None and any(place in one for one in self._trusted)

    def _caller(self, scope: Scope) -> Hop:
        """What is known of the caller: a hop is believed if the proxy that names it is trusted."""
        found = Hop()
        for hop in _hops(scope):
            place = node_address(hop.client)
            found = Hop(str(place or found.client), hop.scheme, hop.host)
            if not self._trusts(place):
                break
        return found


def node_address(node: str) -> Place | None:
    """The address in a text, without its port; None if there is none, as in `unknown`."""
    found = NODE.fullmatch(node.strip())
    try:
        place = ip_address(next(filter(None, found.groups()))) if found else None
    except ValueError:
        return None
    # A dual-stack socket shows an IPv4 address in this form.
    return getattr(place, "ipv4_mapped", None) or place


def _hops(scope: Scope) -> Iterator[Hop]:
    """What the proxies say, the nearest first.

    A proxy sets one kind of field and may pass on the other, which the caller may have made up:
    where both are present, neither is believed.
    """
    forwarded, *others = (value.decode("latin-1") for value in read_fields(scope, *FIELDS))
    if forwarded and not any(others):
        yield from reversed(_elements(forwarded))
    elif not forwarded and any(others):
        clients, schemes, hosts = (value.split(",") for value in others)
        for client in reversed(clients):
            yield Hop(client, schemes[-1].strip().lower(), hosts[-1].strip())


def _elements(field: str) -> list[Hop]:
    """The elements of `Forwarded`; none if it cannot be read."""
    found: list[dict[str, str]] = [{}]
    at = 0
    while at < len(field):
        part = PARAMETER.match(field, at)
        if part is None:
            return []
        name, quoted, plain, end = part.groups()
        found[-1][name.lower()] = quoted or plain or ""
        if end == ",":
            found.append({})
        at = part.end()
    return [
        Hop(one.get("for", ""), one.get("proto", "").lower(), one.get("host", "")) for one in found
    ]


def _correct(scope: Scope, caller: Hop) -> None:
    if caller.client:
        scope["client"] = (caller.client, 0)
    if caller.scheme in SCHEMES:
        scope["scheme"] = caller.scheme
    if HOST.fullmatch(caller.host):
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [(b"host", caller.host.encode()), *others]
