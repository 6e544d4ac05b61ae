"""A list as an answer: one page as JSON, or all its rows as CSV or NDJSON."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.db import Database
from app.db.revision import read_dataset
from app.formats import LIST_FORMS, LIST_MEDIA_TYPES, csv
from app.http import conditional, negotiation
from app.read.reader import Reader, Rows
from app.read.unknown import Values
from app.schema.pages import MAX_TOTAL, Cursor, Page

ROWS_AT_ONCE = 200


class Broken(Exception):
    """The data changed while a list was streamed, so that its end would not fit its beginning.

    The connection is then closed before the end of the body, which every HTTP client reports.
    """


def answer(
    request: Request, db: Database, reader: Reader, query: Page, fixed: Values | None = None
) -> Response:
    """The list that was asked for, in the form that suits the caller best."""
    form = negotiation.choose_form(request, LIST_MEDIA_TYPES)
    if form != "json":
        return _streamed(db, reader, query, fixed or {}, form)
    with db.read() as connection:
        rows = reader.page(connection, query, fixed)
    return _page(request, rows)


def _page(request: Request, rows: Rows) -> Response:
    """The envelope around a page; the address of the next one also stands in `Link`."""
    following = _next(request, rows.after) if rows.after else None
    total = rows.total if rows.total <= MAX_TOTAL else None
    tail = {"total": total, "total_at_least": rows.total, "next": following}
    body = f'{{"items":[{",".join(rows.items)}],{json.dumps(tail, separators=(",", ":"))[1:]}'
    link = {"Link": f'<{following}>; rel="next"'} if following else {}
    return Response(body, media_type=negotiation.JSON, headers=conditional.CACHEABLE | link)


def _next(request: Request, after: Cursor) -> str:
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    query = urlencode([*sorted(pairs), ("cursor", after.text())])
    return f"{request.scope.get('root_path', '')}{request.scope['path']}?{query}"


def _streamed(db: Database, reader: Reader, query: Page, fixed: Values, form: str) -> Response:
    """All rows from where the question starts, or as many as its `limit` says.

    The first rows are read before the answer begins, so that whatever is wrong with the question
    is still told as a problem.
    """
    whole = "limit" not in query.model_fields_set
    first = query.model_copy(update={"limit": ROWS_AT_ONCE}) if whole else query
    with db.read() as connection:
        revision = read_dataset(connection)
        rows = reader.page(connection, first, fixed)

    def pages() -> Iterator[list[str]]:
        now = rows
        yield now.items
        while whole and now.after:
            following = first.model_copy(update={"cursor": now.after.text()})
            with db.read() as connection:
                if read_dataset(connection) != revision:
                    raise Broken("the data changed while they were sent")
                now = reader.page(connection, following, fixed)
            yield now.items

    name = f"{reader.resource.plural}.{form}"
    return StreamingResponse(
        _lines(pages(), reader, form),
        headers={
            "Content-Type": LIST_FORMS[form],
            "Cache-Control": conditional.NO_STORE,
            "Content-Disposition": f'inline; filename="{name}"',
        },
    )


def _lines(pages: Iterator[list[str]], reader: Reader, form: str) -> Iterator[str]:
    """The text of each page; the header of a table stands before the first."""
    if form == "csv":
        yield csv.header(reader.resource.read)
    for items in pages:
        if form == "csv":
            yield csv.lines(items, reader.resource.read)
        else:
            yield "".join(f"{item}\n" for item in items)
