"""Trials: clinical studies and their outcomes."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field as ColumnField
from sqlmodel import SQLModel

from app.schema.columns import Key, Stamp, checks, link, texts
from app.schema.identifiers import Identifier
from app.schema.markers import InColumn, Many, One, Reaches, Tally
from app.schema.pages import Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import (
    Cited,
    EntityRef,
    EvidenceRef,
    RowCounts,
    SubtypeRef,
    TrialRef,
    Written,
)
from app.schema.values import (
    Design,
    EntityId,
    EvidenceId,
    Figure,
    Id,
    Line,
    Measure,
    Nct,
    OutcomeId,
    PartnerId,
    Patients,
    Phase,
    PValue,
    ReferenceId,
    SubtypeId,
    Text,
    TrialId,
    Unit,
)


class TrialFields(Key):
    """The fields of a trial's own row."""

    name: Text
    nct: Nct | None = Field(description="Its ClinicalTrials.gov number.")
    phase: Phase | None
    design: Design
    line: Line
    line_detail: Text = Field(description="The line of treatment as the source describes it.")
    comparator: Text | None
    n: Patients | None = ColumnField(sa_type=BigInteger, description="Number of patients.")
    note: Text | None


class Trial(TrialFields, Stamp, table=True):
    """The table of trials and cohorts."""

    __table_args__ = checks(
        TrialFields,
        *(Index(f"ix_trial_{column}", column, "id") for column in ("name", "phase", "line")),
        Index("ix_trial_nct", "nct"),
    )


trial_subtype = link("trial_subtype", "trial", "subtype")
trial_regimen = link("trial_regimen", "trial", "entity")
trial_reference = link("trial_reference", "trial", "reference")
trial_identifier = texts("trial_identifier", "trial", "spelling")


class OutcomeFields(SQLModel):
    """The fields of an outcome's own row."""

    measure: Measure
    arm: str = Field(description="The arm; `contrast` compares the first arm with the comparator.")
    value: Figure
    unit: Unit
    ci_low: Figure | None = Field(description="Lower end of the confidence interval, as printed.")
    ci_high: Figure | None = Field(description="Upper end of the confidence interval, as printed.")
    p: PValue | None = Field(description="P value as text, because it may carry a sign.")
    at: Text | None = Field(description="When it was measured.")
    n: Patients | None = ColumnField(
        sa_type=BigInteger, description="Number of patients in whom it was measured."
    )
    event: Text | None = Field(description="The adverse event; only with `AE_rate`.")
    note: Text | None


class OutcomeKept(OutcomeFields, Key):
    """What is stored of an outcome, with the id that follows from its place in the trial."""


class Outcome(OutcomeKept, Stamp, table=True):
    """The table of outcomes."""

    __table_args__ = checks(
        OutcomeKept,
        CheckConstraint("(measure = 'AE_rate') = (event IS NOT NULL)", name="ck_event"),
        CheckConstraint("ci_low <= value", name="ck_ci_low"),
        CheckConstraint("ci_high >= value", name="ck_ci_high"),
        UniqueConstraint("trial_id", "position", name="uq_outcome_position"),
        *(
            Index(f"ix_outcome_{column}", column, "id")
            for column in ("trial_id", "measure", "arm", "subtype_id", "evidence_id")
        ),
    )

    trial_id: str = ColumnField(foreign_key="trial.id")
    position: int
    subtype_id: str | None = ColumnField(default=None, foreign_key="subtype.id")
    evidence_id: str = ColumnField(foreign_key="evidence.id")


# The subtypes of an outcome: its own, or those of its trial if it names none.
outcome_subtype = link("outcome_subtype", "outcome", "subtype")


class TrialOutcome(OutcomeKept):
    """An outcome within its trial."""

    subtype: Annotated[SubtypeRef | None, One("subtype_id")]
    evidence: Annotated[EvidenceId, InColumn("evidence_id")]


class TrialRead(TrialFields, Stamp):
    """A clinical study with its regimen, references and outcomes."""

    subtypes: Annotated[list[SubtypeRef], Many("trial_subtype.subtype")]
    regimen: Annotated[list[EntityRef], Many("trial_regimen.entity")]
    references: Annotated[list[Cited], Many("trial_reference.reference")]
    outcomes: Annotated[list[TrialOutcome], Many("outcome")]
    evidence_counts: Annotated[RowCounts, Tally()]


