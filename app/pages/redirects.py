"""Redirect the page of an earlier id to the page of the row that once had it."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.addresses import addresses_for
from app.http import conditional
from app.http.parameters import FastRoute, SearchRoute
from app.pages.library import Moved

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class RowPageRoute(FastRoute):
    """A route for the pages of rows."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler so that it follows rows to their current ids."""
        return _following(super().get_route_handler())


class RowSearchRoute(SearchRoute):
    """A route for the pages of rows that search the network."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler so that it follows rows to their current ids."""
        return _following(super().get_route_handler())


def _following(handle: Handler) -> Handler:
    """Wrap a handler: redirect if the row now has another id."""

    async def follow(request: Request) -> Response:
        try:
            return await handle(request)
        except Moved as moved:
            place = addresses_for(request.scope).of(
                f"/{moved.plural}/{moved.now}", request.query_params.multi_items()
            )
            return RedirectResponse(place, 308, headers=conditional.cacheable(moved.release))

    return follow
