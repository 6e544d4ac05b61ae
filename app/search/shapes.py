"""The parameters of searches, and the shapes of their answers."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from app.schema.forms import ITEM_FORMS, one_of
from app.schema.pages import QueryText, Several, WhyEmpty
from app.schema.shapes import Shape
from app.schema.values import Id, Whole
from app.search.index import types
from app.search.query import How


@dataclass(frozen=True)
class TypeOfRow:
    """Marks a text that must be the name of a type that can be searched."""

    def __get_pydantic_core_schema__(
        self, source: type[str], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Allow only these names, which OpenAPI then shows as an enum."""
        return core_schema.literal_schema([one.name for one in types()])


TypeName = Annotated[str, TypeOfRow()]


class SearchQuery(BaseModel):
    """What to search for."""

    model_config = ConfigDict(extra="forbid")

    q: QueryText = Field(
        description="Words, names or identifiers, in any spelling; the first twelve words count.",
        examples=["cereblon resistance"],
    )
    type: Several[TypeName] = Field(default=(), description="Only rows of these types.")
    limit: Annotated[int, Field(ge=1, le=100)] = Field(
        default=20, description="Rows per page, 1 to 100."
    )
    cursor: str | None = Field(
        default=None,
        max_length=1000,
        json_schema_extra={"format": "cursor"},
        description="Where the page starts; taken from `next` on the previous page.",
    )
    format: Annotated[str, one_of(ITEM_FORMS)] | None = Field(
        default=None,
        description="Every form but `json` gives the references behind all rows found, or as many "
        "as `limit` allows. Overrides the Accept header.",
    )


@dataclass(slots=True)
class WordSpan:
    """A part of a text, by code points."""

    start: Whole
    end: Whole


@dataclass(slots=True)
class Highlight:
    """A part of a text of the row, and where the words of the query are in it."""

    field: str
    text: str
    spans: list[WordSpan]


@dataclass(slots=True)
class SearchHit:
    """A row that was found."""

    type: TypeName
    id: Id
    label: str
    score: Annotated[Whole, Field(description="Higher is better; only the order has a meaning.")]
    address: str
    highlights: list[Highlight]


class Facet(Shape):
    """How many of the rows found are of one type."""

    type: TypeName
    count: Whole


class Understood(Shape):
    """How a part of the query was interpreted, if not just as its words."""

    start: Whole = Field(description="Where the part starts in `q`, by code points.")
    end: Whole
    how: How = Field(
        description="`synonym`: other names of the same thing count too; `ending`: it stands for "
        "longer words; `spelling`: no row has it, so the most similar word was searched; "
        "`unknown`: nothing is similar, and it was left out."
    )
    words: list[str] = Field(description="What was searched as well or instead, in its plain form.")


class SearchAnswer(Shape):
    """A page of the rows that a search finds, best first."""

    items: list[SearchHit]
    total: Whole | None = Field(description="Number of rows found; null if there may be more.")
    total_at_least: Whole
    next: str | None = Field(description="Address of the next page; null on the last one.")
    facets: list[Facet]
    understood: list[Understood]
    did_you_mean: str | None = Field(
        description="The query as searched, if its spelling was corrected."
    )
    why: WhyEmpty | None = Field(description="Given if no row was found.")


class ResolveQuery(BaseModel):
    """A name or identifier to look up."""

    model_config = ConfigDict(extra="forbid")

    name: QueryText = Field(
        description="Any name or identifier, in any spelling.",
        examples=["HGNC:30185"],
    )


class SuggestQuery(BaseModel):
    """The beginning of a name, as typed into a search box."""

    model_config = ConfigDict(extra="forbid")

    q: QueryText = Field(
        description="The beginning of a name or identifier.",
        examples=["ritux"],
    )


class NamedHit(Shape):
    """A row that has a name."""

    type: TypeName
    id: Id
    label: str
    matched: str = Field(description="The field of the row that has the name.")
    address: str


class NamedHits(Shape):
    """The rows that have a name, best first; empty if there are none."""

    items: list[NamedHit]
    why: WhyEmpty | None = Field(description="Given if there are none.")
