"""B6: a copy made while rows are added, restored in a clean place, holds all that was acknowledged.

Prints what it has counted.
"""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.__main__ import main
from app.settings import Settings
from tests.curating import history, new_key
from tests.process.sizes import size
from tests.process.test_writing import WRITERS, Told, add_until_killed, serving, sound_rows

pytestmark = pytest.mark.full

COPIES = size(5, 100)


@contextmanager
def writing(copy: Settings, told: Told) -> Iterator[None]:
    """Writers that add rows over HTTP as long as the block lasts."""
    key, stop = new_key(copy), threading.Event()
    with serving(copy) as program:
        of = (program.port, key, itertools.count(), told, stop)
        writers = [threading.Thread(target=add_until_killed, args=of) for _ in range(WRITERS)]
        for one in writers:
            one.start()
        try:
            yield
        finally:
            stop.set()
            for one in writers:
                one.join()


def acknowledged_after(told: Told, more: int) -> set[str]:
    """The rows that were acknowledged, once some more have been sent."""
    most = len(told) + more
    while len(told) < most:
        time.sleep(0.01)
    return {row_id for row_id, status in [*told.items()] if status == 201}


def restore(file: Path, to: Path, environment: pytest.MonkeyPatch) -> tuple[Settings, float]:
    """The database in a clean place, and the seconds that it took; `doctor` finds nothing."""
    restored = Settings(database_url=f"sqlite:///{to}")
    environment.setenv("MOA_DATABASE_URL", restored.database_url)
    began = time.monotonic()
    assert main(["restore", str(file)]) == 0
    seconds = time.monotonic() - began
    assert main(["doctor"]) == 0
    return restored, seconds


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_copy_under_load_holds_what_was_acknowledged_before(
    copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, copies = Told(), dict[Path, set[str]]()
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    with writing(copy, told):
        for number in range(COPIES):
            file = tmp_path / f"copy-{number}.db"
            copies[file] = acknowledged_after(told, WRITERS)
            assert main(["backup", str(file)]) == 0

    slowest = 0.0
    for file, before in copies.items():
        restored, seconds = restore(file, file.with_suffix(".restored.db"), monkeypatch)
        slowest = max(slowest, seconds)
        added = [one["id"] for one in history(restored)]
        assert before <= {*added} <= sound_rows(restored)
        with serving(restored) as program:
            assert program.ask(f"/v1/partners/{added[-1]}")[0] == 200

    sizes = [len(before) for before in copies.values()]
    print(
        f"{COPIES} copies after {sizes} of {len(history(copy))} rows; restored in {slowest:.1f} s"
    )
    assert sizes[-1] > sizes[0] > 0
