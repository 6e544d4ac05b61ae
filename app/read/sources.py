"""The references that an answer rests on."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Select, select

from app.db import Reading
from app.read.filters import binds
from app.read.joins import table
from app.read.rendering import render
from app.read.statements import StatementKey, conditions
from app.read.unknown import bind_values
from app.resources.evidence import EVIDENCE
from app.resources.references import REFERENCES, ReferenceRead
from app.schema.resource import Resource
from app.schema.shapes import Cited

PLACES = 256
"""The number of ids in one statement."""


class Identified(BaseModel):
    """What rows of all types have."""

    id: str


def sources_of_rows(reading: Reading, resource: Resource, items: Collection[str]) -> list[str]:
    """The ids of the references behind rows that are JSON texts, in their order.

    They are those that the rows name, and those of the claims in their lists of evidence.
    """
    rows = [resource.read.model_validate_json(item) for item in items]
    ids = [Identified.model_validate_json(item).id for item in items]
    if resource is REFERENCES:
        return ids
    named = [one for row in rows for one in cited_in(row)]
    return list(dict.fromkeys([*named, *sources_of_claims(reading, resource.name, ids)]))


def cited_in(value: object) -> Iterator[str]:
    """The ids of all references that an answer names."""
    if isinstance(value, Cited):
        yield value.id
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from cited_in(getattr(value, name))
    elif isinstance(value, list):
        for one in value:
            yield from cited_in(one)


def sources_of_claims(reading: Reading, name: str, ids: Collection[str]) -> list[str]:
    """The ids of the references of claims that a filter finds, with all below its values."""
    name = "id" if name == EVIDENCE.name else name
    found = set()
    for some in _chunks(ids):
        key = StatementKey(filters=((name, PLACES),), roll_up=True)
        found |= set(reading.rows(str, bind_values({name: some}), _claims, key))
    return sorted(found)


def documents(reading: Reading, ids: Sequence[str]) -> list[ReferenceRead]:
    """The references with these ids, in their order."""
    texts = [
        one
        for some in _chunks(ids)
        for one in reading.rows(str, bind_values({"id": some}), _documents)
    ]
    found = {one.id: one for one in map(ReferenceRead.model_validate_json, texts)}
    return [found[one] for one in ids]


def _chunks(ids: Collection[str]) -> Iterator[list[str]]:
    """The ids in lists of PLACES; the last list repeats its last id to be full."""
    listed = list(ids)
    for at in range(0, len(listed), PLACES):
        some = listed[at : at + PLACES]
        yield some + some[-1:] * (PLACES - len(some))


def _claims(key: StatementKey) -> Select[Any]:
    row = table(EVIDENCE.name)
    return select(row.c.reference_id).where(*conditions(EVIDENCE, row, key)).distinct()


def _documents() -> Select[Any]:
    row = table(REFERENCES.name)
    return select(render(ReferenceRead, row)).where(row.c.id.in_(binds("id", PLACES)))
