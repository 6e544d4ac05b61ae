"""The row that holds the release of the content and the number of its changes."""

import re
from typing import NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlmodel import SQLModel

from app import RELEASE
from app.errors import Unavailable

SCHEMA = "0015"
NUMBERED = re.compile(r"[0-9]+(\.[0-9]+)*")

dataset = Table(
    "dataset",
    SQLModel.metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("release", String, nullable=False),
    Column("revision", Integer, nullable=False),
    # The description of the dataset, as JSON; null in a release without one.
    Column("about", String),
    CheckConstraint("id = 1", name="ck_one_row"),
    sqlite_strict=True,
)


class State(NamedTuple):
    """The revision and the release of the data."""

    revision: tuple[int, int]
    """Grows with every commit; the first part counts lost connections."""
    release: str


def advice(release: str) -> str | None:
    """What the operator should do about content of another release than that of this code.

    A release that is not named by numbers is somebody's own, about which nothing is known.
    """
    if release == RELEASE or not NUMBERED.fullmatch(release):
        return None
    found, ours = (tuple(map(int, one.split("."))) for one in (release, RELEASE))
    loading = f"`python -m app seed` loads {RELEASE}"
    if found < ours:
        return f"the content is release {release}, older than this service; {loading}"
    return f"the content is release {release}, newer than this service; update it, or {loading}"


def read_release(connection: Connection) -> str:
    """The release of the curated content; empty before it is loaded."""
    found: str | None = connection.execute(select(dataset.c.release)).scalar()
    return found or ""


def read_dataset(connection: Connection) -> tuple[str, int]:
    """The release of the curated content, and the revision that every change raises."""
    row = connection.execute(select(dataset.c.release, dataset.c.revision)).one_or_none()
    if row is None:
        raise Unavailable("The database does not say which content it holds.", lasting=True)
    return row.release, row.revision


def read_about(connection: Connection) -> str | None:
    """The description of the dataset, as JSON; None in a release without one."""
    return connection.execute(select(dataset.c.about)).scalar()


def describe(connection: Connection, about: str) -> bool:
    """Store the description of the dataset, and return whether it differs from before."""
    differs = dataset.c.about.is_distinct_from(about)
    return bool(connection.execute(update(dataset).where(differs).values(about=about)).rowcount)


def lock(connection: Connection) -> None:
    """Wait for any other writer; the first statement of every transaction that changes data.

    On SQLite, beginning the transaction has already waited.
    """
    connection.execute(select(dataset.c.revision).with_for_update())


def revise(connection: Connection, release: str | None = None) -> None:
    """Raise the revision; the last statement of every transaction that changes data."""
    named = {"release": release} if release else {}
    raised = update(dataset).values(revision=dataset.c.revision + 1, **named)
    if not connection.execute(raised).rowcount:
        connection.execute(insert(dataset).values(id=1, revision=1, release=release or ""))
