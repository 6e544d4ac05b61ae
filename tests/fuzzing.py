"""What the fuzzer must know of the document, wherever it is used."""

from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.specs.openapi.schemas import OpenApiSchema
from starlette.types import ASGIApp

from app.errors import PROBLEMS
from app.http.openapi.names import walk
from app.resources import ALL
from tests.examples import ids
from tests.limits import SECONDS

SOME_CURSOR = "cursor"

for one in ALL:
    schemathesis.openapi.format(f"{one.name}-id", st.sampled_from(ids(one.name)))
schemathesis.openapi.format("cell-id", st.sampled_from(ids("entity", "cell")))
schemathesis.openapi.format("problem", st.sampled_from([problem.slug for problem in PROBLEMS]))
schemathesis.openapi.format("cursor", st.just(SOME_CURSOR))


@schemathesis.hook
def before_load_schema(_: object, raw_schema: dict[str, Any]) -> None:
    """Have the fuzzer know whose ids a parameter takes."""

    def rename(node: dict[str, Any]) -> None:
        if "x-format" in node:
            node["format"] = node.pop("x-format")

    walk(raw_schema, rename)


def document_of(app: ASGIApp, checks: dict[str, Any]) -> OpenApiSchema:
    """The document of an application, with settings for the checks of the fuzzer."""
    config = schemathesis.Config.from_dict({"request-timeout": SECONDS, "checks": checks})
    return schemathesis.openapi.from_asgi("/openapi.json", app, config=config, timeout=SECONDS)
