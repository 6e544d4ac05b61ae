"""Partners: what lenalidomide is combined with."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import Index
from sqlmodel import Field as ColumnField

from app.schema.columns import Key, Stamp, checks, link, sorting, texts
from app.schema.forms import MAPPED_FORMS, one_of
from app.schema.identifiers import Identifier
from app.schema.markers import InColumn, Many, One, Reaches, Tally
from app.schema.pages import Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import EntityRef, Row, RowCounts, Written
from app.schema.values import Curie, EntityId, Interaction, PartnerId, PartnerKind, SubtypeId, Text


class PartnerFields(Key):
    """The fields of a combination partner's own row."""

    name: Text
    kind: PartnerKind
    drug_class: Text
    summary: Text = Field(description="What the evidence says about the pair, in our own words.")
    in_review: bool = Field(description="Whether the review itself names it.")
    note: Text | None


class Partner(PartnerFields, Stamp, table=True):
    """The table of combination partners."""

    __table_args__ = checks(
        PartnerFields,
        Index("ix_partner_name_key", "name_key", "id"),
        Index("ix_partner_kind", "kind", "id"),
        Index("ix_partner_entity_id", "entity_id"),
    )

    entity_id: str | None = ColumnField(default=None, foreign_key="entity.id")
    name_key: Text = sorting("name")


partner_component = link("partner_component", "partner", "entity")
partner_member = link("partner_member", "partner", "entity")
partner_synonym = texts("partner_synonym", "partner", "text")
partner_xref = texts("partner_xref", "partner", "curie")
partner_identifier = texts("partner_identifier", "partner", "spelling")


class PartnerRead(Row, PartnerFields, Stamp):
    """A drug, antibody, regimen or class that is combined with lenalidomide."""

    entity: Annotated[EntityRef | None, One("entity_id")]
    components: Annotated[list[EntityRef], Many("partner_component.entity")] = Field(
        description="The drugs of the regimen, if the partner is one."
    )
    members: Annotated[list[EntityRef], Many("partner_member.entity")] = Field(
        description="The drugs of the class; examples if the source names only the class."
    )
    synonyms: Annotated[list[str], Many("partner_synonym.text")]
    xrefs: Annotated[list[str], Many("partner_xref.curie")]
    evidence_counts: Annotated[RowCounts, Tally()]


class PartnerWrite(PartnerFields, Written):
    """A drug, antibody, regimen or class, as a curator writes it."""

    entity: Annotated[EntityId | None, InColumn("entity_id")]
    components: Annotated[list[EntityId], Many("partner_component.entity_id")]
    members: Annotated[list[EntityId], Many("partner_member.entity_id")]
    synonyms: Annotated[list[Text], Many("partner_synonym.text")]
    xrefs: Annotated[list[Curie], Many("partner_xref.curie")]


class PartnerFilters(TreePage):
    """Which partners to list."""

    format: Annotated[str, one_of(MAPPED_FORMS)] | None = Field(
        default=None,
        description="As for every list; `sssom` gives the identifiers of all rows as a table of "
        "mappings. Overrides the Accept header.",
    )

    id: Annotated[Several[PartnerId], Reaches(("id",))] = ()
    kind: Annotated[Several[PartnerKind], Reaches(("kind",))] = ()
    subtype: Annotated[
        Several[SubtypeId],
        Reaches(("evidence_partner.evidence.evidence_subtype.subtype_id",), tree="subtype"),
    ] = ()
    interaction: Annotated[Several[Interaction], Reaches(("evidence_partner.interaction",))] = ()
    xref: Annotated[Several[Identifier], Reaches(("partner_identifier.spelling",))] = Field(
        default=(), max_length=3, description="Any identifier or name, such as `DB00073`."
    )
    sort: Literal["id", "-id", "name", "-name", "kind", "-kind"] = "id"


PARTNERS = Resource(
    name="partner",
    plural="partners",
    about="What lenalidomide is combined with: drugs, antibodies, regimens and classes.",
    table=Partner,
    read=PartnerRead,
    write=PartnerWrite,
    filters=PartnerFilters,
    id=PartnerId,
    example=Example(
        id="rituximab", query={"subtype": "follicular-lymphoma", "interaction": "improved_survival"}
    ),
    found_by=("name", "synonyms", "xrefs"),
    forms=MAPPED_FORMS,
    searched={"drug_class": 4, "summary": 2, "note": 1},
)
