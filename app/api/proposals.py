"""Proposals: changes that others suggest, and the decisions on them."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection
from starlette.responses import Response

from app.addresses import addresses_for
from app.api.idempotency import REPEATABLE, make_once
from app.api.listing import next_page
from app.db import Database
from app.errors import (
    Clash,
    Fault,
    Forbidden,
    InvalidRow,
    NotFound,
    PayloadTooLarge,
    Unauthorised,
    UnsupportedMediaType,
)
from app.http import conditional, negotiation, problems
from app.http.entrance import KeyRoute, needs, owner_of_key, sent
from app.http.parameters import FastRoute
from app.read import statements
from app.read.proposals import (
    Proposal,
    ProposalList,
    ProposalPage,
    find_proposal,
    list_proposals,
)
from app.schema.pages import NoParameters
from app.schema.resource import Resource
from app.schema.shapes import Written
from app.schema.values import Remark, Whole
from app.wording import fields, sentence

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from app.write.edits import Edited, Editing
    from app.write.history import Hand

PLURAL = "proposals"
KEPT = 202
MAY_DECIDE = ("admin", "review")
STORED_NOWHERE = {"Cache-Control": conditional.NO_STORE}
PROPOSED: dict[int | str, dict[str, Any]] = {
    KEPT: {
        "model": Proposal,
        "description": "The change is proposed; nothing has changed yet.",
        "headers": {
            "Location": {"description": "Where the proposal is.", "schema": {"type": "string"}}
        },
    }
}
DECISIONS = problems.documented(
    *(Unauthorised, Forbidden, NotFound, Clash),
    *(InvalidRow, PayloadTooLarge, UnsupportedMediaType),
)
PLAIN_NUMBER = re.compile("0|[1-9][0-9]{0,15}")


def _plain(given: str) -> str:
    """Refuse a number written otherwise than in our own addresses, such as `01` or `+1`."""
    if not PLAIN_NUMBER.fullmatch(given):
        raise PydanticCustomError("address_number", "a number as in our own addresses")
    return given


Number = Annotated[Whole, BeforeValidator(_plain), Path(examples=[1])]


class ProposalDecision(Written):
    """A reviewer's comment on a proposal."""

    comment: Annotated[Remark, Field(max_length=2000)] = Field(
        description="Why it is accepted or rejected; everybody can read it."
    )


def security(scopes: Sequence[str]) -> dict[str, Any]:
    """What OpenAPI says about the key; it has no place for the scopes, so they go to `x-scopes`."""
    return {"security": [{"key": []}], "x-scopes": [*scopes]}


def show_proposal(request: Request, found: "Edited", status: int) -> Response:
    """A proposal as it is now, with its address."""
    place = addresses_for(request.scope).item(PLURAL, found.id)
    name = "Location" if status == KEPT else "Content-Location"
    return Response(found.item, status, STORED_NOWHERE | {name: place}, negotiation.JSON)


class Reviews:
    """Decides on proposals, each decision in one transaction with what it changes."""

    def __init__(self, db: Database, resources: Sequence[Resource]) -> None:
        self._db = db
        self._resources: Mapping[str, Resource] = {one.plural: one for one in resources}

    def decide(self, request: Request, number: int, state: str) -> Response:
        """Decide on behalf of the owner of the key."""
        from app.write import proposals  # noqa: PLC0415 - as all that writes
        from app.write.edits import Editing  # noqa: PLC0415

        comment = _comment(sent(request))
        decision = proposals.Decision(number, state, owner_of_key(request).name, comment)

        def work(connection: Connection) -> "Edited":
            def edits(kind: str, hand: "Hand") -> "Editing":
                resource = self._resources[kind]
                item = self._db.statement(statements.item, resource)
                return Editing(connection, resource, item, hand)

            return proposals.decide(connection, decision, edits)

        return show_proposal(request, make_once(request, self._db, work), 200)


