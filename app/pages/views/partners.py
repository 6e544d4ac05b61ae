"""The partners: what lenalidomide is combined with, and why each fits."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.graph.queries import RationaleQuery
from app.pages.figures import few_of_each, lanes_of
from app.pages.parameters import OF_LISTS, OF_PICTURES, refuse_parameters
from app.pages.phrases import amount, first_upper
from app.pages.plots import bars
from app.pages.redirects import RowSearchRoute
from app.pages.site import Site
from app.pages.views.home import hazard_ratios
from app.pages.views.trials import outcome_tables
from app.resources.partners import PartnerFilters
from app.schema.values import PartnerId
from app.schema.vocabulary import words

MOST, ROWS = 10, 10
"""Most claims of a group and figures of a measure; the lists of both have them all."""
BY_ARM = tuple(one for one in words("measures") if one not in ("AE_rate", "HR_PFS"))


def build(site: Site) -> APIRouter:
    """A router with the list and the single partners."""
    router = APIRouter(route_class=RowSearchRoute, include_in_schema=False)
    library = site.library

    @router.get("/partners")
    def show_partners(request: Request, query: Annotated[PartnerFilters, Query()]) -> Response:
        refuse_parameters(query, *OF_LISTS)
        with site.db.read() as reading:
            found = library.partners.every(reading, query)
        found.sort(key=lambda one: (-one.evidence_counts.total, one.name))
        shown = bars([one.evidence_counts.origin.model_dump() for one in found])
        said = f"{amount(len(found), 'drug, antibody, regimen or class', 'drugs and classes')} "
        return site.page(
            "partners.html",
            site.listing(
                request, "partners", "Partners", f"{said}combined with lenalidomide in lymphoma."
            ),
            reading,
            rows=list(zip(found, shown, strict=True)),
        )

    @router.get("/partners/{id}")
    def show_partner(
        id: Annotated[PartnerId, Path()], query: Annotated[RationaleQuery, Query()]
    ) -> Response:
        refuse_parameters(query, *OF_PICTURES)
        with site.answers.searching() as reading:
            one = library.partners.one(reading, id)
            found = site.rationales.strongest_in(reading, one, query, MOST)
            tables = outcome_tables(site, reading)
            measures = library.outcomes.column(
                reading, "measure", partner=(id,), distinct=True, measure=BY_ARM
            )
            outcomes = library.outcomes.some(reading, few_of_each(measures, ROWS))
            with_it = library.trials.ids(reading, partner=(id,))
            ratios = hazard_ratios(site, reading, with_it)
        return site.page(
            "partner.html",
            site.item("partners", id, first_upper(one.name), one.summary),
            reading,
            one=one,
            fit=found.shape,
            ratios=ratios,
            picture=lanes_of(found, site.addresses, f"Lenalidomide and {one.name}"),
            tables=tables.by_measure(outcomes),
            all_of=_all_of(site, id, Counter(measures.values())),
            harms=_figures(site, id, "AE_rate"),
        )

    return router


class AllFigures(NamedTuple):
    """How many figures of a measure there are, and the address of all of them."""

    total: int
    address: str


def _all_of(site: Site, partner: str, counts: Mapping[str, int]) -> dict[str, AllFigures]:
    """Where all figures are, by measure, for measures of which the page shows only some."""
    return {
        one: AllFigures(count, _figures(site, partner, one))
        for one, count in counts.items()
        if count > ROWS
    }


def _figures(site: Site, partner: str, measure: str) -> str:
    asked = [("partner", partner), ("measure", measure), ("distinct", "true"), ("format", "csv")]
    return site.addresses.of("/v1/outcomes", asked)
