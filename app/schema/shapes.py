"""Small shapes that several resource types embed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.schema.markers import One
from app.schema.values import (
    Claims,
    EdgeId,
    EntityId,
    EntityKind,
    EvidenceId,
    Level,
    MechanismId,
    Origin,
    PartnerId,
    ReferenceId,
    Relation,
    Sign,
    SubtypeId,
    TrialId,
    Year,
)

ORIGIN = "Best origin of its claims; `none` if it has no claims."
LEVEL = "Best level of its claims; null if it has no claims."


class Shape(BaseModel):
    """A documented part of an answer."""


class Row(BaseModel):
    """A row as answers show it.

    Its columns are those of a table, but it is not one: it is built as pydantic builds a model, in
    half the time.
    """

    __init__ = BaseModel.__init__


class Written(BaseModel, strict=True, extra="forbid", defer_build=True):
    """What a curator writes: nothing is converted, no field may be unknown or missing.

    Only a field with a default may be missing. The shapes are built on first use, because serving
    does not need them.
    """


class EntityRef(Shape):
    """An entity by id, with the short label used in pictures and sentences."""

    id: EntityId
    label: str
    kind: EntityKind


class MechanismRef(Shape):
    """A mechanism by id and name."""

    id: MechanismId
    name: str


class SubtypeRef(Shape):
    """A lymphoma subtype by id, name and abbreviation."""

    id: SubtypeId
    name: str
    abbreviation: str


class PartnerRef(Shape):
    """A combination partner by id and name."""

    id: PartnerId
    name: str


class TrialRef(Shape):
    """A trial by id, name and registry number."""

    id: TrialId
    name: str
    nct: str | None


class Cited(Shape):
    """A reference by its short citation and its identifiers."""

    id: ReferenceId
    citation: str
    year: Year | None
    doi: str | None
    pmid: str | None


class EdgeRef(Shape):
    """One signed step of the network, with its two ends and the cell in which it happens."""

    id: EdgeId
    source: Annotated[EntityRef, One("source_id")]
    relation: Relation
    sign: Sign
    target: Annotated[EntityRef, One("target_id")]
    cell: Annotated[EntityRef, One("cell_id")]


class EvidenceRef(Shape):
    """A claim in short, with its level, origin and source."""

    id: EvidenceId
    statement: str
    level: Level
    origin: Origin
    reference: Annotated[Cited, One("reference_id")]


def _by_letter(schema: JsonDict) -> None:
    """Describe it as a mapping: as fields, `D` and `d` would collide in generated clients."""
    counts = schema.pop("properties")
    del schema["required"]
    schema["additionalProperties"] = counts["A"] if isinstance(counts, dict) else False


class LevelCounts(Shape):
    """Rows of evidence by kind of study, from A (phase 3 or regulator) to E (review only)."""

    model_config = ConfigDict(json_schema_extra=_by_letter)

    A: Claims
    B: Claims
    C: Claims
    D: Claims
    E: Claims


class OriginCounts(Shape):
    """Rows of evidence by where the finding was measured."""

    native: Claims
    mixed: Claims
    borrowed: Claims
    stated: Claims


class EvidenceCounts(Shape):
    """How many rows of evidence support a row; these numbers do not rate quality."""

    total: Claims = Field(description="All rows of evidence, each counted once.")
    level: LevelCounts
    origin: OriginCounts


class RowCounts(EvidenceCounts):
    """How many rows of evidence the list beside a row has; these numbers do not rate quality."""

    own: Claims = Field(description="Claims linked to this row itself, not only to one below it.")
