"""An answer is of one state of the data, however often they change while it is made."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Connection, delete, insert
from starlette.testclient import TestClient

from app.db import Database
from app.db.revision import revise
from app.main import create_app
from app.schema.vocabulary import words
from app.settings import Settings
from tests import limits
from tests.changing import STAMP, add_edge, add_entity, changing, table

pytestmark = pytest.mark.slow

ADDRESSES = [
    "/v1/graph?entity=other&basis=textbook",
    "/v1/graph/paths?source=lenalidomide&target=other&basis=textbook",
    "/v1/graph/paths?source=other&target=lenalidomide&basis=textbook",
    "/v1/mechanisms/other/graph",
    "/v1/partners/other/rationale",
    "/v1/mechanisms/other",
    "/v1/mechanisms/other/evidence",
    "/v1/mechanisms?limit=1",
    "/v1/entities?id=other&id=crbn&limit=1",
    "/v1/matrix?rows=mechanism&columns=subtype&mechanism=other",
    "/v1/dataset",
]
ROUNDS, ENOUGH = 12, 2
"""How often all is asked at least, and how many changes come in between."""
"""How often every address is asked while the data change."""


def add(connection: Connection) -> None:
    """Rows that every address above shows or needs."""
    add_entity(connection, "other")
    add_edge(connection, "other-step", ("lenalidomide", "other"))
    link = {"evidence_id": "lu-degrades-ikzf1", "position": 90, "entity_id": "other"}
    connection.execute(insert(table("evidence_object_link")), [link])
    mode, *_ = words("modes")
    named = {"id": "other", "name": "Other", "summary": "Other.", "in_review": False} | STAMP
    connection.execute(insert(table("mechanism")), [named | {"mode": mode}])
    step = {"mechanism_id": "other", "position": 0, "edge_id": "other-step"}
    connection.execute(insert(table("mechanism_step")), [step])
    partner = {"kind": "drug", "drug_class": "other", "entity_id": "other"}
    connection.execute(insert(table("partner")), [named | partner])


def remove(connection: Connection) -> None:
    links = table("evidence_object_link")
    connection.execute(delete(links).where(links.c.entity_id == "other"))
    for name, row in (
        ("partner", "other"),
        ("mechanism", "other"),
        ("edge", "other-step"),
        ("entity", "other"),
    ):
        rows = table(name)
        connection.execute(delete(rows).where(rows.c.id == row))


STEPS: list[tuple[str, Callable[[Connection], None]]] = [("without", remove), ("with", add)]


@contextmanager
def to_and_fro(settings: Settings) -> Iterator[Callable[[], int]]:
    """Change the data without a pause; the number of changes so far."""
    over, changes = threading.Event(), 0

    def change() -> None:
        nonlocal changes
        db = Database(settings)
        for release, step in cycle(STEPS):
            with db.write() as connection:
                step(connection)
                revise(connection, release)
            changes += 1
            if over.is_set() and release == "with":
                break
        db.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(change)
        try:
            yield lambda: changes
        finally:
            over.set()
            running.result(timeout=limits.SECONDS)


def told(answer: Response) -> tuple[int, Any]:
    """What an answer says, but for what differs each time."""
    body = answer.json()
    for part in (body, body.get("graph")):
        if isinstance(part, dict):
            part.pop("revision", None)
            part.pop("request_id", None)
    return answer.status_code, body


@pytest.mark.parametrize("cache", [pytest.param(0, marks=pytest.mark.full), 8])
def test_every_answer_is_of_one_state_while_the_data_change(copy: Settings, cache: int) -> None:
    expected: dict[str, list[tuple[int, Any]]] = {address: [] for address in ADDRESSES}
    with TestClient(create_app(copy.model_copy(update={"cache_megabytes": cache}))) as client:
        for release, step in reversed(STEPS):
            with changing(copy, release) as connection:
                step(connection)
            for address in ADDRESSES:
                expected[address].append(told(client.get(address)))
        with changing(copy, "with") as connection:
            add(connection)
        assert all(one != other for one, other in expected.values())

        def ask(address: str) -> None:
            answer = client.get(address)
            present, absent = expected[address]
            release = answer.headers.get("x-dataset-version", "")
            assert release or answer.status_code >= 400
            assert told(answer) in {"with": [present], "without": [absent]}.get(
                release, [present, absent]
            ), address

        with to_and_fro(copy) as changes, ThreadPoolExecutor(4) as pool:
            end, rounds = time.monotonic() + limits.SECONDS, 0
            while rounds < ROUNDS or changes() < ENOUGH:
                assert time.monotonic() < end
                list(pool.map(ask, ADDRESSES, timeout=limits.SECONDS))
                rounds += 1
