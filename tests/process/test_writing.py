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
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.http.spool import NDJSON
from app.settings import Settings
from tests.bundles import bundle_from, written
from tests.conftest import BOTH
from tests.curating import bearer, history, new_key
from tests.process.sizes import size
from tests.programs import Program
from tests.test_writes import NEW, PARTNER

pytestmark = pytest.mark.full

WRITERS, ROUNDS = 4, 10
KILLS, IMPORT_KILLS = size(5, 500), size(5, 20)
PATIENCE = 120
READY = "Application startup complete"
Told = dict[str, int]
"""The status of each answer by id; 0 where there was none."""
Answer = tuple[int, dict[str, str], bytes]


def ask(port: int, method: str, address: str, body: Any, headers: dict[str, str]) -> Answer:
    """One request; an error of the connection is the caller's to judge."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body)
        connection.request(method, address, sent, {"Content-Type": "application/json"} | headers)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, answer.read()
    finally:
        connection.close()


def of_database(copy: Settings) -> str:
    """Which of the two it is."""
    return copy.database_url.partition(":")[0]


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
    """Let some writers add rows, and kill the service at a random moment."""
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


def send_until_killed(port: int, key: str, bundle: bytes, number: int, statuses: list[int]) -> None:
    """Send a bundle with a key of its own; what is not answered is told as 0."""
    headers = bearer(key) | {"Content-Type": NDJSON, "Idempotency-Key": f"import-{number}"}
    try:
        statuses.append(ask(port, "POST", f"/v1/import?reason={number}", bundle, headers)[0])
    except (OSError, http.client.HTTPException):
        statuses.append(0)


def kill_while_importing(copy: Settings, of: tuple[str, bytes, int], seconds: float) -> list[int]:
    """Kill the service so long after a bundle was sent; the status of the answer, if one came."""
    statuses: list[int] = []
    with serving(copy) as program:
        sender = threading.Thread(target=send_until_killed, args=(program.port, *of, statuses))
        sender.start()
        sender.join(seconds)
        program.process.send_signal(signal.SIGKILL)
        sender.join()
    return statuses


@pytest.mark.parametrize("copy", BOTH, indirect=True)
def test_a_service_that_is_killed_while_it_imports_does_so_whole_or_not_at_all(
    copy: Settings,
) -> None:
    key, whole = new_key(copy), bundle_from(copy)
    claims = [row for row in map(json.loads, whole.splitlines()) if row["type"] == "evidence"]
    found: Counter[tuple[int, int]] = Counter()
    with serving(copy) as program:
        began = time.monotonic()
        send_until_killed(program.port, key, whole, -1, [])
        seconds = time.monotonic() - began
    for number in range(IMPORT_KILLS):
        for claim in claims:
            # Added to what there is: rules find figures in it.
            claim["row"]["note"] = f"{claim['row']['note'] or 'Imported.'} {number}."
        of = key, written(claims), number
        # From while it is sent to after it is answered.
        told = kill_while_importing(copy, of, seconds * (number + 1) * 1.5 / IMPORT_KILLS)
        made = len(history(copy)) - number * len(claims)
        found[told[0], made] += 1
        assert made in (0, len(claims)), "half an import"
        assert made or told != [200], "an answer without its import"
        with serving(copy) as program:
            again: list[int] = []
            send_until_killed(program.port, *of, again)
            assert again == [200]
        assert len(history(copy)) == (number + 1) * len(claims)

    print(f"{of_database(copy)}: {IMPORT_KILLS} kills: answers and rows {dict(found)}")


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


STOPS = size(3, 100)
ENDED = 128 + signal.SIGTERM


@pytest.mark.parametrize("copy", BOTH, indirect=True)
@pytest.mark.parametrize("times", [1, 2])
def test_a_service_that_is_told_to_end_answers_what_it_has_begun(
    copy: Settings, times: int
) -> None:
    key, numbers = new_key(copy), itertools.count()
    told: Told = {}
    seconds = [end_while_writing(copy, key, numbers, told, times) for _ in range(STOPS)]
    unclear = [row_id for row_id, status in told.items() if status == 0]
    statuses = Counter(told.values())
    with serving(copy) as program:
        for row_id in unclear:
            again = bearer(key) | {"Idempotency-Key": row_id}
            found = ask(program.port, "POST", "/v1/partners", NEW | {"id": row_id}, again)
            assert found[0] == 201, found[2]
    acknowledged = {row_id for row_id, status in told.items() if status == 201} | {*unclear}
    added = [one["id"] for one in history(copy) if one["action"] == "added"]

    print(
        f"{STOPS} ends, each told {times} times, in {max(seconds):.1f} s at most, "
        f"answers {dict(statuses)}, 0 lost or twice"
    )
    assert statuses.keys() <= {0, 201, 503}
    assert sorted(added) == sorted(acknowledged)


def end_while_writing(
    copy: Settings, key: str, numbers: Iterator[int], told: Told, times: int
) -> float:
    """Tell the service to end, once or more, while rows are added; the seconds until it has."""
    stop = threading.Event()
    with serving(copy) as program:
        of = (program.port, key, numbers, told, stop)
        writers = [threading.Thread(target=add_until_killed, args=of) for _ in range(WRITERS)]
        for one in writers:
            one.start()
        stop.wait(random.SystemRandom().uniform(0.5, 1.5))
        began = time.monotonic()
        for _ in range(times):
            program.process.send_signal(signal.SIGTERM)
            stop.wait(0.01)
        assert program.process.wait(PATIENCE) == ENDED
        stop.set()
        for one in writers:
            one.join()
    return time.monotonic() - began


ROLLED, BROKEN = size(3, 50), -1


def add_to_any(ports: list[int], key: str, numbers: Iterator[int], told: Told, stop: Event) -> None:
    """Add rows at whichever process takes the connection, each with an id and a key of its own."""
    while not stop.is_set():
        row_id = f"row-{next(numbers)}"
        headers = bearer(key) | {"Idempotency-Key": row_id}
        told[row_id] = 0
        for port in [*ports]:
            try:
                body = NEW | {"id": row_id}
                told[row_id] = ask(port, "POST", "/v1/partners", body, headers)[0]
            except ConnectionRefusedError:
                continue
            except (OSError, http.client.HTTPException):
                told[row_id] = BROKEN
            break


@pytest.mark.parametrize("copy", BOTH, indirect=True)
def test_services_replaced_one_after_the_other_refuse_nobody(copy: Settings) -> None:
    key, numbers, stop, ports = new_key(copy), itertools.count(), Event(), list[int]()
    told: Told = {}
    with ExitStack() as running:
        programs = [running.enter_context(serving(copy)) for _ in range(2)]
        ports += [one.port for one in programs]
        of = (ports, key, numbers, told, stop)
        writers = [threading.Thread(target=add_to_any, args=of) for _ in range(WRITERS)]
        for one in writers:
            one.start()
        for _ in range(ROLLED):
            programs.append(running.enter_context(serving(copy)))
            old = programs.pop(0)
            ports[:] = [one.port for one in programs]
            old.process.send_signal(signal.SIGTERM)
            assert old.process.wait(PATIENCE) == ENDED
        stop.set()
        for one in writers:
            one.join()
    added = [one["id"] for one in history(copy) if one["action"] == "added"]
    statuses = Counter(told.values())

    print(f"{ROLLED} services replaced, answers {dict(statuses)}")
    assert statuses.keys() <= {201, 503}
    assert sorted(added) == sorted(row_id for row_id, status in told.items() if status == 201)
