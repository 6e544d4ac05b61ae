"""What is wrong with a value, in plain words that do not repeat it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from app.schema.values import SLUG

NULL = {"type": "null"}
# By type of Pydantic's errors (docs.pydantic.dev/latest/errors/validation_errors).
SENTENCES = {
    "missing": "is required",
    "value_error": "{error}",
    # Our own error types, raised in app/schema.
    "range": "is before `{start}`, so that nothing could match; swap the two",
    "moment": "must be a date or a time such as 2026-12-01T12:00:00Z",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "too_long": "takes at most {max_length} values",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have {min_length} or more characters",
    "string_type": "must be a text",
    "blank": "must not be blank",
    "address_number": "must be a whole number, such as 7",
    "unseen": "contains invisible characters; leave them out",
    "unstorable": "contains characters that cannot be stored",
}
FORMS = {
    SLUG: "must be lower-case letters and digits in words joined by single hyphens, such as "
    "`follicular-lymphoma`"
}
OTHER_FORM = "contains characters that are not allowed here"
NUMBERS = {"integer": "a whole number", "number": "a number"}
RANGES = {
    frozenset({"minimum", "maximum"}): "from {minimum} to {maximum}",
    frozenset({"exclusiveMinimum", "maximum"}): "above {exclusiveMinimum} and up to {maximum}",
}


def sentence(error: Mapping[str, Any], field: Mapping[str, Any]) -> str:
    """What is wrong with a field, from Pydantic's error and the field's JSON Schema."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "too_long" and field.get("type") == "string":
        kind = "string_too_long"
    if kind in SENTENCES:
        return SENTENCES[kind].format(**context)
    if kind == "string_pattern_mismatch":
        return FORMS.get(context["pattern"], OTHER_FORM)
    if kind == "literal_error":
        return f"must be {context['expected']}".replace("'", "`")
    number = NUMBERS.get(field.get("type", ""), "another value")
    ranges = (text.format(**field) for keys, text in RANGES.items() if keys <= field.keys())
    return f"must be {number} {next(ranges, '')}".rstrip()


@cache
def fields(model: type[BaseModel]) -> Mapping[str, Mapping[str, Any]]:
    """The JSON Schema of each field of a model, without null."""
    found: Mapping[str, Mapping[str, Any]] = model.model_json_schema().get("properties", {})
    return {
        name: next((one for one in field.get("anyOf", ()) if one != NULL), field)
        for name, field in found.items()
    }


def counted(number: int, thing: str) -> str:
    """A number of things, such as `1 row` or `2 rows`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"
