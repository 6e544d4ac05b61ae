"""Counts of evidence by two dimensions, with the address of the evidence behind each number."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, create_model
from starlette.responses import Response

from app.addresses import Addresses, addresses_for
from app.api import listing
from app.api.brief import whole_address
from app.db import Database, Reading
from app.http import conditional, negotiation, problems
from app.http.parameters import FastRoute
from app.read import counts, kinds
from app.read.brief import Rest, counts_in_brief, rest, text
from app.read.counts import COLUMNS, DIMENSIONS, ROWS, CountRow, Dimension, Label, count_row
from app.read.kinds import Kinds
from app.read.reader import Reader, statement_key
from app.read.statements import StatementKey
from app.read.unknown import Values, bind_values
from app.schema.pages import Page
from app.schema.resource import Resource
from app.schema.shapes import EvidenceCounts, LevelCounts, OriginCounts, Shape

EXAMPLES = {"/v1/matrix": {"rows": "mechanism", "columns": "subtype", "native": "true"}}
# The parameters besides the filters; only the filters go into the addresses of the claims.
OWN = ("rows", "columns", "view")
PAGING = ("limit", "cursor", "sort", "format", "bom", "fields", "id", "q")


class Counted(Shape):
    """A count of evidence, and the list that it counts."""

    counts: EvidenceCounts
    evidence: str = Field(description="Address of a list with exactly these rows.")


class Heading(Counted):
    """A row or column of the matrix, with all its evidence, each claim counted once."""

    id: str
    name: str


class MatrixCell(Counted):
    """The evidence where a row and a column meet; empty cells are left out."""

    row: str
    column: str


class Matrix(Shape):
    """Counts of evidence by two dimensions; a claim may count in several cells."""

    rows: list[Heading]
    columns: list[Heading]
    cells: list[MatrixCell]
    total: Counted = Field(
        description="All evidence that passes the filters, each claim counted once."
    )


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
        with db.read() as reading:
            found = _matrix(request, reading, reader, query)
        headers = conditional.cacheable(reading.release) | listing.links(request, None)
        in_brief = query.view == "brief"  # type: ignore[attr-defined]  # a class made above
        body = _brief(found, whole_address(request)) if in_brief else found.model_dump_json()
        return Response(body, media_type=negotiation.JSON, headers=headers)

    return router


def with_dimensions(filters: type[Page]) -> type[BaseModel]:
    """The filters of evidence, with the two dimensions instead of the paging parameters."""
    fields: dict[str, Any] = {
        name: (info.annotation, info)
        for name, info in filters.model_fields.items()
        if name not in PAGING
    }
    rows = Field(description="Dimension of the rows.")
    columns = Field(description="Dimension of the columns.")
    fields["rows"] = (Literal[tuple(ROWS)], rows)
    fields["columns"] = (Literal[tuple(COLUMNS)], columns)
    return create_model("MatrixQuestion", __config__=Page.model_config, **fields)


class MatrixQuery(NamedTuple):
    """A query of the matrix, ready to run."""

    addresses: Addresses
    reading: Reading
    evidence: Resource
    values: Values
    key: StatementKey
    pairs: list[tuple[str, str]]
    """The filters as they were given."""
    kinds: Kinds | None
    """The kinds of claims that pass the filters; None if kinds are too coarse for these."""

    def counted(self, *by: str) -> list[CountRow]:
        """The counts, divided by the dimensions."""
        if self.kinds:
            return self.kinds.counted(*by)
        places = bind_values(self.values)
        return self.reading.rows(
            count_row, places, counts.claim_counts, self.evidence, self.key, *by
        )

    def headings(self, name: str) -> dict[str, Heading]:
        """The rows or columns, by value; if the filters name some, only at or below those."""
        of = DIMENSIONS[name]
        shown = self._shown(of)
        labels = self._labels(of)
        found: dict[str, Heading] = {}
        for row in self.counted(name):
            (value,) = row.values
            if shown is None or value in shown:
                counted, evidence = self._counted(row, name)
                label = labels.get(value, value)
                found[value] = Heading(id=value, name=label, counts=counted, evidence=evidence)
        return found

    def cells(self, across: str, down: str) -> Iterator[MatrixCell]:
        """The counts where a row and a column meet."""
        for found in self.counted(across, down):
            row, column = found.values
            counted, evidence = self._counted(found, across, down)
            yield MatrixCell(row=row, column=column, counts=counted, evidence=evidence)

    def total(self) -> Counted:
        """All evidence that passes the filters."""
        (row,) = self.counted()
        counted, evidence = self._counted(row)
        return Counted(counts=counted, evidence=evidence)

    def _counted(self, row: CountRow, *by: str) -> tuple[EvidenceCounts, str]:
        """The counts of a row, and the list that they count."""
        counted = EvidenceCounts(
            total=row.total, level=LevelCounts(**row.level), origin=OriginCounts(**row.origin)
        )
        return counted, self._address(dict(zip(by, row.values, strict=True)))

    def _address(self, values: Mapping[str, str]) -> str:
        """The list of exactly this evidence: a value takes the place of its own filter."""
        instead = {DIMENSIONS[name].filter: value for name, value in values.items()}
        kept = [pair for pair in self.pairs if pair[0] not in instead]
        return self.addresses.of("/v1/evidence", sorted([*kept, *instead.items()]))

    def _shown(self, of: Dimension) -> set[str] | None:
        given = self.values.get(of.filter)
        if given is None or not of.tree:
            return None if given is None else set(given)
        key = StatementKey(roll_up=self.key.roll_up)
        places = bind_values({of.filter: given})
        return set(self.reading.rows(str, places, counts.within, of, len(given), key))

    def _labels(self, of: Dimension) -> dict[str, str]:
        return dict(self.reading.rows(Label, {}, counts.labels, of.names)) if of.names else {}


def _matrix(request: Request, reading: Reading, reader: Reader, query: Any) -> Matrix:
    values = reader.values(reading, query)
    given = request.query_params.multi_items()
    pairs = [pair for pair in given if pair[0] not in OWN]
    key = statement_key(query, values)
    found = Kinds(reading, values, key) if kinds.serves(values) else None
    ready = MatrixQuery(
        addresses_for(request.scope), reading, reader.resource, values, key, pairs, found
    )
    rows, columns = ready.headings(query.rows), ready.headings(query.columns)
    cells = ready.cells(query.rows, query.columns)
    return Matrix(
        rows=list(rows.values()),
        columns=list(columns.values()),
        cells=[cell for cell in cells if cell.row in rows and cell.column in columns],
        total=ready.total(),
    )


def _brief(found: Matrix, whole: str) -> str:
    """The numbers alone; the address of the claims behind each is in the whole matrix."""

    def claims(of: Counted) -> dict[str, Any]:
        return counts_in_brief(of.counts.model_dump())

    cells = [{"row": one.row, "column": one.column, **claims(one)} for one in found.cells]
    addresses = len(found.rows) + len(found.columns) + len(cells) + 1
    return text(
        {
            "rows": {one.id: claims(one) for one in found.rows},
            "columns": {one.id: claims(one) for one in found.columns},
            "cells": cells,
            "total": claims(found.total),
            **rest([Rest("addresses", addresses, whole)]),
        }
    )
