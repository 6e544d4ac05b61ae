"""Whether the process lives and whether it can answer."""

from fastapi import APIRouter

from app import answers
from app.db import Database
from app.db.revision import read_dataset
from app.errors import Unavailable
from app.shapes import Shape


class Health(Shape):
    """The state of the service."""

    status: str


def build(db: Database) -> APIRouter:
    """A router with the two questions that an operator's tools ask."""
    router = APIRouter(tags=["health"])

    @router.get(
        "/livez",
        operation_id="get_livez",
        summary="Say that the process lives",
        responses=answers.documented(),
    )
    async def get_livez() -> Health:
        return Health(status="ok")

    @router.get(
        "/readyz",
        operation_id="get_readyz",
        summary="Say whether the database answers",
        responses=answers.documented(Unavailable),
    )
    def get_readyz() -> Health:
        with db.read() as connection:
            read_dataset(connection)
        return Health(status="ok")

    return router
