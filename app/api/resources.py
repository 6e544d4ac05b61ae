"""The endpoints that every resource type has, from one function."""

import json
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import create_model
from starlette.responses import RedirectResponse, Response

from app.addresses import addresses_for
from app.api import citing, listing
from app.api.brief import whole_address
from app.api.listing import Lists
from app.db import Reading
from app.errors import ABSENT, NotFound
from app.formats import signposts
from app.http import conditional, negotiation, problems
from app.http.parameters import FastRoute
from app.read.brief import brief_item
from app.read.reader import Reader
from app.resources.references import REFERENCES
from app.schema.forms import CITATION_FORMS, ITEM_FORMS, media_types
from app.schema.moments import RowQuery
from app.schema.pages import Listing, Page
from app.schema.resource import Resource

# The other forms of a list, as OpenAPI lists them.
TABLES = citing.other_forms(listing.MEDIA_TYPES)


ITEM_TYPES = media_types(ITEM_FORMS)
CITED = citing.other_forms(ITEM_TYPES)
MOVED: dict[int | str, dict[str, Any]] = {
    308: {"description": "The row had this id earlier; `Location` is its address now."}
}


def build(resource: Resource, evidence: Resource, lists: Lists) -> APIRouter:
    """A router with the list, the items and the evidence of one resource type."""
    router = APIRouter(prefix="/v1", route_class=FastRoute, tags=[resource.plural])
    db = lists.db
    reader = Reader(db, resource)

    @router.get(
        f"/{resource.plural}",
        operation_id=f"list_{resource.plural}",
        summary=f"List {resource.plural}",
        response_model=Listing[resource.read],  # type: ignore[name-defined]  # data, not a name
        responses=citing.other_forms(media_types(resource.forms)) | problems.documented(),
    )
    def list_rows(
        request: Request,
        query: Annotated[resource.filters, Query()],  # type: ignore[name-defined]  # as above
    ) -> Response:
        return listing.answer(request, lists, reader, query)

    @router.get(
        f"/{resource.plural}/{{id}}",
        operation_id=f"get_{resource.name}",
        summary=f"Get the {resource.name} with this id",
        response_model=resource.read,
        responses=CITED | MOVED | problems.documented(*ABSENT),
    )
    def get_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # as above
        query: Annotated[RowQuery, Query()],
    ) -> Response:
        form = negotiation.choose_form(request, ITEM_TYPES)
        with db.read() as reading:
            try:
                item, version = reader.item(reading, id, query.as_of)
            except NotFound as unknown:
                return moved(request, reading, reader, id, unknown)
            if form in CITATION_FORMS:
                return citing.cite_rows(reading, resource, [item], form)
        headers = conditional.cacheable(reading.release) | {conditional.VERSION: str(version)}
        headers |= _links(request, resource, id, item)
        if query.view == "brief":
            item = brief_item(item, whole_address(request))
        return Response(item, media_type=negotiation.JSON, headers=headers)

    if resource is not evidence:
        _add_evidence(router, resource, evidence, lists)
    return router


def _links(request: Request, resource: Resource, row_id: str, item: str) -> dict[str, str]:
    """The `Link` header of a row; a document with a DOI is cited by it."""
    doi = json.loads(item)["doi"] if resource is REFERENCES else None
    addresses = addresses_for(request.scope)
    return signposts.link_header(signposts.of_row(addresses, resource.plural, row_id, doi))


def _add_evidence(router: APIRouter, resource: Resource, evidence: Resource, lists: Lists) -> None:
    """The claims behind a row: `/v1/evidence` with the filter of this type already given."""
    reader, claims = Reader(lists.db, resource), Reader(lists.db, evidence)
    # Generated clients would send only one of two parameters called `id`, one of them in the path.
    filters = without(evidence.filters, resource.name, "id")

    @router.get(
        f"/{resource.plural}/{{id}}/evidence",
        operation_id=f"list_evidence_of_{resource.name}",
        summary=f"List the evidence of the {resource.name} with this id",
        response_model=Listing[evidence.read],  # type: ignore[name-defined]  # data, not a name
        responses=TABLES | MOVED | problems.documented(*ABSENT),
    )
    def list_evidence(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example.id])],  # type: ignore[name-defined]  # as above
        query: Annotated[filters, Query()],  # type: ignore[valid-type]  # as above
    ) -> Response:
        try:
            return listing.answer(request, lists, claims, query, owner=(reader, id))
        except NotFound as unknown:
            with lists.db.read() as reading:
                return moved(request, reading, reader, id, unknown)


def moved(
    request: Request, reading: Reading, reader: Reader, row_id: str, unknown: NotFound
) -> Response:
    """A redirect to the row that had this id earlier; without one, the problem is raised again."""
    now = reader.moved(reading, row_id)
    if now is None:
        raise unknown
    addresses = addresses_for(request.scope)
    start = f"/v1/{reader.resource.plural}/"
    rest = addresses.own(request.scope["path"]).removeprefix(start + row_id)
    place = addresses.of(f"{start}{now}{rest}", request.query_params.multi_items())
    return RedirectResponse(place, 308, headers=conditional.cacheable(reading.release))


@cache
def without(filters: type[Page], *names: str) -> type[Page]:
    """The same filters without some of them."""
    fields = {
        field: (info.annotation, info)
        for field, info in filters.model_fields.items()
        if field not in names
    }
    title = f"{filters.__name__}Without{''.join(map(str.title, names))}"
    return create_model(title, __config__=Page.model_config, **fields)  # type: ignore[call-overload,no-any-return]  # fields are data
