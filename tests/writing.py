"""Write to a database of the test's own, and look at everything it then holds."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from app.db import Database
from app.schema.columns import Key
from app.schema.index import INDEX
from app.schema.stored_counts import KEPT
from app.schema.words import word_tables
from app.settings import Settings
from app.write.rows import KINDS, SHAPES, tables
from seed.content import COVERAGE, RELEASES, TYPES, VOCABULARY, Content, assemble
from tests.examples import curated

Documents = dict[str, Any]
Dump = dict[str, list[tuple[Any, ...]]]

MOMENTS = ("created_at", "updated_at")


def documents() -> Documents:
    """The content of the curated files, free to be changed."""
    found: Documents = pickle.loads(pickled())  # noqa: S301 - our own, and the fastest deep copy
    return found


@cache
def pickled() -> bytes:
    """The content of the curated files, once for all copies."""
    found: Documents = {kind: [row.values for row in curated().rows[kind]] for kind in TYPES}
    others = {VOCABULARY: curated().vocabulary.values, COVERAGE: curated().coverage.values}
    return pickle.dumps(found | others | {RELEASES: [row.values for row in curated().releases]})


def entry(documents: Documents, kind: str, row_id: str) -> Any:
    return next(one for one in documents[kind] if one["id"] == row_id)


def count(kind: str) -> int:
    """How many entries a file has."""
    return len(curated().rows[kind])


def count_words() -> int:
    """How many words the lists hold that rows refer to."""
    return sum(len(curated().vocabulary.records(name)) for name in word_tables())


def record(kind: str, values: object) -> Key:
    return SHAPES[KINDS[kind]].model_validate(values)


def records(documents: Documents) -> list[Key]:
    return [record(kind, values) for kind in TYPES for values in documents[kind]]


def content(documents: Documents) -> Content:
    return assemble(documents)


@contextmanager
def undone(settings: Settings) -> Iterator[Connection]:
    """A connection whose changes are undone at the end."""
    db = Database(settings)
    try:
        with db.write() as connection:
            yield connection
            connection.rollback()
    finally:
        db.close()


def dump(connection: Connection) -> Dump:
    """Every row of the content with its version, but not the moments of its changes."""
    return {
        name: sorted(
            map(
                tuple,
                connection.execute(select(*(c for c in table.columns if c.name not in MOMENTS))),
            ),
            key=repr,
        )
        for name, table in {**tables(), **{one.name: one for one in (*KEPT, *INDEX)}}.items()
    }


def after(connection: Connection, change: Callable[[], object]) -> Dump:
    """All rows after a change, which is then undone."""
    point = connection.begin_nested()
    change()
    found = dump(connection)
    point.rollback()
    return found
