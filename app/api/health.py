"""Whether the process is running, and whether it can answer."""

import logging
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import Field

from app import startup
from app.db import Database
from app.db.revision import advice, read_release
from app.errors import Unavailable
from app.http import conditional, problems
from app.logs import Seldom
from app.read.overview import first_row
from app.schema.pages import NoParameters
from app.schema.resource import Resource
from app.schema.shapes import Shape

PATHS = ("/livez", "/readyz")


class Health(Shape):
    """The state of the service."""

    status: str


class Readiness(Shape):
    """Whether the service can answer, and what its operator should do."""

    status: str
    advice: str | None = Field(
        default=None,
        description="What the operator should do about content of another release; left out "
        "if the content is of this one.",
    )


def build(resources: tuple[Resource, ...], db: Database) -> APIRouter:
    """A router with the two checks that an operator's tools make."""
    seldom = Seldom()
    # A thread of its own: all others may be busy with long queries.
    limiter = CapacityLimiter(1)
    router = APIRouter(tags=["health"], dependencies=[Depends(conditional.no_store)])

    @router.get(
        "/livez",
        operation_id="get_livez",
        summary="Liveness: the process is running",
        responses=problems.documented(),
    )
    async def get_livez(_: Annotated[NoParameters, Query()]) -> Health:
        return Health(status="ok")

    @router.get(
        "/readyz",
        operation_id="get_readyz",
        summary="Readiness: the data can be read",
        response_model_exclude_none=True,
        responses=problems.documented(Unavailable),
    )
    async def get_readyz(_: Annotated[NoParameters, Query()]) -> Readiness:
        return await to_thread.run_sync(ready, limiter=limiter)

    def ready() -> Readiness:
        with db.read_from_disk() as reading:
            if not startup.has_content(reading.connection):
                seldom.log(logging.WARNING, startup.NO_CONTENT, startup.NO_CONTENT)
                raise Unavailable("The service has no content yet.", lasting=True)
            for resource in resources:
                reading.rows(str, {}, first_row, resource)
            release = read_release(reading.connection)
        return Readiness(status="ok", advice=advice(release))

    return router
