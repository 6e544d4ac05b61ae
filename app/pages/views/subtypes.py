"""The subtypes: the tree of lymphomas, and each with its claims and trials."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.db import Reading
from app.pages.claims import claims_of, pairs
from app.pages.mechanism_map import from_the_top
from app.pages.parameters import OF_LISTS, refuse_parameters
from app.pages.phrases import amount, first_upper
from app.pages.plots import bar, bars
from app.pages.redirects import RowPageRoute
from app.pages.site import Site
from app.resources.evidence import EvidenceFilters, EvidenceRead
from app.resources.subtypes import SubtypeFilters, SubtypeRead
from app.resources.trials import TrialFilters
from app.schema.values import SubtypeId

TRIALS = 20
"""Most trials on the page of a subtype; the page of trials has them all."""
STRONGEST = 2
"""Claims shown for a subtype on the page of the one above it."""


def build(site: Site) -> APIRouter:
    """A router with the tree and the single subtypes."""
    router = APIRouter(route_class=RowPageRoute, include_in_schema=False)
    library = site.library

    @router.get("/subtypes")
    def show_subtypes(request: Request, query: Annotated[SubtypeFilters, Query()]) -> Response:
        refuse_parameters(query, *OF_LISTS)
        with site.db.read() as reading:
            every = library.subtypes.every(reading)
            found = {one.id for one in library.subtypes.every(reading, query)}
        said = f"{amount(len(found), 'B-cell lymphoma')} and groupings, with the claims for each."
        shown = [one for one in from_the_top(every) if one.id in found]
        counts = bars([one.evidence_counts.origin.model_dump() for one in shown])
        depths = [_depth(one, every) for one in shown]
        return site.page(
            "subtypes.html",
            site.listing(request, "subtypes", "Subtypes", said),
            reading,
            rows=list(zip(shown, depths, counts, strict=True)),
        )

    @router.get("/subtypes/{id}")
    def show_subtype(
        id: Annotated[SubtypeId, Path()], query: Annotated[EvidenceFilters, Query()]
    ) -> Response:
        with site.db.read() as reading:
            one = library.subtypes.one(reading, id)
            every = library.subtypes.every(reading)
            claims = claims_of(site, reading, query, "subtype", id)
            children = [each for each in every if each.parent and each.parent.id == id]
            below = [_of_child(site, reading, query, each) for each in children]
            of_trials = TrialFilters(subtype=(id,), sort="name")
            trials = library.trials.page(reading, of_trials, TRIALS)
            total = _total(site, reading, query, one)
        said = f"What is known about lenalidomide in {one.name}: {amount(total, 'claim')}."
        return site.page(
            "subtype.html",
            site.item("subtypes", id, first_upper(one.name), said),
            reading,
            one=one,
            bar=bar(one.evidence_counts.origin.model_dump()),
            children=children,
            claims=claims,
            below=[each for each in below if each.total],
            trials=trials.rows,
            trials_total=trials.total,
        )

    return router


@dataclass(frozen=True, slots=True)
class ChildShown:
    """A subtype below another, with its strongest claims and their total number."""

    subtype: SubtypeRead
    claims: Sequence[EvidenceRead]
    total: int
    address: str


def _total(site: Site, reading: Reading, query: EvidenceFilters, one: SubtypeRead) -> int:
    """How many claims about a subtype or those below it pass the filters of the page."""
    if not pairs(query):
        return one.evidence_counts.total
    of_all = query.model_copy(update={"subtype": (one.id,), "cursor": None})
    return site.library.evidence.page(reading, of_all, 1).total


def _of_child(
    site: Site, reading: Reading, query: EvidenceFilters, child: SubtypeRead
) -> ChildShown:
    """A child subtype with its strongest claims that pass the filters of the page."""
    of_it = query.model_copy(update={"subtype": (child.id,), "sort": "level", "cursor": None})
    found = site.library.evidence.page(reading, of_it, STRONGEST)
    address = site.addresses.of(f"/subtypes/{child.id}", pairs(query))
    return ChildShown(child, found.rows, found.total, address)


def _depth(one: SubtypeRead, every: Sequence[SubtypeRead]) -> int:
    """How many levels of the tree are above a subtype."""
    above = {each.id: each for each in every}
    depth = 0
    while one.parent is not None:
        one = above[one.parent.id]
        depth += 1
    return depth
