"""What operations have in common, written once and referred to."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import PROBLEMS
from app.http.negotiation import JSON
from app.http.openapi.names import camel
from app.http.openapi.operations import every

FEWEST = 2
BY_STATUS = {"202": "Proposed", "204": "NoContent", "308": "Moved", "default": "AnyProblem"}
NAMES = {f"{one.title}. {one.meaning}": camel(one.slug) for one in PROBLEMS}


def share_parameters(document: dict[str, Any]) -> None:
    """Make a component of each parameter that several operations have."""
    uses = [
        (one, operation)
        for _, operation in every(document)
        for one in operation.get("parameters", [])
    ]
    often = Counter(_text(one) for one, _ in uses)
    taken: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    for one, operation in sorted(uses, key=lambda use: -often[_text(use[0])]):
        text = _text(one)
        if often[text] >= FEWEST and text not in names:
            names[text] = _free(_names_of(one, operation), taken)
            taken[names[text]] = dict(one)
    if taken:
        document["components"]["parameters"] = dict(sorted(taken.items()))
    for one, _ in uses:
        _refer(one, "parameters", names.get(_text(one)))


def _names_of(parameter: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterable[str]:
    """The name of the parameter, or, if another has it, with the first operation that takes it."""
    name = camel(parameter["name"])
    yield f"{name}InPath" if parameter["in"] == "path" else name
    yield f"{name}Of{camel(operation['operationId'])}"


def _free(names: Iterable[str], taken: Mapping[str, object]) -> str:
    return next(name for name in names if name not in taken)


def share_responses(document: dict[str, Any]) -> None:
    """Make a component of each response that several operations give, and of each problem."""
    uses = [use for _, operation in every(document) for use in operation["responses"].items()]
    often = Counter(_text(response) for _, response in uses)
    shared: dict[str, dict[str, Any]] = {}
    for status, response in uses:
        known = BY_STATUS.get(status) or NAMES.get(response["description"])
        name = known or (_answer(response) if often[_text(response)] >= FEWEST else None)
        if name and shared.setdefault(name, dict(response)) == response:
            _refer(response, "responses", name)
    document["components"]["responses"] = dict(sorted(shared.items()))


def _answer(response: Mapping[str, Any]) -> str:
    """A name for a response, after the component that it holds; empty if it holds none."""
    found = response.get("content", {}).get(JSON, {}).get("schema", {})
    name = str(found.get("$ref", "")).rpartition("/")[2]
    return f"{name}Answer" if name else ""


def _refer(node: dict[str, Any], kind: str, name: str | None) -> None:
    if name:
        node.clear()
        node["$ref"] = f"#/components/{kind}/{name}"


def _text(node: object) -> str:
    return json.dumps(node, sort_keys=True)
