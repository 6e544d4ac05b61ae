"""No filter and no order makes SQLite read a whole table without an index.

Without statistics, which the service does not gather, SQLite plans by the indexes alone: the plan
at 223 rows is the plan at 100,000.
"""

import re
from collections.abc import Iterator
from typing import get_args, get_origin

import pytest
from pydantic import TypeAdapter
from sqlmodel import SQLModel

from app import statements
from app.db import Database
from app.known import placed
from app.markers import filter_marks
from app.read import Reader, question_of
from app.resource import Resource
from app.resources import ALL
from app.settings import Settings
from tests.examples import values_of

# A scan of a table itself; a scan of what a part of the statement has already picked is none.
WHOLE_TABLE = re.compile(r"SCAN [a-z0-9_]+_\d+$")
# Small lists that never grow with the evidence are read whole where that is quicker.
REASONS = {
    "mechanism",
    "subtype",
    "partner",
    "entity",
    "edge",
    "trial",
    "conflict",
    "reference",
    "outcome",
}


def questions(resource: Resource) -> Iterator[dict[str, str | list[str]]]:
    fields = resource.filters.model_fields
    for sort in get_args(fields["sort"].annotation):
        yield {"sort": sort}
    for name, info in fields.items():
        for _ in filter_marks(info):
            value = values_of(resource, name)[-1]
            yield {name: [value] if get_origin(info.annotation) is tuple else value}


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_every_filter_and_order_has_its_index(urls: dict[str, str], resource: Resource) -> None:
    db = Database(Settings(database_url=urls["sqlite"]))
    reader = Reader(db, resource)

    for given in questions(resource):
        asked = TypeAdapter(resource.filters).validate_python(given)
        with db.read() as connection:
            values = reader.values(connection, asked)
            question = question_of(asked, values)
            for make in (statements.page, statements.total):
                kept = db.kept(make, resource, question)
                places = {"rows": 51, **placed(values), **kept.constants}
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {kept.sql}", places)
                whole = [row[3] for row in plan if WHOLE_TABLE.fullmatch(row[3])]

        tables = {one.split()[1].rpartition("_")[0] for one in whole}
        large = tables & SQLModel.metadata.tables.keys() - REASONS
        assert not large, (given, large)
    db.close()
