"""The forms in which an answer can be had, each with its media type, the preferred first."""

from collections.abc import Iterable

from pydantic import WithJsonSchema

JSON = "application/json"
GRAPH_FORMS = {
    "json": JSON,
    "cx2": "application/x-cx2+json",
    "graphml": "application/graphml+xml",
    "svg": "image/svg+xml",
}
LIST_FORMS = {
    "json": JSON,
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
}


def one_of(forms: Iterable[str]) -> WithJsonSchema:
    """Say in OpenAPI which forms there are; an unknown one is refused like an unknown `Accept`."""
    return WithJsonSchema({"type": "string", "enum": list(forms)})
