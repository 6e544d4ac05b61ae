"""No filter and no order makes SQLite read a whole large table without an index."""

import re
import shutil
from collections.abc import Iterator
from typing import get_args, get_origin

import pytest
from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlmodel import SQLModel

from app.db import Database
from app.read import statements
from app.read.reader import Reader, statement_key
from app.read.unknown import bind_values
from app.resources import ALL
from app.resources.evidence import EVIDENCE
from app.schema.markers import filter_marks
from app.schema.resource import Resource
from app.settings import Settings
from tests.bench.generate import grow
from tests.examples import values_of

CLAIMS = 100_000
# Tables that do not grow with the evidence have some hundred rows: a scan costs nothing.
LARGE = 10_000
# A scan of a table; scans of an intermediate result do not count.
WHOLE_TABLE = re.compile(r"SCAN ([a-z0-9_]+)_\d+$")
# A look-up in a table whose rows belong to claims or refer to them.
PART_OF_CLAIM = re.compile(r"SEARCH (evidence_[a-z_]+|edge_evidence|conflict_side_evidence)_\d+ ")


@pytest.fixture(scope="module")
def large(urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The content with its claims repeated."""
    path = tmp_path_factory.mktemp("large") / "large.db"
    shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)
    db = Database(Settings(database_url=f"sqlite:///{path}"))
    grow(db, CLAIMS)
    yield db
    db.close()
    path.unlink()


def large_tables(db: Database) -> set[str]:
    with db.read() as reading:
        return {
            name
            for name, table in SQLModel.metadata.tables.items()
            if reading.connection.execute(select(func.count()).select_from(table)).scalar_one()
            > LARGE
        }


def questions(resource: Resource) -> Iterator[dict[str, str | list[str]]]:
    fields = resource.filters.model_fields
    for sort in get_args(fields["sort"].annotation):
        yield {"sort": sort}
    for name, info in fields.items():
        for _ in filter_marks(info):
            value = values_of(resource, name)[-1]
            yield {name: [value] if get_origin(info.annotation) is tuple else value}


@pytest.mark.full
def test_every_filter_and_order_has_its_index(large: Database) -> None:
    watched = large_tables(large)
    assert {"evidence", "evidence_subtype", "evidence_partner", "edge_evidence"} <= watched

    scanned: set[str] = set()
    for resource in ALL:
        reader = Reader(large, resource)
        for given in questions(resource):
            asked = TypeAdapter(resource.filters).validate_python(given)
            with large.read() as reading:
                values = reader.values(reading, asked)
                question = statement_key(asked, values)
                for make in (statements.page, statements.total):
                    kept = large.statement(make, resource, question)
                    places = {"rows": 51, **bind_values(values), **kept.constants}
                    plan = reading.connection.exec_driver_sql(
                        f"EXPLAIN QUERY PLAN {kept.sql}", places
                    )
                    whole = {found[1] for row in plan if (found := WHOLE_TABLE.match(row[3]))}
                    assert not whole & watched, (resource.plural, given)
                    scanned |= whole
    assert scanned  # small tables are, which shows that scans are recognised


@pytest.mark.full
@pytest.mark.parametrize("sort", ["year", "-year"])
def test_a_page_by_year_starts_at_its_place_in_the_index(large: Database, sort: str) -> None:
    bound = "(year,id)<(?,?)" if sort.startswith("-") else "(year,id)>(?,?)"
    for after, starts in ((True, {bound, "year=?"}), (False, {"year=? AND id"})):
        question = statements.StatementKey(sort=sort, after=after)
        kept = large.statement(statements.page, EVIDENCE, question)
        places = {"rows": 51, "after_value": 2015, "after_id": "a", **kept.constants}
        with large.read() as reading:
            plan = reading.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {kept.sql}", places)
            used = [row[3] for row in plan if "ix_evidence_year" in row[3]]

        assert len(used) == len(starts)
        assert all(line.startswith("SEARCH") for line in used)
        assert all(any(start in line for line in used) for start in starts), used


def test_filters_of_claims_look_up_only_rows_that_belong_to_the_claim(
    urls: dict[str, str],
) -> None:
    # Without statistics, plans do not depend on how many rows there are.
    db = Database(Settings(database_url=urls["sqlite"]))
    reader = Reader(db, EVIDENCE)
    looked = 0
    for given in questions(EVIDENCE):
        asked = TypeAdapter(EVIDENCE.filters).validate_python(given)
        with db.read() as reading:
            values = reader.values(reading, asked)
            kept = db.statement(statements.total, EVIDENCE, statement_key(asked, values))
            places = {**bind_values(values), **kept.constants}
            plan = reading.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {kept.sql}", places)
            inner = [row[3] for row in plan if PART_OF_CLAIM.match(row[3])]
        assert all("evidence_id=?" in line for line in inner), (given, inner)
        looked += len(inner)
    assert looked
    db.close()


def test_the_last_change_of_a_claim_is_found_without_reading_all(urls: dict[str, str]) -> None:
    db = Database(Settings(database_url=urls["sqlite"]))
    with db.read() as reading:
        asked = "EXPLAIN QUERY PLAN SELECT max(updated_at) FROM evidence"
        (step,) = reading.connection.exec_driver_sql(asked)
    db.close()

    assert "ix_evidence_updated_at" in step[3]
