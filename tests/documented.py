"""The OpenAPI document operation by operation, with all references resolved."""

import re
from copy import deepcopy
from typing import Any

# How each operation shows an address that can be tried.
TO_TRY = re.compile(r"\n\nExample: `(/[^`]*)`$")
# The refusals of every address, which the document tells in one response.
EVERYWHERE = {"400", "406", "414", "429", "431", "500", "503"}


def spelt_out(document: Any) -> Any:
    """The document with parameters, responses and lists of words where they are used."""
    found = deepcopy(document)
    for path in found["paths"].values():
        for operation in path.values():
            operation["parameters"] = [
                _parameter(document, one) for one in operation.get("parameters", [])
            ]
            operation["responses"] = {
                status: looked_up(document, one) for status, one in operation["responses"].items()
            }
    return found


def looked_up(document: Any, node: Any) -> Any:
    """What a reference leads to, or the thing itself."""
    while isinstance(node, dict) and "$ref" in node:
        target = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        node = target
    return node


def _parameter(document: Any, node: Any) -> Any:
    found = deepcopy(looked_up(document, node))
    schema = looked_up(document, found["schema"])
    items = {"items": looked_up(document, schema["items"])} if "items" in schema else {}
    return found | {"schema": schema | items}


def to_try(operation: Any) -> str:
    """The address that an operation shows."""
    match = TO_TRY.search(operation["description"])
    assert match, f"{operation['operationId']}: its description ends with no example"
    return match[1]
