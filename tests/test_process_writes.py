"""Changes made by real processes: killed at any moment, and several at once.

Each prints what it has counted.
"""

import http.client
import itertools
import json
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.settings import Settings
from tests.curating import bearer, history, new_key
from tests.programs import Program
from tests.test_writes import NEW, PARTNER

pytestmark = pytest.mark.full

KILLS, WRITERS, ROUNDS = 5, 4, 10
PATIENCE = 120
READY = "Application startup complete"
Told = dict[str, int]
"""The status of each answer by id; 0 where there was none."""
Answer = tuple[int, dict[str, str], bytes]


def ask(port: int, method: str, address: str, body: Any, headers: dict[str, str]) -> Answer:
    """One request; an error of the connection is the caller's to judge."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, address, sent, {"Content-Type": "application/json"} | headers)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read()
    finally:
        connection.close()


@contextmanager
def serving(copy: Settings, *more: str) -> Iterator[Program]:
    """The service in a process of its own, ready."""
    with Program(copy.database_url, "serve", *more) as program:
        assert READY in program.read(READY)
        yield program


def add_until_killed(
    port: int, key: str, numbers: Iterator[int], told: Told, stop: threading.Event
) -> None:
    """Add rows, each with an id and a key of its own; what is not answered is told as 0."""
    while not stop.is_set():
        row_id = f"row-{next(numbers)}"
        told[row_id] = 0
        headers = bearer(key) | {"Idempotency-Key": row_id}
        try:
            told[row_id] = ask(port, "POST", "/v1/partners", NEW | {"id": row_id}, headers)[0]
        except (OSError, http.client.HTTPException):
            return


def kill_while_writing(copy: Settings, key: str, numbers: Iterator[int], told: Told) -> None:
    """Let some writers add rows, and kill the service at a moment that nobody knows."""
    stop = threading.Event()
    with serving(copy) as program:
        of = (program.port, key, numbers, told, stop)
        writers = [threading.Thread(target=add_until_killed, args=of) for _ in range(WRITERS)]
        for one in writers:
            one.start()
        stop.wait(random.SystemRandom().uniform(0.5, 1.5))
        program.process.send_signal(signal.SIGKILL)
        stop.set()
        for one in writers:
            one.join()


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_killed_service_loses_nothing_and_makes_nothing_twice(copy: Settings) -> None:
    key, numbers = new_key(copy), itertools.count()
    told: Told = {}
    for _ in range(KILLS):
        kill_while_writing(copy, key, numbers, told)
    unclear = [row_id for row_id, status in told.items() if status not in (201, 503)]
    with serving(copy) as program:
        for row_id in unclear:
            again = bearer(key) | {"Idempotency-Key": row_id}
            found = ask(program.port, "POST", "/v1/partners", NEW | {"id": row_id}, again)
            assert found[0] == 201, found[2]
    acknowledged = {row_id for row_id, status in told.items() if status == 201} | set(unclear)
    added = [one["id"] for one in history(copy) if one["action"] == "added"]

    print(f"{KILLS} kills, {len(acknowledged)} acknowledged, {len(unclear)} unclear and retried")
    assert len(acknowledged) > KILLS
    assert acknowledged <= sound_rows(copy)
    assert sorted(added) == sorted(acknowledged)


def sound_rows(copy: Settings) -> set[str]:
    """The partners in a file in which nothing is damaged and no link leads nowhere."""
    engine = create_engine(copy.database_url)
    with engine.connect() as connection:
        rows = set(connection.execute(text("SELECT id FROM partner")).scalars())
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()
    return rows


def raise_counter(port: int, key: str, made: list[int]) -> None:
    """Change a row some times, each on the version that was read before."""
    while len(made) < ROUNDS:
        tag = ask(port, "GET", PARTNER, None, {})[1]["etag"]
        headers = bearer(key) | {"If-Match": tag}
        status, _, body = ask(port, "PATCH", PARTNER, {"note": f"{time.monotonic()}"}, headers)
        assert status in (200, 412, 429, 503), body
        if status == 200:
            made.append(json.loads(body)["version"])


def test_several_processes_lose_no_update(copy: Settings) -> None:
    key = new_key(copy)
    with serving(copy) as one, serving(copy) as other:
        made: list[list[int]] = [[] for _ in range(WRITERS)]
        writers = [
            threading.Thread(target=raise_counter, args=(port, key, found))
            for port, found in zip((one.port, other.port) * (WRITERS // 2), made, strict=True)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        tags = {ask(each.port, "GET", PARTNER, None, {})[1]["etag"] for each in (one, other)}
    versions = sorted(itertools.chain(*made))

    print(f"{len(versions)} changes by {WRITERS} writers of two processes, none lost")
    assert versions == list(range(2, 2 + WRITERS * ROUNDS))
    assert [step["version"] for step in history(copy)] == versions
    assert len(tags) == 1
