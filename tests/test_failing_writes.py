"""The database fails at the n-th call of a change, for n = 1, 2, … until it is made untouched."""

import itertools
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from app.settings import Settings
from tests.curating import Curator, curating, history, new_key
from tests.test_writes import NEW, PARTNER

ADDED = "/v1/partners/a-new-one"
MOST_CALLS = 1_000


def failure(code: int) -> sqlite3.OperationalError:
    found = sqlite3.OperationalError("as if")
    found.sqlite_errorcode = code
    found.sqlite_errorname = "SQLITE_AS_IF"
    return found


SQLITE = {
    "locked": (failure(sqlite3.SQLITE_BUSY), 503),
    "full": (failure(sqlite3.SQLITE_FULL), 507),
    "unreadable": (failure(sqlite3.SQLITE_IOERR), 503),
}
POSTGRES = {
    "locked": (psycopg.errors.LockNotAvailable("as if"), 503),
    "full": (psycopg.errors.DiskFull("as if"), 507),
    "unreadable": (psycopg.OperationalError("as if"), 503),
}


@contextmanager
def failing(number: int, error: Exception) -> Iterator[list[int]]:
    """Let the n-th statement of a writing connection fail; how many there were."""
    calls = [0]

    def fail(connection: Any, *_: object) -> None:
        if "clock" in connection.info or "seen" in connection.info:
            return  # a reader
        calls[0] += 1
        if calls[0] == number:
            raise error

    event.listen(Engine, "before_cursor_execute", fail)
    yield calls
    event.remove(Engine, "before_cursor_execute", fail)


def tried(curator: Curator, method: str, address: str, body: Any, kind: tuple[Any, int]) -> int:
    """Ask until the change is made; how many calls to the database it takes."""
    error, status = kind
    for number in itertools.count(1):
        assert number < MOST_CALLS
        with failing(number, error) as calls:
            answer = curator.ask(method, address, body, If_Match="*")
        if calls[0] < number:
            assert answer.status_code < 300, answer.text
            return calls[0]
        refused = {status, 503} if status == 507 else {status}
        assert answer.status_code in refused, (number, answer.text)
        assert answer.headers["retry-after"]
    raise AssertionError


@pytest.mark.full
@pytest.mark.parametrize("kind", SQLITE)
def test_a_failing_database_never_leaves_half_a_change(
    copy: Settings, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    of = (SQLITE if copy.embedded else POSTGRES)[kind]
    with curating(copy) as curator:
        reviewer = Curator(curator.client, new_key(copy, "reviewer", "review"))
        before = curator.client.get(PARTNER).json()

        calls = [
            tried(curator, "POST", "/v1/partners", NEW, of),
            tried(curator, "PATCH", ADDED, {"note": "x"}, of),
            tried(curator, "PUT", ADDED, NEW, of),
            tried(curator, "PATCH", f"{ADDED}?propose=true&reason=x&source=y", {"note": "z"}, of),
            tried(reviewer, "POST", "/v1/proposals/1/accept", {"comment": "x"}, of),
            tried(curator, "DELETE", ADDED, None, of),
        ]
        proposals = curator.client.get("/v1/proposals").json()

        print(f"{kind}: failed at each of {calls} calls; nothing half, nothing lost")
        assert [one["action"] for one in history(copy)] == [
            "added",
            "changed",
            "changed",
            "changed",
            "removed",
        ]
        assert [one["version"] for one in history(copy)] == [1, 2, 3, 4, 4]
        assert [one["proposal"] for one in history(copy)] == [None, None, None, 1, None]
        assert [one["state"] for one in proposals["items"]] == ["accepted"]
        assert curator.client.get(PARTNER).json() == before


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
