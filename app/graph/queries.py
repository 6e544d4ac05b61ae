"""Queries of the network, and the conditions that follow from them."""

from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.graph.load import NetworkData, Parents
from app.network import ANY_CELL, EVIDENCE_ONLY, Filter
from app.read.unknown import Values
from app.schema.forms import GRAPH_FORMS, one_of
from app.schema.pages import Flag, Several
from app.schema.values import (
    Basis,
    CellId,
    Context,
    EntityId,
    Level,
    MechanismId,
    Names,
    Origin,
    SubtypeId,
    Year,
)
from app.schema.vocabulary import words

MaxSteps = Annotated[int, Field(ge=1, le=12, description="Longest path, 1 to 12 steps.")]


class GraphQuery(BaseModel):
    """The form of the answer."""

    model_config = ConfigDict(extra="forbid")

    format: Annotated[str, one_of(GRAPH_FORMS)] | None = Field(
        default=None,
        description="`cx2` for Cytoscape, `graphml` for other programs, `svg` for a picture; "
        "overrides the Accept header.",
    )


class NetworkQuery(GraphQuery):
    """Filters on steps of the network; a step is kept while any of its claims passes them all."""

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
    subtype: Several[SubtypeId] = Field(
        default=(), description="Claims on these lymphoma subtypes or those below them."
    )
    origin: Several[Origin] = Field(default=(), description="Where the claims were measured.")
    native: Flag | None = Field(
        default=None, description="Whether it was measured in B-cell lymphoma (CLL/SLL included)."
    )
    context: Several[Context] = Field(
        default=(), description="Diseases or settings in which the claims were measured."
    )
    level: Level | None = Field(
        default=None, description="This level or a stronger kind of study: `B` gives A and B."
    )
    in_review: Flag | None = Field(default=None, description="Whether the review itself says it.")
    known_by: Year | None = Field(
        default=None, description="Published up to this year; undated references are left out."
    )
    basis: Several[Basis] = Field(
        default=(),
        description="`textbook` adds known targets of partners that no claim here supports, "
        "each marked as such. Otherwise, only steps with claims.",
    )
    rollup: Literal["descendants", "exact"] = Field(
        default="descendants",
        description="Whether a subtype or cell includes everything below it in its tree.",
    )


class PathQuery(NetworkQuery):
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


class RationaleQuery(GraphQuery):
    """The limits of the search for meetings."""

    max_steps: MaxSteps = 8
    limit: Annotated[int, Field(ge=1, le=100)] = Field(
        default=20, description="Meetings to show at most, 1 to 100; the nearest come first."
    )


def ids_of(query: NetworkQuery, ids: dict[str, Names]) -> Values:
    """The ids that a query names, by parameter."""
    values = ((name, getattr(query, name)) for name in ids)
    return {
        name: list(dict.fromkeys(value)) if isinstance(value, tuple) else [value]
        for name, value in values
    }


def network_filters(query: NetworkQuery, data: NetworkData) -> list[Filter]:
    """The conditions of a query on the network, named after its parameters."""
    on_basis = [] if "textbook" in query.basis else [EVIDENCE_ONLY]
    return [*_on_edges(query, data), *_on_rows(query, data), *on_basis]


def _on_edges(query: NetworkQuery, data: NetworkData) -> Iterator[Filter]:
    if query.cell:
        cells = _meant(query, query.cell, data.cells)
        if query.rollup == "descendants":
            cells |= {ANY_CELL}
        yield Filter("cell", edge=lambda edge: edge.cell in cells)
    if query.mechanism:
        mechanisms = set(query.mechanism)
        yield Filter("mechanism", edge=lambda edge: not mechanisms.isdisjoint(edge.mechanisms))
    if query.entity:
        entities = set(query.entity)
        yield Filter(
            "entity", edge=lambda edge: not entities.isdisjoint((edge.source, edge.target))
        )


def _on_rows(query: NetworkQuery, data: NetworkData) -> Iterator[Filter]:
    if query.subtype:
        subtypes = _meant(query, query.subtype, data.subtypes)
        yield Filter("subtype", lambda row: not subtypes.isdisjoint(row.subtypes))
    if query.origin:
        yield Filter("origin", lambda row: row.origin in query.origin)
    if query.native is not None:
        yield Filter("native", lambda row: (row.origin == "native") == query.native)
    if query.context:
        contexts = set(query.context)
        yield Filter("context", lambda row: not contexts.isdisjoint(row.contexts))
    if query.level is not None:
        ranked = words("levels")
        levels = ranked[: ranked.index(query.level) + 1]
        yield Filter("level", lambda row: row.level in levels)
    if query.in_review is not None:
        yield Filter("in_review", lambda row: row.in_review == query.in_review)
    if query.known_by is not None:
        year = query.known_by
        yield Filter("known_by", lambda row: row.year is not None and row.year <= year)


def _meant(query: NetworkQuery, named: Collection[str], parents: Parents) -> set[str]:
    """The rows named and, unless `rollup=exact`, everything below them in their tree."""
    found = set(named)
    below = set(named) if query.rollup == "descendants" else set()
    while below:
        below = {child for child, parent in parents.items() if parent in below} - found
        found |= below
    return found
