"""B3: the database fails at the n-th call of a change, for n = 1, 2, … until it is made untouched.

It also fails at the commit, just before it takes effect and just after.
"""

import itertools
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from httpx2 import Response
from sqlalchemy import Engine, event

from app.http.spool import NDJSON
from app.settings import Settings
from tests.bundles import written
from tests.curating import bearer, curating, history, new_key
from tests.process.sizes import size
from tests.test_writes import NEW, PARTNER

ADDED = "/v1/partners/a-new-one"
MOST_CALLS = 1_000


Fails = Callable[[], Exception]
"""Makes a new error each time: one that was raised keeps alive what was in use then."""


def failure(code: int) -> Fails:
    def fails() -> Exception:
        found = sqlite3.OperationalError("as if")
        found.sqlite_errorcode = code
        found.sqlite_errorname = "SQLITE_AS_IF"
        return found

    return fails


SQLITE: dict[str, Fails] = {
    "locked": failure(sqlite3.SQLITE_BUSY),
    "full": failure(sqlite3.SQLITE_FULL),
    "away": failure(sqlite3.SQLITE_CANTOPEN),
    "unreadable": failure(sqlite3.SQLITE_IOERR),
    "interrupted": failure(sqlite3.SQLITE_INTERRUPT),
    "damaged": failure(sqlite3.SQLITE_CORRUPT),
    "read only": failure(sqlite3.SQLITE_READONLY),
    "without memory": partial(MemoryError, "as if"),
}
POSTGRES: dict[str, Fails] = {
    "locked": partial(psycopg.errors.LockNotAvailable, "as if"),
    "full": partial(psycopg.errors.DiskFull, "as if"),
    "away": partial(psycopg.OperationalError, "as if"),
    "unreadable": partial(psycopg.errors.IoError, "as if"),
    "interrupted": partial(psycopg.errors.QueryCanceled, "as if"),
    "damaged": partial(psycopg.errors.DataCorrupted, "as if"),
    "read only": partial(psycopg.errors.ReadOnlySqlTransaction, "as if"),
    "without memory": partial(psycopg.errors.OutOfMemory, "as if"),
}
KINDS = [*SQLITE][: size(3, 8)]


@contextmanager
def failing(number: int, fails: Fails) -> Iterator[list[int]]:
    """Let the n-th statement of a writing connection fail; how many there were."""
    calls = [0]

    def fail(connection: Any, *_: object) -> None:
        if "clock" in connection.info or "seen" in connection.info:
            return  # a reader
        calls[0] += 1
        if calls[0] == number:
            raise fails()

    event.listen(Engine, "before_cursor_execute", fail)
    yield calls
    event.remove(Engine, "before_cursor_execute", fail)


@contextmanager
def failing_commit(fails: Fails, *, made: bool) -> Iterator[None]:
    """Let the next commit of a writing connection fail, before it is made or just after."""
    armed: list[Any] = []

    def arm(connection: Any) -> None:
        if "clock" in connection.info or "seen" in connection.info or armed:
            return
        armed.append(connection.dialect)
        commit = connection.dialect.do_commit

        def fail(driver: Any) -> None:
            if made:
                commit(driver)
            raise fails()

        connection.dialect.do_commit = fail

    event.listen(Engine, "commit", arm)
    yield
    event.remove(Engine, "commit", arm)
    (dialect,) = armed
    del dialect.do_commit


def refused(answer: Response, kind: str) -> None:
    """What a failure may be answered with: nothing but a documented refusal."""
    assert answer.status_code in ({503, 507} if kind == "full" else {503}), answer.text
    assert answer.headers["retry-after"]


def tried(ask: Callable[[], Response], kind: str, fails: Fails) -> int:
    """Ask until the change is made; how many calls to the database it takes."""
    for number in itertools.count(1):
        assert number < MOST_CALLS
        with failing(number, fails) as calls:
            answer = ask()
        if calls[0] < number:
            assert answer.status_code < 300, answer.text
            return calls[0]
        refused(answer, kind)
    raise AssertionError


BUNDLE = written([{"type": "partner", "row": NEW | {"note": "Imported."}}])
PROPOSING = f"{ADDED}?propose=true&reason=x&source=y"
COMMENT = {"comment": "x"}
ASKED: list[tuple[str, str, Any]] = [
    ("POST", "/v1/partners", NEW),
    ("PATCH", ADDED, {"note": "x"}),
    ("PUT", ADDED, NEW),
    ("PATCH", PROPOSING, {"note": "z"}),
    ("POST", "/v1/proposals/1/accept", COMMENT),
    ("DELETE", PROPOSING, None),
    ("POST", "/v1/proposals/2/reject", COMMENT),
    ("POST", "/v1/import", BUNDLE),
    ("DELETE", ADDED, None),
]
"""Changes of every kind: a row added, changed, proposed, decided on, imported and removed."""


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("made", [False, True])
def test_a_failing_database_never_leaves_half_a_change(
    copy: Settings, kind: str, caplog: pytest.LogCaptureFixture, *, made: bool
) -> None:
    """It also fails at the commit: before the change is `made`, or just after."""
    caplog.set_level(logging.CRITICAL)
    fails, calls = (SQLITE if copy.embedded else POSTGRES)[kind], list[int]()
    with curating(copy) as curator:
        client, reviewer = curator.client, bearer(new_key(copy, "reviewer", "review"))
        before = client.get(PARTNER).json()
        for number, (method, address, body) in enumerate(ASKED):
            key = reviewer if body is COMMENT else curator.key
            media = NDJSON if body is BUNDLE else "application/json"
            given = key | {"If-Match": "*", "Idempotency-Key": f"{number}", "Content-Type": media}
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            ask = partial(client.request, method, address, headers=given, content=content)
            with failing_commit(fails, made=made):
                refused(ask(), kind)
            calls.append(tried(ask, kind, fails))
        proposals = client.get("/v1/proposals").json()["items"]

        print(f"{kind}: failed at each of {calls} calls; nothing half, nothing lost")
        steps = history(copy)
        assert [one["action"] for one in steps] == ["added", *["changed"] * 4, "removed"]
        assert [one["version"] for one in steps] == [1, 2, 3, 4, 5, 5]
        assert [one["proposal"] for one in steps] == [None, None, None, 1, None, None]
        assert [one["state"] for one in proposals] == ["rejected", "accepted"]
        assert client.get(PARTNER).json() == before


NAMING = {
    "/v1/edges/adcc-increases-tumour-cell-death-in-tumour-b-cell": "evidence",
    "/v1/mechanisms/cereblon-engagement": "steps",
    "/v1/entities/crbn": "aliases",
    "/v1/evidence/rev-s1-oral": "trials",
}
MOST_STATEMENTS = 100


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_what_a_change_names_is_not_read_one_by_one(copy: Settings) -> None:
    with curating(copy) as curator:
        for address, field in NAMING.items():
            body = {field: [f"x{number}" for number in range(400)] + ["nul\0"]}
            with failing(0, failure(sqlite3.SQLITE_BUSY)) as calls:
                answer = curator.ask("PATCH", address, body)

            assert answer.status_code == 422, (field, answer.text)
            assert 0 < calls[0] < MOST_STATEMENTS, field
