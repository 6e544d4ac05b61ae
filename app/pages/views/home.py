"""The front page: what is known, and how well, at a glance."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.db import Reading
from app.graph.queries import WholeQuery
from app.http.parameters import FastRoute
from app.pages.figures import (
    DRUG,
    OutcomeGroup,
    OutcomeTable,
    OutcomeTables,
    lanes_of,
)
from app.pages.mechanism_map import mechanism_map, study_matrix
from app.pages.questions import all_questions
from app.pages.site import Head, Site
from app.read.overview import numbers, row_counts
from app.resources import ALL
from app.resources.outcomes import OutcomeRead
from app.schema.about import TITLE
from app.schema.pages import NoParameters

HEAD = Head(
    path="/",
    title="How lenalidomide works in B-cell lymphoma",
    description="Mechanisms of lenalidomide in B-cell non-Hodgkin lymphoma: every claim with its "
    "source, and whether it was measured in lymphoma, elsewhere, or only stated.",
    forms={"JSON": "/v1", "Dataset": "/v1/dataset"},
    kind="Dataset",
    more={"alternateName": TITLE},
)
# Questions to start with: one each on the clinic, the mechanism and its failure.
ASKED = ("rituximab-in-indolent-lymphoma", "abc-or-gcb", "resistance-in-lymphoma")
ADDED = "Adding lenalidomide"
BESIDE = "Adding another drug to lenalidomide"


def build(site: Site) -> APIRouter:
    """A router with the front page."""
    router = APIRouter(route_class=FastRoute, include_in_schema=False)
    library = site.library

    @router.get("/")
    def show_home(_: Annotated[NoParameters, Query()]) -> Response:
        with site.db.read() as reading:
            (counts,) = reading.rows(numbers, {}, row_counts, ALL)
            network = site.answers.graph_in(reading, WholeQuery())
            mechanisms = library.mechanisms.every(reading)
            matrix = study_matrix(reading, library.subtypes.every(reading))
            ratios = hazard_ratios(site, reading)
        steps = [edge for edge in network.graph.edges if edge.type == "causal"]
        return site.page(
            "home.html",
            site.with_prefix(HEAD),
            reading,
            counts=dict(zip((one.plural for one in ALL), counts, strict=True)),
            lanes=mechanism_map(mechanisms, network.cells),
            matrix=matrix,
            picture=lanes_of(network, site.addresses, "Molecular steps by cell"),
            direct=sum(edge.source == DRUG for edge in steps),
            ratios=ratios,
            asked=[all_questions()[slug] for slug in ASKED],
        )

    return router


def hazard_ratios(
    site: Site, reading: Reading, trials: Collection[str] | None = None
) -> OutcomeTable:
    """The hazard ratios for progression or death, by what is compared; of all trials or these."""
    every = site.library.outcomes.where(reading, measure=("HR_PFS",))
    found = [one for one in every if trials is None or one.trial.id in trials]
    tables = OutcomeTables(site.library.drug_names(reading))
    best = {one.trial.id: one.value for one in reversed(found)}
    found.sort(key=lambda one: (best[one.trial.id], one.trial.id))
    groups = [
        OutcomeGroup(title, tables.rows([one for one in found if tests_the_drug(one) is added]))
        for title, added in ((ADDED, True), (BESIDE, False))
    ]
    return OutcomeTable("HR_PFS", "ratio", groups)


def tests_the_drug(one: OutcomeRead) -> bool:
    """Whether lenalidomide is among the drugs that the comparison tests."""
    return any(drug.id == DRUG for drug in one.tests)
