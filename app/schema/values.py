"""The rule of each kind of value, once: ids, controlled words, texts and numbers."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from app.schema.vocabulary import words

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"

MAX_ID = 100
MAX_TEXT = 4000
MAX_VALUES = 20
# Bytes of a header field from which an answer is chosen; a longer one is not read.
MAX_FIELD = 1_024


@dataclass(frozen=True)
class Plain:
    """Marks a text that holds nothing which JSON escapes; the tables have a check for it."""


@dataclass(frozen=True)
class Word(Plain):
    """Marks a text that must be a word of the named controlled list."""

    vocabulary: str

    def __get_pydantic_core_schema__(
        self, source: type[str], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Allow exactly the words of the list, so that OpenAPI shows them as an enum."""
        return core_schema.literal_schema(words(self.vocabulary))


@dataclass(frozen=True)
class Names:
    """Marks an id that must be that of a row in the named table, of the given kind if any."""

    table: str
    kind: str | None = None

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell readers of OpenAPI whose id this is, which says more than how it is spelt."""
        found = handler(schema) | {"format": f"{self.kind or self.table}-id"}
        return {key: value for key, value in found.items() if key not in ("pattern", "maxLength")}


Id = Annotated[str, Field(pattern=SLUG, max_length=MAX_ID), Plain()]
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Stored = Annotated[str, Field(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]
"""Any text that a column may hold: neither database takes a NUL or half a surrogate pair."""
Whole = Annotated[int, Field(ge=0, le=2**53 - 1)]
Year = Annotated[int, Field(ge=1950, le=2030)]
Num = Annotated[float, Field(ge=0, lt=1e15, allow_inf_nan=False)]

MechanismId = Annotated[Id, Names("mechanism")]
SubtypeId = Annotated[Id, Names("subtype")]
PartnerId = Annotated[Id, Names("partner")]
ReferenceId = Annotated[Id, Names("reference")]
EvidenceId = Annotated[Id, Names("evidence")]
EntityId = Annotated[Id, Names("entity")]
CellId = Annotated[Id, Names("entity", "cell")]
EdgeId = Annotated[Id, Names("edge")]
TrialId = Annotated[Id, Names("trial")]
OutcomeId = Annotated[Id, Names("outcome")]
ConflictId = Annotated[Id, Names("conflict")]

FactKind = Annotated[str, Word("fact_kinds")]
Relation = Annotated[str, Word("relations")]
Sign = Annotated[str, Word("signs")]
Setting = Annotated[str, Word("settings")]
Mode = Annotated[str, Word("modes")]
InReviewBasis = Annotated[str, Word("in_review_basis")]
Course = Annotated[str, Word("courses")]
PartnerKind = Annotated[str, Word("partner_kinds")]
Interaction = Annotated[str, Word("interactions")]
Measure = Annotated[str, Word("measures")]
Unit = Annotated[str, Word("units")]
Design = Annotated[str, Word("designs")]
Line = Annotated[str, Word("lines")]
Confidence = Annotated[str, Word("confidence")]
EdgeType = Annotated[str, Word("edge_types")]
EntityKind = Annotated[str, Word("entity_kinds")]
Context = Annotated[str, Word("contexts")]
Origin = Annotated[str, Word("origins")]
Basis = Annotated[str, Word("bases")]
ConflictState = Annotated[str, Word("conflict_states")]
LinkType = Annotated[str, Word("link_types")]
Level = Annotated[str, Word("levels")]
ReferenceRole = Annotated[str, Word("reference_roles")]
ReferenceType = Annotated[str, Word("reference_types")]
Phase = Annotated[str, Word("trial_phases")]
