"""Mechanisms: the named ways in which lenalidomide acts."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import ForeignKeyConstraint, Index

from app.schema.columns import Key, Stamp, checks, link, sorting, texts
from app.schema.markers import From, Many, Reaches, Tally, UpTo
from app.schema.pages import Flag, Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import EdgeRef, EntityRef, Row, RowCounts, Written
from app.schema.values import (
    CellId,
    EdgeId,
    EntityId,
    Figure1Term,
    InReviewBasis,
    MechanismId,
    Mode,
    NotBefore,
    PartnerId,
    SubtypeId,
    Text,
    Year,
)


class MechanismFields(Key):
    """The fields of a mechanism's own row."""

    name: Text
    mode: Mode
    summary: Text = Field(description="Two or three sentences in our own words.")
    in_review: bool = Field(description="Whether the review itself describes it.")
    in_review_basis: InReviewBasis | None
    note: Text | None


class Mechanism(MechanismFields, Stamp, table=True):
    """The table of mechanisms."""

    __table_args__ = checks(
        MechanismFields,
        Index("ix_mechanism_name_key", "name_key", "id"),
        Index("ix_mechanism_mode", "mode", "id"),
    )

    name_key: Text = sorting("name")


mechanism_cell = link("mechanism_cell", "mechanism", "entity")
mechanism_step = link("mechanism_step", "mechanism", "edge")
mechanism_figure1_term = texts(
    "mechanism_figure1_term",
    "mechanism",
    "term",
    ForeignKeyConstraint(["term"], ["entity.figure1_term"]),
)


class MechanismRead(Row, MechanismFields, Stamp):
    """A named way in which lenalidomide acts, with its cells, steps and counts of evidence."""

    effector_cells: Annotated[list[EntityRef], Many("mechanism_cell.entity")]
    figure1_terms: Annotated[list[str], Many("mechanism_figure1_term.term")]
    steps: Annotated[list[EdgeRef], Many("mechanism_step.edge")]
    evidence_counts: Annotated[RowCounts, Tally()]


class MechanismWrite(MechanismFields, Written):
    """A named way in which lenalidomide acts, as a curator writes it."""

    effector_cells: Annotated[list[CellId], Many("mechanism_cell.entity_id")]
    figure1_terms: Annotated[list[Figure1Term], Many("mechanism_figure1_term.term")]
    steps: Annotated[list[EdgeId], Many("mechanism_step.edge_id")]


class MechanismFilters(TreePage):
    """Which mechanisms to list."""

    id: Annotated[Several[MechanismId], Reaches(("id",))] = ()
    mode: Annotated[Several[Mode], Reaches(("mode",))] = ()
    cell: Annotated[Several[CellId], Reaches(("mechanism_cell.entity_id",), tree="entity")] = ()
    entity: Annotated[
        Several[EntityId],
        Reaches(("mechanism_step.edge.source_id", "mechanism_step.edge.target_id")),
    ] = Field(default=(), description="Source or target of one of its steps.")
    subtype: Annotated[
        Several[SubtypeId], Reaches(("evidence.evidence_subtype.subtype_id",), tree="subtype")
    ] = ()
    partner: Annotated[Several[PartnerId], Reaches(("evidence.evidence_partner.partner_id",))] = ()
    in_review: Annotated[Flag | None, Reaches(("in_review",))] = None
    published_from: Annotated[Year | None, From(("evidence.year",))] = Field(
        default=None,
        description="With a claim from this year or later; with `published_to`, with a claim in "
        "that range. Undated claims do not count.",
    )
    published_to: Annotated[Year | None, UpTo(("evidence.year",)), NotBefore("published_from")] = (
        Field(
            default=None,
            description="With a claim from this year or earlier; undated claims do not count.",
        )
    )
    sort: Literal["id", "-id", "name", "-name", "mode", "-mode"] = "id"


MECHANISMS = Resource(
    name="mechanism",
    plural="mechanisms",
    about="The named ways in which lenalidomide acts, with cells, ordered steps and evidence.",
    table=Mechanism,
    read=MechanismRead,
    write=MechanismWrite,
    filters=MechanismFilters,
    id=MechanismId,
    example=Example(id="adcc-enhancement", query={"cell": "nk-cell", "partner": "rituximab"}),
    searched={"summary": 2, "note": 1},
)
