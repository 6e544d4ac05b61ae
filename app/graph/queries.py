"""Queries about the network, and the filters derived from them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select

from app.db import Reading
from app.graph.load import NetworkData, Parents
from app.graph.shapes import Nodes
from app.network import ANY_CELL, EVIDENCE_ONLY, Filter
from app.read.joins import table
from app.read.reader import filters_of, given, statement_key
from app.read.statements import StatementKey, conditions
from app.read.unknown import bind_values
from app.resources.evidence import EVIDENCE
from app.schema.claims import ClaimFilters
from app.schema.forms import GRAPH_FORMS, one_of
from app.schema.pages import Several, SignInQuery, Viewed
from app.schema.values import (
    Basis,
    CellId,
    EntityId,
    MechanismId,
)

MaxSteps = Annotated[int, Field(ge=1, le=12, description="Longest path, 1 to 12 steps.")]


class GraphQuery(BaseModel):
    """The form of the answer."""

    model_config = ConfigDict(extra="forbid")

    format: Annotated[str, one_of(GRAPH_FORMS)] | None = Field(
        default=None,
        description="`cx2` for Cytoscape, `graphml` for other programs, `tsv` for a table with "
        "one edge per row, `sif` for its bare steps, `kgx` for knowledge graphs (an archive of two "
        "tables in the words of the Biolink Model), `svg` and `png` for pictures; `bibtex`, `ris`, "
        "`csl-json` and `vancouver` for the references behind the answer. Overrides the "
        "Accept header.",
    )
    layout: Literal["dot", "lanes"] = Field(
        default="dot",
        description="How a picture is laid out: `dot` draws every step as a line; `lanes` has a "
        "lane for each kind of cell, shows direct effects of drugs as marks on their targets, and "
        "leaves out steps that are not causal.",
    )
    theme: Literal["light", "dark"] | None = Field(
        default=None,
        description="Colours of a picture, as for print: `light` or `dark`. By default an SVG "
        "follows the reader's system setting, and a PNG is light.",
    )
    width: Annotated[int, Field(ge=100, le=4000)] | None = Field(
        default=None,
        description="Width of a picture in pixels, 100 to 4000. By default an SVG is as wide as it "
        "needs, and a PNG twice that, or less if the picture is large.",
    )


class NetworkQuery(GraphQuery, ClaimFilters):
    """Filters on steps of the network; a step stays if any of its claims passes all of them.

    They are the filters on evidence, except that `cell`, `mechanism`, `entity` and `sign` apply to
    the step itself.
    """

    cell: Several[CellId] = Field(
        default=(),
        description="Steps in these cells and in those below them, and steps in `any-cell`, "
        "which happen in every cell. With `rollup=exact`, steps in these cells only.",
    )
    mechanism: Several[MechanismId] = Field(
        default=(), description="Steps that belong to one of these mechanisms."
    )
    entity: Several[EntityId] = Field(
        default=(), description="Steps that start or end at one of these."
    )
    sign: Several[SignInQuery] = Field(
        default=(),
        description="Steps with one of these signs; on a path, every step has one of them.",
    )
    basis: Several[Basis] = Field(
        default=(),
        description="`textbook` adds known targets of partners that no claim here supports, "
        "each marked as such. Otherwise, only steps with claims.",
    )


class StepsQuery(GraphQuery):
    """The form of a part of the network, and what its nodes are."""

    nodes: Nodes = Field(
        default="per-entity",
        description="`per-cell` splits each entity that stays within a cell into one node for each "
        "cell, and leaves out steps that are not causal, so that a path search in networkx or "
        "Cytoscape finds the paths of `/v1/graph/paths`; `cell_rule` in the answer says how. Not "
        "for pictures.",
    )


class WholeQuery(NetworkQuery, StepsQuery):
    """Filters on the network, and the form of the answer."""


class PathQuery(NetworkQuery, Viewed):
    """The ends of the paths, filters on their steps, and limits of the search."""

    source: Annotated[EntityId, Field(description="Where the paths start.")]
    target: Annotated[EntityId, Field(description="Where the paths end.")]
    max_steps: MaxSteps = 8
    limit: Annotated[int, Field(ge=1, le=100)] = Field(
        default=20, description="Paths to show at most, 1 to 100; the shortest come first."
    )
    cells: Literal["rule", "any"] = Field(
        default="rule",
        description="`rule`: a path changes cell only at an entity that acts across cells "
        "(`crosses_cells`). `any`: it may change cell anywhere.",
    )


class RationaleQuery(GraphQuery, Viewed):
    """The limits of the search for meetings."""

    max_steps: MaxSteps = 8
    limit: Annotated[int, Field(ge=1, le=100)] = Field(
        default=20, description="Meetings to show at most, 1 to 100; the nearest come first."
    )


ON_CLAIMS = filters_of(NetworkQuery)
Passing = Mapping[str, Collection[str]]
"""The ids of the claims that pass each filter, by the name of the filter."""


def passing(reading: Reading, query: NetworkQuery) -> Passing:
    """The claims that pass each filter on claims that the query sets."""
    found = {}
    for name, values in given(query, ON_CLAIMS).items():
        key = statement_key(query, {name: values})
        claims = reading.rows(str, bind_values({name: values}), claims_of_steps, key)
        found[name] = frozenset(claims)
    return found


def claims_of_steps(key: StatementKey) -> Select[Any]:
    """The claims that support a step and pass the filters, as in `/v1/evidence`."""
    row, support = table(EVIDENCE.name), table("edge_evidence")
    of_steps = row.c.id.in_(select(support.c.evidence_id))
    return select(row.c.id).where(of_steps, *conditions(EVIDENCE, row, key))


def network_filters(query: NetworkQuery, data: NetworkData, claims: Passing) -> list[Filter]:
    """The filters on the network that a query sets, named after its parameters."""
    on_claims = (_on_claims(name, found) for name, found in claims.items())
    on_basis = [] if "textbook" in query.basis else [EVIDENCE_ONLY]
    return [*_on_edges(query, data), *on_claims, *on_basis]


def _on_claims(name: str, found: Collection[str]) -> Filter:
    return Filter(name, lambda row: row.id in found)


def _on_edges(query: NetworkQuery, data: NetworkData) -> Iterator[Filter]:
    if query.cell:
        cells = set(query.cell)
        if query.rollup == "descendants":
            cells |= {ANY_CELL, *_below(cells, data.cells)}
        yield Filter("cell", edge=lambda edge: edge.cell in cells)
    if query.mechanism:
        mechanisms = set(query.mechanism)
        yield Filter("mechanism", edge=lambda edge: not mechanisms.isdisjoint(edge.mechanisms))
    if query.entity:
        entities = set(query.entity)
        yield Filter(
            "entity", edge=lambda edge: not entities.isdisjoint((edge.source, edge.target))
        )
    if query.sign:
        yield Filter("sign", edge=lambda edge: edge.sign in query.sign)


def _below(named: Collection[str], parents: Parents) -> set[str]:
    """Everything below these rows in their tree."""
    found: set[str] = set()
    level = set(named)
    while level:
        level = {child for child, parent in parents.items() if parent in level} - found
        found |= level
    return found
