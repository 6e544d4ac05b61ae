"""The subtypes: the tree of lymphomas, and each with its claims and trials."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.pages.claims import claims_of, grouped
from app.pages.following import RowPageRoute
from app.pages.mechanism_map import from_the_top
from app.pages.phrases import amount
from app.pages.plots import bar, bars
from app.pages.site import Site
from app.pages.untaken import OF_LISTS, refuse_untaken
from app.resources.evidence import EvidenceFilters
from app.resources.subtypes import SubtypeFilters, SubtypeRead
from app.schema.values import SubtypeId


def build(site: Site) -> APIRouter:
    """A router with the tree and the single subtypes."""
    router = APIRouter(route_class=RowPageRoute, include_in_schema=False)
    library = site.library

    @router.get("/subtypes")
    def show_subtypes(request: Request, query: Annotated[SubtypeFilters, Query()]) -> Response:
        refuse_untaken(query, *OF_LISTS)
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
            trials = library.trials.where(reading, subtype=(id,))
        mine = [claim for claim in claims.every if any(each.id == id for each in claim.subtypes)]
        below = [claim for claim in claims.every if claim not in mine]
        said = f"What is known about lenalidomide in {one.name}: {amount(claims.total, 'claim')}."
        return site.page(
            "subtype.html",
            site.item("subtypes", id, one.name, said),
            reading,
            one=one,
            bar=bar(one.evidence_counts.origin.model_dump()),
            children=[each for each in every if each.parent and each.parent.id == id],
            own=grouped(mine),
            below=grouped(below),
            trials=trials,
        )

    return router


def _depth(one: SubtypeRead, every: Sequence[SubtypeRead]) -> int:
    """How many levels of the tree are above a subtype."""
    above = {each.id: each for each in every}
    depth = 0
    while one.parent is not None:
        one = above[one.parent.id]
        depth += 1
    return depth
