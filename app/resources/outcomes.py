"""Outcomes: the figures that trials report."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlmodel import Field as ColumnField
from sqlmodel import SQLModel

from app.schema.columns import Key, Stamp, checks, link
from app.schema.folding import Folded
from app.schema.markers import From, InColumn, Lacks, Many, One, Only, Reaches, UpTo
from app.schema.pages import Flag, Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import (
    EntityRef,
    EvidenceRef,
    Row,
    SubtypeRef,
    TrialRef,
    Written,
)
from app.schema.values import (
    Count,
    Design,
    EntityId,
    EvidenceId,
    Figure,
    Grade,
    Id,
    LeastGrade,
    Line,
    Measure,
    NotBefore,
    OutcomeId,
    PartnerId,
    Patients,
    Population,
    PValue,
    SourceKind,
    SubtypeId,
    Text,
    TrialId,
    Unit,
    Year,
)


class OutcomeFields(SQLModel):
    """The fields of an outcome's own row."""

    measure: Measure
    arm: Id = Field(description="The arm that the figure is for.")
    comparator: Id | None = Field(
        description="The other arm of a ratio; null for every other measure."
    )
    population: Population | None = Field(
        description="Which patients it covers. `mixed` is several diseases together, not a figure "
        "for one of them. Null only where an earlier release did not say."
    )
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
    grade: Grade | None = Field(
        description="Grades of the event that it counts, such as `3-4` or `>=3`; null: not stated."
    )
    source_kind: SourceKind | None = Field(
        description="Kind of the source of its claim; null only where an earlier release did not "
        "say."
    )
    note: Text | None


class OutcomeKept(OutcomeFields, Key):
    """The stored fields of an outcome, with the id derived from its place in the trial."""


class Outcome(OutcomeKept, Stamp, table=True):
    """The table of outcomes."""

    __table_args__ = checks(
        OutcomeKept,
        CheckConstraint("(measure = 'AE_rate') = (event IS NOT NULL)", name="ck_event"),
        CheckConstraint("ci_low <= value", name="ck_ci_low"),
        CheckConstraint("ci_high >= value", name="ck_ci_high"),
        ForeignKeyConstraint(["repeats_id"], ["outcome.id"], name="fk_repeats_id"),
        UniqueConstraint("trial_id", "position", name="uq_outcome_position"),
        *(
            Index(f"ix_outcome_{column}", column, "id")
            for column in (
                "trial_id",
                "measure",
                "arm",
                "comparator",
                "event_folded",
                "subtype_id",
                "evidence_id",
                "repeats_id",
            )
        ),
    )

    trial_id: str = ColumnField(foreign_key="trial.id")
    position: int
    repeats_position: int | None
    repeats_id: str | None
    event_folded: str | None
    least_grade: int | None
    subtype_id: str | None = ColumnField(default=None, foreign_key="subtype.id")
    evidence_id: str = ColumnField(foreign_key="evidence.id")


outcome_test = link("outcome_test", "outcome", "entity")
# The patients of an outcome: its own subtype, or those of its trial if it names none.
outcome_subtype = link("outcome_subtype", "outcome", "subtype")
# The drugs of an outcome: those that a contrast tests, or those that its arm is given.
outcome_drug = link("outcome_drug", "outcome", "entity")


class OutcomeShown(OutcomeKept):
    """An outcome with the fields derived from it."""

    tests: Annotated[list[EntityRef], Many("outcome_test.entity")] = Field(
        description="The drugs given in only one of the two arms, where they have an entity; "
        "empty unless two arms are compared."
    )
    repeats: Annotated[OutcomeId | None, InColumn("repeats_id")] = Field(
        description="The earlier outcome that this one reports again, from another source or a "
        "later look at the data."
    )
    patients: Annotated[list[SubtypeRef], Many("outcome_subtype.subtype")] = Field(
        description="The diseases of the patients: its own subtype, or all those of the trial."
    )


class TrialOutcome(Row, OutcomeShown):
    """An outcome within its trial."""

    id: OutcomeId
    subtype: Annotated[SubtypeRef | None, One("subtype_id")]
    evidence: Annotated[EvidenceId, InColumn("evidence_id")]


class OutcomeWrite(OutcomeFields, Written):
    """An outcome within its trial, as a curator writes it."""

    arm: Id
    tests: Annotated[list[EntityId], Many("outcome_test.entity_id")]
    repeats: Annotated[Count | None, InColumn("repeats_position")]
    subtype: Annotated[SubtypeId | None, InColumn("subtype_id")]
    evidence: Annotated[EvidenceId, InColumn("evidence_id")]


class OutcomeRead(Row, OutcomeShown, Stamp):
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
        default=(), description="The arm that the figure is for; `lenalidomide` is the drug alone."
    )
    comparator: Annotated[Several[Id], Reaches(("comparator",))] = Field(
        default=(), description="The other arm of a ratio."
    )
    tests: Annotated[Several[EntityId], Reaches(("outcome_test.entity_id",))] = Field(
        default=(), description="A drug given in only one of the two compared arms."
    )
    subtype: Annotated[Several[SubtypeId], Only("outcome_subtype.subtype_id", tree="subtype")] = (
        Field(
            default=(),
            description="Figures whose patients all have this subtype or one below it; with "
            "`mixed=true`, also figures for which only some of the patients do.",
        )
    )
    mixed: Flag = Field(
        default=False,
        description="Whether `subtype` also returns figures for which only some of the patients "
        "have the subtype.",
    )
    population: Annotated[Several[Population], Reaches(("population",))] = Field(
        default=(), description="Which patients the figure covers."
    )
    partner: Annotated[Several[PartnerId], Reaches(("outcome_drug.entity.partner.id",))] = Field(
        default=(),
        description="Partner that a contrast tests or, where arms are not compared, that the arm "
        "is given, as far as its name says.",
    )
    line: Annotated[Several[Line], Reaches(("trial.line",))] = ()
    design: Annotated[Several[Design], Reaches(("trial.design",))] = Field(
        default=(), description="Design of the trial; `randomised` for randomly assigned arms."
    )
    event: Annotated[Several[Folded], Reaches(("event_folded",))] = Field(
        default=(),
        description="The full name of the adverse event; upper and lower case, British and "
        "American spelling are alike.",
    )
    grade_min: Annotated[LeastGrade | None, From(("least_grade",))] = Field(
        default=None,
        description="Events of this grade and above only: 3 returns `3`, `3-4`, `3-5` and `>=3`. "
        "Figures without a grade are left out.",
    )
    source_kind: Annotated[Several[SourceKind], Reaches(("source_kind",))] = Field(
        default=(), description="Kind of the source."
    )
    distinct: Annotated[Flag, Lacks("repeats_id")] = Field(
        default=False,
        description="Leave out figures that repeat an earlier one, even if other filters leave out "
        "the earlier one too.",
    )
    published_from: Annotated[Year | None, From(("evidence.year",))] = Field(
        default=None,
        description="Published in this year or later; outcomes of undated references are left out.",
    )
    published_to: Annotated[Year | None, UpTo(("evidence.year",)), NotBefore("published_from")] = (
        Field(
            default=None,
            description="Published in this year or earlier; those of undated references are left "
            "out.",
        )
    )
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
    label=("trial_id", "measure", "arm"),
    searched={"measure": 2, "event": 2, "at": 1, "note": 1},
)
