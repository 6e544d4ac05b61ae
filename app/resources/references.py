"""References: the documents that the evidence comes from."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table
from sqlmodel import Field as ColumnField
from sqlmodel import SQLModel

from app.schema.columns import LINK, Key, Stamp, checks, owner_key, sorting, texts
from app.schema.identifiers import Identifier
from app.schema.markers import AnyFilled, From, Many, Reaches, Tally, UpTo
from app.schema.pages import Page, Several
from app.schema.resource import Example, Resource
from app.schema.shapes import Row, RowCounts, Shape, Written
from app.schema.values import (
    Address,
    Count,
    Doi,
    Nct,
    NotBefore,
    Pmcid,
    Pmid,
    ReferenceId,
    ReferenceRole,
    ReferenceType,
    SourceKind,
    Text,
    Verified,
    Year,
)


class ReferenceFields(Key):
    """The bibliographic record of a document, in the terms of CSL."""

    type: ReferenceType
    title: Text
    title_certain: bool = Field(description="False if part of the title had to be inferred.")
    authors_complete: bool = Field(description="False if there are more authors than are listed.")
    container_title: Text | None
    year: Year | None
    volume: Text | None
    issue: Text | None
    page: Text | None
    doi: Doi | None
    pmid: Pmid | None
    pmcid: Pmcid | None
    nct: Nct | None
    url: Address | None
    citation: Text = Field(description="Short citation, unique to this document.")
    source_kind: SourceKind | None = Field(
        description="What the source is; null only where an earlier release did not say."
    )
    verified: Verified | None = Field(
        description="Which text of it was seen; null only where an earlier release did not say."
    )
    role: ReferenceRole | None = Field(
        description="Its role in the review; null if it does not come from the review."
    )
    listed_as: Count | None = ColumnField(
        sa_type=BigInteger, description="Its number in the bibliography of the review."
    )


class ReferenceKept(ReferenceFields):
    """The stored fields of a document, with the citation derived from them."""

    cite: Text = ColumnField(
        sa_column_kwargs={"server_default": ""},
        description="The reference in one line, in Vancouver style.",
    )


class Reference(ReferenceKept, Stamp, table=True):
    """The table of references."""

    __table_args__ = checks(
        ReferenceKept,
        Index("ix_reference_year", "year", "id"),
        Index("ix_reference_title_key", "title_key", "id"),
        Index("ix_reference_role", "role", "id"),
        *(Index(f"uq_reference_{key}", key, unique=True) for key in ("doi", "pmid", "pmcid")),
        Index("ix_reference_nct", "nct"),
    )

    title_key: Text = sorting("title")


reference_author = Table(
    "reference_author",
    SQLModel.metadata,
    owner_key("reference"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("family", String),
    Column("given", String),
    Column("literal", String),
    CheckConstraint("(family IS NULL) <> (literal IS NULL)", name="ck_family_or_literal"),
    CheckConstraint("(family IS NULL) = (given IS NULL)", name="ck_family_with_given"),
    **LINK,
)
reference_identifier = texts("reference_identifier", "reference", "spelling")


class Author(Shape):
    """A person, with family and given name, or an organisation, with a literal name."""

    family: str | None
    given: str | None
    literal: str | None


class ReferenceRead(Row, ReferenceKept, Stamp):
    """A document with its identifiers; unknown ones are null, never guessed."""

    authors: Annotated[list[Author], Many("reference_author")]
    evidence_counts: Annotated[RowCounts, Tally()]


class AuthorWrite(Written):
    """A person by family and given name, or a body by its literal name."""

    family: Text | None = None
    given: Text | None = None
    literal: Text | None = None


class ReferenceWrite(ReferenceFields, Written):
    """A document, as a curator writes it; the names of its fields are those of CSL."""

    container_title: Text | None = Field(alias="container-title")
    authors: Annotated[list[AuthorWrite], Many("reference_author")]


class ReferenceFilters(Page):
    """Which references to list."""

    id: Annotated[Several[ReferenceId], Reaches(("id",))] = ()
    role: Annotated[Several[ReferenceRole], Reaches(("role",))] = ()
    source_kind: Annotated[Several[SourceKind], Reaches(("source_kind",))] = ()
    verified: Annotated[Several[Verified], Reaches(("verified",))] = ()
    year_min: Annotated[Year | None, From(("year",))] = Field(
        default=None, description="Published in this year or later."
    )
    year_max: Annotated[Year | None, UpTo(("year",)), NotBefore("year_min")] = Field(
        default=None, description="Published in this year or earlier."
    )
    has: Annotated[
        Several[Literal["doi", "pmid", "pmcid", "nct", "any", "none"]],
        AnyFilled(("doi", "pmid", "pmcid", "nct")),
    ] = Field(
        default=(),
        description="References that have at least one of these identifiers, `any` of them, or "
        "`none`.",
    )
    xref: Annotated[Several[Identifier], Reaches(("reference_identifier.spelling",))] = Field(
        default=(),
        max_length=3,
        description="DOI, or PubMed, PMC or registry number, with or without a prefix.",
    )
    sort: Literal["id", "-id", "year", "-year", "title", "-title"] = "id"


REFERENCES = Resource(
    name="reference",
    plural="references",
    about="The documents that the evidence comes from: the review, its references, and others.",
    table=Reference,
    read=ReferenceRead,
    write=ReferenceWrite,
    filters=ReferenceFilters,
    id=ReferenceId,
    example=Example(id="gribben-2015", query={"role": "listed in the review"}),
    found_by=("nct", "doi", "pmid", "pmcid"),
    label=("citation",),
    searched={
        "title": 4,
        "citation": 2,
        "reference_author.family": 2,
        "reference_author.literal": 2,
        "container_title": 1,
    },
)
