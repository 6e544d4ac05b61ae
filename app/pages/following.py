"""Pages of earlier ids lead to the pages of the rows that had them."""

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
    """A route to pages of rows."""

    def get_route_handler(self) -> Handler:
        """The handler of a request."""
        return _following(super().get_route_handler())


class RowSearchRoute(SearchRoute):
    """A route to pages of rows that search the network."""

    def get_route_handler(self) -> Handler:
        """The handler of a request."""
        return _following(super().get_route_handler())


def _following(handle: Handler) -> Handler:
    """A handler that redirects where the row has another id now."""

    async def follow(request: Request) -> Response:
        try:
            return await handle(request)
        except Moved as moved:
            place = addresses_for(request.scope).of(
                f"/{moved.plural}/{moved.now}", request.query_params.multi_items()
            )
            return RedirectResponse(place, 308, headers=conditional.cacheable(moved.release))

    return follow
