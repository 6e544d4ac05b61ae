"""B4: many clients read, change, add, download and import at once: nothing acknowledged is lost.

Prints what it has counted.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from app.http.spool import NDJSON
from app.settings import Settings
from tests.bench.servers import Server, service
from tests.bundles import bundle_from, line_of, lines
from tests.conftest import BOTH
from tests.curating import bearer, history, new_key
from tests.limits import LONGEST_SETTING
from tests.process.sizes import size
from tests.process.test_writing import ask, of_database
from tests.test_writes import NEW

pytestmark = pytest.mark.full

SECONDS = size(10, 600)
READERS, WRITERS = size(2, 8), size(2, 4)
"""For each of the addresses below, and for each of two rows and of those that are added."""
MOST_LOG, WARM = 64_000_000, 0.2
MOST_GROWTH = size(100, 10)
"""Of memory in per cent, once a fifth of the time has passed: ten seconds do not warm it."""
READ = (
    "/v1/partners/rituximab",
    "/v1/evidence?limit=50",
    "/v1/search?q=ikaros",
    "/v1/matrix?rows=mechanism&columns=subtype",
)
ROWS = ("rituximab", "bortezomib")
WHOLE = "/v1/downloads/content.ndjson"
IMPORTED = "rev-s1-oral"
PATIENT = {f"MOA_{one}_SECONDS": str(LONGEST_SETTING) for one in ("STATEMENT", "WAIT")}
Request = tuple[str, str, int]
"""Its kind, the row, and the status of the answer."""
Work = Callable[[], Request]
Done = list[tuple[str, str, int, float]]
"""Of each request its kind, the row, the status of the answer, and the seconds that it took."""


class Client:
    """What somebody with a key does, one request at a time."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, bearer(key)
        self.numbers = itertools.count()

    def read(self, address: str) -> Request:
        return "read", "", ask(self.port, "GET", address, None, {})[0]

    def change(self, row_id: str) -> Request:
        """Change a row, at the version that was read before."""
        address = f"/v1/partners/{row_id}"
        tag = ask(self.port, "GET", address, None, {})[1]["etag"]
        note = {"note": str(time.time())}
        answer = ask(self.port, "PATCH", address, note, self.key | {"If-Match": tag})
        return "changed", row_id, answer[0]

    def adding(self) -> Work:
        """Add a row and remove it again, in turn, so that the content stays as large as it is."""
        added: list[str] = []

        def add_or_remove() -> Request:
            if added:
                row_id = added.pop()
                address, headers = f"/v1/partners/{row_id}", self.key | {"If-Match": "*"}
                return "removed", row_id, ask(self.port, "DELETE", address, None, headers)[0]
            row = NEW | {"id": f"row-{next(self.numbers)}"}
            status = ask(self.port, "POST", "/v1/partners", row, self.key)[0]
            added.extend([row["id"]] if status == 201 else [])
            return "added", row["id"], status

        return add_or_remove

    def importing(self, bundle: bytes) -> Work:
        """In turn download everything, and import one claim, each time with another note."""
        claim = line_of(bundle, "evidence", IMPORTED)
        note = claim["note"] or "Imported."
        headers = self.key | {"Content-Type": NDJSON}
        numbers = itertools.count()

        def import_one() -> Request:
            number = next(numbers)
            if number % 2:
                return self.read(WHOLE)
            # Added to what there is: rules find figures in it.
            row = claim | {"note": f"{note} {number}."}
            sent = lines(("evidence", row))
            status = ask(self.port, "POST", "/v1/import?reason=x", sent, headers)[0]
            return "changed", IMPORTED, status

        return import_one


def works(client: Client, bundle: bytes) -> list[Work]:
    """What is done at once; clients that change the same row get in each other's way."""
    return [
        *(partial(client.read, address) for address in READ * READERS),
        *(partial(client.change, one) for one in ROWS * WRITERS),
        *(client.adding() for _ in ROWS * WRITERS),
        client.importing(bundle),
    ]


def keep_busy(work: Work, until: float, done: Done) -> None:
    """Do one thing again and again, and note each result."""
    while (began := time.monotonic()) < until:
        done.append((*work(), time.monotonic() - began))


def watched(server: Server, threads: list[threading.Thread], until: float) -> tuple[float, float]:
    """The memory of the server in MB once it is warm, and at the end."""
    for one in threads:
        one.start()
    warm = threading.Event()
    warm.wait(max(0, WARM * SECONDS))
    before = server.memory() or 0
    warm.wait(max(0, until - time.monotonic() - 1))
    after = server.memory() or 0
    for one in threads:
        one.join()
    return before, after


@pytest.mark.parametrize("copy", BOTH, indirect=True)
def test_many_at_once_lose_no_change(copy: Settings) -> None:
    key, bundle, done = new_key(copy), bundle_from(copy), Done()
    with service(copy.database_url, settings=PATIENT) as server:
        until = time.monotonic() + SECONDS
        threads = [
            threading.Thread(target=keep_busy, args=(one, until, done))
            for one in works(Client(server.port, key), bundle)
        ]
        before, after = watched(server, threads, until)
        held = log_size(copy)
    steps = Counter((step["action"], step["id"]) for step in history(copy))
    made = Counter((kind, row) for kind, row, status, _ in done if kind != "read" and status < 400)
    answers = Counter(status for _, _, status, _ in done)

    print(
        f"{of_database(copy)}, {SECONDS} s: {', '.join(figures(done))}; answers {dict(answers)}, "
        f"{(made - steps).total()} changes lost, log {held / 1e6:.1f} MB, "
        f"memory {before:.0f} to {after:.0f} MB"
    )
    assert answers.keys() <= {200, 201, 204, 412, 503}
    assert answers[503] < answers[200]
    assert steps == made
    assert held <= MOST_LOG
    assert before
    assert after
    assert after <= before * (1 + MOST_GROWTH / 100)


def figures(done: Done) -> Iterator[str]:
    """How many of each kind there were, and how long 99 of 100 took at most."""
    for kind in ("read", "changed", "added", "removed"):
        seconds = sorted(took for one, _, _, took in done if one == kind)
        yield f"{kind} {len(seconds)} (p99 {seconds[len(seconds) * 99 // 100]:.2f} s)"


def log_size(copy: Settings) -> int:
    """The bytes of the write-ahead log of a SQLite file."""
    log = Path(f"{copy.database_url.removeprefix('sqlite:///')}-wal")
    return log.stat().st_size if log.exists() else 0
