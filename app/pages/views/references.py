"""The references: all of them, and each with the claims it supports."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.addresses import doi_address
from app.pages.claims import claims_of
from app.pages.parameters import OF_LISTS, refuse_parameters
from app.pages.phrases import amount
from app.pages.plots import bar
from app.pages.redirects import RowPageRoute
from app.pages.site import Head, Site
from app.resources.evidence import EvidenceFilters
from app.resources.references import ReferenceFilters, ReferenceRead
from app.schema.values import ReferenceId


def build(site: Site) -> APIRouter:
    """A router with the list and the single references."""
    router = APIRouter(route_class=RowPageRoute, include_in_schema=False)
    library = site.library

    @router.get("/references")
    def show_references(request: Request, query: Annotated[ReferenceFilters, Query()]) -> Response:
        refuse_parameters(query, *OF_LISTS)
        with site.db.read() as reading:
            found = library.references.every(reading, query)
        found.sort(key=lambda one: (-(one.year or 0), one.citation))
        head = site.listing(
            request,
            "references",
            "References",
            f"{amount(len(found), 'document')} behind the claims, newest first.",
        )
        years: dict[int | None, list[ReferenceRead]] = {}
        for one in found:
            years.setdefault(one.year, []).append(one)
        return site.page("references.html", head, reading, rows=len(found), years=years)

    @router.get("/references/{id}")
    def show_reference(
        id: Annotated[ReferenceId, Path()], query: Annotated[EvidenceFilters, Query()]
    ) -> Response:
        with site.db.read() as reading:
            one = library.references.one(reading, id)
            claims = claims_of(site, reading, query, "reference", id)
            trials = library.trials.where(reading, reference=(id,))
        return site.page(
            "reference.html",
            _head(site, one),
            reading,
            one=one,
            bar=bar(one.evidence_counts.origin.model_dump()),
            claims=claims,
            trials=trials,
        )

    return router


def _head(site: Site, one: ReferenceRead) -> Head:
    """The head of a reference, described to search engines as a scholarly article."""
    head = site.item("references", one.id, one.title, f"The claims from {one.citation}.")
    names = [author.literal or f"{author.given} {author.family}" for author in one.authors]
    more: dict[str, object] = {
        "author": [{"@type": "Person", "name": name} for name in names],
        "headline": one.title,
    }
    if one.year:
        more["datePublished"] = str(one.year)
    if one.doi:
        more["sameAs"] = doi_address(one.doi)
    return head._replace(kind="ScholarlyArticle", more=more)
