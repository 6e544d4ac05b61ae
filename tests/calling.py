"""Every operation of the OpenAPI document, with values that a caller may send."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature
from typing import Any
from urllib.request import urlopen

from tests.documented import spelt_out
from tests.proposing import COMMENT
from tests.test_write_store import TEMPLATES, again
from tests.writing import documents

# Required values, besides ids and the examples in the document.
QUERIES: Mapping[str, Mapping[str, str]] = {
    "list_search_hits": {"q": "ibrutinib in mantle cell lymphoma"},
    "list_named_rows": {"name": "rituximab"},
    "list_suggestions": {"q": "ibru"},
    "list_paths": {"source": "lenalidomide", "target": "tumour-cell-death"},
    "get_matrix": {"rows": "partner", "columns": "context"},
    "get_problem": {"slug": "gone"},
}
# Fields in which a copied row must differ from its original.
APART: Mapping[str, Mapping[str, Any]] = {
    "references": {"citation": "A citation of its own"},
    "entities": {"aliases": []},
    "trials": {"outcomes": []},
    "edges": {
        "id": "lenalidomide-modulates-meis2-ubiquitination-in-any-cell",
        "relation": "modulates",
        "sign": "?",
        "alias": None,
    },
}
NOTED = {"note": "Noted by a client."}
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "references": {"title": "A title of its own"},
    "conflicts": {"explanation": "Explained by a client."},
}


@dataclass(frozen=True)
class Call:
    """An operation, and the values for what it requires, by name."""

    operation: str
    method: str
    path: str
    values: Mapping[str, str | int]
    body: Mapping[str, Any] | str | None = None
    """The fields of a row, or the text of a bundle."""
    header: Mapping[str, str] = field(default_factory=dict)


def reading(document: Any, base: str) -> list[Call]:
    """A call of every operation that reads."""
    found = []
    for path, methods in spelt_out(document)["paths"].items():
        if "get" in methods:
            operation = methods["get"]
            of = operation["operationId"]
            values = {
                one["name"]: one["example"]
                for one in operation["parameters"]
                if one.get("required")
            }
            if "id" in values:
                values["id"] = _another(base, path.partition("/{id}")[0], values["id"])
            found.append(Call(of, "get", path, {**values, **QUERIES.get(of, {})}))
    return found


def _another(base: str, plural: str, example: str) -> str:
    """The id of a row that is not the example."""
    with urlopen(f"{base}{plural}?limit=3&sort=-id") as answer:  # noqa: S310 - our own service
        ids = [one["id"] for one in json.load(answer)["items"]]
    return next(str(one) for one in ids if one != example)


def writing(document: Any) -> Iterator[Call]:
    """A call of every operation that changes rows: each row is added, changed twice and removed."""
    for path, methods in spelt_out(document)["paths"].items():
        operation = methods.get("post", {}).get("operationId", "")
        plural = path.removeprefix("/v1/")
        if plural not in TEMPLATES:
            continue
        body = {**again(documents(), plural), **APART.get(plural, {})}
        change = CHANGES.get(plural, NOTED)
        name, row = operation.removeprefix("create_"), f"{path}/{{id}}"
        id_, tag = {"id": body["id"]}, {"If-Match": "*"}
        yield Call(operation, "post", path, {}, body)
        yield Call(f"replace_{name}", "put", row, id_, {**body, **change}, tag)
        yield Call(f"update_{name}", "patch", row, id_, change, tag)
        yield Call(f"delete_{name}", "delete", row, id_, None, tag)


def importing() -> Iterator[Call]:
    """A call of the operation that takes a bundle."""
    (partner, *_) = documents()["partners"]
    line = json.dumps({"type": "partner", "row": partner})
    yield Call("import_bundle", "post", "/v1/import", {}, line)


def deciding(first: int) -> Iterator[Call]:
    """A call of every operation that decides on a proposal, of which two are there."""
    for number, what in enumerate(("accept", "reject"), first):
        path = f"/v1/proposals/{{number}}/{what}"
        yield Call(f"{what}_proposal", "post", path, {"number": number}, COMMENT)


def arguments(function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a function requires."""
    needed = [
        name
        for name, one in signature(function).parameters.items()
        if one.default is Parameter.empty and name not in ("self", "client", "body")
    ]
    return {name: given[name] for name in needed}


def plain(value: Any) -> Any:
    """A value as it was sent: moments that a client has parsed as text again, nulls left out."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.replace("+00:00", "Z") if isinstance(value, str) else value
