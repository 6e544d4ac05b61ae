"""Search over all types."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.addresses import addresses_for
from app.api import citing, listing
from app.db import Database, Reading
from app.http import conditional, negotiation, problems
from app.http.parameters import FastRoute
from app.read import names
from app.read.empty import NO_NAME, NO_START, not_found
from app.read.names import NamedRow
from app.resources import ALL
from app.schema.forms import CITATION_FORMS, ITEM_FORMS, media_types
from app.search import answers
from app.search.find import Finder
from app.search.shapes import (
    NamedHit,
    NamedHits,
    ResolveQuery,
    SearchAnswer,
    SearchQuery,
    SuggestQuery,
)

FORMS = media_types(ITEM_FORMS)
CITED = citing.other_forms(FORMS)
PLURALS = {one.name: one.plural for one in ALL}
EXAMPLES: dict[str, Mapping[str, str]] = {
    "/v1/search": {"q": "cereblon resistance"},
    "/v1/resolve": {"name": "HGNC:30185"},
    "/v1/suggest": {"q": "ritux"},
}


def build(db: Database, finder: Finder) -> APIRouter:
    """A router with the search."""
    router = APIRouter(prefix="/v1", route_class=FastRoute, tags=["search"])

    @router.get(
        "/search",
        operation_id="list_search_hits",
        summary="Search all types by words, names and identifiers",
        response_model=SearchAnswer,
        responses=CITED | problems.documented(),
    )
    def search(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
        form = negotiation.choose_form(request, FORMS)
        with db.read() as reading:
            if form in CITATION_FORMS:
                behind = answers.references_found(finder, reading, query)
                cited = citing.cite(reading, behind, form)
                cited.headers.update(listing.links(request, None))
                return cited
            found, after = answers.search_answer(
                finder, reading, query, addresses_for(request.scope)
            )
        if after:
            found.next = listing.next_page(request, after.text())
        headers = conditional.cacheable(reading.release) | listing.links(request, found.next)
        return Response(found.model_dump_json(), media_type=negotiation.JSON, headers=headers)

    @router.get(
        "/resolve",
        operation_id="list_named_rows",
        summary="Look up a name or identifier of any type",
        response_model=NamedHits,
        responses=problems.documented(),
    )
    def resolve(request: Request, query: Annotated[ResolveQuery, Query()]) -> Response:
        return _named(request, db, partial(names.named, name=query.name), NO_NAME)

    @router.get(
        "/suggest",
        operation_id="list_suggestions",
        summary="Suggest rows for the beginning of a name",
        response_model=NamedHits,
        responses=problems.documented(),
    )
    def suggest(request: Request, query: Annotated[SuggestQuery, Query()]) -> Response:
        return _named(request, db, partial(names.starting, start=query.q), NO_START)

    return router


def _named(
    request: Request, db: Database, look_up: Callable[[Reading], list[NamedRow]], nothing: str
) -> Response:
    negotiation.require_json(request)
    with db.read() as reading:
        rows = look_up(reading)
    to = addresses_for(request.scope).item
    found = NamedHits(
        items=[
            NamedHit(
                type=row.type,
                id=row.id,
                label=row.label,
                matched=row.field,
                address=to(PLURALS[row.type], row.id),
            )
            for row in rows
        ],
        why=None if rows else not_found(nothing),
    )
    headers = conditional.cacheable(reading.release) | listing.links(request, None)
    return Response(found.model_dump_json(), media_type=negotiation.JSON, headers=headers)
