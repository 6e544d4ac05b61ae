"""Schemas without what confuses generators, and with a sentence for each field."""

from collections.abc import Mapping
from typing import Any

from app.http.openapi.names import walk

EMPTY: tuple[object, ...] = ([], None)
NULL = {"type": "null"}
LIMITS = {"minimum", "maximum"}
NAMED = {"$ref", "enum", "const", "anyOf", "oneOf"}
MOST = 2**53 - 1
"""The largest whole number that every reader of JSON holds exactly (RFC 8259, section 6)."""


def describe_fields(document: dict[str, Any], sentences: Mapping[str, str]) -> None:
    """Simplify every component, and give each field its sentence."""
    written = _below(document, _bodies(document))
    for title, schema in document["components"]["schemas"].items():
        walk(schema, _plain)
        if title not in written:
            _require_all(schema)
            walk(schema, _without_form)
        for name, field in schema.get("properties", {}).items():
            if title not in written or field.get("default", 0) in EMPTY:
                field.pop("default", None)
            sentence = sentences.get(f"{title}.{name}") or sentences.get(name)
            if sentence and "description" not in field:
                field["description"] = sentence


def _plain(node: dict[str, Any]) -> None:
    """Drop titles, which only repeat names, and constant booleans, on which generators fail."""
    if isinstance(node.get("title"), str):
        del node["title"]
    if isinstance(node.get("const"), bool):
        del node["const"]
    for limit in LIMITS & node.keys():
        if isinstance(node[limit], float) and node[limit].is_integer():
            node[limit] = int(node[limit])
    if node.get("maximum") == MOST:
        del node["maximum"]
    _say_null_beside_the_type(node)


def _say_null_beside_the_type(node: dict[str, Any]) -> None:
    """Write a value or null as one schema with two types, not as a choice of two schemas."""
    either = [one for one in node.get("anyOf", ()) if one != NULL]
    if len(either) == 1 and len(node["anyOf"]) > 1 and not NAMED & either[0].keys():
        node |= either[0] | {"type": [either[0]["type"], NULL["type"]]}
        del node["anyOf"]


def _require_all(schema: dict[str, Any]) -> None:
    """Require all fields of an answer, except those that are left out when empty."""
    fields, required = schema.get("properties", {}), schema.get("required", ())
    if fields:
        schema["required"] = [
            name
            for name, field in fields.items()
            if name in required or (field.get("default", True) and not _may_be_null(field))
        ]


def _may_be_null(field: dict[str, Any]) -> bool:
    return NULL in field.get("anyOf", ()) or NULL["type"] in field.get("type", "")


def _without_form(node: dict[str, Any]) -> None:
    """Drop rules on how a text is written, which matter only to those who send it."""
    if node.get("type") in ("string", ["string", "null"]):
        for rule in ("pattern", "maxLength"):
            node.pop(rule, None)


def _bodies(document: dict[str, Any]) -> set[str]:
    """The components for the bodies of requests."""
    found: set[str] = set()
    for path in document["paths"].values():
        for operation in path.values():
            found |= _named(operation.get("requestBody", {}))
    return found


def _below(document: dict[str, Any], names: set[str]) -> set[str]:
    """These components, and all that they refer to."""
    schemas = document["components"]["schemas"]
    found: set[str] = set()
    while names:
        found |= names
        names = {one for name in names for one in _named(schemas[name])} - found
    return found


def _named(node: Any) -> set[str]:
    found: set[str] = set()

    def keep(one: dict[str, Any]) -> None:
        if isinstance(one.get("$ref"), str):
            found.add(one["$ref"].rpartition("/")[2])

    walk(node, keep)
    return found
