"""The entities: each molecule, cell and process with its steps and claims."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.graph.queries import WholeQuery
from app.pages.claims import claims_of
from app.pages.figures import lanes_of
from app.pages.parameters import OF_LISTS, refuse_parameters
from app.pages.phrases import amount
from app.pages.redirects import RowPageRoute
from app.pages.site import Site
from app.resources.edges import EdgeFilters
from app.resources.entities import EntityFilters
from app.resources.evidence import EvidenceFilters
from app.schema.values import EntityId
from app.spelling import order_key

STEPS = 20
"""Most steps listed on a page; the picture shows them all."""


def build(site: Site) -> APIRouter:
    """A router with the list and the single entities."""
    router = APIRouter(route_class=RowPageRoute, include_in_schema=False)
    library = site.library

    @router.get("/entities")
    def show_entities(request: Request, query: Annotated[EntityFilters, Query()]) -> Response:
        refuse_parameters(query, *OF_LISTS)
        with site.db.read() as reading:
            found = library.entities.every(reading, query)
        found.sort(key=lambda one: (one.kind, order_key(one.label)))
        said = f"{amount(len(found), 'drug, molecule, cell or process', 'molecules and cells')}."
        return site.page(
            "entities.html",
            site.listing(request, "entities", "Molecules, cells and processes", said),
            reading,
            rows=found,
        )

    @router.get("/entities/{id}")
    def show_entity(
        id: Annotated[EntityId, Path()], query: Annotated[EvidenceFilters, Query()]
    ) -> Response:
        with site.db.read() as reading:
            one = library.entities.one(reading, id)
            claims = claims_of(site, reading, query, "entity", id)
            steps = library.edges.page(reading, EdgeFilters(entity=(id,)), STEPS)
            network = site.answers.graph_in(reading, WholeQuery(entity=(id,), basis=("textbook",)))
        said = f"What is known about {one.name} and lenalidomide: {amount(claims.total, 'claim')}."
        return site.page(
            "entity.html",
            site.item("entities", id, one.label, said),
            reading,
            one=one,
            claims=claims,
            steps=steps.rows,
            steps_total=steps.total,
            picture=lanes_of(network, site.addresses, f"Steps of {one.label}"),
        )

    return router
