"""Pages of a list: the parameters that every list takes, the cursor and the envelope."""

import base64
import json
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, WithJsonSchema

from app.errors import Fault, Invalid
from app.schema.shapes import Shape
from app.schema.values import MAX_VALUES, Id, Stored, Whole

T = TypeVar("T")

MAX_TOTAL = 10_000
FORMS = {"type": "string", "enum": ["json", "csv", "ndjson"]}
FLAGS = {"true": True, "false": False}


def _flag(value: object) -> object:
    """Only `true` and `false` are flags, so that a typing slip is not taken for one."""
    return FLAGS.get(value, value) if isinstance(value, str) else value


def _broken() -> Invalid:
    return Invalid(
        "The cursor is not one that this list gave.",
        faults=(Fault("cursor", "is not a cursor that this list gave; follow `next` instead"),),
    )


Several = Annotated[tuple[T, ...], Field(max_length=MAX_VALUES)]
Flag = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]


class Page(BaseModel):
    """What every list takes: how many rows, after which one, and in which order."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200)] = Field(
        default=50, description="Rows on a page, 1 to 200."
    )
    cursor: str | None = Field(
        default=None,
        max_length=1000,
        json_schema_extra={"format": "cursor"},
        description="Where the page starts; taken from `next` of the page before.",
    )
    sort: str = "id"
    format: Annotated[str, WithJsonSchema(FORMS)] | None = Field(
        default=None,
        description="`csv` and `ndjson` give all rows, or as many as `limit` says; it wins over "
        "the Accept header.",
    )


class NoParameters(BaseModel):
    """What an address takes that has no parameters."""

    model_config = ConfigDict(extra="forbid")


class TreePage(Page):
    """Lists that are filtered by a tree (of subtypes or of cells) include what lies below."""

    rollup: Literal["descendants", "exact"] = Field(
        default="descendants",
        description="Whether a subtype or cell stands for all below it in its tree too.",
    )


class Listing(Shape, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: Whole | None = Field(
        description=f"How many rows match in all, exact up to {MAX_TOTAL:,}; beyond that null."
    )
    next: str | None = Field(description="Address of the next page, or null on the last.")
    total_at_least: Whole = Field(
        description=f"The same number, or {MAX_TOTAL + 1:,} where `total` is null."
    )


class Cursor(NamedTuple):
    """The place after a row: the list and order it belongs to, the row's sort value and id."""

    resource: str
    sort: str
    value: str | int | None
    id: str

    def text(self) -> str:
        """The cursor as it stands in an address: URL-safe and without meaning to the caller."""
        compact = json.dumps(self, separators=(",", ":"))
        return base64.urlsafe_b64encode(compact.encode()).decode().rstrip("=")


SENT = TypeAdapter(tuple[str, str, Stored | int | None, Id], config=ConfigDict(strict=True))


def parse(text: str, resource: str, sort: str, value: TypeAdapter[Any]) -> Cursor:
    """The cursor that a caller sent back, refused unless this list in this order can give it.

    Anyone can make one up: it is checked like any parameter, its value by the type of its column.
    """
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        cursor = Cursor(*SENT.validate_json(raw))
        value.validate_python(cursor.value, strict=True)
    except ValueError as error:
        raise _broken() from error
    if (cursor.resource, cursor.sort) != (resource, sort) or cursor.text() != text:
        raise _broken()
    return cursor
