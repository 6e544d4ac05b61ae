"""The forms in which answers are available, each with its media type; the default comes first."""

from collections.abc import Iterable, Mapping

from pydantic import WithJsonSchema

JSON = "application/json"
CITATION_FORMS = {
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl-json": "application/vnd.citationstyles.csl+json",
    "vancouver": "text/plain; charset=utf-8",
}
"""The references that an answer rests on, in the formats of reference managers."""
GRAPH_FORMS = {
    "json": JSON,
    "cx2": "application/x-cx2+json",
    "graphml": "application/graphml+xml",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "sif": "text/x-sif; charset=utf-8",
    "kgx": "application/zip",
    "svg": "image/svg+xml",
    "png": "image/png",
} | CITATION_FORMS
ROW_FORMS = {
    "json": JSON,
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
}
LIST_FORMS = ROW_FORMS | CITATION_FORMS
MAPPED_FORMS = LIST_FORMS | {"sssom": "text/tab-separated-values; charset=utf-8"}
"""The forms of lists whose rows have identifiers in other databases."""
DATASET_FORMS = {
    "json": JSON,
    "jsonld": "application/ld+json",
    "linkset": "application/linkset+json",
}
ITEM_FORMS = {"json": JSON} | CITATION_FORMS


def media_types(forms: Mapping[str, str]) -> dict[str, str]:
    """The forms with their media types without parameters, as in `Accept`."""
    return {name: media_type.partition(";")[0] for name, media_type in forms.items()}


def one_of(forms: Iterable[str]) -> WithJsonSchema:
    """List the forms in OpenAPI only: unknown ones are refused like an unknown `Accept`."""
    return WithJsonSchema({"type": "string", "enum": list(forms)})
