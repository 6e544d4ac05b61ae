"""Edges: the signed steps of the network."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field as ColumnField

from app.schema.columns import Key, Stamp, checks, link, texts
from app.schema.markers import Best, Each, InColumn, Many, One, Reaches, Tally
from app.schema.pages import Several, SignInQuery, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import LEVEL, ORIGIN, EntityRef, Row, RowCounts, Written
from app.schema.values import (
    Basis,
    CellId,
    ConflictId,
    EdgeId,
    EdgeType,
    EntityId,
    EvidenceId,
    Figure1Term,
    Level,
    MechanismId,
    Relation,
    Sign,
    StepOrigin,
    Text,
)


class EdgeFields(Key):
    """The fields of an edge's own row."""

    relation: Relation
    sign: Sign = Field(
        description="`+` raises or engages, `-` lowers or blocks, `?` is contradictory."
    )
    type: EdgeType
    basis: Basis = Field(description="`textbook` is general knowledge, without a row of evidence.")
    alias: Text | None = Field(description="An earlier id.")
    note: Text | None


class Edge(EdgeFields, Stamp, table=True):
    """The table of edges."""

    __table_args__ = checks(
        EdgeFields,
        *(
            Index(f"ix_edge_{column}", column, "id")
            for column in (
                "source_id",
                "target_id",
                "cell_id",
                "contact_with_id",
                "sign",
                "type",
                "basis",
            )
        ),
    )

    source_id: str = ColumnField(foreign_key="entity.id")
    target_id: str = ColumnField(foreign_key="entity.id")
    cell_id: str = ColumnField(foreign_key="entity.id")
    contact_with_id: str | None = ColumnField(default=None, foreign_key="entity.id")


edge_evidence = link("edge_evidence", "edge", "evidence")
edge_figure1_term = texts(
    "edge_figure1_term", "edge", "term", ForeignKeyConstraint(["term"], ["entity.figure1_term"])
)


class EdgeRead(Row, EdgeFields, Stamp):
    """One signed step between two entities, in one cell, with the evidence behind it."""

    source: Annotated[EntityRef, One("source_id")]
    target: Annotated[EntityRef, One("target_id")]
    cell: Annotated[EntityRef, One("cell_id")]
    contact_with: Annotated[EntityRef | None, One("contact_with_id")] = Field(
        description="The cell on the other side, if the effect takes place at a cell contact."
    )
    origin: Annotated[
        StepOrigin, Best("edge_evidence.evidence.origin", "origins", without="none")
    ] = Field(description=ORIGIN)
    level: Annotated[Level | None, Best("edge_evidence.evidence.level", "levels")] = Field(
        description=LEVEL
    )
    evidence: Annotated[list[EvidenceId], Many("edge_evidence.evidence_id")]
    pmids: Annotated[list[str], Each("edge_evidence.evidence.reference.pmid")] = Field(
        description="PubMed numbers of the references of these claims."
    )
    conflicts: Annotated[
        list[ConflictId], Many("conflict_edge.conflict_id", order="conflict_id")
    ] = Field(description="Conflicts about this edge.")
    mechanisms: Annotated[
        list[MechanismId], Many("mechanism_step.mechanism_id", order="mechanism_id")
    ]
    figure1_terms: Annotated[list[str], Many("edge_figure1_term.term")]
    evidence_counts: Annotated[RowCounts, Tally()]


class EdgeWrite(EdgeFields, Written):
    """One signed step between two entities, as a curator writes it."""

    source: Annotated[EntityId, InColumn("source_id")]
    target: Annotated[EntityId, InColumn("target_id")]
    cell: Annotated[CellId, InColumn("cell_id")]
    contact_with: Annotated[CellId | None, InColumn("contact_with_id")]
    evidence: Annotated[list[EvidenceId], Many("edge_evidence.evidence_id")]
    figure1_terms: Annotated[list[Figure1Term], Many("edge_figure1_term.term")]


class EdgeFilters(TreePage):
    """Which edges to list."""

    id: Annotated[Several[EdgeId], Reaches(("id",))] = ()
    source: Annotated[Several[EntityId], Reaches(("source_id",))] = ()
    target: Annotated[Several[EntityId], Reaches(("target_id",))] = ()
    entity: Annotated[Several[EntityId], Reaches(("source_id", "target_id"))] = Field(
        default=(), description="Source or target of the edge."
    )
    cell: Annotated[Several[CellId], Reaches(("cell_id",), tree="entity")] = ()
    sign: Annotated[Several[SignInQuery], Reaches(("sign",))] = ()
    type: Annotated[Several[EdgeType], Reaches(("type",))] = ()
    basis: Annotated[Several[Basis], Reaches(("basis",))] = ()
    mechanism: Annotated[Several[MechanismId], Reaches(("mechanism_step.mechanism_id",))] = ()
    sort: Literal["id", "-id", "source", "-source", "target", "-target"] = "id"


EDGES = Resource(
    name="edge",
    plural="edges",
    about="The signed steps of the network, each in one cell, with its evidence.",
    table=Edge,
    read=EdgeRead,
    write=EdgeWrite,
    filters=EdgeFilters,
    id=EdgeId,
    example=Example(
        id="crl4-crbn-neosubstrate-ubiquitination-degrades-ikzf1-in-tumour-b-cell",
        query={"target": "tumour-cell-death", "cell": "tumour-b-cell"},
    ),
    found_by=("alias",),
    label=("source_id", "relation", "target_id", "cell_id"),
    searched={"note": 1},
)
