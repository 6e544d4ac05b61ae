"""Many rows at once: a bundle brought in by key, as `python -m app import` does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from app.api.idempotency import REPEATABLE, make_once
from app.api.proposals import STORED_NOWHERE, security
from app.api.writes import ShortRemark
from app.db import Database
from app.db.revision import read_dataset
from app.errors import (
    Clash,
    Forbidden,
    InsufficientStorage,
    InvalidRow,
    PayloadTooLarge,
    Unauthorised,
    UnsupportedMediaType,
)
from app.http import negotiation, problems
from app.http.entrance import needs, owner_of_key
from app.http.guard import IMPORT
from app.http.spool import BUNDLE_KINDS, BundleRoute, bundle_of
from app.schema.pages import Flag, NoParameters
from app.schema.shapes import Shape
from app.schema.values import Whole

if TYPE_CHECKING:
    from app.write.edits import Edited

MAY_IMPORT = ("admin",)
REFUSALS = (
    *(Unauthorised, Forbidden, Clash, InvalidRow),
    *(PayloadTooLarge, UnsupportedMediaType, InsufficientStorage),
)


class BundleQuery(NoParameters):
    """The parameters of an import."""

    reason: ShortRemark | None = Field(
        default=None, description="Why the rows are imported; everybody can read it."
    )
    dry_run: Flag = Field(
        default=False, description="Whether to check the bundle and change nothing."
    )


class ImportedRows(Shape):
    """What an import does to the rows of one type."""

    type: str = Field(description="The type, as in its address.")
    added: Whole = Field(description="Rows that were not there.")
    changed: Whole = Field(description="Rows that differed from the bundle.")
    removed: Whole = Field(description="Outcomes that their trials no longer have.")
    kept: Whole = Field(description="Rows that were the same already.")


class ImportReport(Shape):
    """What an import has done, or would do."""

    dry_run: bool = Field(description="Whether it was only tried, so that nothing has changed.")
    revision: Whole = Field(description="The revision of the data, which each change raises.")
    rows: list[ImportedRows] = Field(description="What it does, type by type.")


class DryRunEnd(Exception):
    """Ends the transaction of a dry run, so that nothing is changed."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


def build(db: Database) -> APIRouter:
    """A router that takes bundles."""
    router = APIRouter(route_class=BundleRoute, tags=["downloads"])

    @router.post(
        IMPORT,
        operation_id="import_bundle",
        summary="Import many rows at once",
        response_model=ImportReport,
        responses=problems.documented(*REFUSALS),
        openapi_extra={
            **security(MAY_IMPORT),
            "parameters": [REPEATABLE],
            "requestBody": {
                "required": True,
                "content": {
                    one: {"schema": {"type": "string", "format": "binary"}} for one in BUNDLE_KINDS
                },
            },
        },
    )
    @needs(*MAY_IMPORT)
    def import_bundle(request: Request, asked: Annotated[BundleQuery, Query()]) -> Response:
        body = _imported(request, db, asked)
        return Response(body, headers=STORED_NOWHERE, media_type=negotiation.JSON)

    return router


def _imported(request: Request, db: Database, asked: BundleQuery) -> str:
    """The report on an import, or on a dry run of one."""
    # Loaded with the first import: reading needs none of the code that writes.
    from app.write.edits import Edited  # noqa: PLC0415
    from app.write.importing import FaultyImport, Hand, bring_in  # noqa: PLC0415
    from app.write.refusals import refusal_of_bundle  # noqa: PLC0415

    bundle = bundle_of(request)
    hand = Hand(owner_of_key(request).name, asked.reason or "Imported.")

    def work(connection: Connection) -> "Edited":
        _, before = read_dataset(connection)
        bundle.file.seek(0)
        numbers = bring_in(connection, bundle.file, hand, go_on=bundle.go_on)
        bundle.go_on()
        if asked.dry_run:
            raise DryRunEnd(_report(numbers, before, dry_run=True))
        _, revision = read_dataset(connection)
        done = _report(numbers, revision, dry_run=False).model_dump_json()
        return Edited(IMPORT, revision, done)

    try:
        return make_once(request, db, work, many=True).item or ""
    except DryRunEnd as tried:
        return tried.report.model_dump_json()
    except FaultyImport as faulty:
        raise refusal_of_bundle(faulty.found, faulty.total) from faulty


def _report(
    numbers: Mapping[str, Mapping[str, int]], revision: int, *, dry_run: bool
) -> ImportReport:
    rows = [ImportedRows(type=kind, **of) for kind, of in numbers.items()]
    return ImportReport(dry_run=dry_run, revision=revision, rows=rows)
