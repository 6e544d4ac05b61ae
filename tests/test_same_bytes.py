"""SQLite and PostgreSQL give the same bytes, and these match the documented schema."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from jsonschema_rs import Validator, validator_for

from app.resources import ALL
from app.schema.markers import filter_marks
from app.schema.resource import Resource
from app.settings import Settings
from tests.direct import HOST, Direct, direct
from tests.examples import values_of
from tests.looking import some

pytestmark = pytest.mark.slow

MOST_VALUES = 6
SAME_ON_BOTH = (HOST, (b"x-request-id", b"the-same-on-both"))

Both = list[Direct]


@pytest.fixture(scope="module")
def services(sqlite_url: str, postgres_url: str) -> Iterator[Both]:
    """A service on each database, asked without a client library, to be quick."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(direct(Settings(database_url=url)))
            for url in (sqlite_url, postgres_url)
        ]


@pytest.fixture(scope="module")
def document(services: Both) -> Any:
    return json.loads(services[0].ask("/openapi.json").body)


def validator(document: Any, shape: str) -> Validator:
    """Checks against a documented shape, and also refuses fields that it does not have."""
    for one in document["components"]["schemas"].values():
        if "properties" in one:
            one["additionalProperties"] = False
    document["$ref"] = f"#/components/schemas/{shape}"
    return validator_for(document)


def shown(resource: Resource) -> str:
    """What the document calls a row."""
    return resource.read.__name__.removesuffix("Read")


def alike(services: Both, address: str, status: int = 200) -> Any:
    """The answer to one query, the same from both databases."""
    sqlite, postgres = (service.ask(address, SAME_ON_BOTH) for service in services)
    assert sqlite == postgres
    assert sqlite.status == status
    return json.loads(sqlite.body)


def addresses(resource: Resource) -> Iterator[str]:
    """Lists by every filter with every value, in every order, and page by page."""
    path = f"/v1/{resource.plural}"
    for name, info in resource.filters.model_fields.items():
        for _ in filter_marks(info):
            values = values_of(resource, name)
            for value in values[:: len(values) // MOST_VALUES + 1]:
                yield f"{path}?{urlencode({'limit': 20, name: value})}"
    for sort in get_args(resource.filters.model_fields["sort"].annotation):
        yield f"{path}?limit=7&sort={sort}"


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_items_are_equal_and_valid(services: Both, document: Any, resource: Resource) -> None:
    documented = validator(document, shown(resource))

    for row_id in some(values_of(resource, "id")):
        documented.validate(alike(services, f"/v1/{resource.plural}/{row_id}"))


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_lists_are_equal_by_every_filter_and_sort(
    services: Both, document: Any, resource: Resource
) -> None:
    documented = validator(document, f"{shown(resource)}List")

    for address in some(addresses(resource)):
        documented.validate(alike(services, address))


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_every_order_pages_through_all_rows_once(services: Both, resource: Resource) -> None:
    everything = some(values_of(resource, "id"))

    for sort in some(get_args(resource.filters.model_fields["sort"].annotation)):
        found: list[str] = []
        address = f"/v1/{resource.plural}?limit=19&sort={sort}"
        while address:
            page = alike(services, address)
            found += [item["id"] for item in page["items"]]
            assert page["total"] == page["total_at_least"] == len(everything)
            address = page["next"]
        assert sorted(found) == sorted(everything)


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_evidence_of_a_row_is_the_same_filter_on_evidence(
    services: Both, resource: Resource
) -> None:
    if resource.name == "evidence":
        assert alike(services, "/v1/evidence/lu-degrades-ikzf1/evidence", 404)
        return
    for row_id in some(values_of(resource, "id")[:30]):
        of_row = alike(services, f"/v1/{resource.plural}/{row_id}/evidence?limit=200&native=true")
        filtered = alike(services, f"/v1/evidence?limit=200&native=true&{resource.name}={row_id}")
        # What emptied the list is a filter only where it was sent as one.
        assert of_row == filtered | {"next": of_row["next"], "why": of_row["why"]}
        assert bool(of_row["why"]) is bool(filtered["why"])
