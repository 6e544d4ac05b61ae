"""The type of each kind of value: ids, controlled words, texts and numbers.

Curators may write less than readers must be ready for, so some rules are not shown in OpenAPI;
their messages say what is expected.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.schema.markers import InUnit
from app.schema.vocabulary import words

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"
WORD_CHARACTERS = f"{SLUG_CHARACTERS}ABCDEFGHIJKLMNOPQRSTUVWXYZ +/?()_."

MAX_ID = 100
MAX_TEXT = 4000
MAX_VALUES = 20
# Most bytes read of a header field that selects the form of an answer; longer ones are ignored.
MAX_FIELD = 1_024
MAX_NUMBER = 1e15
# The largest integer that every JSON reader can hold exactly.
MAX_WHOLE = 2**53 - 1
MIN_NUMBER = 1e-4
MAX_DIGITS = 12

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Unicode category Cf: format characters that reverse or join letters, or are simply invisible, so
# that texts that look the same differ, and what is read is not what is stored.
UNSEEN = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
CODES = {
    "ATC": r"[A-Z]\d\d[A-Z]{2}\d\d",
    "CHEBI": r"\d+",
    "CL": r"\d{7}",
    "DOID": r"\d+",
    "GO": r"\d{7}",
    "HGNC": r"\d+",
    "MONDO": r"\d{7}",
    "NCBIGene": r"\d+",
    "NCIT": r"C\d+",
    "chembl.compound": r"CHEMBL\d+",
    "drugbank": r"DB\d{5}",
    "ensembl": r"ENSG\d{11}",
    "icdo": r"\d{4}/\d",
    "mesh": r"[A-Z]\d+",
    "orphanet": r"\d+",
    "uniprot": r"[A-Z0-9]{6,10}",
}


@dataclass(frozen=True)
class Plain:
    """Marks a text without characters that JSON must escape; a check on the table ensures that."""


@dataclass(frozen=True)
class Word(Plain):
    """Marks a text that must be a word of this controlled list."""

    vocabulary: str

    def __get_pydantic_core_schema__(
        self, source: type[str], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Allow only the words of the list, which OpenAPI then shows as an enum."""
        return core_schema.literal_schema(words(self.vocabulary))


