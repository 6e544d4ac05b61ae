"""Redirects a path with an extra or missing slash at its end to the one that is served."""

from urllib.parse import quote

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from app.addresses import addresses_for

# What a query may hold unencoded (RFC 3986, section 3.4), and what is encoded already.
QUERY = "/?:@-._~!$&'()*+,;=%"


def install_redirects(app: FastAPI) -> None:
    """Redirect to a path without scheme and host: behind a TLS proxy, the scheme would be wrong."""
    router = app.router
    nothing = router.default

    async def lead(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        there = path.rstrip("/") if path.endswith("/") else f"{path}/"
        aside = {**scope, "path": there}
        if any(route.matches(aside)[0] is not Match.NONE for route in router.routes):
            addresses = addresses_for(scope)
            query = scope["query_string"]
            address = addresses.of(addresses.own(there))
            if query:
                address += f"?{quote(query, safe=QUERY)}"
            await RedirectResponse(address)(scope, receive, send)
        else:
            await nothing(scope, receive, send)

    router.default = lead
