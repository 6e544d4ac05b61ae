"""Twenty questions, each answered on a page of its own."""

from collections.abc import Mapping
from typing import Annotated, TypeVar, get_origin

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from app.db import Reading
from app.errors import NotFound
from app.http.parameters import FastRoute
from app.lookalikes import alike
from app.pages.claims import listed_claims
from app.pages.library import Shelf
from app.pages.mechanism_map import chips
from app.pages.questions import AnswerPart, all_questions
from app.pages.site import Head, Site
from app.pages.views.trials import outcome_tables
from app.resources.evidence import EvidenceFilters
from app.schema.columns import Key
from app.schema.pages import NoParameters
from app.schema.values import Id

S = TypeVar("S", bound=Key)


def build(site: Site) -> APIRouter:
    """A router with the list and the single questions."""
    router = APIRouter(route_class=FastRoute, include_in_schema=False)

    @router.get("/questions")
    def show_questions(_: Annotated[NoParameters, Query()]) -> Response:
        head = Head(
            "/questions",
            "Twenty questions",
            "What doctors and researchers ask about lenalidomide in lymphoma, with answers.",
            kind="CollectionPage",
        )
        with site.db.read() as reading:
            return site.page("questions.html", head, reading, rows=list(all_questions().values()))

    @router.get("/questions/{slug}")
    def show_question(slug: Annotated[Id, Path()], _: Annotated[NoParameters, Query()]) -> Response:
        asked = all_questions().get(slug)
        if asked is None:
            near = alike(slug, list(all_questions()))
            raise NotFound("There is no question with this name.", nearest=near)
        with site.db.read() as reading:
            parts = [_part(site, reading, part) for part in asked.shows]
        head = Head(
            f"/questions/{slug}",
            asked.question,
            asked.answer,
            {
                f"JSON, part {number}" if asked.shows[1:] else "JSON": site.addresses.of(
                    part.path, part.pairs
                )
                for number, part in enumerate(asked.shows, 1)
            },
        )
        return site.page("question.html", head, reading, parts_shown=parts)

    return router


def _part(site: Site, reading: Reading, part: AnswerPart) -> Mapping[str, object]:
    """One part of an answer for the template: its kind and its rows."""
    library = site.library
    name = part.of or part.list
    if name == "evidence":
        owner = {library.shelves[part.list].resource.name: part.id} if part.id else {}
        query = EvidenceFilters.model_validate(_values(EvidenceFilters, part, owner))
        claims = listed_claims(site, reading, query, part.path, part.pairs)
        return {"kind": name, "claims": claims}
    if name == "outcomes":
        found = _rows(library.outcomes, reading, part)
        return {"kind": name, "tables": outcome_tables(site, reading).by_measure(found)}
    if name == "conflicts":
        return {"kind": name, "rows": _rows(library.conflicts, reading, part)}
    if name == "mechanisms":
        return {"kind": name, "rows": chips(_rows(library.mechanisms, reading, part))}
    if name == "trials":
        return {"kind": name, "rows": _rows(library.trials, reading, part)}
    return {"kind": "edges", "rows": _rows(library.edges, reading, part)}


def _rows(shelf: Shelf[S], reading: Reading, part: AnswerPart) -> list[S]:
    """All the rows at one address of the API."""
    if part.id:
        return [shelf.one(reading, part.id)]
    filters = shelf.resource.filters
    return shelf.every(reading, filters.model_validate(_values(filters, part, {})))


def _values(
    filters: type[BaseModel], part: AnswerPart, owner: Mapping[str, str]
) -> dict[str, str | list[str]]:
    """The values of the filters of a list; `owner` is the row whose evidence it lists."""
    several = {
        name for name, info in filters.model_fields.items() if get_origin(info.annotation) is tuple
    }
    given: dict[str, list[str]] = {}
    for name, value in (*part.pairs, *owner.items()):
        given.setdefault(name, []).append(value)
    return {name: found if name in several else found[0] for name, found in given.items()}
