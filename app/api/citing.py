"""The references that an answer rests on, as a file for a reference manager."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from starlette.responses import Response

from app.citations import CITATIONS
from app.db import Reading
from app.http import conditional
from app.read.sources import documents, sources_of_rows
from app.schema.forms import CITATION_FORMS, JSON
from app.schema.resource import Resource

ARRAY = {"type": "array", "items": {"type": "object"}}
TEXT = {"type": "string"}
ENDINGS = {"bibtex": "bib", "ris": "ris", "csl-json": "json", "vancouver": "txt"}


def other_forms(offered: Mapping[str, str]) -> dict[int | str, dict[str, Any]]:
    """The forms of an answer other than JSON, as OpenAPI lists them."""
    others = [media_type for media_type in offered.values() if media_type != JSON]
    schemas = {each: ARRAY if each.endswith("+json") else TEXT for each in others}
    return {200: {"content": {each: {"schema": schema} for each, schema in schemas.items()}}}


def cite_rows(reading: Reading, resource: Resource, items: Collection[str], form: str) -> Response:
    """The references behind some rows, which are JSON texts."""
    return cite(reading, sources_of_rows(reading, resource, items), form)


def cite(reading: Reading, ids: Iterable[str], form: str) -> Response:
    """The references with these ids, each once."""
    found = documents(reading, list(dict.fromkeys(ids)))
    headers = conditional.cacheable(reading.release) | {
        "Content-Type": CITATION_FORMS[form],
        "Content-Disposition": f'inline; filename="references.{ENDINGS[form]}"',
    }
    return Response(CITATIONS[form](found), headers=headers)
