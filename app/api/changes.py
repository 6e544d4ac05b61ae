"""What has changed, change by change, for keeping a copy of the data up to date."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.responses import Response

from app.addresses import addresses_for
from app.api import citing, history, listing, streamed
from app.db import Database
from app.formats import csv
from app.formats.rows import row_lines
from app.http import conditional, negotiation, problems
from app.http.parameters import FastRoute
from app.read.changes import ChangeSelection, FoundChanges, changes, last_number, revision_named
from app.read.history import HistoryEntry
from app.read.row_types import Among, TypeChanged
from app.schema.curation import ACTIONS
from app.schema.forms import ROW_FORMS, media_types, one_of
from app.schema.pages import MAX_TOTAL, Cursor, Flag, ListKey, Several, WhyEmpty, digest, parse
from app.schema.resource import Resource
from app.schema.shapes import Shape
from app.schema.values import Id, Whole

NAME, ORDER = "changes", "number"
NUMBER = TypeAdapter(int)
FORMS = media_types(ROW_FORMS)
EXAMPLES = {"/v1/changes": {"limit": "2"}}


Action = Annotated[str, Among(*ACTIONS)]


class ChangesQuery(BaseModel):
    """Which changes to list."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$")] | None = Field(
        default=None,
        description="Only changes after this: a `revision` that an earlier answer gave (a whole "
        "number is always one), or the whole name of a release, such as `2026.12`, as it was when "
        "first loaded. If left out: all changes.",
    )
    type: Several[TypeChanged] = Field(
        default=(), description="Only changes of rows of these types, as in their addresses."
    )
    action: Several[Action] = Field(default=(), description="Only changes of these kinds.")
    limit: Annotated[int, Field(ge=1, le=200)] = Field(
        default=50,
        description="Changes per page, 1 to 200. If left out: `50` in JSON, all changes in other "
        "forms.",
    )
    cursor: str | None = Field(
        default=None,
        max_length=1000,
        json_schema_extra={"format": "cursor"},
        description="Where the page starts; taken from `next` on the previous page.",
    )
    format: Annotated[str, one_of(ROW_FORMS)] | None = Field(
        default=None,
        description="`csv` and `ndjson` give all changes, or as many as `limit` allows. Overrides "
        "the Accept header.",
    )
    bom: Flag = Field(
        default=False,
        description="Whether a CSV file begins with a byte-order mark, as Excel needs.",
    )


class ChangedRow(Shape):
    """The row that was changed."""

    type: TypeChanged = Field(description="Its type, as in its address.")
    id: Id
    address: str = Field(description="Its address, which answers 410 once it is removed.")


class Change(HistoryEntry, ChangedRow):
    """One change of a row."""


class ChangeList(Shape):
    """Some changes, in the order in which they were made."""

    items: list[Change]
    total: Whole | None = Field(
        description=f"Number of changes; exact up to {MAX_TOTAL:,}, null beyond."
    )
    total_at_least: Whole = Field(
        description=f"The same number, or {MAX_TOTAL + 1:,} where `total` is null."
    )
    next: str | None = Field(description="Address of the next page; null on the last one.")
    revision: Whole | None = Field(
        description="On the last page, what to send as `since` next time: all changes up to it "
        "have been given. Null on earlier pages."
    )
    why: WhyEmpty | None = Field(description="Given if there are no changes.")


def routers(resources: Sequence[Resource], db: Database) -> list[APIRouter]:
    """The routers for the changes of all rows, and for the history of each."""
    return [build(db), *(history.build(resource, db) for resource in resources if resource.write)]


def build(db: Database) -> APIRouter:
    """A router with the changes."""
    router = APIRouter(prefix="/v1", route_class=FastRoute, tags=["changes"])

    @router.get(
        "/changes",
        operation_id="list_changes",
        summary="List what has been added, changed and removed",
        response_model=ChangeList,
        responses=citing.other_forms(FORMS) | problems.documented(),
    )
    def list_changes(request: Request, query: Annotated[ChangesQuery, Query()]) -> Response:
        return _answer(request, db, query)

    return router


class _Pages:
    """The pages of one answer, all up to the last change that there was when it began."""

    def __init__(self, request: Request, db: Database, query: ChangesQuery, *, whole: bool) -> None:
        self._request = request
        self._db = db
        self._query = query
        self._limit = listing.ROWS_AT_ONCE if whole else query.limit
        self._addresses = addresses_for(request.scope)
        chosen = sorted(query.type), sorted(query.action)
        self.place = ListKey(NAME, ORDER, digest(query.since, *chosen))

    def first(self, form: str) -> tuple[FoundChanges, dict[str, str]]:
        """The first page, and the headers of an answer in this form."""
        query, start = self._query, None
        if query.cursor is not None:
            start = NUMBER.validate_python(parse(query.cursor, self.place, NUMBER).value)
        with self._db.read() as reading:
            filters = {"type": query.type, "action": query.action}
            since = revision_named(reading, query.since)
            self._selection = ChangeSelection(since, filters, last_number(reading))
            found = changes(reading, self._selection, start, self._limit, self._addresses)
            if form == "json":
                return found, conditional.cacheable(reading.release)
            columns = csv.header(csv.columns(Change))
            return found, streamed.file_headers(self._request, reading, form, columns)

    def after(self, found: FoundChanges) -> Iterator[list[str]]:
        """The changes of all further pages."""
        while found.after:
            with self._db.read() as reading:
                start = found.after[0]
                found = changes(reading, self._selection, start, self._limit, self._addresses)
            yield found.items


def _answer(request: Request, db: Database, query: ChangesQuery) -> Response:
    """The changes in the form that suits the caller best."""
    form = negotiation.choose_form(request, FORMS)
    whole = form != "json" and "limit" not in query.model_fields_set
    pages = _Pages(request, db, query, whole=whole)
    found, headers = pages.first(form)
    following = None
    if found.after:
        cursor = Cursor(pages.place.resource, pages.place.sort, *found.after, pages.place.query)
        following = listing.next_page(request, cursor.text())
    headers |= listing.links(request, None if whole else following)
    if form == "json":
        return _page(found, following, headers)
    items = chain([found.items], pages.after(found) if whole else ())
    texts = row_lines(items, form, Change, mark=query.bom)
    return streamed.streamed(request, texts, ROW_FORMS[form], headers)


def _page(found: FoundChanges, following: str | None, headers: dict[str, str]) -> Response:
    tail: dict[str, Any] = {
        "total": found.total if found.total <= MAX_TOTAL else None,
        "total_at_least": found.total,
        "next": following,
        "revision": None if following else found.revision,
        "why": found.why.model_dump() if found.why else None,
    }
    rest = json.dumps(tail, separators=(",", ":"))[1:]
    body = f'{{"items":[{",".join(found.items)}],{rest}'
    return Response(body, media_type=negotiation.JSON, headers=headers)
