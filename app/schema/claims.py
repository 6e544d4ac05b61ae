"""Filters that choose claims, shared by lists, the matrix, the network and paths."""

from typing import Annotated

from pydantic import Field

from app.schema.markers import AtLeast, From, Is, Reaches, UpTo
from app.schema.pages import Flag, Several, SignInQuery, Tree
from app.schema.values import (
    CellId,
    Confidence,
    ConflictId,
    Context,
    EdgeId,
    EntityId,
    FactKind,
    Interaction,
    Level,
    MechanismId,
    NotBefore,
    Origin,
    OutcomeId,
    PartnerId,
    ReferenceId,
    Relation,
    Setting,
    State,
    SubtypeId,
    TrialId,
    Year,
)


class ClaimFilters(Tree):
    """The filters on claims."""

    kind: Annotated[Several[FactKind], Reaches(("kind",))] = ()
    relation: Annotated[Several[Relation], Reaches(("relation",))] = ()
    sign: Annotated[Several[SignInQuery], Reaches(("sign",))] = Field(
        default=(),
        description="`+`: more of the subject means more of the object; `-`: less of it. No claim "
        "has `?`. For resistance, the object is the effect of the drug.",
    )
    state: Annotated[
        Several[State], Reaches(("evidence_subject_link.state", "evidence_object_link.state"))
    ] = Field(default=(), description="State of the subject or the object in the claim.")
    mechanism: Annotated[Several[MechanismId], Reaches(("mechanism_id",))] = ()
    subtype: Annotated[
        Several[SubtypeId], Reaches(("evidence_subtype.subtype_id",), tree="subtype")
    ] = Field(default=(), description="Claims about these lymphoma subtypes or those below them.")
    partner: Annotated[Several[PartnerId], Reaches(("evidence_partner.partner_id",))] = ()
    interaction: Annotated[Several[Interaction], Reaches(("evidence_partner.interaction",))] = ()
    entity: Annotated[
        Several[EntityId],
        Reaches(("evidence_subject_link.entity_id", "evidence_object_link.entity_id")),
    ] = Field(default=(), description="Entity named in the subject or the object.")
    edge: Annotated[Several[EdgeId], Reaches(("edge_evidence.edge_id",))] = ()
    trial: Annotated[Several[TrialId], Reaches(("evidence_trial.trial_id",))] = ()
    outcome: Annotated[Several[OutcomeId], Reaches(("outcome.id",))] = ()
    conflict: Annotated[Several[ConflictId], Reaches(("conflict_side_evidence.conflict_id",))] = ()
    reference: Annotated[Several[ReferenceId], Reaches(("reference_id",))] = ()
    cell: Annotated[Several[CellId], Reaches(("cell_id",), tree="entity")] = ()
    setting: Annotated[Several[Setting], Reaches(("setting",))] = ()
    level: Annotated[Level | None, AtLeast("level", "levels")] = Field(
        default=None, description="This level or a stronger kind of study: `B` returns A and B."
    )
    level_is: Annotated[Several[Level], Reaches(("level",))] = Field(
        default=(), description="These levels only."
    )
    context: Annotated[Several[Context], Reaches(("evidence_context.context",))] = Field(
        default=(), description="Diseases or settings in which the claims were measured."
    )
    origin: Annotated[Several[Origin], Reaches(("origin",))] = Field(
        default=(), description="Where the claims were measured."
    )
    native: Annotated[Flag | None, Is("origin", "native")] = Field(
        default=None, description="Whether it was measured in B-cell lymphoma (CLL/SLL included)."
    )
    confidence: Annotated[Several[Confidence], Reaches(("confidence",))] = ()
    in_review: Annotated[Flag | None, Reaches(("in_review",))] = Field(
        default=None, description="Whether the review itself makes the claim."
    )
    published_from: Annotated[Year | None, From(("year",))] = Field(
        default=None,
        description="Published in this year or later; claims of undated references are left out.",
    )
    published_to: Annotated[Year | None, UpTo(("year",)), NotBefore("published_from")] = Field(
        default=None,
        description="Published in this year or earlier; claims of undated references are left out.",
    )
    known_by: Annotated[Year | None, UpTo(("year",)), NotBefore("published_from")] = Field(
        default=None, description="An older name for `published_to`."
    )
