"""What is said of lenalidomide and one partner: why they fit, what was seen, what was tried."""

from typing import Annotated

from pydantic import Field

from app.graph.shapes import About, PathShape
from app.network import Agreement
from app.resources.conflicts import ConflictSide
from app.resources.trials import OutcomeKept, TrialFields
from app.schema.markers import InColumn, Many, One
from app.schema.shapes import Cited, EntityRef, EvidenceRef, PartnerRef, Shape, SubtypeRef
from app.schema.values import (
    ConflictId,
    ConflictState,
    EdgeId,
    EvidenceId,
    Interaction,
    Line,
    Origin,
    SubtypeId,
    Whole,
)


class Entry(EntityRef):
    """Where a partner enters the network."""

    steps: Whole = Field(description="Causal steps that start here; none where 0.")


class MeetingShape(Shape):
    """A place in the network that both lenalidomide and the partner reach."""

    node: EntityRef
    steps: Whole = Field(description="Steps of both paths together; the nearest come first.")
    agreement: Agreement = Field(
        description="Whether both paths have the same sign; `unclear` where one is contradictory."
    )
    sentence: str
    met_before: list[EntityRef] = Field(description="Places nearer the drugs on both paths.")
    drug_path: PathShape
    partner_path: PathShape


class PairEvidence(EvidenceRef):
    """One claim about the pair."""

    in_review: bool = Field(description="Whether the review itself says it.")


class PairClaim(Shape):
    """A claim as the database has it, with what it says of the pair."""

    interaction: Interaction | None
    line: Line | None
    via: Annotated[EntityRef | None, One("via_id")]
    evidence: Annotated[PairEvidence, One("evidence_id")]


class ClaimInGroup(PairEvidence):
    """One claim about the pair, in the group of its interaction and origin."""

    line: Line | None
    via: EntityRef | None = Field(description="The member of a class with which it was tested.")


class ClaimGroup(Shape):
    """The claims that say the same of the pair and were measured alike."""

    interaction: Interaction | None = Field(
        description="What is claimed of the pair; null where no verdict is given."
    )
    origin: Origin
    total: Whole
    items: list[ClaimInGroup]


class PairOutcome(OutcomeKept):
    """An outcome with the patients of whom it speaks, and the claim in which it stands."""

    subtype: Annotated[SubtypeRef | None, One("subtype_id")] = Field(
        description="Null where it speaks of all patients of the trial."
    )
    subtypes: Annotated[list[SubtypeId], Many("outcome_subtype.subtype_id")] = Field(
        description="Its own subtype, or those of its trial where it names none."
    )
    evidence: Annotated[EvidenceId, InColumn("evidence_id")]


class TestedTrial(TrialFields):
    """A trial with its outcomes."""

    regimen: Annotated[list[EntityRef], Many("trial_regimen.entity")]
    references: Annotated[list[Cited], Many("trial_reference.reference")]
    outcomes: Annotated[list[PairOutcome], Many("outcome")]


class TrialAsRead(TestedTrial):
    """A trial as the database has it."""

    subtypes: Annotated[list[SubtypeRef], Many("trial_subtype.subtype")]


class TrialGroup(Shape):
    """The trials of the pair in one subtype and line of treatment."""

    subtype: SubtypeRef
    line: Line
    trials: list[TestedTrial] = Field(description="Each with the outcomes that speak of these.")


class TouchedConflict(Shape):
    """A question that sources answer differently and that bears on the pair."""

    id: ConflictId
    question: str
    explanation: str | None
    state: ConflictState
    computed: bool = Field(description="True where no curator has named or judged it.")
    sides: list[ConflictSide]
    evidence: list[EvidenceId] = Field(description="Claims about the pair on one of its sides.")
    edges: list[EdgeId] = Field(description="Steps of the paths above on which it bears.")


class Rationale(Shape):
    """Why a partner fits lenalidomide: where they meet, what was seen and tried, what is open."""

    graph: About
    drug: EntityRef
    partner: PartnerRef
    entries: list[Entry] = Field(description="The partner, the parts of a regimen, or members.")
    curated: bool = Field(description="Whether any causal step starts at an entry.")
    sentence: str
    meetings: list[MeetingShape]
    truncated: bool = Field(description="Whether there may be more meetings than are shown.")
    evidence: list[ClaimGroup]
    trials: list[TrialGroup]
    conflicts: list[TouchedConflict]
