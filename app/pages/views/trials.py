"""The trials: their results side by side, and each with all its outcomes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.db import Reading
from app.pages.claims import claims_of
from app.pages.figures import OutcomeGroup, OutcomeTable, OutcomeTables
from app.pages.parameters import OF_LISTS, refuse_parameters
from app.pages.phrases import amount, first_upper
from app.pages.redirects import RowPageRoute
from app.pages.site import Site
from app.pages.views.home import hazard_ratios
from app.resources.evidence import EvidenceFilters
from app.resources.outcomes import OutcomeRead
from app.resources.trials import TrialFilters
from app.schema.values import TrialId
from app.spelling import order_key

RATIOS = ("HR_OS", "HR_PFS2", "HR_TTNT", "odds_ratio_ORR")
TOGETHER = "Several diseases together"


def build(site: Site) -> APIRouter:
    """A router with the list and the single trials."""
    router = APIRouter(route_class=RowPageRoute, include_in_schema=False)
    library = site.library

    @router.get("/trials")
    def show_trials(request: Request, query: Annotated[TrialFilters, Query()]) -> Response:
        refuse_parameters(query, *OF_LISTS)
        with site.db.read() as reading:
            found = library.trials.every(reading, query)
            shown = {trial.id for trial in found}
            tables = outcome_tables(site, reading)
            figures = library.outcomes.where(reading, measure=(*RATIOS, "ORR"))
            survival = hazard_ratios(site, reading, shown)
        figures = [one for one in figures if one.trial.id in shown]
        head = site.listing(
            request,
            "trials",
            "Trials",
            f"{amount(len(found), 'study', 'studies')} of lenalidomide, alone or combined: hazard "
            "ratios, response rates, and all other outcomes.",
        )
        return site.page(
            "trials.html",
            head,
            reading,
            rows=sorted(found, key=lambda one: order_key(one.name)),
            survival=survival,
            asked=dict(request.query_params.multi_items()),
            ratios=tables.by_measure([one for one in figures if one.measure in RATIOS]),
            responses=_responses(tables, [one for one in figures if one.measure == "ORR"]),
        )

    @router.get("/trials/{id}")
    def show_trial(
        id: Annotated[TrialId, Path()], query: Annotated[EvidenceFilters, Query()]
    ) -> Response:
        with site.db.read() as reading:
            one = library.trials.one(reading, id)
            tables = outcome_tables(site, reading)
            outcomes = library.outcomes.where(reading, trial=(id,))
            claims = claims_of(site, reading, query, "trial", id)
        said = f"{one.name}: {amount(len(outcomes), 'outcome')} by arm, each with its source."
        return site.page(
            "trial.html",
            site.item("trials", id, one.name, said),
            reading,
            one=one,
            tables=tables.by_measure(outcomes),
            claims=claims,
        )

    return router


def outcome_tables(site: Site, reading: Reading) -> OutcomeTables:
    """A builder of outcome tables that knows the current labels of the drugs."""
    return OutcomeTables(site.library.drug_names(reading))


def _responses(tables: OutcomeTables, outcomes: Iterable[OutcomeRead]) -> list[OutcomeTable]:
    """Response rates by subtype; figures for several diseases together come last."""
    groups = defaultdict(list)
    for one in outcomes:
        alone = first_upper(one.patients[0].name) if len(one.patients) == 1 else TOGETHER
        groups[TOGETHER if one.population == "mixed" else alone].append(one)
    titles = sorted(groups, key=lambda title: (title == TOGETHER, order_key(title)))
    return [
        OutcomeTable("ORR", "percent", [OutcomeGroup("", tables.rows(groups[title]))], title)
        for title in titles
    ]
