"""Two servers on one database hold out: reseeds, kills, callers who leave, and floods."""

import hashlib
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from app.settings import Settings
from seed import DATA
from tests.bench.servers import ROOT, Server, service, surroundings
from tests.limits import LONGEST_SETTING, SECONDS

# Seconds of load: a short turn with all tests, and long ones before an issue is closed.
TURNS = [
    pytest.param("sqlite", 3, id="sqlite-short", marks=pytest.mark.slow),
    pytest.param("sqlite", 60, id="sqlite-long", marks=pytest.mark.full),
    pytest.param("postgres", 60, id="postgres-long", marks=pytest.mark.full),
]
ONE = "/v1/mechanisms/adcc-enhancement"
ASKED = (
    *(
        ONE,
        "/mechanisms/adcc-enhancement",
        "/",
        "/v1/mechanisms?limit=20",
        "/v1/evidence?format=csv",
    ),
    *("/v1/evidence?format=csv", "/v1/graph?format=svg"),
    *("/v1/matrix?rows=mechanism&columns=subtype", "/v1/search?q=cereblon"),
    *("/livez", "/readyz", "/v1/none", "/v1/evidence?limit=0"),
)
FLOODS = (
    b"GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n" * 400,
    b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01" + bytes(200),
    b"POST /v1/mechanisms HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 9_000,
)
OTHER = "Changed while it was read"
SERVER_ERROR = 500
# The time limits of the service, so long that a busy machine does not reach them.
UNHURRIED = {f"MOA_{one}_SECONDS": str(LONGEST_SETTING) for one in ("STATEMENT", "WAIT")}
# In MB, most of it the cache; files are connections that are still open.
GROWTH, MOST_FILES = 60.0, 20


