"""Searching: any name, symbol or identifier leads to its row."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.db import Reading
from app.http.parameters import FastRoute
from app.pages.phrases import amount
from app.pages.site import Head, Site


class Sought(BaseModel):
    """What is looked for."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        default="", description="Any name, symbol or identifier."
    )


class Hit(NamedTuple):
    """A row that has the name or identifier."""

    path: str
    title: str
    kind: str


def build(site: Site) -> APIRouter:
    """A router with the search."""
    router = APIRouter(route_class=FastRoute, include_in_schema=False)

    @router.get("/search")
    def show_search(query: Annotated[Sought, Query()]) -> Response:
        sought = query.q.strip()
        with site.db.read() as reading:
            hits = list(_hits(site, reading, sought)) if sought else []
        head = Head("/search", "Search", f"{amount(len(hits), 'row')} with this name.")
        return site.page("search.html", head, reading, sought=sought, hits=hits)

    return router


def _hits(site: Site, reading: Reading, sought: str) -> Iterator[Hit]:
    """The rows with this name or identifier, as the filter `xref` of each list finds them."""
    library, named = site.library, {"xref": (sought,)}
    for entity in library.entities.where(reading, **named):
        yield Hit(f"/entities/{entity.id}", entity.label, entity.kind)
    for subtype in library.subtypes.where(reading, **named):
        yield Hit(f"/subtypes/{subtype.id}", subtype.name, "subtype")
    for partner in library.partners.where(reading, **named):
        yield Hit(f"/partners/{partner.id}", partner.name, "partner")
    for trial in library.trials.where(reading, **named):
        yield Hit(f"/trials/{trial.id}", trial.name, "trial")
    for reference in library.references.where(reading, **named):
        yield Hit(f"/references/{reference.id}", reference.title, "reference")
