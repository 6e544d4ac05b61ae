"""A list as an answer: one page as JSON, or all its rows as CSV or NDJSON."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response

from app.addresses import addresses_for
from app.api import citing, streamed
from app.api.brief import whole_address
from app.db import Database, Reading
from app.db.revision import State
from app.errors import Fault
from app.formats import csv, signposts, sssom
from app.formats import rows as files
from app.formats.csv import Column
from app.http import conditional, negotiation
from app.read.brief import Rest, brief_rows, not_empty, rest
from app.read.reader import Reader, Rows
from app.read.unknown import Values
from app.schema.forms import CITATION_FORMS, LIST_FORMS, media_types
from app.schema.pages import MAX_TOTAL, Page
from app.search import lists
from app.search.find import Finder

ROWS_AT_ONCE = 200
AT_LEAST = "total_at_least"
MEDIA_TYPES = media_types(LIST_FORMS)


class Lists:
    """Reads lists, with or without a search."""

    def __init__(self, db: Database, finder: Finder) -> None:
        self.db = db
        self._finder = finder

    def page(self, reading: Reading, reader: Reader, query: Page, fixed: Values) -> Rows:
        """One page of a list."""
        if query.q is None:
            return reader.page(reading, query, fixed)
        found = self._finder.find(reading, query.q, [reader.resource.name])
        return lists.searched_page(reading, reader, query, fixed, found)


class BrokenStream(Exception):
    """The data changed while a list was streamed, so that its end would not fit its beginning.

    The connection is then closed before the end of the body, which every HTTP client reports.
    """


def answer(
    request: Request,
    of: Lists,
    reader: Reader,
    query: Page,
    owner: tuple[Reader, str] | None = None,
) -> Response:
    """The list in the form that suits the caller best; with an `owner`, only what belongs to it."""
    form = negotiation.choose_form(request, media_types(reader.resource.forms))
    columns = _columns(reader, query, form)
    whole = form != "json" and "limit" not in query.model_fields_set
    first = query.model_copy(update={"limit": ROWS_AT_ONCE}) if whole else query
    fixed = {owner[0].resource.name: [owner[1]]} if owner else {}
    with of.db.read() as reading:
        if owner:
            owner[0].require(reading, owner[1])
        rows = of.page(reading, reader, first, fixed)
        if form in CITATION_FORMS:
            page = partial(of.page, reading, reader, fixed=fixed)
            items = _all_items(page, first, rows) if whole else rows.items
            cited = citing.cite_rows(reading, reader.resource, items, form)
        elif form != "json":
            headers = streamed.file_headers(request, reading, form, _header(reader, columns))
    if form == "json":
        return _page(request, rows, query, reading.release)
    after = None if whole else rows.after
    more = links(request, next_page(request, after.text()) if after else None)
    if form in CITATION_FORMS:
        cited.headers.update(more)
        return cited
    following = _following(of, reader, first, fixed, rows, reading.state) if whole else ()
    revision = headers[conditional.DATASET_REVISION]
    of_set = sssom.MappingSet(
        reading.release, revision, streamed.choosing(request), reader.resource.name
    )
    texts = _texts(chain([rows.items], following), form, reader, query, of_set)
    return streamed.streamed(request, texts, reader.resource.forms[form], headers | more)


def _texts(
    pages: Iterable[list[str]],
    form: str,
    reader: Reader,
    query: Page,
    of_set: sssom.MappingSet,
) -> Iterator[str]:
    """The rows as a file, a page at a time."""
    if form == sssom.FORM:
        return sssom.mapping_texts(pages, of_set)
    shape = reader.resource.read
    shown = (_in_view(items, query)[0] for items in pages)
    columns = files.chosen_columns(shape, query.fields)
    return files.row_lines(shown, form, shape, columns, mark=query.bom)


def _columns(reader: Reader, query: Page, form: str) -> list[Column]:
    """The requested columns; none for whole rows. Only files have columns."""
    if query.fields and form not in files.FORMS:
        forms = " or ".join(f"`format={one}`" for one in files.FORMS)
        raise files.refused(Fault("fields", f"chooses columns of a file; add {forms}"))
    if query.view == "brief" and (query.fields or form in ("csv", sssom.FORM)):
        message = "is for whole rows in JSON or NDJSON"
        if form != sssom.FORM:
            message += "; a CSV file has the columns named in `fields`"
        raise files.refused(Fault("view", message))
    return files.chosen_columns(reader.resource.read, query.fields)


def _header(reader: Reader, columns: list[Column]) -> str:
    return csv.header(columns or csv.columns(reader.resource.read))


def _all_items(page: Callable[[Page], Rows], first: Page, rows: Rows) -> list[str]:
    """The rows of this page and all after it."""
    items = rows.items
    while rows.after:
        rows = page(first.model_copy(update={"cursor": rows.after.text()}))
        items = items + rows.items
    return items


def _page(request: Request, rows: Rows, query: Page, release: str) -> Response:
    """The envelope around a page; the address of the next one is also in `Link`."""
    following = next_page(request, rows.after.text()) if rows.after else None
    total = rows.total if rows.total <= MAX_TOTAL else None
    tail: dict[str, object] = {
        "total": total,
        AT_LEAST: rows.total,
        "next": following,
        "why": rows.why.model_dump() if rows.why else None,
        "unmatched": list(rows.unmatched),
    }
    items, left_out = _in_view(rows.items, query)
    if query.view == "brief":
        more = rest([Rest("fields", left_out, whole_address(request))])
        tail = {"total": total, "next": following, **_needed(tail), **more}
    body = f'{{"items":[{",".join(items)}],{json.dumps(tail, separators=(",", ":"))[1:]}'
    headers = conditional.cacheable(release) | links(request, following)
    return Response(body, media_type=negotiation.JSON, headers=headers)


def _in_view(items: list[str], query: Page) -> tuple[list[str], int]:
    """The rows in the requested view, whole or brief, and how many fields that leaves out."""
    return brief_rows(items) if query.view == "brief" else (items, 0)


def _needed(tail: Mapping[str, object]) -> dict[str, object]:
    """The part of the envelope that a brief answer needs: nothing twice, and nothing empty."""
    known = tail["total"] is not None
    return not_empty({name: one for name, one in tail.items() if not known or name != AT_LEAST})


def links(request: Request, following: str | None) -> dict[str, str]:
    """The `Link` header: to the next page, which files can name nowhere else, and elsewhere."""
    return signposts.link_header(signposts.of_list(addresses_for(request.scope)), following)


def next_page(request: Request, cursor: str) -> str:
    """The address of the page after this one."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    addresses = addresses_for(request.scope)
    path = addresses.own(request.scope["path"])
    return addresses.of(path, [*sorted(pairs), ("cursor", cursor)])


def _following(
    of: Lists, reader: Reader, first: Page, fixed: Values, rows: Rows, state: State | None
) -> Iterator[list[str]]:
    """The rows after the first page, a page at a time, all of one state of the data."""
    while rows.after:
        query = first.model_copy(update={"cursor": rows.after.text()})
        with of.db.read() as reading:
            if state is None or reading.state != state:
                raise BrokenStream("the data changed while they were sent")
            rows = of.page(reading, reader, query, fixed)
        yield rows.items