@dataclass(frozen=True)
class Names:
    """Marks the id (or another column) of a row of this table, of this kind if one is given."""

    table: str
    kind: str | None = None
    column: str = "id"

    @property
    def format(self) -> str:
        """The `format` of such an id in OpenAPI."""
        return f"{self.kind or self.table}-id"

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show in OpenAPI which table the id belongs to, instead of its pattern."""
        found = handler(schema) | {"format": self.format}
        return {key: value for key, value in found.items() if key not in ("pattern", "maxLength")}


@dataclass(frozen=True)
class Form:
    """Marks a text with a pattern, such as an identifier; `expected` is its error message."""

    pattern: str
    expected: str
    prefix: str = ""
    """The prefix that turns it into a CURIE."""

    def __get_pydantic_core_schema__(
        self, source: type[str], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Allow only a text that matches the pattern."""
        return core_schema.custom_error_schema(
            core_schema.str_schema(pattern=f"^({self.pattern})$"),
            "form",
            custom_error_message=self.expected,
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show readers only that it is a text."""
        return {"type": "string"}


@dataclass(frozen=True)
class NotBefore:
    """Marks the end of a range, which must not be before its start, another field."""

    start: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Compare the two ends; the start must be declared before the end."""
        return core_schema.with_info_after_validator_function(self._compared, handler(source))

    def _compared(self, value: int | None, info: ValidationInfo) -> int | None:
        start = info.data.get(self.start)
        if value is not None and start is not None and value < start:
            message = "is before `{start}`, so that nothing could match; swap the two"
            raise PydanticCustomError("range", message, {"start": self.start})
        return value


def _storable(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "a text that is not blank")
    if UNSTORABLE.search(value):
        raise PydanticCustomError("unstorable", "a text without NUL or lone surrogates")
    return value


def _visible(value: str) -> str:
    if UNSEEN.search(value):
        raise PydanticCustomError("unseen", "a text without invisible characters")
    return value


def _code(value: str) -> str:
    prefix, _, rest = value.partition(":")
    if prefix not in CODES:
        message = "a code with one of the prefixes {prefixes}"
        raise PydanticCustomError("prefix", message, {"prefixes": ", ".join(CODES)})
    if not re.fullmatch(CODES[prefix], rest, re.ASCII):
        raise PydanticCustomError("code", "a code that {prefix} can give", {"prefix": prefix})
    return value


def _counted(value: object) -> object:
    if isinstance(value, int) and not 0 < value < MAX_NUMBER:
        raise PydanticCustomError("count", "a whole number above 0")
    return value


def _exact(value: float) -> float:
    """Refuse numbers that the two databases would print differently."""
    if 0 < value < MIN_NUMBER:
        raise PydanticCustomError("small", "0 or a number from 0.0001")
    if float(f"{value:.{MAX_DIGITS}g}") != value:
        message = "a number of at most {digits} significant digits"
        raise PydanticCustomError("digits", message, {"digits": MAX_DIGITS})
    return value


Id = Annotated[str, Field(pattern=SLUG, max_length=MAX_ID), Plain()]
Text = Annotated[str, AfterValidator(_storable)]
Remark = Annotated[Text, AfterValidator(_visible)]
"""A remark on a change, which everybody can read."""
Stored = Annotated[str, Field(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")]
"""Any text that both databases can store: without NUL characters or unpaired surrogates."""
Whole = Annotated[int, Field(ge=0, le=MAX_WHOLE)]
Claims = Annotated[Whole, InUnit("claims")]
Year = Annotated[int, Field(ge=1950, le=2030), InUnit("year")]
Count = Annotated[int, BeforeValidator(_counted)]
Patients = Annotated[Whole, BeforeValidator(_counted), InUnit("patients")]
Num = Annotated[float, Field(ge=0, lt=MAX_NUMBER, allow_inf_nan=False)]
Figure = Annotated[Num, AfterValidator(_exact), InUnit("`unit`")]

Curie = Annotated[str, AfterValidator(_code)]
Doi = Annotated[
    str, Form(r"10\.[0-9]{4,9}/[^\s\x00]+", "a DOI such as 10.1200/JCO.2014.59.5363", "doi")
]
Pmid = Annotated[
    str, Form("[1-9][0-9]{0,8}", "a PubMed number in quotes such as '26195701'", "pmid")
]
Pmcid = Annotated[str, Form("PMC[0-9]{1,9}", "a PubMed Central number such as PMC5320950", "pmcid")]
Nct = Annotated[str, Form("NCT[0-9]{8}", "a registry number such as NCT01938001")]
Address = Annotated[
    str, Form(r"https?://[^\s\x00]+", "an address that starts with http:// or https://")
]
Eco = Annotated[str, Form("ECO:[0-9]{7}", "a code such as ECO:0000033")]
PValue = Annotated[
    str,
    Form(
        r"[<>]?0?\.[0-9]+( \(one-sided\))?",
        "a p value in quotes such as '0.03', '<0.001' or '.05 (one-sided)'",
    ),
]

Grade = Annotated[
    str,
    Form(
        "any|>=[1-5]|1(-[2-5])?|2(-[3-5])?|3(-[45])?|4(-5)?|5",
        "a grade in quotes such as '3-4', '>=3', '3' or any",
    ),
]
LeastGrade = Annotated[int, Field(ge=1, le=5)]

MechanismId = Annotated[Id, Names("mechanism")]
SubtypeId = Annotated[Id, Names("subtype")]
PartnerId = Annotated[Id, Names("partner")]
ReferenceId = Annotated[Id, Names("reference")]
EvidenceId = Annotated[Id, Names("evidence")]
EntityId = Annotated[Id, Names("entity")]
CellId = Annotated[Id, Names("entity", "cell")]
Figure1Term = Annotated[Text, Names("entity", column="figure1_term")]
EdgeId = Annotated[Id, Names("edge")]
TrialId = Annotated[Id, Names("trial")]
OutcomeId = Annotated[Id, Names("outcome")]
ConflictId = Annotated[Id, Names("conflict")]

FactKind = Annotated[str, Word("fact_kinds")]
Relation = Annotated[str, Word("relations")]
Sign = Annotated[str, Word("signs")]
State = Annotated[str, Word("states")]
Setting = Annotated[str, Word("settings")]
Mode = Annotated[str, Word("modes")]
InReviewBasis = Annotated[str, Word("in_review_basis")]
Course = Annotated[str, Word("courses")]
PartnerKind = Annotated[str, Word("partner_kinds")]
Interaction = Annotated[str, Word("interactions")]
Measure = Annotated[str, Word("measures")]
Population = Annotated[str, Word("populations")]
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
StepOrigin = Origin | Literal["none"]
LinkType = Annotated[str, Word("link_types")]
Level = Annotated[str, Word("levels")]
ReferenceRole = Annotated[str, Word("reference_roles")]
ReferenceType = Annotated[str, Word("reference_types")]
SourceKind = Annotated[str, Word("source_kinds")]
Verified = Annotated[str, Word("verified")]
Phase = Annotated[str, Word("trial_phases")]
