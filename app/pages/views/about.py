"""The page about the dataset, and files that tell crawlers where everything is."""

from collections.abc import Iterator
from typing import Annotated
from xml.sax.saxutils import escape

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.db import Reading
from app.db.revision import read_about
from app.http import conditional
from app.http.parameters import FastRoute
from app.pages.questions import all_questions
from app.pages.site import NAVIGATION, Head, Site
from app.read.overview import numbers, row_counts
from app.resources import ALL
from app.schema.about import REVIEW, REVIEW_DOI, TITLE, AboutDataset
from app.schema.pages import NoParameters
from app.schema.values import EvidenceId
from app.schema.vocabulary import level_note, vocabulary

HEAD = Head(
    "/about",
    "About",
    "How the claims were found, read and checked; what levels and origins mean; what is left out.",
    {"JSON": "/v1/dataset", "Vocabulary": "/v1/vocabulary"},
    "AboutPage",
)


class AboutQuery(NoParameters):
    """The query of the page."""

    claim: EvidenceId | None = Field(default=None, description="The id of the claim to correct.")


def build(site: Site) -> APIRouter:
    """A router with the page, the sitemap, and the guide for language models."""
    router = APIRouter(route_class=FastRoute, include_in_schema=False)

    @router.get("/about")
    def show_about(query: Annotated[AboutQuery, Query()]) -> Response:
        with site.db.read() as reading:
            about = read_about(reading.connection)
            claim = site.library.evidence.one(reading, query.claim) if query.claim else None
            (counts,) = reading.rows(numbers, {}, row_counts, ALL)
        return site.page(
            "about.html",
            site.with_prefix(HEAD),
            reading,
            about=AboutDataset.model_validate_json(about) if about else None,
            words=vocabulary(),
            note=level_note(),
            review=REVIEW,
            doi=REVIEW_DOI,
            claim=claim,
            counts=dict(zip((one.plural for one in ALL), counts, strict=True)),
        )

    @router.get("/sitemap.xml")
    def list_pages(request: Request) -> Response:
        # Without MOA_PUBLIC_ADDRESS it names the host of this request: no cache may keep it.
        own = site.addresses.origin
        origin = own or f"{request.url.scheme}://{request.url.netloc}"
        with site.db.read() as reading:
            paths = list(_paths(site, reading))
        places = "".join(
            f"<url><loc>{escape(origin + site.addresses.of(path))}</loc></url>" for path in paths
        )
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
        )
        headers = conditional.cacheable(reading.release)
        if not own:
            headers["Cache-Control"] = conditional.NO_STORE
        return Response(text, media_type="application/xml", headers=headers)

    @router.get("/llms.txt")
    def guide_models() -> Response:
        with site.db.read() as reading:
            text = site.plain_text("llms.txt", title=TITLE, resources=ALL, release=reading.release)
        headers = conditional.cacheable(reading.release)
        return Response(text, media_type="text/plain; charset=utf-8", headers=headers)

    return router


def _paths(site: Site, reading: Reading) -> Iterator[str]:
    """The path of every page worth finding: no search results, no filtered lists."""
    yield "/"
    yield from (path for _, path in NAVIGATION)
    yield from ("/questions", "/paths", "/entities")
    yield from (f"/questions/{slug}" for slug in all_questions())
    for shelf in site.library.with_pages:
        yield from (f"/{shelf.resource.plural}/{row}" for row in shelf.ids(reading))
