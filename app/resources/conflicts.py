"""Conflicts: questions that sources answer differently."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table
from sqlmodel import SQLModel

from app.schema.columns import LINK, Key, Stamp, checks, link, owner_key
from app.schema.markers import Includes, Many, Reaches
from app.schema.pages import Flag, Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import EdgeRef, EvidenceRef, Row, Shape, SubtypeRef, Written
from app.schema.values import (
    ConflictId,
    ConflictState,
    EdgeId,
    EvidenceId,
    MechanismId,
    SubtypeId,
    Text,
)


class ConflictFields(Key):
    """The fields of a conflict's own row."""

    question: Text
    explanation: Text | None = Field(description="Why the sources differ, if known.")
    state: ConflictState


class ConflictKept(ConflictFields):
    """The stored fields of a conflict, written by a curator or computed."""

    computed: bool = Field(
        description="True if found automatically: claims of opposite sign about the same two "
        "entities, not yet reviewed by a curator."
    )


class Conflict(ConflictKept, Stamp, table=True):
    """The table of conflicts."""

    __table_args__ = checks(ConflictKept, Index("ix_conflict_state", "state", "id"))


conflict_subtype = link("conflict_subtype", "conflict", "subtype")
conflict_edge = link("conflict_edge", "conflict", "edge")
conflict_side = Table(
    "conflict_side",
    SQLModel.metadata,
    owner_key("conflict"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("answer", String, nullable=False),
    **LINK,
)
conflict_side_evidence = Table(
    "conflict_side_evidence",
    SQLModel.metadata,
    Column("conflict_id", String, primary_key=True),
    Column("side", Integer, primary_key=True, autoincrement=False),
    Column("evidence_id", String, ForeignKey("evidence.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    ForeignKeyConstraint(
        ["conflict_id", "side"],
        ["conflict_side.conflict_id", "conflict_side.position"],
        ondelete="CASCADE",
    ),
    Index("ix_conflict_side_evidence_evidence_id", "evidence_id", "conflict_id"),
    **LINK,
)


class ConflictSide(Shape):
    """One answer to the question, with the claims that support it."""

    answer: str
    evidence: Annotated[list[EvidenceRef], Many("conflict_side_evidence.evidence")] = Field(
        description="The claims that support this answer."
    )


class ConflictRead(Row, ConflictKept, Stamp):
    """A question that sources answer differently, with the sides and their evidence."""

    sides: Annotated[list[ConflictSide], Many("conflict_side")]
    subtypes: Annotated[list[SubtypeRef], Many("conflict_subtype.subtype")]
    edges: Annotated[list[EdgeRef], Many("conflict_edge.edge")]


class ConflictSideWrite(Written):
    """One answer to the question, with the claims that give it."""

    answer: Text
    evidence: Annotated[list[EvidenceId], Many("conflict_side_evidence.evidence_id")]


class ConflictWrite(ConflictFields, Written):
    """A question that sources answer differently, as a curator writes it."""

    sides: Annotated[list[ConflictSideWrite], Many("conflict_side")]
    subtypes: Annotated[list[SubtypeId], Many("conflict_subtype.subtype_id")]
    edges: Annotated[list[EdgeId], Many("conflict_edge.edge_id")]


class ConflictFilters(TreePage):
    """Which conflicts to list."""

    id: Annotated[Several[ConflictId], Reaches(("id",))] = ()
    subtype: Annotated[
        Several[SubtypeId], Reaches(("conflict_subtype.subtype_id",), tree="subtype")
    ] = ()
    mechanism: Annotated[
        Several[MechanismId],
        Reaches(("conflict_side.conflict_side_evidence.evidence.mechanism_id",)),
    ] = Field(default=(), description="With a claim about this mechanism on either side.")
    state: Annotated[Several[ConflictState], Reaches(("state",))] = ()
    computed: Annotated[Flag, Includes("computed")] = Field(
        default=False, description="Also list conflicts found automatically and not yet reviewed."
    )
    sort: Literal["id", "-id", "state", "-state"] = "id"


CONFLICTS = Resource(
    name="conflict",
    plural="conflicts",
    about="Questions that sources answer differently, with the evidence on each side.",
    table=Conflict,
    read=ConflictRead,
    write=ConflictWrite,
    filters=ConflictFilters,
    id=ConflictId,
    example=Example(id="cd20-on-cll-cells", query={"subtype": "cll-sll"}),
    label=("question",),
    searched={"question": 4, "explanation": 2, "conflict_side.answer": 2},
)
