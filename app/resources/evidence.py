"""Evidence: one claim from one place in one reference."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import CheckConstraint, Column, Computed, ForeignKey, Index, Integer, String, Table
from sqlmodel import Field as ColumnField
from sqlmodel import SQLModel

from app.schema.claims import ClaimFilters
from app.schema.columns import FOLLOWS, LINK, Citing, Key, Stamp, checks, link, owner_key, texts
from app.schema.markers import InColumn, Inline, Many, One, Reaches, TypeIn
from app.schema.pages import Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import (
    Cited,
    EntityRef,
    MechanismRef,
    PartnerRef,
    Row,
    Shape,
    SubtypeRef,
    TrialRef,
    Written,
)
from app.schema.values import (
    CellId,
    Confidence,
    ConflictId,
    Context,
    EdgeId,
    EntityId,
    EvidenceId,
    FactKind,
    Id,
    Interaction,
    Level,
    Line,
    LinkType,
    MechanismId,
    Origin,
    PartnerId,
    ReferenceId,
    Relation,
    Setting,
    Sign,
    State,
    SubtypeId,
    Text,
    TrialId,
    Year,
)
from app.schema.words import word_key

TARGETS = ("entity", "subtype", "partner", "reference")


class EvidenceFields(Key):
    """The fields of a claim's own row."""

    statement: Text = Field(description="The claim in our own words.")
    kind: FactKind
    relation: Relation
    setting: Setting
    level: Level = Field(description="Kind of study, A to E; not a rating of quality.")
    origin: Origin = Field(description="Where it was measured.")
    disease_context: Text | None = Field(description="The disease as first noted by the curator.")
    locator: Text = Field(description="Where in the reference the claim is made.")
    confidence: Confidence = Field(description="How well the source was read.")
    in_review: bool = Field(description="Whether the review itself makes this claim.")
    note: Text | None


class EvidenceKept(EvidenceFields):
    """The stored fields of a claim, with the sign derived from its relation and its links."""

    sign: Sign | None = Field(
        description="Sign of the relation, reversed for each end that is `decreased`: `+` if more "
        "of the subject means more of the object (for `confers_resistance_to`, of the effect of "
        "the drug). Null if the relation has no sign, or an end is `altered` or names no entity."
    )


class Evidence(EvidenceKept, Citing, Stamp, table=True):
    """The table of claims."""

    __table_args__ = checks(
        EvidenceKept,
        *(
            Index(f"ix_evidence_{column}", column, "id")
            for column in (
                "kind",
                "relation",
                "sign",
                "setting",
                "level",
                "origin",
                "confidence",
                "in_review",
                "mechanism_id",
                "cell_id",
                "reference_id",
                "year",
                "updated_at",
            )
        ),
        # A covering index: the claims of a mechanism are counted without reading the table.
        Index("ix_evidence_mechanism_counts", "mechanism_id", "level", "origin", "id"),
        Index("ix_evidence_mechanism_year", "mechanism_id", "year"),
    )
    subject: str
    object: str
    mechanism_id: str | None = ColumnField(default=None, foreign_key="mechanism.id")
    cell_id: str | None = ColumnField(default=None, foreign_key="entity.id")
    reference_id: str = ColumnField(foreign_key="reference.id")
    year: Year | None = ColumnField(
        default=None, sa_column_kwargs=FOLLOWS, description="The year of its reference."
    )


def _claim_links(name: str) -> Table:
    """Links from the subject or object of a claim to the rows named in its text."""
    keys = [f"{target}_id" for target in TARGETS]
    types = " ".join(f"WHEN {target}_id IS NOT NULL THEN '{target}'" for target in TARGETS)
    filled = " + ".join(f"CASE WHEN {key} IS NULL THEN 0 ELSE 1 END" for key in keys)
    return Table(
        name,
        SQLModel.metadata,
        owner_key("evidence"),
        Column("position", Integer, primary_key=True, autoincrement=False),
        *(
            Column(f"{target}_id", String, ForeignKey(f"{target}.id"), nullable=True)
            for target in TARGETS
        ),
        Column("state", String),
        word_key("state", "states"),
        Column("type", String, Computed(f"CASE {types} END", persisted=True)),
        Column("id", String, Computed(f"coalesce({', '.join(keys)})", persisted=True)),
        CheckConstraint(f"{filled} = 1", name="ck_one_target"),
        *(Index(f"ix_{name}_{key}", key, "evidence_id") for key in keys),
        **LINK,
    )


evidence_subject_link = _claim_links("evidence_subject_link")
evidence_object_link = _claim_links("evidence_object_link")
evidence_subtype = link("evidence_subtype", "evidence", "subtype")
evidence_trial = link("evidence_trial", "evidence", "trial")
evidence_context = texts("evidence_context", "evidence", "context", word_key("context", "contexts"))
evidence_partner = link(
    "evidence_partner",
    "evidence",
    "partner",
    None,
    Column("interaction", String),
    Column("line", String),
    Column("note", String),
    Column("via_id", String, ForeignKey("entity.id"), index=True),
    word_key("interaction", "interactions"),
    word_key("line", "lines"),
    Index("ix_evidence_partner_interaction", "interaction", "evidence_id"),
)


