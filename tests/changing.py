"""Changing a database of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlmodel import SQLModel

from app.db import Database
from app.db.revision import revise
from app.settings import Settings
from tests.conftest import FIXED

STAMP: dict[str, Any] = {"version": 1, "created_at": FIXED, "updated_at": FIXED}


def table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


@contextmanager
def changing(settings: Settings, release: str = "changed") -> Iterator[Connection]:
    """A connection whose changes are a new revision of the data."""
    db = Database(settings)
    try:
        with db.write() as connection:
            yield connection
            revise(connection, release)
    finally:
        db.close()


def add_entity(connection: Connection, row_id: str, **values: Any) -> None:
    """A node of the network."""
    plain: dict[str, Any] = {"kind": "protein", "name": row_id, "label": row_id}
    plain |= {"in_network": True, "crosses_cells": True}
    connection.execute(insert(table("entity")), [{"id": row_id} | plain | STAMP | values])


def add_edge(connection: Connection, row_id: str, ends: tuple[str, str], **values: Any) -> None:
    """A step of the network that no claim supports."""
    plain = {"relation": "increases", "sign": "+", "type": "causal", "basis": "textbook"}
    plain |= {"source_id": ends[0], "target_id": ends[1], "cell_id": "any-cell"}
    connection.execute(insert(table("edge")), [{"id": row_id} | plain | STAMP | values])


def allow_odd_ids(connection: Connection) -> None:
    """Allow ids that the checks of the database refuse, to test code that must not rely on them."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        return
    for name in ("entity", "edge"):
        connection.exec_driver_sql(f"ALTER TABLE {name} DROP CONSTRAINT ck_id")
