"""Two clients import without a pause: changes of rows get their turn in between.

Prints how long changes and imports took.
"""

import itertools
import json
import threading
import time
from collections.abc import Iterator

import pytest

from app.http.spool import NDJSON
from app.settings import Settings
from tests.bench.servers import service
from tests.bundles import Row, bundle_from, written
from tests.conftest import BOTH
from tests.curating import bearer, history, new_key
from tests.process.sizes import size
from tests.process.test_writing import ask, of_database
from tests.test_writes import PARTNER

pytestmark = pytest.mark.full

CHANGES, IMPORTERS = size(5, 100), 2
MOST = 2
"""Imports between two changes."""
SHORT = {"MOA_WAIT_SECONDS": "0.5"}
"""Less than an import takes."""
Times = list[float]


class Sender:
    """Sends a request again if there was no time for it, as the answer says."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, bearer(key)

    def send(self, method: str, address: str, body: object, **headers: str) -> int:
        """Send until there is an answer; how often that was needed."""
        given = self.key | {name.replace("_", "-"): one for name, one in headers.items()}
        for tries in range(1, 1_000):
            status, told, said = ask(self.port, method, address, body, given)
            if status != 503:
                assert status == 200, said
                return tries
            threading.Event().wait(int(told["retry-after"]))
        pytest.fail("refused without end")


def imports(claims: list[Row], name: str) -> Iterator[bytes]:
    """The claims again and again, each time with other notes."""
    for number in range(1_000_000):
        # Added to what there is: rules find figures in it.
        rows = [row | {"note": f"{row['note'] or 'Imported.'} {name} {number}."} for row in claims]
        yield written({"type": "evidence", "row": row} for row in rows)


def keep_importing(sender: Sender, bundles: Iterator[bytes], ended: threading.Event) -> None:
    while not ended.is_set():
        sender.send("POST", "/v1/import?reason=x", next(bundles), Content_Type=NDJSON)


def claims_of(copy: Settings) -> list[Row]:
    rows = (json.loads(line) for line in bundle_from(copy).splitlines())
    return [one["row"] for one in rows if one["type"] == "evidence"]


@pytest.mark.parametrize("copy", BOTH, indirect=True)
def test_a_change_has_its_turn_between_two_imports(copy: Settings) -> None:
    key, claims, ended = new_key(copy), claims_of(copy), threading.Event()
    seconds, tries = Times(), list[int]()
    with service(copy.database_url, settings=SHORT) as server:
        sender = Sender(server.port, key)
        threads = [
            threading.Thread(
                target=keep_importing, args=(sender, imports(claims, f"importer {one}"), ended)
            )
            for one in range(IMPORTERS)
        ]
        for one in threads:
            one.start()
        while len(tries) < CHANGES:
            began = time.monotonic()
            tries.append(sender.send("PATCH", PARTNER, {"note": f"{began}"}, If_Match="*"))
            seconds.append(time.monotonic() - began)
        ended.set()
        for one in threads:
            one.join()
    made = {one["revision"]: one["type"] for one in history(copy)}.values()
    runs = [len([*found]) for kind, found in itertools.groupby(made) if kind == "evidence"]

    print(
        f"{of_database(copy)}: {CHANGES} changes in {max(seconds):.1f} s at most and {max(tries)} "
        f"tries at most, {sum(runs)} imports, of which {max(runs)} at most one after the other"
    )
    assert max(tries) > 1, "imports too short to be met"
    assert max(runs) <= MOST