def build(resources: Sequence[Resource], db: Database) -> list[APIRouter]:
    """The routers that show proposals to everybody, and that decide on them."""
    return [_reading(db), _deciding(Reviews(db, resources))]


def _reading(db: Database) -> APIRouter:
    router = APIRouter(prefix="/v1", route_class=FastRoute, tags=[PLURAL])

    @router.get(
        f"/{PLURAL}",
        operation_id="list_proposals",
        summary="List proposals, the latest first",
        description="A proposal is not part of the content until it is accepted.",
        response_model=ProposalList,
        responses=problems.documented(),
    )
    def show_proposals(request: Request, query: Annotated[ProposalPage, Query()]) -> Response:
        negotiation.require_json(request)
        with db.read() as reading:
            listed = list_proposals(reading, query)
        following = None if listed.rest is None else next_page(request, str(listed.rest))
        found = ProposalList(items=listed.items, total=listed.total, next=following, why=listed.why)
        headers = STORED_NOWHERE | conditional.of_release(reading.release)
        return Response(found.model_dump_json(), headers=headers, media_type=negotiation.JSON)

    @router.get(
        f"/{PLURAL}/{{number}}",
        operation_id="get_proposal",
        summary="Get the proposal with this number",
        description="With what it would change, or has changed.",
        response_model=Proposal,
        responses=problems.documented(NotFound),
    )
    def get_proposal(
        request: Request, number: Number, _: Annotated[NoParameters, Query()]
    ) -> Response:
        negotiation.require_json(request)
        with db.read() as reading:
            found = find_proposal(reading.connection, number)
        headers = STORED_NOWHERE | conditional.of_release(reading.release)
        return Response(found.model_dump_json(), headers=headers, media_type=negotiation.JSON)

    return router


def _deciding(reviews: Reviews) -> APIRouter:
    router = APIRouter(prefix="/v1", route_class=KeyRoute, tags=[PLURAL])
    schema = {"$ref": "#/components/schemas/ProposalDecision"}
    extra: dict[str, Any] = {
        **security(MAY_DECIDE),
        "parameters": [REPEATABLE],
        "requestBody": {"required": True, "content": {negotiation.JSON: {"schema": schema}}},
    }

    @router.post(
        f"/{PLURAL}/{{number}}/accept",
        operation_id="accept_proposal",
        summary="Accept the proposal and make its change",
        description="Checked again against the current data. Needs a key other than the "
        "proposer's.",
        response_model=Proposal,
        responses=DECISIONS,
        openapi_extra=extra,
    )
    @needs(*MAY_DECIDE)
    def accept_proposal(
        request: Request, number: Number, _: Annotated[NoParameters, Query()]
    ) -> Response:
        return reviews.decide(request, number, "accepted")

    @router.post(
        f"/{PLURAL}/{{number}}/reject",
        operation_id="reject_proposal",
        summary="Reject the proposal",
        description="Nothing changes. Needs a key other than the proposer's.",
        response_model=Proposal,
        responses=DECISIONS,
        openapi_extra=extra,
    )
    @needs(*MAY_DECIDE)
    def reject_proposal(
        request: Request, number: Number, _: Annotated[NoParameters, Query()]
    ) -> Response:
        return reviews.decide(request, number, "rejected")

    return router


def _comment(body: Mapping[str, Any]) -> str:
    """The comment in the body of a decision; InvalidRow says what is wrong with it."""
    try:
        return ProposalDecision.model_validate(body).comment
    except ValidationError as error:
        faults = tuple(_fault(one) for one in error.errors())
        raise InvalidRow("Correct the fields listed in `faults`.", faults=faults) from error


def _fault(found: "ErrorDetails") -> Fault:
    """What is wrong with one field of a decision, in words that do not repeat what was sent."""
    name, known = str(found["loc"][0]), fields(ProposalDecision)
    if name in known:
        return Fault(name, sentence(found, known[name]))
    shown = name if problems.SAFE_NAME.fullmatch(name) else "a field"
    return Fault(shown, f"is not a field here; a decision has {', '.join(known)}")
