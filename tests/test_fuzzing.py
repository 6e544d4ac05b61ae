"""The service does what its OpenAPI document says: tried by a fuzzer with every check it has.

To import this module takes a while: the fuzzer makes up thousands of requests. The loops without
slow tests leave it out.
"""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import content_type_conformance
from starlette.types import Receive, Scope, Send

from app.main import create_app
from app.settings import Settings
from tests.documented import EVERYWHERE
from tests.fuzzing import SOME_CURSOR, document_of

YEAR = re.compile("[0-9]{4}")
RANGES = (
    ("year_min", "year_max"),
    ("published_from", "published_to"),
    ("published_from", "known_by"),
)


def mend_ranges(case: Case[Any]) -> None:
    """A range ends no earlier than it starts, which its two schemas alone cannot say."""
    for start, end in RANGES:
        first, last = (str(case.query.get(name)) for name in (start, end))
        if YEAR.fullmatch(first) and YEAR.fullmatch(last) and last < first:
            case.query[end] = first


class Chosen:
    """The application under test: the document is read before a database is chosen."""

    app: FastAPI = create_app(Settings(database_url="sqlite:///none.db"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


chosen = Chosen()
# Beside the refusals that every service has, a target may be too long.
REFUSALS = ["400", "404", "405", "406", "414", "422"]
schema = document_of(chosen, {"negative_data_rejection": {"expected-statuses": REFUSALS}})


# Both databases give the same bytes (test_same_bytes.py), so one suffices in every run.
@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)], scope="session"
)
def on_each(request: pytest.FixtureRequest, urls: dict[str, str]) -> None:
    chosen.app = create_app(Settings(database_url=urls[request.param]))


# Each type has these by the same code, so that those of a small and of a large type suffice in
# every run: its list, its rows, their history and their evidence. For the others, see
# test_fuzzing_alike.py.
ALIKE = (
    r"/v1/(subtypes|partners|references|entities|edges|trials|outcomes|conflicts)"
    r"(/\{id\}(/history|/evidence)?)?$|/v1/evidence/\{id\}/history"
)
thorough = settings(max_examples=6, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@pytest.mark.usefixtures("on_each")
@schema.include(method="GET").exclude(path_regex=ALIKE).parametrize()
@thorough
def test_the_service_does_what_its_document_says(case: Case[Any]) -> None:
    obeys_its_document(case)


def obeys_its_document(case: Case[Any]) -> None:
    """Ask, and check the answer with all that the fuzzer checks."""
    if case.query.get("cursor") == SOME_CURSOR:
        # Only a list can issue one for its query; real ones are tried in test_cursors.py.
        del case.query["cursor"]
    if "since" in case.query and not str(case.query["since"]).isdecimal():
        # Which releases were loaded, a pattern cannot say; they are tried in test_changes.py.
        case.query["since"] = "1"
    # Only files have columns, and each list its own; they are tried in test_columns.py.
    case.query.pop("fields", None)
    mend_ranges(case)
    if case.query.get("view") == "brief":
        # In a form of its own, which is tried in test_brief.py; a CSV file has none.
        del case.query["view"]
    # An answer is documented as JSON, so that clients get one type; other forms are told in words.
    other = case.query.get("format") not in (None, "json")
    answer = case.call_and_validate(excluded_checks=[content_type_conformance] if other else [])
    # To the fuzzer, a default allows whatever status; it also tries other methods.
    declared = case.operation.definition.raw["responses"].keys() | EVERYWHERE
    assert case.method != "GET" or str(answer.status_code) in declared
