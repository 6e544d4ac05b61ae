"""Entities: the things that claims and the network are about."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field as ColumnField

from app.schema.columns import Key, Stamp, checks, link, sorting, texts
from app.schema.forms import MAPPED_FORMS, one_of
from app.schema.identifiers import Identifier
from app.schema.markers import Filled, InColumn, Many, One, Reaches, Tally
from app.schema.pages import Flag, Page, Several
from app.schema.resource import Example, Resource
from app.schema.shapes import EntityRef, Row, RowCounts, Written
from app.schema.values import Curie, EntityId, EntityKind, State, Text


class EntityFields(Key):
    """The fields of an entity's own row."""

    kind: EntityKind
    name: Text
    symbol: Text | None = Field(description="Gene or protein symbol.")
    label: Text = Field(description="Short name, used in pictures and sentences.")
    drug_class: Text | None
    in_network: bool = Field(description="Whether any edge starts or ends here.")
    crosses_cells: bool = Field(description="Whether it can carry an effect between cells.")
    figure1_term: Text | None = Field(description="Its abbreviation in Figure 1 of the review.")
    state: State | None = Field(
        description="Which state of another entity this is, if it is one; `altered` has no sign."
    )
    note: Text | None


class Entity(EntityFields, Stamp, table=True):
    """The table of entities."""

    __table_args__ = checks(
        EntityFields,
        UniqueConstraint("figure1_term", name="uq_entity_figure1_term"),
        *(
            Index(f"ix_entity_{column}", column, "id")
            for column in ("kind", "name_key", "in_network", "parent_id", "state_of_id")
        ),
    )

    state_of_id: str | None = ColumnField(default=None, foreign_key="entity.id")
    parent_id: str | None = ColumnField(default=None, foreign_key="entity.id")
    name_key: Text = sorting("name")


entity_synonym = texts("entity_synonym", "entity", "text")
entity_alias = texts("entity_alias", "entity", "text")
entity_xref = texts("entity_xref", "entity", "curie")
entity_identifier = texts("entity_identifier", "entity", "spelling")
entity_member = link("entity_member", "entity", "entity", "member_id")
entity_component = link("entity_component", "entity", "entity", "component_id")


class EntityRead(Row, EntityFields, Stamp):
    """A drug, protein, cell, process or state, with its identifiers elsewhere."""

    state_of: Annotated[EntityRef | None, One("state_of_id")] = Field(
        description="The entity of which this is a state; it carries the identifiers."
    )
    parent: Annotated[EntityRef | None, One("parent_id")]
    members: Annotated[list[EntityRef], Many("entity_member.entity")]
    components: Annotated[list[EntityRef], Many("entity_component.entity")]
    synonyms: Annotated[list[str], Many("entity_synonym.text")]
    aliases: Annotated[list[str], Many("entity_alias.text")]
    xrefs: Annotated[list[str], Many("entity_xref.curie")]
    evidence_counts: Annotated[RowCounts, Tally()]


class EntityWrite(EntityFields, Written):
    """A drug, protein, cell, process or state, as a curator writes it."""

    state_of: Annotated[EntityId | None, InColumn("state_of_id")]
    parent: Annotated[EntityId | None, InColumn("parent_id")]
    members: Annotated[list[EntityId], Many("entity_member.member_id")]
    components: Annotated[list[EntityId], Many("entity_component.component_id")]
    synonyms: Annotated[list[Text], Many("entity_synonym.text")]
    aliases: Annotated[list[Text], Many("entity_alias.text")]
    xrefs: Annotated[list[Curie], Many("entity_xref.curie")]


class EntityFilters(Page):
    """Which entities to list."""

    format: Annotated[str, one_of(MAPPED_FORMS)] | None = Field(
        default=None,
        description="As for every list; `sssom` gives the identifiers of all rows as a table of "
        "mappings. Overrides the Accept header.",
    )

    id: Annotated[Several[EntityId], Reaches(("id",))] = ()
    kind: Annotated[Several[EntityKind], Reaches(("kind",))] = ()
    in_network: Annotated[Flag | None, Reaches(("in_network",))] = None
    figure1: Annotated[Flag | None, Filled("figure1_term")] = Field(
        default=None, description="Whether it is named in the caption of Figure 1 of the review."
    )
    xref: Annotated[Several[Identifier], Reaches(("entity_identifier.spelling",))] = Field(
        default=(),
        max_length=3,
        description="Any identifier, symbol or name, such as `HGNC:30677` or `CRBN`.",
    )
    sort: Literal["id", "-id", "name", "-name", "kind", "-kind"] = "id"


ENTITIES = Resource(
    name="entity",
    plural="entities",
    about="The drugs, proteins, cells, processes and states in the claims and the network.",
    table=Entity,
    read=EntityRead,
    write=EntityWrite,
    filters=EntityFilters,
    id=EntityId,
    example=Example(id="crbn", query={"kind": "transcription_factor"}),
    found_by=("name", "symbol", "label", "synonyms", "aliases", "xrefs"),
    forms=MAPPED_FORMS,
    searched={"drug_class": 2, "note": 1},
)
