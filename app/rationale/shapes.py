"""The shapes of a rationale: why a partner fits lenalidomide, what was observed and tested."""

from typing import Annotated

from pydantic import Field

from app.graph.shapes import About, CausalPath
from app.network import Agreement
from app.resources.conflicts import ConflictSide
from app.resources.outcomes import TrialOutcome
from app.resources.trials import TrialFields
from app.schema.markers import Many, One
from app.schema.shapes import Cited, EntityRef, EvidenceRef, PartnerRef, Row, Shape, SubtypeRef
from app.schema.values import (
    ConflictId,
    ConflictState,
    EdgeId,
    EvidenceId,
    Interaction,
    Line,
    Origin,
    Whole,
)


class Entry(EntityRef):
    """Where a partner enters the network."""

    steps: Whole = Field(
        description="Number of causal steps that start here; 0 if none is curated."
    )


class MeetingPlace(Shape):
    """A place in the network that both lenalidomide and the partner reach."""

    node: EntityRef
    steps: Whole = Field(
        description="Steps of both paths together; the nearest meetings come first."
    )
    agreement: Agreement = Field(
        description="Whether both paths have the same sign; `unclear` if either is contradictory."
    )
    sentence: str
    met_before: list[EntityRef] = Field(
        description="Nodes nearer the drugs that both paths have already passed."
    )
    drug_path: CausalPath
    partner_path: CausalPath


class PairEvidence(EvidenceRef):
    """One claim about the pair."""

    in_review: bool = Field(description="Whether the review itself makes this claim.")


class PairClaim(Shape):
    """A claim as read from the database, with what it says about the pair."""

    interaction: Interaction | None
    line: Line | None
    via: Annotated[EntityRef | None, One("via_id")]
    evidence: Annotated[PairEvidence, One("evidence_id")]


class ClaimInGroup(PairEvidence):
    """One claim about the pair, in the group of its interaction and origin."""

    line: Line | None
    via: EntityRef | None = Field(
        description="The member that was tested, if the partner is a class."
    )


class ClaimGroup(Shape):
    """The claims about the pair that have the same interaction and origin."""

    interaction: Interaction | None = Field(
        description="What the claims say about the pair; null if they give no verdict."
    )
    origin: Origin
    total: Whole
    items: list[ClaimInGroup]


class TestedTrial(TrialFields):
    """A trial with its outcomes."""

    regimen: Annotated[list[EntityRef], Many("trial_regimen.entity")]
    references: Annotated[list[Cited], Many("trial_reference.reference")]
    outcomes: Annotated[list[TrialOutcome], Many("outcome")]


class TrialAsRead(Row, TestedTrial):
    """A trial as read from the database."""

    subtypes: Annotated[list[SubtypeRef], Many("trial_subtype.subtype")]


class TrialGroup(Shape):
    """The trials of the pair in one subtype and line of treatment."""

    subtype: SubtypeRef
    line: Line
    trials: list[TestedTrial] = Field(description="Each with its outcomes for this subtype.")


class TouchedConflict(Shape):
    """A question about the pair that sources answer differently."""

    id: ConflictId
    question: str
    explanation: str | None
    state: ConflictState
    computed: bool = Field(
        description="True if found automatically and not yet reviewed by a curator."
    )
    sides: list[ConflictSide]
    evidence: list[EvidenceId] = Field(description="Claims about the pair on any of its sides.")
    edges: list[EdgeId] = Field(description="Steps of the paths above that it is about.")


class Rationale(Shape):
    """Why a partner fits lenalidomide: where they meet, what was observed, what is open."""

    graph: About
    drug: EntityRef
    partner: PartnerRef
    entries: list[Entry] = Field(
        description="The partner itself, the components of a regimen, or the members of a class."
    )
    curated: bool = Field(description="Whether any causal step starts at an entry.")
    sentence: str
    meetings: list[MeetingPlace]
    truncated: bool = Field(description="Whether there may be more meetings than those shown.")
    evidence: list[ClaimGroup]
    trials: list[TrialGroup]
    conflicts: list[TouchedConflict]
