"""Operations with a sentence for each parameter, an example, and one form of the answer."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from app.http.negotiation import JSON
from app.http.openapi.texts import Texts
from app.schema.values import MAX_WHOLE

NULL = {"type": "null"}
ANSWER = "The answer."
OTHERS = "Also in other forms; see `format`."
READS = ("list_", "get_")
LEFT_OUT = "If left out:"
COLUMNS = "columns"
"""The form of a parameter that chooses columns, not rows."""


# Parameters of many lists; they come after those of one type.
GENERAL = ("rollup", "view", "limit", "cursor", "q", "sort", "format", "bom", "fields")


def every(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, with its path."""
    for address, path in document["paths"].items():
        for operation in path.values():
            yield address, operation


def order_parameters(document: dict[str, Any]) -> None:
    """Put first what is required, then what only one operation has; last what is general."""
    asking = [one["parameters"] for _, one in every(document) if "parameters" in one]
    counts = Counter(one["name"] for parameters in asking for one in parameters)

    def place(parameter: dict[str, Any]) -> tuple[bool, bool, bool]:
        name = parameter["name"]
        return not parameter.get("required"), name in GENERAL, counts[name] > 1

    for parameters in asking:
        parameters.sort(key=place)


def describe_operation(operation: dict[str, Any], texts: Texts) -> None:
    """Describe the operation and its parameters, and drop what FastAPI adds of its own."""
    own = operation["operationId"]
    if own in texts.operations:
        operation.setdefault("description", texts.operations[own])
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        kind = "path." if parameter["in"] == "path" else ""
        said = texts.parameters
        _tidy_parameter(parameter, said.get(f"{own}.{name}") or said.get(f"{kind}{name}"))


def _tidy_parameter(parameter: dict[str, Any], sentence: str | None) -> None:
    """Give defaults in words only, so that no tool sends them as if they had been chosen."""
    schema = parameter["schema"]
    # Query parameters are either given or left out; null cannot be sent.
    if NULL in schema.get("anyOf", []):
        (kept,) = [one for one in schema.pop("anyOf") if one != NULL]
        schema |= kept
    for key in ("title", "description"):
        schema.pop(key, None)
    if not parameter.get("required"):
        parameter.pop("required", None)
    about = parameter.get("description") or sentence or ""
    sentences = [about, *_limits(schema, about)]
    default = schema.pop("default", None)
    if default not in ((), [], None, False) and LEFT_OUT not in about:
        sentences.append(f"{LEFT_OUT} `{default}`.")
    parameter["description"] = " ".join(filter(None, sentences))
    if parameter["in"] == "path" and "examples" in schema:
        (parameter["example"],) = schema.pop("examples")


def _limits(schema: Mapping[str, Any], about: str) -> Iterator[str]:
    """The limits in words, unless the sentence already gives them."""
    if "maxItems" in schema:
        chooses_rows = schema["items"].get("format") != COLUMNS
        matching = "; any may match" if chooses_rows else ""
        yield f"Repeatable, up to {schema['maxItems']} times{matching}."
    # The largest whole number of JSON readers limits nothing that a caller would think of.
    if schema.get("maximum", MAX_WHOLE) != MAX_WHOLE and str(schema["maximum"]) not in about:
        yield f"From {schema['minimum']} to {schema['maximum']}."


def add_example(address: str, operation: dict[str, Any], query: Mapping[str, str]) -> None:
    """Give an address that can be tried as it is; only required parameters are filled in."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            filled = quote(str(parameter.get("example", "")))
            address = address.replace(f"{{{parameter['name']}}}", filled)
        elif parameter.get("required"):
            parameter.setdefault("example", query.get(parameter["name"]))
        parameter["schema"].pop("examples", None)
    if operation["operationId"].startswith(READS):
        asked = f"{address}?{urlencode(query)}" if query else address
        about = operation.get("description", "")
        operation["description"] = f"{about}\n\nExample: `{asked}`".strip()


def add_answer(document: dict[str, Any], operation: dict[str, Any], answers: Any) -> None:
    """Describe the answer, and show an example beside its fields.

    Only JSON is documented: with a second media type, generated clients would type the answer as
    *this, or a text*. The other forms are the values of `format`.
    """
    answer = next(one for status, one in operation["responses"].items() if status[0] == "2")
    content = answer.get("content", {})
    name = str(content.get(JSON, {}).get("schema", {}).get("$ref", "")).rpartition("/")[2]
    if not name:
        return
    several = len(content) > 1
    answer["content"] = content = {JSON: content[JSON]}
    answer["description"] = f"{ANSWER} {OTHERS}" if several else ANSWER
    if name in answers:
        document["components"]["schemas"][name]["examples"] = [answers[name]]
