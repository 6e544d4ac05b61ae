"""Changing rows: one set of operations for every type that is written."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query, Request
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from app.addresses import addresses_for
from app.api import proposals
from app.api.idempotency import REPEATABLE, make_once
from app.api.proposals import KEPT, PROPOSED, security, show_proposal
from app.api.resources import moved
from app.db import Database
from app.errors import (
    ABSENT,
    Clash,
    Fault,
    Forbidden,
    Invalid,
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
from app.http.bodies import MERGE_PATCH, BodyLimits
from app.http.entrance import (
    AdmissionLimits,
    Entrance,
    KeyOwner,
    KeyRoute,
    needs,
    owner_of_key,
    sent,
)
from app.http.guard import most_body
from app.read import statements
from app.read.keys import key_owner
from app.read.reader import Reader
from app.schema.pages import Flag, NoParameters
from app.schema.resource import Resource
from app.schema.values import Id, Remark

if TYPE_CHECKING:
    from app.write.edits import Edited, Intent

ADDED, CHANGED = 201, 200
MAY_CHANGE = ("admin", "propose")
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The `ETag` of your last `GET` of the row, or `*` for any version.",
    "schema": {"type": "string", "maxLength": 1024},
    "example": "*",
}
ALWAYS: tuple[type[Problem], ...] = (Unauthorised, Forbidden, Clash)
ON_ROW = (*ALWAYS, *ABSENT, PreconditionFailed, PreconditionRequired)
WITH_BODY = (InvalidRow, PayloadTooLarge, UnsupportedMediaType)

ShortRemark = Annotated[Remark, Field(max_length=500)]


class Reasoned(NoParameters):
    """What goes into the history besides the change itself."""

    reason: ShortRemark | None = Field(
        default=None,
        description="Why the row is changed; everybody can read it. A proposal needs it.",
    )
    source: ShortRemark | None = Field(
        default=None,
        description="Where this is stated, such as a DOI and a page; everybody can read it. A "
        "proposal needs it.",
    )
    propose: Flag = Field(
        default=False,
        description="Whether the change is only proposed, as it always is with a `propose` key.",
    )

    def require_both(self) -> None:
        """Refuse a proposal without its reason or source."""
        faults = tuple(
            Fault(name, "is required for a proposal")
            for name, value in (("reason", self.reason), ("source", self.source))
            if not (value and value.strip())
        )
        if faults:
            raise Invalid("Correct the parameters listed in `faults`.", faults=faults)


class Removal(Reasoned):
    """What goes into the history besides the removal of a row."""

    successor: Annotated[Id, Field(examples=["example-regimen"])] | None = Field(
        default=None,
        description="The id of the row of this type that replaces it; answers for the removed row "
        "lead there.",
    )


class Writer:
    """Changes rows of one type, each change in one transaction."""

    def __init__(self, db: Database, resource: Resource) -> None:
        self._db = db
        self._resource = resource
        self._reader = Reader(db, resource)

    def make(self, request: Request, why: Reasoned, asked: "Intent") -> "Edited":
        """Make a change, or propose it, on behalf of the owner of the key."""
        # Loaded with the first change: reading needs none of the code that writes.
        from app.write.edits import Editing  # noqa: PLC0415
        from app.write.history import Hand  # noqa: PLC0415
        from app.write.proposals import propose  # noqa: PLC0415

        owner = owner_of_key(request)
        item = self._db.statement(statements.item, self._resource)

        def work(connection: Connection) -> "Edited":
            hand = Hand(owner.name, why.reason, why.source)
            editing = Editing(connection, self._resource, item, hand)
            if proposes(request, why):
                return propose(editing, asked, why.source or "", self._db.settings.open_proposals)
            return editing.carry_out(asked)

        return make_once(request, self._db, work)

    def answer(self, request: Request, why: Reasoned, asked: "Intent") -> Response:
        """The row after its change, or a redirect if the row has another id now."""
        if proposes(request, why):
            why.require_both()
        try:
            found = self.make(request, why, asked)
            if proposes(request, why):
                return show_proposal(request, found, KEPT)
            return _shown(request, self._resource, found)
        except NotFound as unknown:
            with self._db.read() as reading:
                if self._reader.moved(reading, asked.id) is None:
                    self._reader.require(reading, asked.id)
                return moved(request, reading, self._reader, asked.id, unknown)


def proposes(request: Request, why: Reasoned) -> bool:
    """Whether a change is only proposed."""
    return why.propose or owner_of_key(request).scope == "propose"


def _asked(request: Request, action: str, row_id: str = "") -> "Intent":
    """The change that a request asks for; for an existing row, with the versions in `If-Match`."""
    from app.write.edits import Intent  # noqa: PLC0415

    (header,) = negotiation.read_fields(request.scope, b"if-match")
    return Intent(action, row_id, sent(request), conditional.versions(header) if row_id else None)


def find_key(db: Database) -> Callable[[str], KeyOwner | None]:
    """A function that looks up keys in a database."""

    def find(key: str) -> KeyOwner | None:
        with db.read() as reading:
            found = key_owner(reading.connection, key)
        return KeyOwner(found["name"], found["scope"]) if found else None

    return find


def admit(app: FastAPI, resources: Sequence[Resource], db: Database) -> list[APIRouter]:
    """Set up the check of keys, and return the routers for changes and for proposals."""
    of = db.settings
    body = BodyLimits(most_body(of), of.body_depth)
    # Changes run in the readers' threads, and wait there for each other.
    at_once = min(of.changes_at_once, max(1, of.threads - 1))
    limits = AdmissionLimits(of.key_rate, at_once, of.changes_waiting, of.wait_seconds, body)
    app.state.entrance = Entrance(find_key(db), limits)
    written = (build(resource, db) for resource in resources if resource.write)
    return [*written, *proposals.build(resources, db)]


def build(resource: Resource, db: Database) -> APIRouter:
    """A router with all changes of the rows of one type."""
    router = APIRouter(prefix="/v1", route_class=KeyRoute, tags=[resource.plural])
    writer = Writer(db, resource)
    path, row = f"/{resource.plural}", f"/{resource.plural}/{{id}}"
    name = resource.write.__name__ if resource.write else ""

    @router.post(
        path,
        operation_id=f"create_{resource.name}",
        summary=f"Add a row to the {resource.plural}",
        status_code=ADDED,
        response_model=resource.read,
        responses=PROPOSED | problems.documented(*ALWAYS, *WITH_BODY),
        openapi_extra=_body(name, negotiation.JSON),
    )
    @needs(*MAY_CHANGE)
    def create_row(request: Request, why: Annotated[Reasoned, Query()]) -> Response:
        return writer.answer(request, why, _asked(request, "add"))

    @router.put(
        row,
        operation_id=f"replace_{resource.name}",
        summary=f"Replace the {resource.name} with this id",
        response_model=resource.read,
        responses=PROPOSED | problems.documented(*ON_ROW, *WITH_BODY),
        openapi_extra=_body(name, negotiation.JSON, IF_MATCH),
    )
    @needs(*MAY_CHANGE)
    def replace_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # data, not a name
        why: Annotated[Reasoned, Query()],
    ) -> Response:
        return writer.answer(request, why, _asked(request, "replace", id))

    @router.patch(
        row,
        operation_id=f"update_{resource.name}",
        summary=f"Change some fields of the {resource.name} with this id",
        response_model=resource.read,
        responses=PROPOSED | problems.documented(*ON_ROW, *WITH_BODY),
        openapi_extra=_body("RowPatch", MERGE_PATCH, IF_MATCH),
    )
    @needs(*MAY_CHANGE)
    def update_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # as above
        why: Annotated[Reasoned, Query()],
    ) -> Response:
        return writer.answer(request, why, _asked(request, "patch", id))

    @router.delete(
        row,
        operation_id=f"delete_{resource.name}",
        summary=f"Remove the {resource.name} with this id",
        status_code=204,
        responses=PROPOSED | problems.documented(*ON_ROW),
        openapi_extra={**security(MAY_CHANGE), "parameters": [IF_MATCH, REPEATABLE]},
    )
    @needs(*MAY_CHANGE)
    def delete_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # as above
        why: Annotated[Removal, Query()],
    ) -> Response:
        asked = replace(_asked(request, "remove", id), successor=why.successor)
        return writer.answer(request, why, asked)

    return router


def _body(shape: str, media_type: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    """What OpenAPI says about a body, which the route reads itself."""
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {
        **security(MAY_CHANGE),
        "parameters": [*parameters, REPEATABLE],
        "requestBody": {"required": True, "content": {media_type: {"schema": schema}}},
    }


def _shown(request: Request, resource: Resource, found: "Edited") -> Response:
    """A row as it is after its change, with its new tag."""
    if found.item is None:
        return Response(status_code=204)
    body = found.item.encode()
    added = request.method == "POST"
    headers = {
        "ETag": conditional.tag(body, str(found.version).encode()).decode(),
        "Location" if added else "Content-Location": addresses_for(request.scope).item(
            resource.plural, found.id
        ),
    }
    return Response(body, ADDED if added else CHANGED, headers, negotiation.JSON)