class OutcomeWrite(OutcomeFields, Written):
    """An outcome within its trial, as a curator writes it."""

    arm: Id
    subtype: Annotated[SubtypeId | None, InColumn("subtype_id")]
    evidence: Annotated[EvidenceId, InColumn("evidence_id")]


class TrialWrite(TrialFields, Written):
    """A clinical study, as a curator writes it."""

    subtypes: Annotated[list[SubtypeId], Many("trial_subtype.subtype_id")]
    regimen: Annotated[list[EntityId], Many("trial_regimen.entity_id")]
    references: Annotated[list[ReferenceId], Many("trial_reference.reference_id")]
    outcomes: Annotated[list[OutcomeWrite], Many("outcome")]


class TrialFilters(TreePage):
    """Which trials to list."""

    id: Annotated[Several[TrialId], Reaches(("id",))] = ()
    subtype: Annotated[
        Several[SubtypeId], Reaches(("trial_subtype.subtype_id",), tree="subtype")
    ] = ()
    partner: Annotated[Several[PartnerId], Reaches(("trial_regimen.entity.partner.id",))] = Field(
        default=(), description="Partner in the regimen."
    )
    line: Annotated[Several[Line], Reaches(("line",))] = ()
    phase: Annotated[Several[Phase], Reaches(("phase",))] = ()
    measure: Annotated[Several[Measure], Reaches(("outcome.measure",))] = ()
    xref: Annotated[Several[Identifier], Reaches(("trial_identifier.spelling",))] = Field(
        default=(), max_length=3, description="Registry number or name of the trial."
    )
    sort: Literal["id", "-id", "name", "-name", "line", "-line"] = "id"


TRIALS = Resource(
    name="trial",
    plural="trials",
    about="Clinical studies of lenalidomide, alone and combined, with their outcomes.",
    table=Trial,
    read=TrialRead,
    write=TrialWrite,
    filters=TrialFilters,
    id=TrialId,
    example=Example(
        id="augment", query={"partner": "rituximab", "subtype": "marginal-zone-lymphoma"}
    ),
    found_by=("name", "nct"),
)


class OutcomeRead(OutcomeKept, Stamp):
    """One measured outcome, with its trial and the claim that reports it."""

    trial: Annotated[TrialRef, One("trial_id")]
    subtype: Annotated[SubtypeRef | None, One("subtype_id")] = Field(
        description="The subtype it was measured in; null if it covers all patients of the trial."
    )
    evidence: Annotated[EvidenceRef, One("evidence_id")]


class OutcomeFilters(TreePage):
    """Which outcomes to list."""

    id: Annotated[Several[OutcomeId], Reaches(("id",))] = ()
    trial: Annotated[Several[TrialId], Reaches(("trial_id",))] = ()
    measure: Annotated[Several[Measure], Reaches(("measure",))] = ()
    arm: Annotated[Several[Id], Reaches(("arm",))] = Field(
        default=(), description="`lenalidomide` is the drug alone, `contrast` compares arms."
    )
    subtype: Annotated[
        Several[SubtypeId], Reaches(("outcome_subtype.subtype_id",), tree="subtype")
    ] = Field(default=(), description="Its own subtype, or those of its trial if it names none.")
    partner: Annotated[Several[PartnerId], Reaches(("trial.trial_regimen.entity.partner.id",))] = (
        Field(default=(), description="Partner in the trial's regimen.")
    )
    line: Annotated[Several[Line], Reaches(("trial.line",))] = ()
    sort: Literal["id", "-id", "measure", "-measure", "trial", "-trial"] = "id"


OUTCOMES = Resource(
    name="outcome",
    plural="outcomes",
    about="The outcomes of all trials as one flat list, each tied to a claim.",
    table=Outcome,
    read=OutcomeRead,
    write=None,
    filters=OutcomeFilters,
    id=OutcomeId,
    example=Example(id="augment-outcome-01", query={"trial": "augment", "measure": "HR_PFS"}),
)
