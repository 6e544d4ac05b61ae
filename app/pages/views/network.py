"""The network: all steps in lanes, with filters, and the paths between two nodes."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.graph.queries import PathQuery, WholeQuery
from app.http.parameters import SearchRoute
from app.pages.figures import DRUG, lanes_of
from app.pages.parameters import OF_PICTURES, refuse_parameters
from app.pages.phrases import amount
from app.pages.site import Head, Site
from app.picture.arrange import GOAL
from app.schema.values import EntityId
from app.schema.vocabulary import words
from app.spelling import order_key

FORMS = {
    "SVG": "svg",
    "PNG": "png",
    "CX2 for Cytoscape": "cx2",
    "GraphML": "graphml",
    "JSON": "json",
}


class PathEnds(PathQuery):
    """The ends of the paths; by default from lenalidomide to the death of tumour cells."""

    source: EntityId = DRUG
    target: EntityId = GOAL


def build(site: Site) -> APIRouter:
    """A router with the network and its paths."""
    router = APIRouter(route_class=SearchRoute, include_in_schema=False)

    @router.get("/network")
    def show_network(request: Request, query: Annotated[WholeQuery, Query()]) -> Response:
        refuse_parameters(query, *OF_PICTURES)
        with site.db.read() as reading:
            found = site.answers.graph_in(reading, query)
        asked = request.query_params.multi_items()
        said = (
            f"{amount(len(found.graph.edges), 'step')} between "
            f"{amount(len(found.graph.nodes), 'node')}, by the cell in which they occur."
        )
        return site.page(
            "network.html",
            Head("/network", "Network", said, dict(_files(site, "/v1/graph", asked))),
            reading,
            picture=lanes_of(found, site.addresses, "Molecular steps by cell"),
            origins=words("origins"),
            cells=[cell for cell in found.cells.values() if cell.parent is None],
            asked=dict(asked),
        )

    @router.get("/paths")
    def show_paths(request: Request, query: Annotated[PathEnds, Query()]) -> Response:
        refuse_parameters(query, *OF_PICTURES)
        with site.answers.searching() as reading:
            found = site.answers.paths_in(reading, query)
            nodes = site.library.entities.where(reading, in_network=True)
        ends = {"source": query.source, "target": query.target}
        given = request.query_params.multi_items()
        pairs = [*ends.items(), *(pair for pair in given if pair[0] not in ends)]
        said = f"Causal steps from {found.shape.source.label} to {found.shape.target.label}."
        return site.page(
            "paths.html",
            Head("/paths", "Paths", said, dict(_files(site, "/v1/graph/paths", pairs))),
            reading,
            found=found.shape,
            picture=lanes_of(found, site.addresses, said),
            nodes=sorted(nodes, key=lambda one: order_key(one.label)),
        )

    return router


def _files(site: Site, path: str, asked: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The names of the other forms of a page, with their addresses."""
    for name, form in FORMS.items():
        yield name, site.addresses.of(path, [*asked, ("format", form)])
