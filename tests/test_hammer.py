"""No answer is older than the last commit: many readers, and a writer in another process."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from httpx2 import Client
from sqlalchemy import text
from starlette.testclient import TestClient

from app.db import Database
from app.db.revision import revise
from app.main import create_app
from app.settings import ROOT, Settings
from tests.conftest import SQLITE_FIRST

pytestmark = pytest.mark.slow

COMMITS = 20
READERS = 6
ITEM = "/v1/mechanisms/adcc-enhancement"
LISTS = (
    "/v1/mechanisms?in_review=true&limit=200",
    "/v1/mechanisms?limit=200&in_review=true&subtype=b-cell-non-hodgkin-lymphoma",
)

Write = Callable[[], int]


def main(url: str) -> None:
    """The writer: one commit for each line it receives, each acknowledged."""
    db = Database(Settings(database_url=url))
    for number in itertools.count(1):
        if not sys.stdin.readline():
            break
        with db.write() as connection:
            # Every other commit takes the row off the list, so that its total changes too.
            change = "UPDATE mechanism SET note = :note, in_review = :flag WHERE id = :id"
            connection.execute(
                text(change),
                {"note": str(number), "flag": bool(number % 2), "id": "adcc-enhancement"},
            )
            revise(connection, f"release {number}")
        print(number, flush=True)
    db.close()


@contextmanager
def writer(url: str) -> Iterator[Write]:
    """Another process that commits on request."""
    command = [sys.executable, "-c", f"from tests.test_hammer import main; main({url!r})"]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        asked, told = process.stdin, process.stdout
        assert asked
        assert told

        def write() -> int:
            asked.write("\n")
            asked.flush()
            return int(told.readline())

        yield write
        asked.close()


class Readers:
    """Callers that send requests all the time and compare the answers with earlier commits."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stop = threading.Event()
        self.committed = 0

    def ask(self) -> None:
        """Send requests until stopped."""
        while not self._stop.is_set():
            before = self.committed
            assert int(self._client.get(ITEM).json()["note"] or 0) >= before
            for address in LISTS:
                before = self.committed
                page = self._client.get(address).json()
                assert page["total"] == len(page["items"])
                seen = [one["note"] for one in page["items"] if one["id"] in ITEM]
                assert all(int(note or 0) >= before for note in seen)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Run several callers at once while the block lasts."""
        with ThreadPoolExecutor(READERS) as pool:
            readers = [pool.submit(self.ask) for _ in range(READERS)]
            try:
                yield
            finally:
                self._stop.set()
            for reader in readers:
                reader.result()


def check(client: Client, number: int) -> None:
    """The last commit, and no other, is what every kind of answer shows."""
    item = client.get(ITEM).json()
    assert (item["note"], item["in_review"]) == (str(number), bool(number % 2))
    assert client.get("/v1/dataset").json()["version"] == f"release {number}"
    for address in LISTS:
        page = client.get(address).json()
        shown = {one["id"]: one["note"] for one in page["items"]}
        assert shown.get("adcc-enhancement") == (str(number) if number % 2 else None)
        assert page["total"] == len(page["items"])


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("megabytes", [pytest.param(0, marks=pytest.mark.full), 32])
def test_a_commit_is_seen_by_the_very_next_question(copy: Settings, megabytes: int) -> None:
    settings = copy.model_copy(update={"cache_megabytes": megabytes})
    with writer(copy.database_url) as write, TestClient(create_app(settings)) as client:
        readers = Readers(client)
        with readers.asking():
            for _ in range(COMMITS):
                readers.committed = write()
                check(client, readers.committed)
