"""The command line as an operator meets it: one clear line and an exit code where it refuses."""

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app import __version__
from app.__main__ import COMMANDS, main
from app.commands import STOPPED, given_as
from app.db import Database, sqlite
from app.db.revision import SCHEMA
from app.main import create_app
from app.settings import ROOT, Settings, variable, written
from seed import DATA, RELEASE
from tests.conftest import new_postgres
from tests.looking import some
from tests.programs import free_port
from tests.writing import count

Capture = pytest.CaptureFixture[str]
pytestmark = [pytest.mark.covering, pytest.mark.usefixtures("own_log")]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the database is, or will be."""
    found = tmp_path / "deep" / "content.db"
    found.parent.mkdir()
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{found}")
    return found


def refused(capture: Capture, *arguments: str) -> str:
    """The one line with which a command refuses."""
    capture.readouterr()
    assert main(list(arguments)) == 1
    (line,) = capture.readouterr().err.splitlines()
    return line


@pytest.mark.aside
@pytest.mark.slow
def test_seed_makes_the_database_and_says_what_it_did(path: Path, capsys: Capture) -> None:
    assert main(["seed"]) == 0
    first = capsys.readouterr().err
    assert main(["seed"]) == 0
    second = capsys.readouterr().err

    claims = count("evidence")
    assert f"evidence{claims:10} rows: {claims} added, 0 changed, 0 removed" in first
    assert f"evidence{claims:10} rows: 0 added, 0 changed, 0 removed" in second
    assert {found.name for found in path.parent.iterdir()} == {"content.db", "content.db.lock"}


@pytest.mark.aside
@pytest.mark.slow
def test_check_touches_no_database(path: Path, capsys: Capture) -> None:
    assert main(["seed", "--check"]) == 0

    assert capsys.readouterr().err.endswith("no faults found\n")
    assert list(path.parent.iterdir()) == []


@pytest.mark.aside
@pytest.mark.slow
def test_a_faulty_content_is_told_line_by_line(path: Path, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "faulty"
    folder.mkdir()
    for name in DATA.iterdir():
        (folder / name.name).write_bytes(name.read_bytes().replace(b"course: mixed", b"course: x"))

    assert main(["seed", "--folder", str(folder)]) == 1

    first, *faults, last = capsys.readouterr().err.splitlines()
    assert first == f"there is no database at {path} yet; creating one and filling it"
    assert all("subtypes.yaml: " in line and "course" in line for line in some(faults))
    assert last == f"seed failed: {len(faults)} faults in the content; nothing was loaded"
    assert not path.exists()


@pytest.mark.slow
def test_one_fault_is_one(path: Path, tmp_path: Path, capsys: Capture) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "faulty"))
    (folder / "trials.yaml").unlink()

    assert main(["seed", "--check", "--folder", str(folder)]) == 1

    *_, last = capsys.readouterr().err.splitlines()
    assert last == "seed failed: 1 fault in the content; nothing was loaded"
    assert not path.exists()


def test_a_folder_that_is_not_there_is_one_line(path: Path, capsys: Capture) -> None:
    line = "seed failed: --folder must name a folder with the YAML files of the content"
    assert refused(capsys, "seed", "--folder", str(path)) == line
    assert list(path.parent.iterdir()) == []


@pytest.mark.slow
@pytest.mark.covering
def test_doctor(
    path: Path, urls: dict[str, str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    advice = f"there is no database at {path} yet; `python -m app serve` creates it"
    assert refused(capsys, "doctor") == f"doctor failed: {advice}"
    shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)

    assert main(["doctor"]) == 0

    told = capsys.readouterr().err
    assert told.startswith(f"lenalidomide-moa {__version__}, content {RELEASE}\nMOA_DATABASE_URL")
    assert "MOA_PORT                8000 (default)\n" in told
    assert ("has a rare race" in told) is (sqlite3.sqlite_version_info < (3, 51, 3))
    whole = f"{path}: intact, at this release's schema ({SCHEMA})\n"
    whole += f"content: release {RELEASE}, revision 1: {count('mechanisms')} mechanisms, "
    assert f"\n{whole}" in told
    assert f", {count('evidence')} evidence, " in told
    consistent = "identifiers, citations, years, computed conflicts, counts and search index: "
    consistent += "consistent with the content\n"
    consistent += "history: consistent with the rows\n"
    assert told.endswith(f"{consistent}pictures: available\n")

    monkeypatch.setenv("MOA_DOT", "/none/dot")
    assert main(["doctor"]) == 1

    missing = "the layout program `dot` is missing; set MOA_DOT to its path"
    assert capsys.readouterr().err.endswith(f"{consistent}no pictures: {missing}\n")

    monkeypatch.setenv("MOA_DOT", "true")
    assert main(["doctor"]) == 1

    reason = f"{shutil.which('true')} does not work as the layout program; check MOA_DOT"
    assert capsys.readouterr().err.endswith(f"{consistent}no pictures: {reason}\n")


@pytest.mark.parametrize(("sound", "lines"), [((3, 0, 0), 0), ((99, 0, 0), 1)])
def test_doctor_warns_of_a_version_of_sqlite_that_has_a_race(
    monkeypatch: pytest.MonkeyPatch, sound: tuple[int, int, int], lines: int
) -> None:
    monkeypatch.setattr(sqlite, "SOUND", sound)

    assert len(sqlite.warnings()) == lines


def test_migrate_makes_the_tables_and_says_so(path: Path, capsys: Capture) -> None:
    assert main(["migrate"]) == 0
    new = f"there was no database at {path}; created a new one without content\n"
    assert capsys.readouterr().err == f"{new}{path}: at this release's schema\n"

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM evidence").fetchone() == (0,)
    connection.close()


@pytest.mark.slow
def test_migrate_derives_again_what_follows_from_the_content(filled: Path, capsys: Capture) -> None:
    unsigned = "SELECT count(*) FROM evidence WHERE sign IS NULL"
    with closing(sqlite3.connect(filled)) as connection, connection:
        (before,) = connection.execute(unsigned).fetchone()
        assert connection.execute("UPDATE evidence SET sign = NULL").rowcount > before

    assert main(["migrate"]) == 0

    assert capsys.readouterr().err == f"{filled}: at this release's schema\n"
    with closing(sqlite3.connect(filled)) as connection:
        assert connection.execute(unsigned).fetchone() == (before,)


@pytest.mark.slow
@pytest.mark.covering
def test_openapi_prints_the_document(path: Path, capsys: Capture) -> None:
    assert main(["openapi"]) == 0

    assert json.loads(capsys.readouterr().out)["info"]["title"] == "lenalidomide-moa"
    assert not path.exists()


@pytest.fixture
def filled(path: Path, urls: dict[str, str]) -> Path:
    """A filled database at that place."""
    return Path(shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path))


def spoil(path: Path, how: str) -> None:
    if how == "emptied":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:50_000])
    elif how == "text":
        path.write_text("this is no database " * 100)
    elif how == "page":
        content = bytearray(path.read_bytes())
        content[40_960:45_056] = b"\xff" * 4096
        path.write_bytes(content)
    else:
        with sqlite3.connect(path) as connection:
            connection.executescript(how)
        connection.close()


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("emptied", "is empty; restore it from a copy, or remove it to make a new one"),
        ("cut", "is damaged, or is not a SQLite database; restore it from a copy"),
        ("text", "is damaged, or is not a SQLite database; restore it from a copy"),
        ("page", "is damaged, or is not a SQLite database; restore it from a copy"),
        ("PRAGMA application_id=1", "belongs to another program; choose another file"),
        ("DROP TABLE alembic_version", "has lost its schema revision; restore it from a copy"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "migrate", "seed", "doctor"])
def test_a_bad_file_is_refused_and_left_as_it_is(
    filled: Path, capsys: Capture, how: str, line: str, command: str
) -> None:
    spoil(filled, how)
    before = filled.read_bytes()
    port = ["--port", str(free_port())] if command == "serve" else []

    assert refused(capsys, command, *port) == f"{command} failed: {filled} {line}"

    assert filled.read_bytes() == before


@pytest.mark.parametrize(
    ("schema", "advice"),
    [("9999", "update the service"), ("0000", "run `python -m app migrate`")],
)
def test_another_schema_is_refused(filled: Path, capsys: Capture, schema: str, advice: str) -> None:
    spoil(filled, f"UPDATE alembic_version SET version_num = '{schema}'")

    reason = f"the database has schema {schema}, but this release needs {SCHEMA}; {advice}"
    assert refused(capsys, "doctor") == f"doctor failed: {reason}"


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (
            "9999",
            f"the database has schema 9999, but this release needs {SCHEMA}; update the service",
        ),
        (
            "0000",
            (
                "the schema cannot be changed and is as it was; restore the database from a copy: "
                "Can't locate revision"
            ),
        ),
    ],
)
def test_a_schema_that_cannot_be_migrated_is_left_as_it_is(
    filled: Path, capsys: Capture, schema: str, reason: str
) -> None:
    spoil(filled, f"UPDATE alembic_version SET version_num = '{schema}'")
    before = filled.read_bytes()

    assert refused(capsys, "migrate").startswith(f"migrate failed: {reason}")

    assert filled.read_bytes() == before


def test_a_file_without_permissions_is_refused(
    filled: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, whom no permission stops; the disk's answer is put in its place.
    monkeypatch.setattr(os, "access", lambda *_: False)

    line = f"doctor failed: {filled} cannot be read by this user; change its permissions"
    assert refused(capsys, "doctor") == line
    monkeypatch.setattr(os, "access", lambda _, mode: mode == os.R_OK)

    line = (
        f"doctor failed: {filled} is read-only, or its folder is; SQLite needs to write beside it"
    )
    assert refused(capsys, "doctor") == line


@pytest.mark.parametrize("command", ["doctor", "migrate", "seed", "serve"])
def test_what_is_no_file_is_named_as_such(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path)
    port = ["--port", str(free_port())] if command == "serve" else []
    folder = "is a folder; let MOA_DATABASE_URL name a file in it"
    other = "is not a regular file; let MOA_DATABASE_URL name another"
    places = {str(tmp_path): folder, f"{tmp_path}/link": folder}
    places |= {f"{tmp_path}/pipe": other, "/dev/null": other}

    for place, reason in places.items():
        monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{place}")
        assert refused(capsys, command, *port) == f"{command} failed: {place} {reason}"

    assert sorted(one.name for one in tmp_path.iterdir()) == ["link", "pipe"]


def test_a_port_in_use(path: Path, capsys: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        line = f"serve failed: cannot listen on 127.0.0.1:{port}: Address already in use"
        told = refused(capsys, "serve", "--port", str(port))
        assert told == f"{line}; see MOA_HOST and --port"
        told = refused(capsys, "serve", "--port", str(port), "--host", "127.0.0.1")
        assert told == f"{line}; see --host and --port"
    assert not path.exists()


@pytest.mark.parametrize("host", ["256.0.0.1", "ä" * 70, " ", "[::1]"])
def test_a_host_that_cannot_be_listened_on(
    path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    reason = "must be an address of this machine, such as 127.0.0.1 or ::1, or a name of one: "
    told = refused(capsys, "serve", "--host", host)
    assert told.startswith(f"serve failed: --host {reason}")

    monkeypatch.setenv("MOA_HOST", host)
    told = refused(capsys, "serve")

    assert told.startswith(f"serve failed: MOA_HOST {reason}")
    assert host.strip() == "" or host not in told.removeprefix(f"serve failed: MOA_HOST {reason}")
    assert "rror" not in told
    assert not path.exists()


@pytest.mark.aside
@pytest.mark.slow
@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize(("host", "asked"), [("::1", ["::1"]), ("::", ["::1", "127.0.0.1"])])
def test_ipv6_can_be_listened_on(
    filled: Path, monkeypatch: pytest.MonkeyPatch, host: str, asked: list[str]
) -> None:
    monkeypatch.setenv("MOA_HOST", host)
    port = free_port()

    with serving(port, "Application startup complete") as (_, told):
        for one in asked:
            connection = http.client.HTTPConnection(one, port, timeout=60)
            connection.request("GET", "/readyz")
            assert connection.getresponse().status == 200
            connection.close()

    assert f"listening on http://[{host}]:{port} (documentation at /docs)\n" in told
    assert filled.exists()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_a_port_in_use_on_ipv6(filled: Path, capsys: Capture) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]

        told = refused(capsys, "serve", "--host", "::1", "--port", str(port))

    line = f"serve failed: cannot listen on [::1]:{port}: Address already in use"
    assert told == f"{line}; see --host and --port"
    assert filled.exists()


SETTINGS = {
    "MOA_PORT": (("70000", "http", " ", "1.5", "0"), "must be a whole number from 1 to 65535"),
    "MOA_THREADS": (("0", "257"), "must be a whole number from 1 to 256"),
    "MOA_STATEMENT_SECONDS": (("0", "nan", "x"), "must be a number above 0 and up to 60"),
    "MOA_WAIT_SECONDS": (("61", "inf", "-1"), "must be a number above 0 and up to 60"),
    "MOA_CACHE_MEGABYTES": (("-1", "4097", "lots"), "must be a whole number from 0 to 4096"),
    "MOA_ACCESS_LOG": (("maybe",), "must be true or false"),
    "MOA_DATABASE_URL": (
        ("mysql://x", " "),
        "must start with one of sqlite:///, postgresql://, postgresql+psycopg://",
    ),
    "MOA_DATABASE_URL ": (
        ("sqlite:///", "sqlite:///:memory:"),
        "must name a file after sqlite:///; data in memory would be lost",
    ),
    "MOA_ROOT_PATH": (
        ("moa", "/moa/", "/a b", "/moa\n", "/", "/..", "/a/./b", "/../\n"),
        (
            "must be empty, or a path such as /moa: start with /, do not end with it, and use only "
            "letters, digits and -._~ in each part, but not . or .. alone"
        ),
    ),
}
BAD = [(name.strip(), value, line) for name, (values, line) in SETTINGS.items() for value in values]


@pytest.mark.parametrize(("name", "value", "line"), BAD)
def test_a_bad_setting(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(name, value)

    assert refused(capsys, "doctor") == f"doctor failed: {name} {line}"


def test_all_bad_settings_are_named_at_once_as_they_were_given(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_PORT", "8000")
    monkeypatch.setenv("MOA_THREADS", "many")

    told = refused(capsys, "serve", "--port", "http")

    assert told.removeprefix("serve failed: ").split("; ") == [
        "--port must be a whole number from 1 to 65535",
        "MOA_THREADS must be a whole number from 1 to 256",
    ]


def test_an_empty_setting_means_the_default(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(variable(name), "")

    assert main(["settings"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(Settings.model_fields)
    assert all(line.endswith(" (default)") for line in lines)
    arguments = argparse.Namespace(host="", port="")
    assert given_as(arguments, "host") == "MOA_HOST"


def test_a_name_that_is_no_setting_is_refused_with_the_nearest(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_PROT", "hush")
    monkeypatch.setenv("moa_threads", "many")
    monkeypatch.setenv("Moa_\n??", "hush")

    told = refused(capsys, "settings")

    assert told.removeprefix("settings failed: ").split("; ") == [
        "MOA_PROT is not a setting",
        "the nearest is MOA_PORT",
        r"Moa_\n?? is not a setting",
        "`python -m app --help` lists them all",
        "MOA_THREADS must be a whole number from 1 to 256",
    ]


def test_help_lists_every_command_and_every_setting_with_its_default(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    told = capsys.readouterr().out
    assert ended.value.code == 0
    for name, command in COMMANDS.items():
        assert f"\n    {name} " in told
        assert str(command.run.__doc__).split(maxsplit=1)[0] in told
    for name, field in Settings.model_fields.items():
        default = written(field.default)
        assert f"\n  {variable(name)}{f' [{default}]' if default else ''}\n" in told


def test_the_version_names_code_and_content(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"lenalidomide-moa {__version__}, content {RELEASE}\n"


def test_the_settings_in_force_are_shown_without_secrets(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "postgresql://a:hush@h:1/b?sslmode=require&sslpassword=hush&password=hush"
    monkeypatch.setenv("MOA_DATABASE_URL", address)
    monkeypatch.setenv("MOA_ACCESS_LOG", "1")

    assert main(["settings"]) == 0

    told = capsys.readouterr().out
    shown = "a:***@h:1/b?password=hidden&sslmode=require&sslpassword=hidden"
    assert f"MOA_DATABASE_URL        postgresql+psycopg://{shown}\n" in told
    assert "MOA_ACCESS_LOG          true\n" in told
    assert "MOA_PORT                8000 (default)\n" in told
    assert "hush" not in told


# One fails while it is written, the other, which is short, when it has been.
@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(
    ("name", "what", "target"),
    [("openapi", "the document", "/dev/full"), ("settings", "the settings", "a pipe")],
)
def test_what_cannot_be_written_is_one_line(name: str, what: str, target: str) -> None:
    command = [sys.executable, "-m", "app", name]
    if target == "a pipe":
        reading, writing = os.pipe()
        os.close(reading)
    else:
        writing = os.open(target, os.O_WRONLY)

    run = subprocess.run(
        command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)

    reason = "Broken pipe" if target == "a pipe" else "No space left on device"
    line = f"{name} failed: {what} cannot be written: {reason}\n"
    assert (run.returncode, run.stderr) == (1, line)


@pytest.mark.aside
@pytest.mark.slow
def test_postgres_is_made_and_checked(
    server: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", new_postgres(server))

    assert "there is no database in PostgreSQL yet" in refused(capsys, "doctor")
    assert main(["seed"]) == 0
    capsys.readouterr()
    assert main(["doctor"]) == 0
    told = capsys.readouterr().err
    assert f"\nPostgreSQL: intact, at this release's schema ({SCHEMA})\n" in told


def test_postgres_that_is_not_there(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    monkeypatch.setenv("MOA_DATABASE_URL", address)

    told = refused(capsys, "doctor")

    assert told.startswith(
        "doctor failed: the database cannot be used; check it and MOA_DATABASE_URL: "
    )
    assert "nobody" not in told


def test_another_schema_on_postgres(
    server: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_postgres(server)
    monkeypatch.setenv("MOA_DATABASE_URL", url)
    main(["migrate"])
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    assert "schema 9999" in refused(capsys, "doctor")


OLDER = (
    f"the content is release 2025.1, older than this service; `python -m app seed` loads {RELEASE}"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("release", "advice"),
    [
        ("2025.1", OLDER),
        ("2031", f"newer than this service; update it, or `python -m app seed` loads {RELEASE}"),
        ("our own", ""),
    ],
)
def test_content_of_another_release_is_said_with_the_command(
    filled: Path, capsys: Capture, release: str, advice: str
) -> None:
    spoil(filled, f"UPDATE dataset SET release = '{release}'")

    if advice == OLDER:  # the command takes the others from where the answers below do
        assert main(["doctor"]) == 0
        told = capsys.readouterr().err
        assert f"content: release {release}, " in told
        assert advice in told
    with TestClient(create_app(Settings())) as client:
        ready, dataset = client.get("/readyz"), client.get("/v1/dataset").json()
    assert ready.status_code == 200
    assert (ready.json().get("advice"), dataset["version"]) == (dataset["advice"], release)
    assert (dataset["advice"] or "").endswith(advice)
    assert ("advice" in ready.json()) is bool(advice)


@contextmanager
def serving(
    port: int, until: str, stop: int = signal.SIGTERM
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A server process of its own, once it has said something; it is stopped in the end."""
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        told = []
        for line in process.stderr or ():
            told.append(line)
            if until in line:
                break
        assert until in told[-1], told
        yield process, told
        process.send_signal(stop)
        told += process.stderr or []
        process.wait()


