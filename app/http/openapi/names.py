"""Plain names for components, and a name for every list of allowed words."""

import re
from collections.abc import Callable
from typing import Any

from app.http.openapi.texts import Texts

SCHEMAS = "#/components/schemas/"
LISTING = re.compile(r"Listing_(\w+?)(?:Read)?_")
PAGE = "One page of a list."
FEWEST = 2
STANDARD = ("date", "date-time", "uri", "binary")


def camel(name: str) -> str:
    """A name as components have it: `list_edges` becomes `ListEdges`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def walk(node: Any, change: Callable[[dict[str, Any]], None]) -> None:
    """Call `change` with every mapping of a document, the inner ones first."""
    if isinstance(node, dict):
        for below in node.values():
            walk(below, change)
        change(node)
    elif isinstance(node, list):
        for below in node:
            walk(below, change)


def rename_formats(document: dict[str, Any]) -> None:
    """Move formats of our own to `x-format`, because tools report formats that they do not know."""

    def rename(node: dict[str, Any]) -> None:
        if node.get("type") == "string" and node.get("format", STANDARD[0]) not in STANDARD:
            node["x-format"] = node.pop("format")

    walk(document, rename)


def rename_schemas(document: dict[str, Any]) -> None:
    """Name a read shape for what it is, and a list for what it holds."""
    schemas = document["components"]["schemas"]
    new = {name: _plain(name) for name in schemas}
    for name, schema in schemas.items():
        if LISTING.fullmatch(name):
            schema["description"] = PAGE
    document["components"]["schemas"] = dict(
        sorted((new[name], schema) for name, schema in schemas.items())
    )

    def rename(node: dict[str, Any]) -> None:
        if isinstance(node.get("$ref"), str):
            name = node["$ref"].removeprefix(SCHEMAS)
            node["$ref"] = SCHEMAS + new[name]

    walk(document, rename)


def _plain(name: str) -> str:
    listed = LISTING.fullmatch(name)
    return f"{listed[1]}List" if listed else camel(re.sub("(Shape|Read)$", "", name))


def name_enums(document: dict[str, Any], texts: Texts) -> None:
    """Make a component of every list of allowed words, named after the list or its field."""
    names = {**texts.choices, **texts.words}
    schemas = document["components"]["schemas"]
    for title, schema in list(schemas.items()):
        for name, field in schema.get("properties", {}).items():
            _name(field, camel(f"{title}_{name}"), names, schemas)
    for path in document["paths"].values():
        for operation in path.values():
            for one in operation.get("parameters", []):
                of = _subject(operation["operationId"])
                _name(one["schema"], camel(f"{of}_{one['name']}"), names, schemas)
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _subject(operation_id: str) -> str:
    """What an operation is about: `evidence` for `list_evidence_of_trial`."""
    return re.sub(r"_(of|at)_\w+$", "", operation_id.partition("_")[2])


def _name(
    field: dict[str, Any], otherwise: str, names: dict[tuple[str, ...], str], schemas: Any
) -> None:
    def move(node: dict[str, Any]) -> None:
        words = node.get("enum", ())
        if len(words) < FEWEST:
            return
        name = names.setdefault(tuple(words), otherwise)
        kept = {key: node[key] for key in ("description",) if key in node}
        schemas.setdefault(name, _list_of_words(tuple(words), name))
        node.clear()
        node |= {"$ref": SCHEMAS + name, **kept}

    walk(field, move)


def _list_of_words(words: tuple[str, ...], name: str) -> dict[str, Any]:
    plain = re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
    return {"type": "string", "enum": list(words), "description": f"The words for {plain}."}
