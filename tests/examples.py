"""Known values of every filter, for tests that try them all."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin
from urllib.parse import quote, urlencode

from pydantic import ValidationError

from app.schema.markers import marks
from app.schema.resource import Resource
from app.schema.values import Names, Word
from app.schema.vocabulary import words
from app.write.derived import complete
from seed import DATA
from seed.content import Content, read
from seed.load import records
from tests.documented import spelt_out

# Years and grades.
SOME = ("2011", "2015", "2026", "1", "3")
# A fresh database has no proposals.
PROPOSED = "/v1/proposals/{number}"


@cache
def curated() -> Content:
    """The content, read once."""
    return read(DATA)


@cache
def rows() -> list[tuple[str, str, str | None]]:
    """The curated rows that have an id: table, id and kind."""
    return [
        (name, values["id"], values.get("kind"))
        for record in records(curated())
        for name, values in complete(record)
        if "id" in values
    ]


@cache
def ids(table: str, kind: str | None = None) -> list[str]:
    """The ids of the curated rows of one table, of one kind if given."""
    return sorted(found for name, found, its in rows() if name == table and kind in (None, its))


def values_of(resource: Resource, name: str) -> list[str]:
    """Every value that a filter of this type can take, or a few if their number is unlimited."""
    info = resource.filters.model_fields[name]
    for of in marks(info, Names):
        return ids(of.table, of.kind)
    for word in marks(info, Word):
        return words(word.vocabulary)
    if bool in _parts(info.annotation):
        return ["true", "false"]
    literals = [part for part in _parts(info.annotation) if isinstance(part, str)]
    return literals or [one for one in SOME if _takes(resource, name, one)]


def _takes(resource: Resource, name: str, value: str) -> bool:
    several = get_origin(resource.filters.model_fields[name].annotation) is tuple
    try:
        resource.filters.model_validate({name: [value] if several else value})
    except ValidationError:
        return False
    return True


def _parts(annotation: Any) -> list[Any]:
    below = [part for one in get_args(annotation) for part in _parts(one)]
    return [annotation, *below]


def addresses(document: Any) -> Iterator[str]:
    """Every address that can be read, with the values that it needs and no others."""
    return (address for address, _ in reads(document))


def reads(document: Any) -> Iterator[tuple[str, Any]]:
    """The same, each with its operation; but not what nobody has proposed yet."""
    for template, operations in spelt_out(document)["paths"].items():
        if "get" not in operations or template == PROPOSED:
            continue
        target, query = template, {}
        for one in operations["get"].get("parameters", []):
            if one["in"] == "path":
                target = target.replace(f"{{{one['name']}}}", quote(str(one["example"])))
            elif one.get("required"):
                query[one["name"]] = one["example"]
        yield (f"{target}?{urlencode(query)}" if query else target), operations["get"]
