"""No command or answer reveals the database password, whatever characters it has."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app.__main__ import main
from app.db import Database
from app.main import create_app
from app.settings import ROOT, Settings
from tests.postgres import LOCKED
from tests.programs import free_port

pytestmark = pytest.mark.slow

# No piece of these is part of a word or number that commands print.
PASSWORDS = (
    "qzxwvjkq",
    "qzxw@vjkq",
    "@qzxwvjkq",
    "qzxwvjkq@",
    "qzx@wvj@kqz",
    "qzxw:vjkq",
    "qzxw/vjkq",
    "98/vjkq",
    "qzxw?vjkq",
    "qzxw#vjkq",
    "qzxw%vjkq",
    "qzxw%2xvjkq",
    "qzxw%41vjkq",
    "qzxw[vjkq]",
    "[qzxw]vjkq",
    "qzxw&vjkq=jxqv",
    "qzxw+vjkq",
    "qzxw vjkq",
    " qzxw vjkq ",
    "qzxw'vjkq'",
    'qzxw"vjkq"',
    "qzxw\\vjkq",
    "qzxw;vjkq,jxqv",
    "qzöw-vjíq",
    "密码-秘密-口令",
    "$(qzxw)`vjkq`",
    "@:/?#[]%&=+ qzxw",
)
LEAST = 4
COMMANDS = ("doctor", "migrate", "rebuild", "seed", "serve")
ADVICE = "MOA_DATABASE_URL must be like postgresql://user:password@host"


def pieces(password: str) -> set[str]:
    """All parts of a password that are long enough to help in guessing it."""
    return {password[at : at + LEAST] for at in range(len(password) - LEAST + 1)}


def addresses(password: str, host: str) -> Iterator[str]:
    """The password at both places of an address, percent-encoded and as it is."""
    for written in (quote(password, safe=""), password):
        yield f"postgresql://{LOCKED}:{written}@{host}/base"
        yield f"postgresql://{host}/base?user={LOCKED}&password={written}"


@pytest.mark.usefixtures("own_log")
@pytest.mark.parametrize("password", PASSWORDS)
def test_no_command_tells_the_password(
    password: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = f"127.0.0.1:{free_port()}"
    told = []
    for address in addresses(password, host):
        monkeypatch.setenv("MOA_DATABASE_URL", address)
        main(["settings"])
        shown = "".join(capfd.readouterr())
        assert not [piece for piece in pieces(password) if piece in shown]
        for command in COMMANDS:
            port = ["--port", str(free_port())] if command == "serve" else []
            assert main([command, *port]) == 1
            told.append("".join(capfd.readouterr()))

    assert all(" failed: " in one for one in told)
    assert not [one for one in told for piece in pieces(password) if piece in one]
    assert not [one for one in told if "Traceback" in one]


@pytest.mark.parametrize("password", ["qzxw@vjkq", "qzxw%2xvjkq", "qzxw/vjkq"])
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_no_answer_and_no_log_tells_the_password(
    password: str, place: int, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    address = list(addresses(password, f"127.0.0.1:{free_port()}"))[place]
    told = ""
    try:
        settings = Settings(database_url=address)
    except ValueError as error:
        told = str(error)
    else:
        with TestClient(create_app(settings), raise_server_exceptions=False) as client:
            answers = [client.get(one) for one in ("/readyz", "/v1/mechanisms", "/v1/graph")]
        assert [answer.status_code for answer in answers] == [503] * 3
        assert "Connection refused" in caplog.text
        told = f"{settings!r} {settings} {[(one.text, one.headers) for one in answers]}"

    told += "".join(capfd.readouterr()) + caplog.text
    assert not [piece for piece in pieces(password) if piece in told]


@pytest.mark.slow
@pytest.mark.parametrize(("place", "command"), [(0, "serve"), (0, "openapi"), (2, "serve")])
def test_no_process_tells_the_password(place: int, command: str) -> None:
    password, port = "qzxw@vjkq:jxqv%2x", free_port()
    address = list(addresses(password, f"127.0.0.1:{port}"))[place]
    arguments = [command, *(["--port", str(port)] if command == "serve" else [])]

    run = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=os.environ | {"MOA_DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == (0 if command == "openapi" else 1)
    told = run.stdout + run.stderr
    assert "Traceback" not in told
    assert place == 0 or run.stderr.startswith(f"{command} failed: {ADVICE}")
    assert not [piece for piece in pieces(password) if piece in told]


BAD = (
    "postgresql://name:hush@@example/base",
    "postgresql://name:hush@example:port/base",
    "postgresql://name:hush@example:0/base",
    "postgresql://name:hush@example:65536/base",
    "postgresql://name:hush@example/base#hush",
    "postgresql://name:hush@example/base?hush",
    "postgresql://name:hush@example/base?hush=1",
    "postgresql://example/base?password=hush&password=hush",
    "postgresql://example:5432/base?password=hu@sh",
    "postgresql://example/base?password=hush&",
    "postgresql://example/base?host=hush&host=hush&port=1&port=2&port=3",
    "postgresql://example/base?host=hush&host=hush:port",
    "postgresql://name:%00hush@example/base",
    "postgresql://name:%ffhush@example/base",
    "postgresql://:hush@example/base",
    "postgresql://name:hush@example/base\n",
    "postgres://name:hush@example/base",
    "mysql://name:hush@example/base",
    "name:hush@example",
)


@pytest.mark.covering
@pytest.mark.parametrize("address", BAD)
def test_a_bad_address_is_refused_in_one_line_without_it(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", address)

    assert main(["doctor"]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("doctor failed: MOA_DATABASE_URL must ")
    for part in ("hush", "example", "name:", "/base"):
        assert part not in line.replace("postgresql://user:password@host:5432/database", "")


GOOD = (
    "postgresql://",
    "postgresql:///base",
    "postgresql:///base?host=/var/run/postgresql",
    "postgresql://name@[::1]:5432/base",
    "postgresql://example/base?host=one:5432&host=two:5432",
    "postgresql+psycopg://name:word:word@example/base?sslmode=require&application_name=moa",
)


@pytest.mark.covering
@pytest.mark.parametrize("address", GOOD)
def test_a_good_address_is_taken(address: str) -> None:
    assert Settings(database_url=address).database_url.startswith("postgresql+psycopg://")


@pytest.fixture(scope="module")
def locked(server: str) -> Iterator[str]:
    """The database address for a role that needs a password."""
    engine = create_engine(
        server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"DROP ROLE IF EXISTS {LOCKED}"))
        connection.execute(text(f"CREATE ROLE {LOCKED} LOGIN SUPERUSER"))
        connection.execute(text("SET password_encryption = 'scram-sha-256'"))
        yield server
        connection.execute(text(f"DROP ROLE {LOCKED}"))
    engine.dispose()


@pytest.mark.parametrize("password", PASSWORDS)
def test_every_password_opens_the_database_when_it_is_percent_encoded(
    locked: str, postgres_url: str, password: str
) -> None:
    set_password(locked, password)
    host, base = postgres_url.rpartition("@")[2].split("/")
    for address in list(addresses(password, host))[:2]:
        db = Database(Settings(database_url=address.replace("/base", f"/{base}")))

        with db.read() as reading:
            assert reading.connection.execute(text("SELECT current_user")).scalar() == LOCKED
        assert db.state().release
        db.close()


def test_a_wrong_password_is_told_as_such(
    locked: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "TEST_DATABASE_URL" in os.environ:
        pytest.skip("the server may trust everybody")
    set_password(locked, "right")
    address = locked.replace("postgres@", f"{LOCKED}:qzxwvjkq@")
    monkeypatch.setenv("MOA_DATABASE_URL", address)

    assert main(["doctor"]) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "doctor failed: the database cannot be used; check it and MOA_DATABASE_URL: "
    )
    assert "password authentication failed" in line
    assert "qzxw" not in line


def set_password(server: str, password: str) -> None:
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:"))
    written = password.replace("'", "''").replace("%", "%%")
    with engine.begin() as connection:
        connection.exec_driver_sql("SET standard_conforming_strings = on")
        connection.exec_driver_sql(f"ALTER ROLE {LOCKED} PASSWORD '{written}'")
    engine.dispose()
