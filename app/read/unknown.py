"""Refusing ids that do not exist, with suggestions of similar ones."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select

from app.db import Reading
from app.errors import Fault, Invalid
from app.lookalikes import MAX_SHOWN, alike
from app.read import statements
from app.read.filters import bind_names
from app.read.joins import table
from app.read.name_words import ids_by_words
from app.read.names import ids_named
from app.schema.markers import marks
from app.schema.values import Names

Values = Mapping[str, list[Any]]
MAX_CANDIDATES = 2_000
SHORTEST_LIKE = 4


def id_parameters(model: type[BaseModel]) -> dict[str, Names]:
    """The parameters of a query that name rows, and the rows that they name."""
    fields = model.model_fields.items()
    return {name: mark for name, info in fields for mark in marks(info, Names)}


def ids_of(query: BaseModel, ids: Collection[str]) -> Values:
    """The ids that a query names, by parameter, each as often as it was sent."""
    values = ((name, getattr(query, name, None)) for name in ids)
    return {
        name: list(value) if isinstance(value, tuple) else [value]
        for name, value in values
        if value is not None
    }


def bind_values(values: Values) -> dict[str, Any]:
    """Each value under the name of its parameter in the statement."""
    return {
        place: value
        for name, given in values.items()
        for place, value in zip(bind_names(name, len(given)), given, strict=True)
    }


def missing(reading: Reading, of: Names, given: list[str]) -> list[str]:
    """Those of the ids that do not exist."""
    known = set(reading.rows(str, bind_values({"id": given}), statements.existing, of, len(given)))
    return [wrong for wrong in given if wrong not in known]


def refuse_unknown(reading: Reading, ids: Mapping[str, Names], values: Values) -> None:
    """Refuse a query that names a row that does not exist; the values are as they were sent."""
    faults = [
        Fault(name, _unknown(of, given, wrong), nearest_ids(reading, of, wrong))
        for name, of in ids.items()
        if (given := values.get(name))
        for wrong in missing(reading, of, list(dict.fromkeys(given)))
    ]
    if faults:
        raise Invalid("A filter names an id that does not exist.", faults=tuple(faults))


def _unknown(of: Names, given: list[str], wrong: str) -> str:
    """What is wrong with a value that is no id; of several values, which one it is."""
    which = f"value {given.index(wrong) + 1} of {len(given)} " if len(given) > 1 else ""
    return f"{which}names no known {of.kind or of.table}"


def nearest_ids(reading: Reading, of: Names, wrong: str) -> tuple[str, ...]:
    """Up to three ids to suggest: found by name, by words, or else because they look alike.

    A short word is never answered with a mere look-alike, because too many resemble it. At most
    2,000 candidates are examined, for 5 ms.
    """
    found = ids_named(reading, of, wrong) or ids_by_words(reading, of, wrong)
    if found or len(wrong) < SHORTEST_LIKE:
        return tuple(found[:MAX_SHOWN])
    row = table(of.table)
    known = select(row.c.id).order_by(row.c.id).limit(MAX_CANDIDATES)
    if of.kind:
        known = known.where(row.c.kind == of.kind)
    return alike(wrong.lower(), [found.id for found in reading.connection.execute(known)])
