"""The mechanisms: all of them by cell, and each with its steps and evidence."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.db import Reading
from app.graph.queries import WholeQuery
from app.pages.claims import claims_of, pairs
from app.pages.figures import lanes_of
from app.pages.mechanism_map import mechanism_map
from app.pages.parameters import OF_LISTS, refuse_parameters
from app.pages.phrases import amount
from app.pages.plots import bar
from app.pages.redirects import RowPageRoute
from app.pages.site import Site
from app.resources.conflicts import ConflictRead
from app.resources.evidence import EvidenceFilters
from app.resources.mechanisms import MechanismFilters
from app.schema.values import MechanismId


def build(site: Site) -> APIRouter:
    """A router with the list and the single mechanisms."""
    router = APIRouter(route_class=RowPageRoute, include_in_schema=False)
    library = site.library

    @router.get("/mechanisms")
    def show_mechanisms(request: Request, query: Annotated[MechanismFilters, Query()]) -> Response:
        refuse_parameters(query, *OF_LISTS)
        with site.db.read() as reading:
            found = library.mechanisms.every(reading, query)
            cells = site.answers.graph_in(reading, WholeQuery()).cells
        head = site.listing(
            request,
            "mechanisms",
            "Mechanisms",
            f"{amount(len(found), 'mechanism')} of lenalidomide in B-cell lymphoma, by cell.",
        )
        return site.page("mechanisms.html", head, reading, lanes=mechanism_map(found, cells))

    @router.get("/mechanisms/{id}")
    def show_mechanism(
        id: Annotated[MechanismId, Path()],
        query: Annotated[EvidenceFilters, Query()],
    ) -> Response:
        with site.db.read() as reading:
            one = library.mechanisms.one(reading, id)
            claims = claims_of(site, reading, query, "mechanism", id)
            steps = site.answers.mechanism_in(reading, id, "per-entity")
            conflicts = _conflicts(site, reading, query, id)
        head = site.item("mechanisms", id, one.name, one.summary)
        return site.page(
            "mechanism.html",
            head,
            reading,
            one=one,
            bar=bar(one.evidence_counts.origin.model_dump()),
            claims=claims,
            picture=lanes_of(steps, site.addresses, f"Steps: {one.name}"),
            conflicts=conflicts,
        )

    return router


def _conflicts(
    site: Site, reading: Reading, query: EvidenceFilters, mechanism: str
) -> list[ConflictRead]:
    """The conflicts with a claim about a mechanism that passes the filters of the page."""
    found = site.library.conflicts.where(reading, mechanism=(mechanism,))
    if not found or not pairs(query):
        return found
    of_claims = query.model_copy(update={"mechanism": (mechanism,), "cursor": None})

    def passes(conflict: str) -> bool:
        if query.conflict and conflict not in query.conflict:
            return False
        claims = of_claims.model_copy(update={"conflict": (conflict,)})
        return site.library.evidence.page(reading, claims, 1).total > 0

    return [one for one in found if passes(one.id)]
