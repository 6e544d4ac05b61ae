"""A server that no longer answers counts as an outage soon: callers are not left waiting."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.db.deadline import due
from app.errors import Unavailable
from app.main import create_app
from app.read.overview import numbers, row_counts
from app.resources import ALL
from app.settings import Settings
from tests.curating import Curator, curating
from tests.postgres import folder_of, paused

pytestmark = pytest.mark.covering

ON_POSTGRES = pytest.mark.parametrize("copy", ["postgres"], indirect=True)
ITEM = "/v1/mechanisms/adcc-enhancement"
LIST = "/v1/mechanisms?limit=3"
# The server is paused for longer than this; without a limit, each would wait for its end.
LONGEST = 30.0


@pytest.fixture
def folder(server: str) -> str:
    return folder_of(server)


def hurried(settings: Settings, **more: float) -> Settings:
    return settings.model_copy(update={"statement_seconds": 1.0, "wait_seconds": 1.5} | more)


def refused(client: TestClient, address: str) -> float:
    """How long a refusal took."""
    since = time.monotonic()
    answer = client.get(address)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2"), address
    return time.monotonic() - since


def require_answers(client: TestClient) -> None:
    while client.get("/readyz").status_code != 200:
        pass
    while client.get(LIST).status_code != 200:
        pass


@pytest.mark.slow
@pytest.mark.covering
@ON_POSTGRES
@pytest.mark.parametrize("megabytes", [0, 32])
def test_a_silent_server_is_an_outage_in_time(
    copy: Settings, folder: str, caplog: pytest.LogCaptureFixture, megabytes: int
) -> None:
    settings = hurried(copy, cache_megabytes=megabytes)
    with TestClient(create_app(settings)) as client:
        # The first statements of a new database may take longer than these limits.
        require_answers(client)
        with paused(folder), ThreadPoolExecutor(12) as pool:
            asked = [ITEM, LIST, "/readyz", "/v1/graph", "/v1/resolve?name=CRBN", "/mechanisms"] * 2
            took = list(pool.map(lambda address: refused(client, address), asked))
            # Connections that were never made are given up too.
            took += [refused(client, address) for address in asked[:3]]
            assert client.get("/livez").status_code == 200
        require_answers(client)

    print(f"\nrefused after {min(took):.2f} to {max(took):.2f} s")
    assert max(took) < LONGEST
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert warnings[0].startswith("the database cannot be used: ")
    assert warnings[-1] == "the database can be used again"


@ON_POSTGRES
def test_a_change_is_given_up_when_the_server_is_silent(copy: Settings, folder: str) -> None:
    def change(curator: Curator) -> int:
        kind = "application/merge-patch+json"
        given = {"If_Match": "*", "Content_Type": kind}
        return curator.ask("PATCH", ITEM, {"note": "x"}, **given).status_code

    with curating(hurried(copy)) as curator:
        require_answers(curator.client)
        assert change(curator) == 200
        with paused(folder):
            since = time.monotonic()
            assert change(curator) == 503
            assert time.monotonic() - since < LONGEST
        require_answers(curator.client)
        assert change(curator) == 200


def test_what_waits_too_long_for_a_thread_is_refused(copy: Settings) -> None:
    settings = copy.model_copy(
        update={"threads": 1, "wait_seconds": 0.01, "statement_seconds": 0.01, "cache_megabytes": 0}
    )
    with TestClient(create_app(settings)) as client, ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            found = list(pool.map(client.get, ["/v1/graph?format=svg"] * 8))
            details = {one.json()["detail"] for one in found if one.status_code == 503}
            if any(one.startswith("Too many requests are waiting.") for one in details):
                return
    raise AssertionError(details)


def test_a_request_whose_time_has_passed_asks_nothing_more(copy: Settings) -> None:
    db = Database(copy)
    late = pytest.raises(Unavailable, match="The request took too long")
    with late, due(time.monotonic() - 1), db.read() as reading:
        reading.rows(numbers, {}, row_counts, ALL)
    with db.read() as reading:
        assert reading.rows(numbers, {}, row_counts, ALL)
    db.close()
