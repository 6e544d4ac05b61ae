"""The OpenAPI document says what a reader and a generator of clients must know."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.errors import PROBLEMS
from app.resources import ALL
from app.schema.vocabulary import vocabulary, words
from tests.documented import EVERYWHERE, spelt_out, to_try
from tests.looking import some


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return some((path, found["get"]) for path, found in document["paths"].items() if "get" in found)


@pytest.fixture(scope="session")
def document(apps: dict[str, TestClient]) -> dict[str, Any]:
    found: dict[str, Any] = spelt_out(apps["sqlite"].get("/openapi.json").json())
    return found


def statuses_told(response: dict[str, Any]) -> set[str]:
    return set(re.findall(r"\b(\d{3}):", response["description"]))


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    known = {str(problem.status) for problem in PROBLEMS}
    names = [operation["operationId"] for _, operation in operations(document)]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"(list|get)_[a-z_]+", name) for name in names)
    for path, operation in operations(document):
        assert operation["summary"], path
        assert operation["tags"], path
        assert set(operation["responses"]) - {"200", "308", "default"} <= known, path
        assert statuses_told(operation["responses"]["default"]) == EVERYWHERE, path
        assert "422" in operation["responses"], path
        assert ("404" in operation["responses"]) == ("{" in path), path
    for path, found in some(document["paths"].items()):
        assert found.keys() <= {"get", "post", "put", "patch", "delete"}, path


def test_the_description_says_what_a_reader_must_know(document: dict[str, Any]) -> None:
    text = document["info"]["description"]

    for word in ("No advice on treatment", "CC BY 4.0", "MIT", "Gribben", "in_review", "native"):
        assert word in text


def test_every_parameter_is_bounded_and_cannot_be_null(document: dict[str, Any]) -> None:
    parameters = {
        (path, parameter["name"]): parameter["schema"]
        for path, operation in operations(document)
        for parameter in operation.get("parameters", [])
    }

    for place, schema in parameters.items():
        assert "anyOf" not in schema, place
        if schema["type"] == "string":
            assert {"enum", "pattern", "maxLength", "format", "x-format"} & schema.keys(), place
        if schema["type"] == "integer":
            assert {"minimum", "maximum"} <= schema.keys(), place
    assert {"string", "integer"} <= {schema["type"] for schema in parameters.values()}


def enums(node: Any) -> Iterator[tuple[Any, ...]]:
    """All lists of values that a document declares, wherever they stand."""
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            yield tuple(node["enum"])
        for below in node.values():
            yield from enums(below)
    elif isinstance(node, list):
        for below in node:
            yield from enums(below)


def test_every_controlled_list_is_declared(document: dict[str, Any]) -> None:
    declared = set(enums(document))

    for name in some(vocabulary()):
        assert tuple(words(name)) in declared, name


def test_every_example_works(client: TestClient, document: dict[str, Any]) -> None:
    for path, operation in operations(document):
        address = to_try(operation)
        answer = client.get(address)

        # Nobody has changed a row of the examples, or proposed a change.
        expected = 404 if path.startswith("/v1/proposals/") else 200
        assert answer.status_code == expected, address
        unchanged = path.endswith(("/history", "/changes", "/proposals"))
        assert answer.json().get("items") != [] or unchanged, address


def test_the_documentation_needs_nothing_from_outside(client: TestClient) -> None:
    page = client.get("/docs")
    used = re.findall(r"""(?:src|href)=["']([^"']+)""", page.text)

    assert used
    for address in used:
        assert not re.match(r"(https?:)?//", address)
        if not address.startswith("data:"):
            assert client.get(f"/{address}").status_code == 200, address


def test_lists_declare_whose_ids_they_take(document: dict[str, Any]) -> None:
    for resource in some(ALL):
        parameters = document["paths"][f"/v1/{resource.plural}"]["get"]["parameters"]
        (of_id,) = [one["schema"] for one in parameters if one["name"] == "id"]
        assert of_id["items"]["x-format"] == f"{resource.name}-id"
