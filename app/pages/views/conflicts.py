"""The conflicts: questions that sources answer differently, the answers side by side."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.pages.parameters import OF_LISTS, refuse_parameters
from app.pages.phrases import amount
from app.pages.redirects import RowPageRoute
from app.pages.site import Site
from app.resources.conflicts import ConflictFilters
from app.schema.pages import NoParameters
from app.schema.values import ConflictId


def build(site: Site) -> APIRouter:
    """A router with the list and the single conflicts."""
    router = APIRouter(route_class=RowPageRoute, include_in_schema=False)
    conflicts = site.library.conflicts

    @router.get("/conflicts")
    def show_conflicts(request: Request, query: Annotated[ConflictFilters, Query()]) -> Response:
        refuse_parameters(query, *OF_LISTS)
        with site.db.read() as reading:
            found = conflicts.every(reading, query)
        found.sort(key=lambda one: (one.state != "open", one.question))
        said = f"{amount(len(found), 'question')} that sources answer differently."
        return site.page(
            "conflicts.html",
            site.listing(request, "conflicts", "Open questions", said),
            reading,
            rows=found,
            asked=dict(request.query_params.multi_items()),
        )

    @router.get("/conflicts/{id}")
    def show_conflict(
        id: Annotated[ConflictId, Path()], _: Annotated[NoParameters, Query()]
    ) -> Response:
        with site.db.read() as reading:
            one = conflicts.one(reading, id)
        said = f"Sources differ: {amount(len(one.sides), 'answer')}, each with its evidence."
        head = site.item("conflicts", id, one.question, said)
        return site.page("conflict.html", head, reading, one=one)

    return router