class ClaimLink(Shape):
    """A row named in the text of a subject or object."""

    type: LinkType
    id: Id
    state: State | None = Field(
        description="Its state in the claim: a claim that loss of X acts on Y names X as "
        "`decreased`. Null means X itself, in no particular state."
    )


class ClaimSubject(Shape):
    """What a claim is about."""

    text: Annotated[str, InColumn("subject")]
    links: Annotated[list[ClaimLink], Many("evidence_subject_link")]


class ClaimObject(Shape):
    """What the subject acts on, according to the claim."""

    text: Annotated[str, InColumn("object")]
    links: Annotated[list[ClaimLink], Many("evidence_object_link")]


class PartnerClaim(Shape):
    """A partner in a claim, and what is claimed about the pair, if anything."""

    partner: Annotated[PartnerRef, One("partner_id")]
    interaction: Interaction | None
    line: Line | None
    via: Annotated[EntityRef | None, One("via_id")] = Field(
        description="The member of the class that was tested, if the partner is a class."
    )
    note: str | None


class EvidenceRead(Row, EvidenceKept, Citing, Stamp):
    """One claim from one place in one reference, in our own words."""

    subject: Annotated[ClaimSubject, Inline()]
    object: Annotated[ClaimObject, Inline()]
    mechanism: Annotated[MechanismRef | None, One("mechanism_id")]
    subtypes: Annotated[list[SubtypeRef], Many("evidence_subtype.subtype")]
    partners: Annotated[list[PartnerClaim], Many("evidence_partner")]
    trials: Annotated[list[TrialRef], Many("evidence_trial.trial")]
    cell: Annotated[EntityRef | None, One("cell_id")]
    contexts: Annotated[list[Context], Many("evidence_context.context")]
    reference: Annotated[Cited, One("reference_id")]
    edges: Annotated[list[EdgeId], Many("edge_evidence.edge_id", order="edge_id")] = Field(
        description="Edges of the network that this claim supports."
    )
    conflicts: Annotated[
        list[ConflictId], Many("conflict_side_evidence.conflict_id", order="conflict_id")
    ] = Field(description="Conflicts in which this claim supports one side.")


class ClaimLinkWrite(Written):
    """A row that the text of a subject or object names."""

    type: LinkType
    id: Annotated[Id, TypeIn("type")]
    state: State | None


class ClaimSubjectWrite(Written):
    """What a claim is about."""

    text: Annotated[Text, InColumn("subject")]
    links: Annotated[list[ClaimLinkWrite], Many("evidence_subject_link")]


class ClaimObjectWrite(Written):
    """What a claim says its subject acts on."""

    text: Annotated[Text, InColumn("object")]
    links: Annotated[list[ClaimLinkWrite], Many("evidence_object_link")]


class PartnerClaimWrite(Written):
    """A partner that a claim is about, and what is claimed about the pair."""

    partner: Annotated[PartnerId, InColumn("partner_id")]
    interaction: Interaction | None
    line: Line | None
    via: Annotated[EntityId | None, InColumn("via_id")]
    note: Text | None


class EvidenceWrite(EvidenceFields, Written):
    """One claim from one place in one reference, as a curator writes it."""

    subject: Annotated[ClaimSubjectWrite, Inline()]
    object: Annotated[ClaimObjectWrite, Inline()]
    mechanism: Annotated[MechanismId | None, InColumn("mechanism_id")]
    subtypes: Annotated[list[SubtypeId], Many("evidence_subtype.subtype_id")]
    partners: Annotated[list[PartnerClaimWrite], Many("evidence_partner")]
    trials: Annotated[list[TrialId], Many("evidence_trial.trial_id")]
    cell: Annotated[CellId | None, InColumn("cell_id")]
    contexts: Annotated[list[Context], Many("evidence_context.context")]
    reference: Annotated[ReferenceId, InColumn("reference_id")]


class EvidenceFilters(TreePage, ClaimFilters):
    """Which claims to list."""

    id: Annotated[Several[EvidenceId], Reaches(("id",))] = ()
    sort: Literal[
        "id",
        "-id",
        "level",
        "-level",
        "kind",
        "-kind",
        "reference",
        "-reference",
        "year",
        "-year",
    ] = "id"


EVIDENCE = Resource(
    name="evidence",
    plural="evidence",
    about="Single claims, each tied to its place in a reference.",
    table=Evidence,
    read=EvidenceRead,
    write=EvidenceWrite,
    filters=EvidenceFilters,
    id=EvidenceId,
    example=Example(
        id="lu-degrades-ikzf1", query={"mechanism": "adcc-enhancement", "native": "true"}
    ),
    label=("statement",),
    searched={"statement": 4, "subject": 2, "object": 2, "note": 1, "disease_context": 1},
)
