"""Turns FastAPI's description of the service into one that people and generators can use.

It works by rules, so that a new operation gets its names and shared parts without further work.
"""

from collections.abc import Iterable
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi._compat import get_cached_model_fields
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from app.http import conditional
from app.http.negotiation import JSON
from app.http.openapi import names, operations, repeats, schemas, sharing
from app.http.openapi.texts import Texts
from app.http.parameters import FastRoute
from app.http.problems import ProblemShape

# Routes that FastAPI describes at a time. What it makes for each takes much memory, which Python
# would not give back: all at once, 11 MB more. One by one takes twice as long.
AT_ONCE = 4
PATCH = {
    "type": "object",
    "additionalProperties": True,
    "description": "Some fields of the row, as in a whole row; those left out stay as they are "
    "(RFC 7396).",
}


def complete_document(app: FastAPI, texts: Texts, bodies: Iterable[type[BaseModel]]) -> None:
    """Serve the OpenAPI document: made the first time that it is asked for, and kept as bytes.

    `bodies` are the shapes of rows that callers send.
    """
    making, kept = Lock(), b""

    def make() -> dict[str, Any]:
        document = _describe(app)
        _complete(document, texts, bodies)
        return document

    app.openapi = make  # type: ignore[method-assign]  # as FastAPI's own manual has it

    @app.get("/openapi.json", include_in_schema=False)
    def get_document() -> Response:
        nonlocal kept
        with making:
            kept = kept or bytes(JSONResponse(make()).body)
        return Response(kept, media_type=JSON, headers=conditional.CACHEABLE)


def _describe(app: FastAPI) -> dict[str, Any]:
    """The document as FastAPI makes it."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        contact=app.contact,
        license_info=app.license_info,
        routes=[],
        servers=app.servers,
    )
    shapes: dict[str, Any] = {}
    for first in range(0, len(app.routes), AT_ONCE):
        found = _part(app.routes[first : first + AT_ONCE])
        for address, path in found["paths"].items():
            document["paths"].setdefault(address, {}).update(path)
        for name, shape in found.get("components", {}).get("schemas", {}).items():
            if shapes.setdefault(name, shape) != shape:
                raise ValueError(f"two shapes are called {name}; rename one of them")
    return document | {"components": {"schemas": shapes}, "tags": app.openapi_tags}


def _part(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """A document of these routes alone."""
    described = [one.described() if isinstance(one, FastRoute) else one for one in routes]
    part = get_openapi(title="", version="", routes=described)
    # FastAPI would keep its description of each parameter, which nothing uses again.
    get_cached_model_fields.cache_clear()
    return part


def _complete(document: dict[str, Any], texts: Texts, bodies: Iterable[type[BaseModel]]) -> None:
    """Run the steps in order: each builds on those before it; the last share what is repeated."""
    # An operation that does not mention keys needs none.
    document["security"] = []
    _add_problem(document)
    _add_bodies(document, bodies)
    names.rename_schemas(document)
    schemas.describe_fields(document, texts.fields)
    operations.order_parameters(document)
    for address, operation in operations.every(document):
        operations.describe_operation(operation, texts)
        operations.add_example(address, operation, texts.examples.get(address, {}))
        operations.add_answer(document, operation, texts.answers)
    names.rename_formats(document)
    names.name_enums(document, texts)
    repeats.share_fields(document)
    sharing.share_parameters(document)
    sharing.share_responses(document)


def _add_bodies(document: dict[str, Any], bodies: Iterable[type[BaseModel]]) -> None:
    """Describe the bodies, which routes read themselves, and the key that changes need."""
    components = document["components"]
    for shape in bodies:
        schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
        components["schemas"] |= schema.pop("$defs", {})
        components["schemas"][shape.__name__] = schema
    if bodies:
        components["schemas"]["RowPatch"] = PATCH
        components["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "description": "A key from the operator."}
        }


def _add_problem(document: dict[str, Any]) -> None:
    schema = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
    found = document["components"]["schemas"]
    found |= schema.pop("$defs")
    found["ProblemShape"] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        found.pop(unused, None)
