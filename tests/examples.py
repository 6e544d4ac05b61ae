"""Known values of every filter, for tests that try them all."""

from functools import cache
from typing import Any, get_args

from app.markers import marks
from app.resource import Resource
from app.values import Names, Word
from app.vocabulary import words
from seed.content import read
from seed.load import DATA
from seed.rows import TABLES, rows


@cache
def ids(table: str, kind: str | None = None) -> list[str]:
    """The ids of the curated rows of one table, of one kind if given."""
    content = read(DATA)
    return sorted(
        values["id"]
        for plural in TABLES
        for name, values in rows(plural, [dict(entry.values) for entry in content.rows[plural]])
        if name == table and "id" in values and kind in (None, values.get("kind"))
    )


def values_of(resource: Resource, name: str) -> list[str]:
    """Every value that a filter of this type can take, or some where there is no end of them."""
    info = resource.filters.model_fields[name]
    for of in marks(info, Names):
        return ids(of.table, of.kind)
    for word in marks(info, Word):
        return words(word.vocabulary)
    if bool in _parts(info.annotation):
        return ["true", "false"]
    literals = [part for part in _parts(info.annotation) if isinstance(part, str)]
    return literals or ["2011", "2015", "2026"]


def _parts(annotation: Any) -> list[Any]:
    below = [part for one in get_args(annotation) for part in _parts(one)]
    return [annotation, *below]
