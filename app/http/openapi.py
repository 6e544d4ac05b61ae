"""Completes FastAPI's description of the service."""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.responses import JSONResponse

from app.http import conditional
from app.http.problems import ProblemShape

NULL = {"type": "null"}


def complete_document(
    app: FastAPI,
    examples: Mapping[str, Mapping[str, str]],
    bodies: Mapping[str, type[BaseModel]],
) -> None:
    """Complete the OpenAPI document the first time that it is made.

    `bodies` are the shapes of rows that callers send, by the name of their type.

    Several threads may ask for it, and FastAPI would show them an incomplete one: one at a time
    makes it.
    """
    make, making = app.openapi, Lock()

    def complete() -> dict[str, Any]:
        with making:
            if app.openapi_schema is None:
                document = make()
                _add_problem(document)
                _add_bodies(document, bodies)
                for path, example in examples.items():
                    _add_example(document["paths"][path]["get"]["parameters"], example)
                for operation in _operations(document):
                    _without_null(operation)
                    _without_own_422(operation)
            return make()

    app.openapi = complete  # type: ignore[method-assign]  # as FastAPI's own manual has it

    @app.get("/openapi.json", include_in_schema=False)
    def get_document() -> JSONResponse:
        return JSONResponse(app.openapi(), headers=conditional.CACHEABLE)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _add_problem(document: dict[str, Any]) -> None:
    schema = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    schemas |= schema.pop("$defs")
    schemas["ProblemShape"] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)


def _add_bodies(document: dict[str, Any], bodies: Mapping[str, type[BaseModel]]) -> None:
    """Describe what is sent, which routes read themselves, and the key that this needs."""
    components = document["components"]
    for name, shape in bodies.items():
        schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= schema.pop("$defs", {})
        components["schemas"][shape.__name__] = schema
        patch = {key: value for key, value in schema.items() if key != "required"}
        components["schemas"][f"{name.title()}Patch"] = patch | {
            "title": f"{name.title()}Patch",
            "description": "Some fields of it: those left out stay as they are (RFC 7396).",
        }
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key from the operator."}
    }


def _add_example(parameters: list[dict[str, Any]], example: Mapping[str, str]) -> None:
    """Offer an example that can be tried as it stands."""
    for parameter in parameters:
        value = example.get(parameter["name"])
        if value is not None:
            parameter["example"] = [value] if parameter["schema"].get("type") == "array" else value


def _without_null(operation: dict[str, Any]) -> None:
    """Take null from the types of query parameters, which are either given or left out."""
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        if NULL in schema.get("anyOf", []):
            (kept,) = [one for one in schema.pop("anyOf") if one != NULL]
            schema |= kept


def _without_own_422(operation: dict[str, Any]) -> None:
    """Remove FastAPI's own shape of error, which it declares beside ours."""
    operation["responses"]["422"]["content"].pop("application/json", None)
