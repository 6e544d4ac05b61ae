"""The endpoints that every resource type has, from one function."""

import json
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from pydantic import create_model
from starlette.responses import Response

from app import answers, media
from app.db import Database
from app.errors import NotFound
from app.paging import MAX_TOTAL, Cursor, Listing, Page
from app.read import Reader, Rows
from app.resource import Resource


def build(resource: Resource, evidence: Resource, db: Database) -> APIRouter:
    """A router with the list, the items and the evidence of one resource type."""
    router = APIRouter(prefix="/v1", tags=[resource.plural])
    reader = Reader(db, resource)

    @router.get(
        f"/{resource.plural}",
        operation_id=f"list_{resource.plural}",
        summary=f"List {resource.plural}",
        response_model=Listing[resource.read],  # type: ignore[name-defined]  # data, not a name
        responses=answers.documented(),
    )
    def list_rows(
        request: Request,
        asked: Annotated[resource.filters, Query()],  # type: ignore[name-defined]  # as above
    ) -> Response:
        media.require_json(request.headers.get("accept"))
        with db.read() as connection:
            rows = reader.page(connection, asked)
        return _listing(request, rows)

    @router.get(
        f"/{resource.plural}/{{id}}",
        operation_id=f"get_{resource.name}",
        summary=f"Get one {resource.name}",
        response_model=resource.read,
        responses=answers.documented(NotFound),
    )
    def get_row(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example])],  # type: ignore[name-defined]  # as above
    ) -> Response:
        media.require_json(request.headers.get("accept"))
        with db.read() as connection:
            item = reader.item(connection, id)
        return Response(item, media_type=media.JSON)

    if resource is not evidence:
        _add_evidence(router, resource, evidence, db)
    return router


def _add_evidence(router: APIRouter, resource: Resource, evidence: Resource, db: Database) -> None:
    """The claims behind a row: `/v1/evidence` with the filter of this type already given."""
    reader, claims = Reader(db, resource), Reader(db, evidence)
    filters = without(evidence.filters, resource.name)

    @router.get(
        f"/{resource.plural}/{{id}}/evidence",
        operation_id=f"list_evidence_of_{resource.name}",
        summary=f"List the evidence of one {resource.name}",
        response_model=Listing[evidence.read],  # type: ignore[name-defined]  # data, not a name
        responses=answers.documented(NotFound),
    )
    def list_evidence(
        request: Request,
        id: Annotated[resource.id, Path(examples=[resource.example])],  # type: ignore[name-defined]  # as above
        asked: Annotated[filters, Query()],  # type: ignore[valid-type]  # as above
    ) -> Response:
        media.require_json(request.headers.get("accept"))
        with db.read() as connection:
            reader.require(connection, id)
            rows = claims.page(connection, asked, {resource.name: [id]})
        return _listing(request, rows)


def without(filters: type[Page], name: str) -> type[Page]:
    """The same filters but one."""
    fields = {
        field: (info.annotation, info)
        for field, info in filters.model_fields.items()
        if field != name
    }
    title = f"{filters.__name__}Without{name.title()}"
    return create_model(title, __config__=Page.model_config, **fields)  # type: ignore[call-overload,no-any-return]  # fields are data


def _listing(request: Request, rows: Rows) -> Response:
    """The envelope around a page; the address of the next one also stands in `Link`."""
    following = _next(request, rows.after) if rows.after else None
    total = rows.total if rows.total <= MAX_TOTAL else None
    tail = {"total": total, "total_at_least": rows.total, "next": following}
    body = f'{{"items":[{",".join(rows.items)}],{json.dumps(tail, separators=(",", ":"))[1:]}'
    headers = {"Link": f'<{following}>; rel="next"'} if following else None
    return Response(body, media_type=media.JSON, headers=headers)


def _next(request: Request, after: Cursor) -> str:
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    query = urlencode([*sorted(pairs), ("cursor", after.text())])
    return f"{request.scope.get('root_path', '')}{request.scope['path']}?{query}"
