"""B1: every operation that changes something does what its OpenAPI document says.

Tried by a fuzzer with every check that it has, with made-up bodies and with rows that there are.
Each prints the statuses of its answers.
"""

import itertools
from collections import Counter
from collections.abc import Callable
from random import SystemRandom
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import negative_data_rejection
from starlette.testclient import TestClient

from app.main import create_app
from app.resources import ALL
from app.settings import Settings
from tests.conftest import BOTH
from tests.curating import bearer, new_key
from tests.documented import EVERYWHERE
from tests.fuzzing import document_of
from tests.process.sizes import size
from tests.process.test_writing import of_database
from tests.writing import documents, entry

pytestmark = [pytest.mark.slow, pytest.mark.full]

EXAMPLES = size(10, 1_000)
SEEDS = (11, 12, 13, 14, SystemRandom().randrange(1_000_000))[: size(1, 5)]
# Valid refusals, such as 409 for a row on which others rest. 422 is one too: what must hold between
# fields and rows, a schema cannot say.
REFUSED = ["401", "403", "404", "409", "410", "412", "413", "415", "422", "428", "429"]
CHECKS = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSED]},
    "negative_data_rejection": {"expected-statuses": ["400", "405", "406", "414", *REFUSED]},
    "missing_required_header": {"expected-statuses": ["400", *REFUSED]},
}
# Answers that only a request gets whose key, body and parameters are accepted.
REACHED = (200, 201, 202, 204, 404, 409, 410)
ENOUGH = 0.5
READ = {one.plural: one for one in ALL if one.write}
Ask = Callable[[Case[Any], GenerationMode], None]


def with_stored_row(case: Case[Any]) -> None:
    """Send the row of the address as the files have it, or for a new row one with another id."""
    plural = case.path.split("/")[2]
    if plural not in READ:
        return
    case.query = {}
    if case.method == "DELETE":
        return
    row_id = case.path_parameters.get("id") or READ[plural].example.id
    row = entry(documents(), plural, row_id)
    case.body = row | ({"id": f"{row_id}-x"} if case.method == "POST" else {})
    if case.method != "PATCH":
        case.media_type = "application/json"


def without_nul(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


def left_out(case: Case[Any]) -> list[CheckFunction]:
    """The check of what is wrong, if only headers are: the right key takes the place of another."""
    assert case.meta
    components = case.meta.components.items()
    wrong = {place for place, one in components if one.mode is GenerationMode.NEGATIVE}
    return [] if wrong - {ParameterLocation.HEADER} else [negative_data_rejection]


def tried(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, seed: int, ask: Ask
) -> None:
    @seeded(seed)
    @settings(
        max_examples=EXAMPLES, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )
    @given(case=operation.as_strategy(mode))
    def try_one(case: Case[Any]) -> None:
        ask(case, mode)

    try_one()


@pytest.mark.parametrize("copy", BOTH, indirect=True)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_changes_something_does_what_its_document_says(copy: Settings, method: str) -> None:
    key, found, slowest = new_key(copy), Counter[tuple[bool, int]](), 0.0
    app = create_app(copy)
    with TestClient(app):
        schema = document_of(app, CHECKS)

        def ask(case: Case[Any], mode: GenerationMode) -> None:
            nonlocal slowest
            sound = mode is GenerationMode.POSITIVE and bool(found.total() % 2)
            if sound:
                with_stored_row(case)
            # An address with NUL is refused before anything else is looked at.
            case.query = {name: without_nul(value) for name, value in case.query.items()}
            fits = {"If-Match": "*"} if mode is GenerationMode.POSITIVE else {}
            answer = case.call_and_validate(
                headers=bearer(key) | fits, excluded_checks=left_out(case)
            )
            declared = case.operation.definition.raw["responses"].keys() | EVERYWHERE
            assert case.method != method or str(answer.status_code) in declared
            found[sound, answer.status_code] += 1
            slowest = max(slowest, answer.elapsed)

        for result in schema.include(method=method).get_all_operations():
            assert isinstance(result, Ok)
            for mode, seed in itertools.product(GenerationMode, SEEDS):
                tried(result.ok(), mode, seed, ask)

    reached = [times for (sound, status), times in found.items() if sound and status in REACHED]
    share = sum(reached) / sum(times for (sound, _), times in found.items() if sound)
    statuses = Counter({status: 0 for _, status in found})
    for (_, status), times in found.items():
        statuses[status] += times
    print(
        f"{of_database(copy)}, {method}, {EXAMPLES} examples of {SEEDS}: "
        f"{dict(sorted(statuses.items()))}; {share:.0%} of stored rows reach the rules; "
        f"the slowest answer took {slowest:.1f} s"
    )
    assert max(statuses) < 500
    assert share >= ENOUGH
