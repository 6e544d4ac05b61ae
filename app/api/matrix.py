"""Counts of evidence by two dimensions, with the address of the evidence behind each number."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, create_model
from sqlalchemy import Connection
from starlette.responses import Response

from app.db import Database
from app.http import conditional, negotiation, problems
from app.http.parameters import FastRoute
from app.read import counts
from app.read.counts import COLUMNS, DIMENSIONS, ROWS, Dimension
from app.read.reader import Reader, statement_key
from app.read.statements import StatementKey
from app.read.unknown import Values, bind_values
from app.schema.pages import Page
from app.schema.resource import Resource
from app.schema.shapes import EvidenceCounts, LevelCounts, OriginCounts, Shape
from app.schema.vocabulary import words

EXAMPLES = {"/v1/matrix": {"rows": "mechanism", "columns": "subtype", "native": "true"}}
PAGING = ("limit", "cursor", "sort", "format", "id")


class Counted(Shape):
    """A count of evidence, and the list that it counts."""

    counts: EvidenceCounts
    evidence: str = Field(description="Address of a list with exactly these rows.")


class Heading(Counted):
    """A row or column of the matrix, with all its evidence, each claim counted once."""

    id: str
    name: str


class MatrixCell(Counted):
    """What stands where a row and a column meet; empty cells are left out."""

    row: str
    column: str


class Matrix(Shape):
    """Counts of evidence by two dimensions; a claim may stand in several cells."""

    rows: list[Heading]
    columns: list[Heading]
    cells: list[MatrixCell]
    total: Counted = Field(description="All evidence that the filters leave, each claim once.")


def build(evidence: Resource, db: Database) -> APIRouter:
    """A router with the matrix."""
    router = APIRouter(prefix="/v1", route_class=FastRoute, tags=["matrix"])
    reader = Reader(db, evidence)
    parameters = with_dimensions(evidence.filters)

    @router.get(
        "/matrix",
        operation_id="get_matrix",
        summary="Count evidence by two dimensions",
        response_model=Matrix,
        responses=problems.documented(),
    )
    def get_matrix(
        request: Request,
        query: Annotated[parameters, Query()],  # type: ignore[valid-type]  # a class made above
    ) -> Response:
        negotiation.require_json(request)
        found = _matrix(request, db, reader, query)
        return Response(
            found.model_dump_json(), media_type=negotiation.JSON, headers=conditional.CACHEABLE
        )

    return router


def with_dimensions(filters: type[Page]) -> type[BaseModel]:
    """The filters of evidence, with the two dimensions instead of what pages a list."""
    fields: dict[str, Any] = {
        name: (info.annotation, info)
        for name, info in filters.model_fields.items()
        if name not in PAGING
    }
    rows = Field(description="What the rows are.")
    columns = Field(description="What the columns are.")
    fields["rows"] = (Literal[tuple(ROWS)], rows)
    fields["columns"] = (Literal[tuple(COLUMNS)], columns)
    return create_model("MatrixQuestion", __config__=Page.model_config, **fields)


class MatrixQuery(NamedTuple):
    """A question to the matrix, made ready."""

    db: Database
    evidence: Resource
    values: Values
    key: StatementKey
    pairs: list[tuple[str, str]]
    """The filters as they were given."""

    def counted(self, connection: Connection, *by: str) -> list[Any]:
        """The counts, divided by the dimensions."""
        statement = self.db.statement(counts.claim_counts, self.evidence, self.key, *by)
        return statement.rows(connection, bind_values(self.values))

    def headings(self, connection: Connection, name: str) -> dict[str, Heading]:
        """The rows or columns, by value; where the filters name some, only at or below those."""
        of = DIMENSIONS[name]
        shown = self._shown(connection, of)
        labels = self._labels(connection, of)
        return {
            row.row: Heading(
                id=row.row, name=labels.get(row.row, row.row), **self._counts(row, name)
            )
            for row in self.counted(connection, name)
            if shown is None or row.row in shown
        }

    def cells(self, connection: Connection, across: str, down: str) -> list[tuple[str, str, Any]]:
        """The counts where a row and a column meet."""
        return [
            (row.row, row.column, self._counts(row, across, down))
            for row in self.counted(connection, across, down)
        ]

    def total(self, connection: Connection) -> Counted:
        """All evidence that the filters leave."""
        (row,) = self.counted(connection)
        return Counted(**self._counts(row))

    def _counts(self, row: Any, *by: str) -> dict[str, Any]:
        found = row._asdict()
        return {
            "counts": EvidenceCounts(
                total=found["total"],
                level=LevelCounts(**{one: found[f"level_{one}"] for one in words("levels")}),
                origin=OriginCounts(**{one: found[f"origin_{one}"] for one in words("origins")}),
            ),
            "evidence": self._address(dict(zip(by, tuple(row), strict=False))),
        }

    def _address(self, values: Mapping[str, str]) -> str:
        """The list of exactly this evidence: a value takes the place of its own filter."""
        instead = {DIMENSIONS[name].filter: value for name, value in values.items()}
        kept = [pair for pair in self.pairs if pair[0] not in instead]
        query = urlencode(sorted([*kept, *instead.items()]))
        return f"/v1/evidence?{query}" if query else "/v1/evidence"

    def _shown(self, connection: Connection, of: Dimension) -> set[str] | None:
        given = self.values.get(of.filter)
        if given is None or not of.tree:
            return None if given is None else set(given)
        statement = self.db.statement(
            counts.within, of, len(given), StatementKey(roll_up=self.key.roll_up)
        )
        return {row.id for row in statement.rows(connection, bind_values({of.filter: given}))}

    def _labels(self, connection: Connection, of: Dimension) -> dict[str, str]:
        if of.names is None:
            return {}
        return {
            row.id: row.name
            for row in self.db.statement(counts.labels, of.names).rows(connection, {})
        }


def _matrix(request: Request, db: Database, reader: Reader, query: Any) -> Matrix:
    with db.read() as connection:
        values = reader.values(connection, query)
        key = statement_key(query, values)
        given = request.query_params.multi_items()
        pairs = [pair for pair in given if pair[0] not in ("rows", "columns")]
        ready = MatrixQuery(db, reader.resource, values, key, pairs)
        rows = ready.headings(connection, query.rows)
        columns = ready.headings(connection, query.columns)
        cells = ready.cells(connection, query.rows, query.columns)
        total = ready.total(connection)
    return Matrix(
        rows=list(rows.values()),
        columns=list(columns.values()),
        cells=[
            MatrixCell(row=row, column=column, **counted)
            for row, column, counted in cells
            if row in rows and column in columns
        ],
        total=total,
    )
