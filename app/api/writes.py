"""Changing rows: one set of operations for every type that is written."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, FastAPI, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.addresses import addresses_for
from app.api.resources import moved
from app.db import Database
from app.errors import (
    Clash,
    Forbidden,
    InvalidRow,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    PreconditionRequired,
    Problem,
    Unauthorised,
    UnsupportedMediaType,
)
from app.http import conditional, negotiation, problems
from app.http.bodies import MERGE_PATCH
from app.http.entrance import Entrance, KeyOwner, KeyRoute, needs, owner_of_key, sent
from app.read import statements
from app.read.keys import key_owner
from app.read.reader import Reader
from app.schema.pages import NoParameters
from app.schema.resource import Resource

if TYPE_CHECKING:
    from app.write.edits import Edited, Editing

Done = TypeVar("Done")

ADDED, CHANGED = 201, 200
SECURITY: list[dict[str, list[str]]] = [{"key": []}]
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The `ETag` of your last `GET` of the row, or `*` for whatever it is now.",
    "schema": {"type": "string", "maxLength": 1024},
    "example": "*",
}
ALWAYS: tuple[type[Problem], ...] = (Unauthorised, Forbidden, Clash)
ON_ROW = (*ALWAYS, NotFound, PreconditionFailed, PreconditionRequired)
WITH_BODY = (InvalidRow, PayloadTooLarge, UnsupportedMediaType)


class Reasoned(NoParameters):
    """What goes into the history beside the change itself."""

    reason: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, description="Reasoned the row is changed; the history shows it to everybody."
    )


class Writer:
    """Changes rows of one type, each change in one transaction."""

    def __init__(self, db: Database, resource: Resource) -> None:
        self._db = db
        self._resource = resource
        self._reader = Reader(db, resource)

    def make(self, request: Request, why: Reasoned, change: Callable[["Editing"], Done]) -> Done:
        """Make a change on behalf of the owner of the key."""
        # Loaded with the first change: serving does without all that writes.
        from app.write.edits import Editing  # noqa: PLC0415
        from app.write.history import Hand  # noqa: PLC0415
        from app.write.keys import note_use  # noqa: PLC0415

        owner = owner_of_key(request)
        item = self._db.statement(statements.item, self._resource)
        with self._db.change() as connection:
            done = change(Editing(connection, self._resource, item, Hand(owner.name, why.reason)))
            note_use(connection, owner.name)
        return done

    def answer_of(
        self, request: Request, row_id: str, why: Reasoned, change: Callable[["Editing"], Done]
    ) -> Done | Response:
        """As `make`, for a row that there should be; one that has another id now is led to."""
        try:
            return self.make(request, why, change)
        except NotFound as unknown:
            with self._db.read() as reading:
                if self._reader.moved(reading, row_id) is None:
                    self._reader.require(reading, row_id)
                return moved(request, reading, self._reader, row_id, unknown)


def find_key(db: Database) -> Callable[[str], KeyOwner | None]:
    """What looks keys up in a database."""

    def find(key: str) -> KeyOwner | None:
        with db.read() as reading:
            found = key_owner(reading.connection, key)
        return KeyOwner(found["name"], found["scope"]) if found else None

    return find


def admit(app: FastAPI, resources: Sequence[Resource], db: Database) -> list[APIRouter]:
    """Let in those with a key; the routers of all types that are written."""
    app.state.entrance = Entrance(find_key(db))
    return [build(resource, db) for resource in resources if resource.write]


def build(resource: Resource, db: Database) -> APIRouter:
    """A router with all changes of the rows of one type."""
    router = APIRouter(prefix="/v1", route_class=KeyRoute, tags=[resource.plural])
    writer = Writer(db, resource)
    path, row = f"/{resource.plural}", f"/{resource.plural}/{{id}}"
    name = resource.write.__name__ if resource.write else ""

    @router.post(
        path,
        operation_id=f"create_{resource.name}",
        summary=f"Add one to the {resource.plural}",
        status_code=ADDED,
        response_model=resource.read,
        responses=problems.documented(*ALWAYS, *WITH_BODY),
        openapi_extra=_body(name, negotiation.JSON),
    )
    @needs("admin")
    def create_row(request: Request, why: Annotated[Reasoned, Query()]) -> Response:
        found = writer.make(request, why, lambda editing: editing.add(sent(request)))
        return _shown(request, resource, found, ADDED)

    @router.put(
        row,
        operation_id=f"replace_{resource.name}",
        summary=f"Replace the {resource.name} with this id",
        response_model=resource.read,
        responses=problems.documented(*ON_ROW, *WITH_BODY),
        openapi_extra=_body(name, negotiation.JSON, IF_MATCH),
    )
    @needs("admin")
    def replace_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # data, not a name
        why: Annotated[Reasoned, Query()],
    ) -> Response:
        on = _versions(request)
        found = writer.answer_of(
            request, id, why, lambda editing: editing.replace(id, sent(request), on)
        )
        return _shown(request, resource, found, CHANGED)

    @router.patch(
        row,
        operation_id=f"update_{resource.name}",
        summary=f"Change some fields of the {resource.name} with this id",
        response_model=resource.read,
        responses=problems.documented(*ON_ROW, *WITH_BODY),
        openapi_extra=_body(f"{resource.name.title()}Patch", MERGE_PATCH, IF_MATCH),
    )
    @needs("admin")
    def update_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # as above
        why: Annotated[Reasoned, Query()],
    ) -> Response:
        on = _versions(request)
        found = writer.answer_of(
            request, id, why, lambda editing: editing.patch(id, sent(request), on)
        )
        return _shown(request, resource, found, CHANGED)

    @router.delete(
        row,
        operation_id=f"delete_{resource.name}",
        summary=f"Remove the {resource.name} with this id",
        status_code=204,
        responses=problems.documented(*ON_ROW),
        openapi_extra={"security": SECURITY, "parameters": [IF_MATCH]},
    )
    @needs("admin")
    def delete_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # as above
        why: Annotated[Reasoned, Query()],
    ) -> Response:
        on = _versions(request)
        found = writer.answer_of(request, id, why, lambda editing: editing.remove(id, on))
        return found or Response(status_code=204)

    return router


def _body(shape: str, media_type: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """What OpenAPI says of a body, which a route reads itself."""
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {
        "security": SECURITY,
        "parameters": list(parameters),
        "requestBody": {"required": True, "content": {media_type: {"schema": schema}}},
    }


def _versions(request: Request) -> frozenset[int] | None:
    (header,) = negotiation.read_fields(request.scope, b"if-match")
    return conditional.versions(header)


def _shown(
    request: Request, resource: Resource, found: "Edited | Response", status: int
) -> Response:
    """A row as it is after its change, with its new tag."""
    if isinstance(found, Response):
        return found
    body = found.item.encode()
    headers = {
        "ETag": conditional.tag(body, str(found.version).encode()).decode(),
        "Location" if status == ADDED else "Content-Location": addresses_for(request.scope).item(
            resource.plural, found.id
        ),
    }
    return Response(body, status, headers, negotiation.JSON)
