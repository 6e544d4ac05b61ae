"""Lists in pages: the parameters common to all lists, the cursor, and the envelope."""

import base64
import json
from hashlib import blake2b
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, WithJsonSchema

from app.errors import Fault, Invalid
from app.schema.forms import DATASET_FORMS, ITEM_FORMS, LIST_FORMS, one_of
from app.schema.shapes import Shape
from app.schema.values import MAX_VALUES, Id, Sign, Stored, Whole

T = TypeVar("T")

MAX_TOTAL = 10_000
MAX_QUERY = 500
"""Any text of this length fits into an address, however it is encoded."""
MAX_NAMES = 2_000
FLAGS = {"true": True, "false": False}


def _flag(value: object) -> object:
    """Accept only `true` and `false`, so that a typing error is read as neither."""
    return FLAGS.get(value, value) if isinstance(value, str) else value


def _plus(value: object) -> object:
    """Restore a bare `+`, which a query string decodes to a space."""
    return "+" if value == " " else value


def _broken() -> Invalid:
    return Invalid(
        "The cursor was not issued by this list with these filters in this order.",
        faults=(Fault("cursor", "is not a cursor of this list; follow `next` instead"),),
    )


QueryText = Annotated[str, Field(max_length=MAX_QUERY, pattern=r"^[^\x00]*$")]
"""Any text that an address can hold."""
ColumnNames = Annotated[
    str, Field(max_length=MAX_NAMES), WithJsonSchema({"type": "string", "format": "columns"})
]
"""Names of columns, joined by commas."""
Several = Annotated[tuple[T, ...], Field(max_length=MAX_VALUES)]
SignInQuery = Annotated[Sign, BeforeValidator(_plus)]
Flag = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]


class Viewed(BaseModel):
    """The parameter of addresses that can also answer in brief."""

    view: Literal["whole", "brief"] = Field(
        default="whole",
        description="`brief` gives a shorter answer in a form of its own, not this schema: a claim "
        "as `id`, `claim`, `measured` (its origin), `level`, `source`, `pmid` or `doi`, `sign` "
        "and `states`; related rows as ids; no empty fields. `more` says what is left out.",
    )


class Page(Viewed):
    """The parameters of every list: paging, order, search, and the form of the answer."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200)] = Field(
        default=50,
        description="Rows per page, 1 to 200. If left out: `50` in JSON, all rows in other forms.",
    )
    cursor: str | None = Field(
        default=None,
        max_length=1000,
        json_schema_extra={"format": "cursor"},
        description="Where the page starts; taken from `next` on the previous page.",
    )
    q: QueryText | None = Field(
        default=None,
        description="Only rows that this search finds, best match first unless `sort` is given.",
    )
    sort: str = "id"
    format: Annotated[str, one_of(LIST_FORMS)] | None = Field(
        default=None,
        description="Every form but `json` covers all rows, or as many as `limit` allows: `csv` "
        "and `ndjson` give the rows, the others the references behind them. Overrides the "
        "Accept header.",
    )
    bom: Flag = Field(
        default=False,
        description="Whether a CSV file begins with a byte-order mark, as Excel needs.",
    )
    fields: Several[ColumnNames] = Field(
        default=(),
        description="Only these columns of `csv` or `ndjson`, in this order, by the names in the "
        "first line of the CSV, joined by commas: `id,statement,reference.year`.",
    )


class NoParameters(BaseModel):
    """The parameters of an address that takes none."""

    model_config = ConfigDict(extra="forbid")


class ItemQuery(NoParameters):
    """The parameter of a single row."""

    format: Annotated[str, one_of(ITEM_FORMS)] | None = Field(
        default=None,
        description="`bibtex`, `ris`, `csl-json` and `vancouver` give the references behind the "
        "row; overrides the Accept header.",
    )


class DatasetQuery(NoParameters):
    """The parameters of the description of the dataset."""

    format: Annotated[str, one_of(DATASET_FORMS)] | None = Field(
        default=None,
        description="`jsonld` describes the dataset in the vocabulary of schema.org, `linkset` "
        "lists its parts (RFC 9264); overrides the Accept header.",
    )


class Tree(BaseModel):
    """The parameter of addresses with a tree filter (of subtypes or cells)."""

    rollup: Literal["descendants", "exact"] = Field(
        default="descendants",
        description="Whether a subtype or cell includes everything below it in its tree.",
    )


class TreePage(Page, Tree):
    """The parameters of lists with a tree filter."""


class Lifted(Shape):
    """A filter, and how many rows would match without it."""

    filter: str
    total: Whole


class WhyEmpty(Shape):
    """Why a list is empty."""

    reason: str
    by: list[Lifted] = Field(
        description="The filters of which leaving out any single one would give rows."
    )


class Listing(Shape, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: Whole | None = Field(
        description=f"Number of matching rows; exact up to {MAX_TOTAL:,}, null beyond."
    )
    next: str | None = Field(description="Address of the next page; null on the last one.")
    total_at_least: Whole = Field(
        description=f"The same number, or {MAX_TOTAL + 1:,} where `total` is null."
    )
    why: WhyEmpty | None = Field(description="Given if no row matches.")
    unmatched: list[Whole] = Field(
        description="Positions, from 0, of the values of `xref` that no row has."
    )


class Cursor(NamedTuple):
    """The place after a row: its list and order, and the row's sort value and id."""

    resource: str
    sort: str
    value: str | int | None
    id: str
    query: str
    """A digest of the filters, so that the cursor is not valid for another query."""

    def text(self) -> str:
        """Encode the cursor for an address: URL-safe, and opaque to the caller."""
        compact = json.dumps(self, separators=(",", ":"))
        return base64.urlsafe_b64encode(compact.encode()).decode().rstrip("=")


SENT = TypeAdapter(tuple[str, str, Stored | int | None, Id, str], config=ConfigDict(strict=True))


class ListKey(NamedTuple):
    """What ties a cursor to a list: its name, order and a digest of its filters."""

    resource: str
    sort: str
    query: str


def digest(*query: Any) -> str:
    """A short digest of a query."""
    written = json.dumps(query, sort_keys=True).encode("utf-8", "surrogatepass")
    return blake2b(written, digest_size=8).hexdigest()


def parse(text: str, key: ListKey, value: TypeAdapter[Any]) -> Cursor:
    """Decode a cursor; refuse one that this list, in this order, cannot have issued.

    Its value must also have the type of the sort column.
    """
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        cursor = Cursor(*SENT.validate_json(raw))
        value.validate_python(cursor.value, strict=True)
    except ValueError as error:
        raise _broken() from error
    if cursor.text() != text or (cursor.resource, cursor.sort, cursor.query) != key:
        raise _broken()
    return cursor
