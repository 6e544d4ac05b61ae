"""The network over HTTP: nodes and edges, paths with their proof, and the steps of a mechanism."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.addresses import addresses_for
from app.db import Database
from app.errors import NotFound
from app.formats import GRAPH_FILES
from app.graph.answers import Answered, Answers
from app.graph.queries import PathQuery, RationaleQuery, StepsQuery, WholeQuery
from app.graph.shapes import Graph, Paths
from app.http import conditional, negotiation, problems
from app.http.parameters import FastRoute
from app.picture.draw import draw
from app.picture.layout import Layouts
from app.rationale.answers import RationaleAnswers
from app.rationale.shapes import Rationale
from app.resources.mechanisms import MECHANISMS
from app.resources.partners import PARTNERS
from app.schema.forms import GRAPH_FORMS, JSON
from app.schema.shapes import Shape
from app.schema.values import MechanismId, PartnerId

# Examples that the documentation offers to try.
EXAMPLES: dict[str, Mapping[str, str]] = {
    "/v1/graph": {"mechanism": "adcc-enhancement", "native": "true"},
    "/v1/graph/paths": {"source": "lenalidomide", "target": "irf4", "context": "b-cell-nhl"},
}


ARRAY = {"type": "array", "items": {"type": "object"}}
# The other forms of each answer, as OpenAPI lists them.
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            media_type: {"schema": ARRAY if media_type.endswith("json") else {"type": "string"}}
            for media_type in GRAPH_FORMS.values()
            if media_type != JSON
        }
    }
}
# A picture can load and run nothing, wherever it is opened.
INERT = "default-src 'none'; style-src 'unsafe-inline'"


def build(db: Database, answers: Answers, rationales: RationaleAnswers) -> APIRouter:
    """A router with the graph addresses; pages answer from the same network."""
    router = APIRouter(prefix="/v1", route_class=FastRoute, tags=["graph"])
    layouts = Layouts(db.settings.dot)

    @router.get(
        "/graph",
        operation_id="get_graph",
        summary="Get the network, or the part that passes the filters",
        response_model=Graph,
        responses=FILES | problems.documented(),
    )
    def get_graph(request: Request, query: Annotated[WholeQuery, Query()]) -> Response:
        return _given(request, layouts, lambda: answers.graph(query))

    @router.get(
        "/graph/paths",
        operation_id="list_paths",
        summary="List the causal paths from one entity to another, each with its proof",
        response_model=Paths,
        responses=FILES | problems.documented(),
    )
    def list_paths(request: Request, query: Annotated[PathQuery, Query()]) -> Response:
        return _given(request, layouts, lambda: answers.paths(query))

    @router.get(
        "/mechanisms/{id}/graph",
        operation_id="get_mechanism_graph",
        summary="Get the steps of one mechanism as a network",
        response_model=Graph,
        responses=FILES | problems.documented(NotFound),
    )
    def get_mechanism_graph(
        request: Request,
        id: Annotated[MechanismId, Path(examples=[MECHANISMS.example.id])],
        query: Annotated[StepsQuery, Query()],
    ) -> Response:
        return _given(request, layouts, lambda: answers.mechanism(id, query.nodes))

    @router.get(
        "/partners/{id}/rationale",
        operation_id="get_rationale",
        summary="Explain why a partner fits lenalidomide: shared targets, evidence, trials, open "
        "conflicts",
        response_model=Rationale,
        responses=FILES | problems.documented(NotFound),
    )
    def get_rationale(
        request: Request,
        id: Annotated[PartnerId, Path(examples=[PARTNERS.example.id])],
        query: Annotated[RationaleQuery, Query()],
    ) -> Response:
        return _given(request, layouts, lambda: rationales.rationale(id, query))

    return router


S = TypeVar("S", bound=Shape)


def _given(request: Request, layouts: Layouts, answer: Callable[[], Answered[S]]) -> Response:
    """The answer in the form that suits the caller best."""
    form = negotiation.choose_form(request, GRAPH_FORMS)
    found = answer()
    headers = conditional.cacheable(found.release)
    addresses = addresses_for(request.scope)
    if found.passing:
        headers["Cache-Control"] = conditional.NO_STORE
    if form == "json":
        return Response(
            found.shape.model_dump_json(), media_type=GRAPH_FORMS[form], headers=headers
        )
    if form == "svg":
        text = draw(found.graph, found.cells, found.note, addresses, layouts)
        headers = headers | {"Content-Security-Policy": INERT}
    else:
        text = GRAPH_FILES[form](found.graph)
    name = addresses.own(request.scope["path"]).removeprefix("/v1/").replace("/", "-")
    headers = headers | {"Content-Disposition": f'inline; filename="{name}.{form}"'}
    return Response(text, media_type=GRAPH_FORMS[form], headers=headers)
