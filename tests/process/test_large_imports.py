"""Bundles of very many claims, brought in by the command: whole or not at all, and quickly.

Prints the claims a second, of processor time and by the clock, and the growth of its memory.
"""

import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import ROOT, Settings
from app.write.rules.evidence import SINGLE_ARM_PART
from tests.bundles import bundle_from, lines
from tests.conftest import BOTH
from tests.curating import history
from tests.process.sizes import size
from tests.process.test_writing import of_database

pytestmark = pytest.mark.full

CLAIMS, CLAIMS_ON_SERVER = size(2_000, 1_000_000), size(2_000, 200_000)
MOST_GROWTH = 200
"""Megabytes by which an import may grow, however long its bundle is."""
SLOWEST = 500
"""Claims a second of processor time, on a machine that does much else; idle ones bring 2,000."""
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass
class Run:
    """What a run of the command said, and what it took."""

    code: int
    told: str
    processor: float
    clock: float
    megabytes: float


def write_copies(bundle: bytes, number: int, file: Path) -> None:
    """Write the curated claims again and again, under ids of their own."""
    start = b'{"type":"evidence",'
    found = [json.loads(line)["row"] for line in bundle.splitlines() if line.startswith(start)]
    rows = [row for row in found if row["id"] not in SINGLE_ARM_PART]
    with file.open("wb") as to:
        for at in range(number):
            again, place = divmod(at, len(rows))
            row = rows[place]
            to.write(lines(("evidence", row | {"id": f"{again:06}-{row['id']}"})))


def run(copy: Settings, file: Path, *options: str) -> Run:
    """Run the command on a database."""
    used, since = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    told = file.with_suffix(".log")
    with told.open("w") as to:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "import", str(file), *options],
            cwd=ROOT,
            env={**os.environ, "MOA_DATABASE_URL": copy.database_url},
            stderr=to,
        )
        peak = 0.0
        while process.poll() is None:
            found = PEAK.search(Path(f"/proc/{process.pid}/status").read_text())
            peak = max(peak, int(found[1]) / 1_000 if found else 0)
            threading.Event().wait(0.05)
    clock, ended = time.perf_counter() - since, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = ended.ru_utime + ended.ru_stime - used.ru_utime - used.ru_stime
    return Run(process.returncode, told.read_text(), processor, clock, peak)


@pytest.mark.parametrize("copy", BOTH, indirect=True)
def test_very_many_claims_come_in_whole_or_not_at_all(copy: Settings, tmp_path: Path) -> None:
    claims = CLAIMS if copy.embedded else CLAIMS_ON_SERVER
    bundle = bundle_from(copy)
    one, many = tmp_path / "one.ndjson", tmp_path / "many.ndjson"
    write_copies(bundle, 1, one)
    write_copies(bundle, claims, many)

    size_of_sound = many.stat().st_size
    with many.open("ab") as to:
        to.write(b"[]\n")
    refused = run(copy, many)
    os.truncate(many, size_of_sound)
    small, tried = run(copy, one, "--dry-run"), run(copy, many, "--dry-run")
    assert (refused.code, tried.code, small.code) == (1, 0, 0)
    assert f"line {claims + 1}: is not a mapping" in refused.told
    assert f"{claims} added, 0 changed, 0 as they were" in tried.told
    assert history(copy) == []
    assert bundle_from(copy) == bundle

    whole, again = run(copy, many), run(copy, many)
    assert (whole.code, again.code) == (0, 0)
    assert f"{claims} added, 0 changed, 0 as they were" in whole.told
    assert f"0 added, 0 changed, {claims} as they were" in again.told
    growth = whole.megabytes - small.megabytes
    rate = claims / (whole.processor - small.processor)
    print(
        f"{of_database(copy)}: {claims:,} claims, {rate:,.0f} a second of processor time, "
        f"{claims / whole.clock:,.0f} by the clock; memory +{growth:.0f} MB; "
        f"refused for the last line after {refused.clock:.0f} s, tried in {tried.clock:.0f} s, "
        f"again in {again.clock:.0f} s"
    )
    assert growth <= MOST_GROWTH
    assert rate >= SLOWEST