class Watch:
    """What callers see, and whether any of it is wrong."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.statuses: Counter[int] = Counter()
        self.did: Counter[str] = Counter()
        self.names: set[str] = set()
        self.torn = 0
        self._bodies: dict[tuple[str, str], str] = {}

    def __str__(self) -> str:
        answers = f"{self.statuses.total():,} answers {dict(sorted(self.statuses.items()))}"
        return f"{answers}, {self.torn} torn, {dict(self.did)}, {len(self.names)} states seen"

    def running(self) -> bool:
        return time.monotonic() < self.until

    def read(self, server: Server) -> None:
        """Ask, and see that one tag means one body."""
        for path in itertools.cycle(ASKED):
            if not self.running() and self.names:
                return
            try:
                answer = server.get(path)
            except HTTPException:
                # A long file may be broken off, but the caller is told: it is never simply shorter.
                self.did["broken off"] += 1
                continue
            self.statuses[answer.status] += 1
            tag = dict(answer.headers).get("etag")
            if tag:
                digest = hashlib.sha256(answer.body).hexdigest()
                self.torn += self._bodies.setdefault((path, tag), digest) != digest
            if path == ONE:
                self.names.add(json.loads(answer.body)["name"])

    def leave(self, server: Server) -> None:
        """Ask for much, read little, and go; or send what nobody should."""
        chosen = random.Random(-server.port)  # noqa: S311  # no secret
        while self.running():
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port)) as caller:
                if chosen.random() < 0.5:
                    caller.sendall(b"GET /v1/evidence?format=csv HTTP/1.1\r\nHost: x\r\n\r\n")
                    caller.recv(100)
                    self.did["left"] += 1
                else:
                    caller.sendall(chosen.choice(FLOODS))
                    self.did["flooded"] += 1
            time.sleep(0.02)  # many callers, not one that is as fast as it can be

    def seed(self, url: str, folders: tuple[Path, Path]) -> None:
        """Load one content and the other in turn; every third time, be killed meanwhile."""
        chosen = random.Random(7)  # noqa: S311  # no secret
        while self.running():
            turn = self.did["seeded"] + self.did["killed"]
            command = [sys.executable, "-m", "app", "seed", "--folder", str(folders[turn % 2])]
            own = surroundings({"MOA_DATABASE_URL": url})
            process = subprocess.Popen(command, cwd=ROOT, env=own, stderr=subprocess.DEVNULL)
            try:
                process.wait(chosen.uniform(0.5, 3) if turn % 3 == 2 else SECONDS)
                assert process.returncode == 0
                self.did["seeded"] += 1
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self.did["killed"] += 1


def contents(folder: Path) -> tuple[Path, Path]:
    """The content, and the same with one other name."""
    other = Path(shutil.copytree(DATA, folder / "other"))
    path = other / "mechanisms.yaml"
    text = path.read_text("utf-8")
    found = re.search(r"- id: adcc-enhancement\n  name: (.+)\n", text)
    assert found
    path.write_text(text.replace(f"  name: {found[1]}\n", f"  name: {OTHER}\n", 1), "utf-8")
    return other, DATA


def handles(server: Server) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


def press(watch: Watch, servers: tuple[Server, Server], url: str, folder: Path) -> None:
    """All at once: callers of both servers, and new content."""
    folders = contents(folder)
    with ThreadPoolExecutor() as pool:
        work = [pool.submit(watch.seed, url, folders)]
        for server in servers:
            work += [pool.submit(watch.read, server) for _ in range(3)]
            work.append(pool.submit(watch.leave, server))
        for each in work:
            each.result()


def doctor(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "doctor"],
        cwd=ROOT,
        env=surroundings({"MOA_DATABASE_URL": url}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="/proc is missing: not Linux")
@pytest.mark.parametrize(("copy", "seconds"), TURNS, indirect=["copy"])
def test_two_servers_hold_out(copy: Settings, tmp_path: Path, seconds: int) -> None:
    url = copy.database_url
    with service(url, settings=UNHURRIED) as one, service(url, settings=UNHURRIED) as other:
        for path in ASKED:
            one.get(path)
        before, opened = one.memory() or 0, handles(one)
        watch = Watch(seconds)
        press(watch, (one, other), url, tmp_path)
        with service(url) as victim:
            os.kill(victim.pid, signal.SIGKILL)
        for server in (one, other):
            assert [server.get(path).status for path in ("/livez", "/readyz", ONE)] == [200] * 3
        grown, left = (one.memory() or 0) - before, handles(one) - opened
    ended = doctor(url)
    print(
        f"\n{url.partition(':')[0]}, {seconds} s: {watch}; memory {grown:+.0f} MB, files {left:+}"
    )
    assert ended.returncode == 0, ended.stderr
    assert [status for status in watch.statuses if status >= SERVER_ERROR] == []
    assert (watch.torn, watch.did["seeded"] > 0) == (0, True)
    assert watch.names
    assert grown < GROWTH
    assert left < MOST_FILES


WORDS = ("cereblon", "rituximab", "nk cell", "tumour", "death", "ikzf1", "irf4", "myc", "synapse")
# In MB; what is kept has a limit of 1 MB here.
MOST_KEPT = 20.0


def unlike_any_before(number: int) -> str:
    """An address that no request had before, or at least not for long."""
    word, other = WORDS[number % 9], WORDS[number // 9 % 9]
    ends = "source=lenalidomide&target=tumor-cell-death"
    return (
        f"/v1/evidence?limit={1 + number % 200}&known_by={1990 + number % 40}&q={word}+{other}",
        f"/v1/graph/paths?{ends}&known_by={1900 + number % 130}",
        f"/v1/matrix?known_by={1900 + number % 130}&rows=cell&columns=subtype&level=B",
        f"/v1/search?q={word}%20{number}",
        f"/v1/resolve?name=name{number}",
        f"/v1/mechanisms?entity=x{number}",
        f"/v1/entities/zz{number}",
        f"/v1/none{number}",
    )[number % 8].replace(" ", "%20")


@pytest.mark.full
def test_requests_that_all_differ_do_not_fill_the_memory(urls: dict[str, str]) -> None:
    with service(urls["sqlite"], megabytes=1, settings=UNHURRIED) as server:
        for number in range(400):
            server.get(unlike_any_before(number))
        before = server.memory() or 0
        statuses = Counter(server.get(unlike_any_before(one)).status for one in range(400, 2_400))
        grown = (server.memory() or 0) - before
    print(f"\n{dict(statuses)}; memory {grown:+.1f} MB")
    assert statuses.keys() == {200, 404, 422}
    assert grown < MOST_KEPT
