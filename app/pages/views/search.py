"""The search page: words, names and identifiers lead to the pages of rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.db import Reading
from app.http.parameters import FastRoute
from app.pages.phrases import amount
from app.pages.questions import questions_like
from app.pages.site import Head, Site
from app.resources.evidence import EvidenceRead
from app.schema.pages import QueryText
from app.search.answers import AnsweredPage, search_answer
from app.search.highlights import LONGEST
from app.search.shapes import Highlight, SearchAnswer, SearchHit, SearchQuery, TypeName

EVIDENCE = "evidence"
ROWS = 20


class PageSearch(BaseModel):
    """The query of the page."""

    model_config = ConfigDict(extra="forbid")

    q: QueryText = Field(default="", description="Words, names or identifiers.")
    type: TypeName | None = Field(default=None, description="Only rows of this type.")
    cursor: str | None = Field(default=None, description="Where this page of results starts.")


class Hit(NamedTuple):
    """A row that was found, with the part of its text that matches the query."""

    address: str
    title: str
    kind: str
    excerpt: Sequence[tuple[str, bool]]
    """The text in pieces; true marks a piece that matches."""
    claim: EvidenceRead | None = None
    """The claim, if it is one."""


class Choice(NamedTuple):
    """A type among the rows found, with their number and the search for it alone."""

    kind: str
    rows: int
    address: str


def build(site: Site) -> APIRouter:
    """A router with the search page."""
    router = APIRouter(route_class=FastRoute, include_in_schema=False)
    plurals = {shelf.resource.name: shelf.resource.plural for shelf in site.library.with_pages}

    @router.get("/search")
    def show_search(query: Annotated[PageSearch, Query()]) -> Response:
        sought = query.q.strip()
        with site.db.read() as reading:
            page = _found(site, reading, query, (*plurals, EVIDENCE)) if sought else NOTHING
            hits = list(_hits(site, reading, page.answer, plurals))
        total = page.answer.total_at_least
        head = Head("/search", "Search", f"{amount(total, 'row')} found.", _forms(site, sought))
        return site.page(
            "search.html",
            head,
            reading,
            sought=sought,
            asked=[] if query.cursor or query.type else questions_like(sought),
            hits=hits,
            answer=page.answer,
            chosen=query.type,
            choices=list(_choices(site, sought, page.answer)),
            more=_more(site, query, page),
        )

    return router


NOTHING = AnsweredPage(
    SearchAnswer(
        items=[],
        total=0,
        total_at_least=0,
        next=None,
        facets=[],
        understood=[],
        did_you_mean=None,
        why=None,
    ),
    None,
)


def _found(site: Site, reading: Reading, query: PageSearch, types: Sequence[str]) -> AnsweredPage:
    """A page of results: of the type chosen, or of all types that have pages."""
    wanted = SearchQuery(
        q=query.q,
        type=(query.type,) if query.type else tuple(types),
        limit=ROWS,
        cursor=query.cursor,
    )
    return search_answer(site.finder, reading, wanted, site.addresses)


def _hits(
    site: Site, reading: Reading, answer: SearchAnswer, plurals: Mapping[str, str]
) -> Iterator[Hit]:
    """The rows with the addresses of their pages; a claim is on the page of its reference."""
    ids = tuple(hit.id for hit in answer.items if hit.type == EVIDENCE)
    claims = site.library.evidence.where(reading, id=ids) if ids else []
    by_id = {claim.id: claim for claim in claims}
    for hit in answer.items:
        pieces = [_pieces(part) for part in hit.highlights if part.text != hit.label]
        says_more = [
            part for part in pieces if any(text.strip() for text, marked in part if not marked)
        ]
        place = _address(site, hit, plurals, by_id)
        claim = by_id.get(hit.id) if hit.type == EVIDENCE else None
        yield Hit(place, hit.label, hit.type, next(iter(says_more), ()), claim)


def _address(
    site: Site, hit: SearchHit, plurals: Mapping[str, str], claims: Mapping[str, EvidenceRead]
) -> str:
    """The page of a row; edges and outcomes have none, so they lead to their data."""
    if hit.type == EVIDENCE:
        return _place(site, claims[hit.id])
    if hit.type in plurals:
        return site.addresses.of(f"/{plurals[hit.type]}/{hit.id}")
    return hit.address


def _place(site: Site, claim: EvidenceRead) -> str:
    """The address of a claim on the page of its reference, which then shows this claim alone."""
    page = site.addresses.of(f"/references/{claim.reference.id}", [("id", claim.id)])
    return f"{page}#{claim.id}"


def _pieces(part: Highlight) -> list[tuple[str, bool]]:
    """Cut a text into pieces that match and pieces that do not."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for span in part.spans:
        pieces += [(part.text[end : span.start], False), (part.text[span.start : span.end], True)]
        end = span.end
    # A long text is a sentence; one without a full stop at its end was cut.
    cut = len(part.text) > LONGEST // 2 and part.text[-1].isalnum()
    return [*pieces, (part.text[end:] + "…" * cut, False)]


def _choices(site: Site, sought: str, answer: SearchAnswer) -> Iterator[Choice]:
    for facet in answer.facets:
        pairs = [("q", sought), ("type", facet.type)]
        yield Choice(facet.type, facet.count, site.addresses.of("/search", pairs))


def _more(site: Site, query: PageSearch, page: AnsweredPage) -> str | None:
    """The address of the next page of results, if there is one."""
    if page.after is None:
        return None
    chosen = [("type", query.type)] if query.type else []
    return site.addresses.of("/search", [("q", query.q), *chosen, ("cursor", page.after.text())])


def _forms(site: Site, sought: str) -> dict[str, str]:
    return {"JSON": site.addresses.of("/v1/search", [("q", sought)])} if sought else {}