@pytest.mark.aside
@pytest.mark.slow
def test_serve_makes_the_database_serves_it_and_stops(path: Path) -> None:
    port = free_port()
    request = b"GET /v1/mechanisms HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with (
        serving(port, "Application startup complete") as (process, told),
        socket.create_connection(("127.0.0.1", port)) as connection,
    ):
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    claims = count("evidence")
    assert f"evidence{claims:10} rows: {claims} added, 0 changed, 0 removed\n" in told
    assert f"listening on http://127.0.0.1:{port} (documentation at /docs)\n" in told
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"adcc-enhancement" in answer
    assert process.returncode == STOPPED
    assert path.exists()


@pytest.mark.aside
@pytest.mark.slow
def test_a_stop_while_the_database_is_made_leaves_nothing_half_done(path: Path) -> None:
    with serving(free_port(), "there is no database at") as (process, _):
        pass

    assert process.returncode == STOPPED
    assert [found.name for found in path.parent.iterdir()] == ["content.db.lock"]


def test_a_path_that_cannot_be_read(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("/tmp") / ("a" * 300)  # noqa: S108 - nothing is made there
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{path}")

    line = f"doctor failed: {path} cannot be read: File name too long; see MOA_DATABASE_URL"
    assert refused(capsys, "doctor") == line


@pytest.mark.slow
def test_an_interrupt_at_the_keyboard_is_no_fault(filled: Path) -> None:
    spoil(filled, "UPDATE dataset SET release = '2025.1'")
    started = "Application startup complete"
    with serving(free_port(), started, signal.SIGINT) as (process, told):
        pass

    assert f"{OLDER}\n" in told
    assert process.returncode == 0
    assert not any("Traceback" in line for line in told)
    assert not any("rows" in line for line in told)
    assert filled.exists()


@pytest.mark.aside
@pytest.mark.slow
def test_a_seed_of_a_busy_database_stops_with_one_line(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, copy: Settings
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    monkeypatch.setenv("MOA_WAIT_SECONDS", "0.2")
    db = Database(copy)

    with db.write():
        assert main(["seed"]) == 1
    db.close()

    # A slow machine says before that what it does.
    *_, line = capsys.readouterr().err.splitlines()
    assert line.startswith("seed failed: the database cannot be used; check it and ")
