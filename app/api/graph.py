"""The network over HTTP: nodes and edges, paths with their proof, and the steps of a mechanism."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.addresses import addresses_for
from app.api import citing, listing
from app.api.brief import whole_address
from app.api.streamed import file_name
from app.db import Database, Reading
from app.errors import ABSENT, Unavailable
from app.formats import ENDINGS, GRAPH_FILES
from app.formats.network_part import NetworkPart, Places
from app.graph.answers import Answered, Answers
from app.graph.brief import brief_paths
from app.graph.queries import GraphQuery, PathQuery, RationaleQuery, StepsQuery, WholeQuery
from app.graph.shapes import Graph, Paths
from app.http import conditional, negotiation, problems
from app.http.parameters import SearchRoute
from app.picture.draw import Draughtsman, draw, node_places
from app.picture.frame import Appearance
from app.picture.layout import Layouts
from app.picture.png import png
from app.rationale.answers import RationaleAnswers
from app.rationale.brief import brief_rationale
from app.rationale.shapes import Rationale
from app.read.sources import cited_in, sources_of_claims
from app.resources.evidence import EVIDENCE
from app.resources.mechanisms import MECHANISMS
from app.resources.partners import PARTNERS
from app.schema.forms import CITATION_FORMS, GRAPH_FORMS, media_types
from app.schema.shapes import Shape
from app.schema.values import MechanismId, PartnerId

# Examples that the documentation offers to try.
EXAMPLES: dict[str, Mapping[str, str]] = {
    "/v1/graph": {"mechanism": "adcc-enhancement", "native": "true"},
    "/v1/graph/paths": {"source": "lenalidomide", "target": "irf4", "context": "b-cell-nhl"},
}


MEDIA_TYPES = media_types(GRAPH_FORMS)
# The other forms of each answer, as OpenAPI lists them.
FILES = citing.other_forms(MEDIA_TYPES)
PICTURES = ("svg", "png")
# A picture can load and run nothing, wherever it is opened.
INERT = "default-src 'none'; style-src 'unsafe-inline'"


def build(db: Database, answers: Answers, rationales: RationaleAnswers) -> APIRouter:
    """A router with the graph addresses; pages answer from the same network."""
    router = APIRouter(prefix="/v1", route_class=SearchRoute, tags=["graph"])
    layouts = Layouts(db.settings.dot)

    @router.get(
        "/graph",
        operation_id="get_graph",
        summary="Get the network, or the part that passes the filters",
        response_model=Graph,
        responses=FILES | problems.documented(),
    )
    def get_graph(request: Request, query: Annotated[WholeQuery, Query()]) -> Response:
        return _given(
            request, query, layouts, db.read(), lambda reading: answers.graph_in(reading, query)
        )

    @router.get(
        "/graph/paths",
        operation_id="list_paths",
        summary="List the causal paths from one entity to another, each with its proof",
        response_model=Paths,
        responses=FILES | problems.documented(),
    )
    def list_paths(request: Request, query: Annotated[PathQuery, Query()]) -> Response:
        return _given(
            request,
            query,
            layouts,
            answers.searching(),
            lambda reading: answers.paths_in(reading, query),
            _brief_paths if query.view == "brief" else None,
        )

    @router.get(
        "/mechanisms/{id}/graph",
        operation_id="get_mechanism_graph",
        summary="Get the steps of one mechanism as a network",
        response_model=Graph,
        responses=FILES | problems.documented(*ABSENT),
    )
    def get_mechanism_graph(
        request: Request,
        id: Annotated[MechanismId, Path(examples=[MECHANISMS.example.id])],
        query: Annotated[StepsQuery, Query()],
    ) -> Response:
        return _given(
            request,
            query,
            layouts,
            db.read(),
            lambda reading: answers.mechanism_in(reading, id, query.nodes),
        )

    @router.get(
        "/partners/{id}/rationale",
        operation_id="get_rationale",
        summary="Explain why a partner fits lenalidomide: shared targets, evidence, trials, open "
        "conflicts",
        response_model=Rationale,
        responses=FILES | problems.documented(*ABSENT),
    )
    def get_rationale(
        request: Request,
        id: Annotated[PartnerId, Path(examples=[PARTNERS.example.id])],
        query: Annotated[RationaleQuery, Query()],
    ) -> Response:
        return _given(
            request,
            query,
            layouts,
            answers.searching(),
            lambda reading: rationales.rationale_in(reading, id, query),
            _brief_rationale if query.view == "brief" else None,
        )

    return router


S = TypeVar("S", bound=Shape)


def _given(
    request: Request,
    query: GraphQuery,
    layouts: Layouts,
    opened: AbstractContextManager[Reading],
    answer: Callable[[Reading], Answered[S]],
    brief: Callable[[Request, S], str] | None = None,
) -> Response:
    """The answer in the form that suits the caller best."""
    form = negotiation.choose_form(request, MEDIA_TYPES)
    with opened as reading:
        found = answer(reading)
        cites = form in CITATION_FORMS
        cited = citing.cite(reading, _sources(reading, found), form) if cites else None
    headers = conditional.cacheable(found.release) | listing.links(request, None)
    addresses = addresses_for(request.scope)
    if found.passing:
        headers["Cache-Control"] = conditional.NO_STORE
    if cited:
        cited.headers.update(headers)
        return cited
    if form == "json":
        text = brief(request, found.shape) if brief else found.shape.model_dump_json()
        return Response(text, media_type=GRAPH_FORMS[form], headers=headers)
    path = addresses.own(request.scope["path"])
    content: str | bytes
    if form in PICTURES:
        content = _picture(found, form, query, Draughtsman(layouts, addresses.elsewhere, path))
        headers = headers | {"Content-Security-Policy": INERT}
    else:
        content = GRAPH_FILES[form](
            NetworkPart(found.graph, found.cells, partial(_places, found, layouts, headers))
        )
    about = found.graph.graph
    name = f"{file_name(request, about.release, about.revision)}.{ENDINGS.get(form, form)}"
    headers = headers | {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type=GRAPH_FORMS[form], headers=headers)


def _places(found: Answered[S], layouts: Layouts, headers: dict[str, str]) -> Places:
    """Where a picture has the nodes; a file without places is sent all the same, but not cached."""
    try:
        return node_places(found.graph, found.cells, layouts)
    except Unavailable:
        headers["Cache-Control"] = conditional.NO_STORE
        return {}


def _brief_paths(request: Request, found: Paths) -> str:
    return brief_paths(found, whole_address(request))


def _brief_rationale(request: Request, found: Rationale) -> str:
    claims = addresses_for(request.scope).of(f"/v1/partners/{found.partner.id}/evidence")
    return brief_rationale(found, whole_address(request), claims)


def _picture(found: Answered[S], form: str, query: GraphQuery, by: Draughtsman) -> str | bytes:
    if form == "svg":
        wanted = Appearance(query.theme, query.width, query.layout)
        return draw(found.graph, found.cells, found.note, by, wanted)
    wanted = Appearance(query.theme or "light", layout=query.layout)
    return png(draw(found.graph, found.cells, found.note, by, wanted), query.width)


def _sources(reading: Reading, found: Answered[S]) -> list[str]:
    """The references of the claims in an answer."""
    edges = found.shape.edges if isinstance(found.shape, Graph) else []
    claims = [one for edge in edges for one in edge.evidence]
    return [*cited_in(found.shape), *sources_of_claims(reading, EVIDENCE.name, claims)]
