"""The history of a row."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.api.listing import links, next_page
from app.api.resources import MOVED, moved
from app.db import Database
from app.errors import ABSENT, NotFound
from app.http import conditional, negotiation, problems
from app.http.parameters import FastRoute
from app.read.history import RowHistory, changes_of
from app.read.reader import Reader
from app.schema.resource import Resource


class HistoryPage(BaseModel):
    """Which changes of a row to list."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200)] = Field(
        default=50, description="Changes per page, 1 to 200."
    )
    cursor: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = Field(
        default=None, description="Where the page starts; taken from `next` on the previous page."
    )


def build(resource: Resource, db: Database) -> APIRouter:
    """A router with the history of the rows of one type."""
    router = APIRouter(prefix="/v1", route_class=FastRoute, tags=[resource.plural])
    reader = Reader(db, resource)

    @router.get(
        f"/{resource.plural}/{{id}}/history",
        operation_id=f"list_history_of_{resource.name}",
        summary=f"List the changes of the {resource.name} with this id, the latest first",
        description="All changes since the first load, including those by later loads of the files "
        "(`seed`) and by imports (`import`).",
        response_model=RowHistory,
        responses=MOVED | problems.documented(*ABSENT),
    )
    def list_history(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # data, not a name
        query: Annotated[HistoryPage, Query()],
    ) -> Response:
        negotiation.require_json(request)
        with db.read() as reading:
            items, total, rest = changes_of(reading, resource.plural, id, query.cursor, query.limit)
            if not total:
                # Either the row has never changed, or there is none.
                try:
                    reader.require(reading, id)
                except NotFound as unknown:
                    return moved(request, reading, reader, id, unknown)
        following = None if rest is None else next_page(request, str(rest))
        found = RowHistory(items=items, total=total, next=following)
        headers = conditional.cacheable(reading.release) | links(request, following)
        return Response(found.model_dump_json(), headers=headers, media_type=negotiation.JSON)

    return router
