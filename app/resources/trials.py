"""Trials: clinical studies and their outcomes."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
)
from sqlmodel import Field as ColumnField
from sqlmodel import SQLModel

from app.resources.outcomes import OutcomeWrite, TrialOutcome
from app.schema.columns import LINK, Key, Stamp, checks, link, owner_key, sorting, texts
from app.schema.identifiers import Identifier
from app.schema.markers import From, Many, Reaches, Tally, UpTo
from app.schema.pages import Several, TreePage
from app.schema.resource import Example, Resource
from app.schema.shapes import (
    Cited,
    EntityRef,
    Row,
    RowCounts,
    Shape,
    SubtypeRef,
    Written,
)
from app.schema.values import (
    Design,
    EntityId,
    Id,
    Line,
    Measure,
    Nct,
    NotBefore,
    OutcomeId,
    PartnerId,
    Patients,
    Phase,
    ReferenceId,
    SubtypeId,
    Text,
    TrialId,
    Year,
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
        *(Index(f"ix_trial_{column}", column, "id") for column in ("name_key", "phase", "line")),
        Index("ix_trial_nct", "nct"),
    )

    name_key: Text = sorting("name")


trial_subtype = link("trial_subtype", "trial", "subtype")
trial_regimen = link("trial_regimen", "trial", "entity")
trial_reference = link("trial_reference", "trial", "reference")
trial_identifier = texts("trial_identifier", "trial", "spelling")


def _of_comparison(name: str, target: str) -> Table:
    """A table of ordered links from the comparisons of a trial to other rows."""
    return Table(
        name,
        SQLModel.metadata,
        Column("trial_id", String, primary_key=True),
        Column("comparison", Integer, primary_key=True, autoincrement=False),
        Column(f"{target}_id", String, ForeignKey(f"{target}.id"), primary_key=True),
        Column("position", Integer, nullable=False),
        ForeignKeyConstraint(
            ["trial_id", "comparison"],
            ["trial_comparison.trial_id", "trial_comparison.position"],
            ondelete="CASCADE",
        ),
        Index(f"ix_{name}_{target}_id", f"{target}_id"),
        **LINK,
    )


# The outcomes of a trial that compare the same arms, or are for the same arm.
trial_comparison = Table(
    "trial_comparison",
    SQLModel.metadata,
    owner_key("trial"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("arm", String, nullable=False),
    Column("comparator", String),
    **LINK,
)
trial_comparison_test = _of_comparison("trial_comparison_test", "entity")
trial_comparison_outcome = _of_comparison("trial_comparison_outcome", "outcome")


class TrialComparison(Shape):
    """The outcomes of a trial that compare the same two arms, or are for one and the same arm."""

    arm: Id
    comparator: Id | None = Field(description="The other arm; null where no arms are compared.")
    tests: Annotated[list[EntityRef], Many("trial_comparison_test.entity")] = Field(
        description="The drugs given in only one of the two arms; empty where no arms are compared."
    )
    outcomes: Annotated[list[OutcomeId], Many("trial_comparison_outcome.outcome_id")]


class TrialRead(Row, TrialFields, Stamp):
    """A clinical study with its regimen, references and outcomes."""

    subtypes: Annotated[list[SubtypeRef], Many("trial_subtype.subtype")]
    regimen: Annotated[list[EntityRef], Many("trial_regimen.entity")]
    references: Annotated[list[Cited], Many("trial_reference.reference")]
    outcomes: Annotated[list[TrialOutcome], Many("outcome")]
    comparisons: Annotated[list[TrialComparison], Many("trial_comparison")] = Field(
        description="The same outcomes, by the arms that they compare."
    )
    evidence_counts: Annotated[RowCounts, Tally()]


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
    reference: Annotated[Several[ReferenceId], Reaches(("trial_reference.reference_id",))] = Field(
        default=(), description="Reference that reports the trial."
    )
    line: Annotated[Several[Line], Reaches(("line",))] = ()
    design: Annotated[Several[Design], Reaches(("design",))] = ()
    phase: Annotated[Several[Phase], Reaches(("phase",))] = ()
    measure: Annotated[Several[Measure], Reaches(("outcome.measure",))] = ()
    xref: Annotated[Several[Identifier], Reaches(("trial_identifier.spelling",))] = Field(
        default=(), max_length=3, description="Registry number or name of the trial."
    )
    published_from: Annotated[Year | None, From(("trial_reference.reference.year",))] = Field(
        default=None,
        description="With a reference from this year or later, such as that of an outcome; with "
        "`published_to`, with one in that range. Undated references do not count.",
    )
    published_to: Annotated[
        Year | None, UpTo(("trial_reference.reference.year",)), NotBefore("published_from")
    ] = Field(
        default=None,
        description="With a reference from this year or earlier; undated references do not count.",
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
    searched={
        "line_detail": 1,
        "comparator": 1,
        "note": 1,
        "outcome.measure": 1,
        "outcome.event": 1,
    },
)
