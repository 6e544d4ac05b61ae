"""Fields that shapes have in common, described once and referred to."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from app.http.openapi.names import SCHEMAS, camel

REFERENCE = len('{"$ref":"#/components/schemas/"}')
WORTH = 20
"""The bytes that a component must save; for less, it is not worth sending readers elsewhere."""

CHOICES = {"$ref", "anyOf"}
"""Left in place: generators make a type of its own of a component that is one of these."""

Fields = list[tuple[str, str, dict[str, Any]]]
"""Fields, each with its component and its name."""


def share_fields(document: dict[str, Any]) -> None:
    """Make a component of each field that several shapes have in the same words."""
    schemas = document["components"]["schemas"]
    _describe_words(schemas)
    alike: dict[str, Fields] = defaultdict(list)
    for use in _fields(schemas):
        if not CHOICES & use[2].keys():
            alike[_text(use[2])].append(use)
    for text, uses in sorted(alike.items(), key=lambda found: (-len(found[1]), found[0])):
        title, name, field = uses[0]
        component = _free(title, name, schemas)
        needed = REFERENCE + len(component)
        if (len(uses) - 1) * len(text) - (len(uses) + 1) * needed >= WORTH:
            schemas[component] = dict(field)
            for *_, one in uses:
                one.clear()
                one["$ref"] = SCHEMAS + component
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _describe_words(schemas: dict[str, Any]) -> None:
    """Give a list of words the description that most fields with these words have."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    uses = [
        (field["$ref"].removeprefix(SCHEMAS), field)
        for *_, field in _fields(schemas)
        if field.keys() == {"$ref", "description"}
    ]
    for name, field in uses:
        if "enum" in schemas[name]:
            said[name][field["description"]] += 1
    for name, sentences in said.items():
        ((schemas[name]["description"], _),) = sentences.most_common(1)
    for name, field in uses:
        if name in said and field["description"] == schemas[name]["description"]:
            del field["description"]


def _fields(schemas: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for title, schema in schemas.items():
        for name, field in schema.get("properties", {}).items():
            yield title, name, field


def _free(title: str, name: str, schemas: dict[str, Any]) -> str:
    """The name of the field, or, if another has it, with the first shape that has the field."""
    plain = camel(name)
    names = (plain, f"{plain}Of{title}", f"{plain}FieldOf{title}")
    return next(one for one in names if one not in schemas)


def _text(field: dict[str, Any]) -> str:
    return json.dumps(field, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
