"""SQLite and PostgreSQL give the same bytes, and these match the documented schema."""

from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from jsonschema_rs import Validator, validator_for

from app.resources import ALL
from app.schema.markers import filter_marks
from app.schema.resource import Resource
from tests.conftest import Clients
from tests.examples import values_of
from tests.looking import some

pytestmark = pytest.mark.slow

MOST_VALUES = 6


def validator(both: Clients, shape: str) -> Validator:
    """Checks against a documented shape, and also refuses fields that it does not have."""
    document = both[0].get("/openapi.json").json()
    for one in document["components"]["schemas"].values():
        if "properties" in one:
            one["additionalProperties"] = False
    document["$ref"] = f"#/components/schemas/{shape}"
    return validator_for(document)


def shown(resource: Resource) -> str:
    """What the document calls a row."""
    return resource.read.__name__.removesuffix("Read")


def alike(both: Clients, address: str) -> Any:
    """The answer to one query, the same from both databases."""
    headers = {"X-Request-Id": "the-same-on-both"}
    sqlite, postgres = (client.get(address, headers=headers) for client in both)
    assert sqlite.status_code == postgres.status_code
    assert sqlite.content == postgres.content
    assert sqlite.headers.get("link") == postgres.headers.get("link")
    return sqlite


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
def test_items_are_equal_and_valid(both: Clients, resource: Resource) -> None:
    documented = validator(both, shown(resource))

    for row_id in some(values_of(resource, "id")):
        documented.validate(alike(both, f"/v1/{resource.plural}/{row_id}").json())


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_lists_are_equal_by_every_filter_and_sort(both: Clients, resource: Resource) -> None:
    documented = validator(both, f"{shown(resource)}List")

    for address in some(addresses(resource)):
        documented.validate(alike(both, address).json())


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_every_order_pages_through_all_rows_once(both: Clients, resource: Resource) -> None:
    everything = some(values_of(resource, "id"))

    for sort in some(get_args(resource.filters.model_fields["sort"].annotation)):
        found: list[str] = []
        address = f"/v1/{resource.plural}?limit=19&sort={sort}"
        while address:
            page = alike(both, address).json()
            found += [item["id"] for item in page["items"]]
            assert page["total"] == page["total_at_least"] == len(everything)
            address = page["next"]
        assert sorted(found) == sorted(everything)


@pytest.mark.parametrize("resource", ALL, ids=lambda one: one.plural)
def test_evidence_of_a_row_is_the_same_filter_on_evidence(
    both: Clients, resource: Resource
) -> None:
    if resource.name == "evidence":
        assert alike(both, "/v1/evidence/lu-degrades-ikzf1/evidence").status_code == 404
        return
    for row_id in some(values_of(resource, "id")[:30]):
        of_row = alike(
            both, f"/v1/{resource.plural}/{row_id}/evidence?limit=200&native=true"
        ).json()
        filtered = alike(
            both, f"/v1/evidence?limit=200&native=true&{resource.name}={row_id}"
        ).json()
        # What emptied the list is a filter only where it was sent as one.
        assert of_row == filtered | {"next": of_row["next"], "why": of_row["why"]}
        assert bool(of_row["why"]) is bool(filtered["why"])
