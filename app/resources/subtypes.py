"""Subtypes: the lymphomas, as one tree."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, String, Table
from sqlmodel import Field as ColumnField
from sqlmodel import SQLModel

from app.schema.columns import LINK, Key, Stamp, checks, owner_key, sorting, texts
from app.schema.forms import MAPPED_FORMS, one_of
from app.schema.identifiers import Identifier
from app.schema.markers import InColumn, Many, One, Reaches, Tally
from app.schema.pages import Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import Row, RowCounts, Shape, SubtypeRef, Written
from app.schema.values import Course, Curie, SubtypeId, Text


class SubtypeFields(Key):
    """The fields of a subtype's own row."""

    name: Text
    abbreviation: Text
    course: Course
    note: Text | None


class Subtype(SubtypeFields, Stamp, table=True):
    """The table of lymphoma subtypes."""

    __table_args__ = checks(
        SubtypeFields,
        Index("ix_subtype_name_key", "name_key", "id"),
        Index("ix_subtype_course", "course", "id"),
        Index("ix_subtype_parent_id", "parent_id", "id"),
    )

    parent_id: str | None = ColumnField(default=None, foreign_key="subtype.id")
    name_key: Text = sorting("name")


subtype_synonym = texts("subtype_synonym", "subtype", "text")
subtype_alias = texts("subtype_alias", "subtype", "text")
subtype_xref = texts("subtype_xref", "subtype", "curie")
subtype_related = Table(
    "subtype_related",
    SQLModel.metadata,
    owner_key("subtype"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("abbreviation", String),
    Column("relation", String, nullable=False),
    Column("note", String),
    **LINK,
)
subtype_related_xref = Table(
    "subtype_related_xref",
    SQLModel.metadata,
    Column("subtype_id", String, primary_key=True),
    Column("related", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("curie", String, nullable=False),
    ForeignKeyConstraint(
        ["subtype_id", "related"],
        ["subtype_related.subtype_id", "subtype_related.position"],
        ondelete="CASCADE",
    ),
    Index("ix_subtype_related_xref_curie", "curie"),
    **LINK,
)
subtype_identifier = texts("subtype_identifier", "subtype", "spelling")


class RelatedTerm(Shape):
    """A term related to a subtype, without a row of its own."""

    name: str
    abbreviation: str | None
    relation: str
    note: str | None
    xrefs: Annotated[list[str], Many("subtype_related_xref.curie")]


class SubtypeRead(Row, SubtypeFields, Stamp):
    """A lymphoma subtype or a grouping, with its place in the tree."""

    parent: Annotated[SubtypeRef | None, One("parent_id")]
    synonyms: Annotated[list[str], Many("subtype_synonym.text")]
    aliases: Annotated[list[str], Many("subtype_alias.text")]
    xrefs: Annotated[list[str], Many("subtype_xref.curie")] = Field(
        description="The same disease in other vocabularies, as CURIEs."
    )
    related: Annotated[list[RelatedTerm], Many("subtype_related")]
    evidence_counts: Annotated[RowCounts, Tally()] = Field(
        description="Evidence for this subtype and those below it in the tree."
    )


class RelatedTermWrite(Written):
    """A term related to a subtype, without a row of its own, as a curator writes it."""

    name: Text
    abbreviation: Text
    relation: Text
    xrefs: Annotated[list[Curie], Many("subtype_related_xref.curie")]
    note: Text | None


class SubtypeWrite(SubtypeFields, Written):
    """A lymphoma subtype or a grouping, as a curator writes it."""

    parent: Annotated[SubtypeId | None, InColumn("parent_id")]
    synonyms: Annotated[list[Text], Many("subtype_synonym.text")]
    aliases: Annotated[list[Text], Many("subtype_alias.text")]
    xrefs: Annotated[list[Curie], Many("subtype_xref.curie")]
    related: Annotated[list[RelatedTermWrite], Many("subtype_related")]


class SubtypeFilters(TreePage):
    """Which subtypes to list."""

    format: Annotated[str, one_of(MAPPED_FORMS)] | None = Field(
        default=None,
        description="As for every list; `sssom` gives the identifiers of all rows as a table of "
        "mappings. Overrides the Accept header.",
    )

    id: Annotated[Several[SubtypeId], Reaches(("id",))] = ()
    course: Annotated[Several[Course], Reaches(("course",))] = ()
    parent: Annotated[Several[SubtypeId], Reaches(("parent_id",), tree="subtype")] = Field(
        default=(), description="Subtypes below this one; with `rollup=exact`, only its children."
    )
    xref: Annotated[Several[Identifier], Reaches(("subtype_identifier.spelling",))] = Field(
        default=(),
        max_length=3,
        description="Any identifier, abbreviation or name, such as `MONDO:0018906` or `FL`.",
    )
    sort: Literal["id", "-id", "name", "-name", "course", "-course"] = "id"


SUBTYPES = Resource(
    name="subtype",
    plural="subtypes",
    about="The B-cell lymphomas and their groupings, as one tree, with identifiers.",
    table=Subtype,
    read=SubtypeRead,
    write=SubtypeWrite,
    filters=SubtypeFilters,
    id=SubtypeId,
    example=Example(id="follicular-lymphoma", query={"parent": "aggressive-b-cell-lymphoma"}),
    found_by=("name", "abbreviation", "synonyms", "aliases", "xrefs"),
    forms=MAPPED_FORMS,
    searched={"note": 1, "subtype_related.name": 1, "subtype_related.abbreviation": 1},
)
