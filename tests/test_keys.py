"""Keys are given out once, kept as digests, and let in only what their scope covers."""

import asyncio
import fcntl
import gzip
import logging
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.requests import Request
from starlette.testclient import TestClient

from app.__main__ import main
from app.api.writes import find_key
from app.db import Database
from app.errors import BadRequest, Unavailable
from app.http import entrance
from app.http.bodies import BodyLimits, read_object
from app.http.entrance import AdmissionLimits, Entrance
from app.main import create_app
from app.schema.curation import SCOPES, api_key, moment
from app.settings import Settings
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, bearer, curating, history, new_key
from tests.documented import spelt_out
from tests.looking import some

Capture = pytest.CaptureFixture[str]
PARTNER = "/v1/partners/rituximab"
WRITES = ("post", "put", "patch", "delete")
AT_ONCE, BODY = 3, BodyLimits(100, 8)


def change(settings: Settings, name: str, **values: str) -> None:
    with closing(Database(settings)) as db, db.write() as connection:
        connection.execute(update(api_key).where(api_key.c.name == name).values(**values))


def stored(settings: Settings) -> dict[str, dict[str, Any]]:
    with closing(Database(settings)) as db, db.read() as reading:
        found = reading.connection.execute(select(api_key)).mappings()
        return {row["name"]: dict(row) for row in found}


# --- the command -------------------------------------------------------------------------------


@pytest.fixture
def command(copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    return copy


def test_a_key_is_shown_once_works_and_is_taken_back(command: Settings, capsys: Capture) -> None:
    assert main(["key", "list"]) == 0
    assert capsys.readouterr().out == "no keys yet\n"

    assert main(["key", "create", "Ada L.", "--scope", "admin", "--days", "2"]) == 0
    printed = capsys.readouterr()
    key, row = printed.out.removesuffix("\n"), stored(command)["Ada L."]
    assert re.fullmatch(r"moa_[A-Za-z0-9_-]{43}", key)
    assert row["hash"] == sha256(key.encode()).hexdigest()
    assert key not in f"{row}{printed.err}"
    assert row["used_at"] is None
    assert moment() < row["expires_at"] < moment(datetime.now(UTC) + timedelta(days=2, minutes=1))

    with TestClient(create_app(command)) as client:
        asked: dict[str, Any] = {"headers": bearer(key) | {"If-Match": "*"}, "json": {"note": "x"}}
        assert client.patch(PARTNER, **asked).status_code == 200
        assert stored(command)["Ada L."]["used_at"]
        assert main(["key", "list"]) == 0
        told = capsys.readouterr()
        assert re.match(r"Ada L\.: admin, valid, created \S+, expires \S+, used \S+\n", told.out)
        assert main(["key", "revoke", "Ada L."]) == 0
        assert client.patch(PARTNER, **asked).status_code == 401

    main(["key", "list"])
    told = capsys.readouterr()
    assert "Ada L.: admin, revoked" in told.out
    assert key not in told.out + told.err
    assert [one["by"] for one in history(command)] == ["Ada L."]


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_what_is_wrong_with_a_key_is_said_in_one_line(command: Settings, capsys: Capture) -> None:
    new_key(command, "taken")
    change(command, "taken", expires_at=moment(datetime.now(UTC) - timedelta(seconds=1)))
    refused = {
        ("create", "taken", "--scope", "admin"): "choose another",
        ("create", "TA-KEN", "--scope", "admin"): "only in case, spaces",
        ("create", "Seed", "--scope", "admin"): "reserved (seed, import), or differs",
        ("create", "im.port", "--scope", "admin"): "choose another",
        ("create", " x", "--scope", "admin"): "the name must be",
        ("create", "x" * 65, "--scope", "admin"): "the name must be",
        ("create", "x", "--scope", "admin", "--days", "0"): "--days must be",
        ("create", "x", "--scope", "admin", "--days", "9999"): "--days must be",
        ("revoke", "nobody"): "no valid key has this name",
    }
    for words, advice in refused.items():
        assert main(["key", *words]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("key failed: ")
        assert advice in line
    assert stored(command).keys() == {"taken"}
    main(["key", "list"])
    assert "taken: admin, expired" in capsys.readouterr().out


# --- the matrix --------------------------------------------------------------------------------


def operations(client: TestClient) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every operation that needs a key, with an address and the scopes that it takes."""
    for path, found in spelt_out(client.get("/openapi.json").json())["paths"].items():
        for method, operation in found.items():
            if method in WRITES or "security" in operation:
                given = [p for p in operation.get("parameters", ()) if p.get("in") == "path"]
                address = path
                for one in given:
                    address = address.replace("{" + one["name"] + "}", str(one["example"]))
                scopes = tuple(operation["x-scopes"])
                assert operation["security"] == [{"key": []}], path
                assert {"admin"} <= {*scopes} < {*SCOPES}, path
                assert {"401", "403"} <= operation["responses"].keys(), path
                yield method, address, scopes


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_every_operation_that_changes_rows_needs_a_key_with_its_scope(copy: Settings) -> None:
    keys = {scope: new_key(copy, f"of {scope}", scope) for scope in SCOPES}
    revoked, expired = new_key(copy, "revoked"), new_key(copy, "expired")
    change(copy, "revoked", revoked_at=moment())
    change(copy, "expired", expires_at=moment())
    good = keys["admin"].encode()
    refused: list[tuple[int, list[tuple[bytes, bytes]]]] = [
        (401, []),
        (401, [(b"authorization", b"")]),
        (401, [(b"authorization", b"Bearer ")]),
        (401, [(b"authorization", b"Bearer " + "schlüssel-".encode() * 5)]),
        (401, [(b"authorization", b"Bearer " + b"\xff" * 40)]),
        (431, [(b"authorization", b"Bearer " + b"x" * 20_000)]),
        (401, [(b"authorization", b"Bearer moa_" + b"x" * 43)]),
        (401, [(b"authorization", b"Bearer " + revoked.encode())]),
        (401, [(b"authorization", b"Bearer " + expired.encode())]),
        (401, [(b"authorization", b"Basic " + good)]),
        (401, [(b"authorization", b"Bearer " + good)] * 2),
        (401, [(b"authorization", b"Bearer " + good + b", Bearer " + good)]),
    ]
    with TestClient(create_app(copy)) as client:
        before = client.get("/v1/dataset").json()["revision"]
        found = some(operations(client))
        for method, address, scopes in found:
            wrong = [one for one in SCOPES if one not in scopes]
            every = refused + [
                (403, [(b"authorization", f"Bearer {keys[one]}".encode())]) for one in wrong
            ]
            for one in scopes:
                # Let in as far as the body, or to what is missing.
                for scheme in ("Bearer", "bearer", "BEARER  "):
                    given = {"Authorization": f"{scheme} {keys[one]}"}
                    let_in = client.request(method, address, content=b"{", headers=given)
                    assert let_in.status_code in (415, 428), (method, address, scheme)
            for status, headers in every:
                # A body that could not even be read: the key is looked at first.
                answer = client.request(method, address, content=b"{", headers=headers)
                assert answer.status_code == status, (method, address, headers)
                challenge = answer.headers.get("www-authenticate", "")
                assert challenge.startswith("Bearer realm=") == (status != 431)
                assert keys["admin"] not in answer.text
            in_query = client.request(method, f"{address}?key={keys['admin']}")
            assert in_query.status_code == 401
        assert client.get("/v1/dataset").json()["revision"] == before
    assert len(found) >= 9 * 4 + 2
    assert history(copy) == []


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_reading_never_needs_a_key_and_takes_any(copy: Settings) -> None:
    with curating(copy) as curator:
        plain = curator.client.get(PARTNER)
        for headers in (curator.key, bearer("x" * 30), {"Authorization": "nonsense"}):
            answer = curator.client.get(PARTNER, headers=headers)
            assert (answer.status_code, answer.text) == (200, plain.text)


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_key_that_is_taken_back_meanwhile_changes_nothing(command: Settings) -> None:
    with curating(command) as curator:

        def body() -> Iterator[bytes]:
            # The key has been looked up by now.
            assert main(["key", "revoke", "curator"]) == 0
            yield b'{"note": "x"}'

        kind = {"Content-Type": "application/json", "If-Match": "*"}
        answer = curator.client.patch(PARTNER, content=body(), headers=curator.key | kind)

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthorised")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert history(command) == []


# --- turns -------------------------------------------------------------------------------------


@pytest.fixture
def impatient(copy: Settings) -> Iterator[Curator]:
    with curating(copy.model_copy(update={"wait_seconds": 0.05})) as found:
        yield found


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_change_waits_for_other_processes_but_not_for_ever(
    impatient: Curator, copy: Settings
) -> None:
    lock = Path(f"{copy.database_url.removeprefix('sqlite:///')}.lock")
    with lock.open("r") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        busy = impatient.ask("PATCH", PARTNER, {"note": "x"})
        assert busy.status_code == 503
        assert "Another process" in busy.json()["detail"]
        assert busy.headers["retry-after"]
        assert impatient.client.get(PARTNER).status_code == 200

    assert impatient.ask("PATCH", PARTNER, {"note": "x"}).status_code == 200


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_change_waits_for_others_of_its_own_process(copy: Settings) -> None:
    db = Database(copy.model_copy(update={"wait_seconds": 0.05}))
    with closing(db), db.change(), pytest.raises(Unavailable, match="waiting"), db.change():
        pass


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_where_nothing_can_be_written_reading_goes_on(copy: Settings, impatient: Curator) -> None:
    lock = Path(f"{copy.database_url.removeprefix('sqlite:///')}.lock")
    lock.unlink()
    lock.mkdir()

    answer = impatient.ask("PATCH", PARTNER, {"note": "x"})

    assert answer.status_code == 503
    assert "Nothing can be written" in answer.json()["detail"]
    assert impatient.client.get(PARTNER).status_code == 200


def test_the_queue_of_changes_is_not_endless() -> None:
    async def crowd() -> list[object]:
        door = Entrance(lambda _: None, AdmissionLimits(0, AT_ONCE, 2, 60.0, BODY))
        leave = asyncio.Event()

        async def come() -> None:
            async with door.turn():
                await leave.wait()

        tasks = [asyncio.create_task(come()) for _ in range(AT_ONCE + 3)]
        await asyncio.sleep(0)
        leave.set()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    found = asyncio.run(crowd())

    assert [one for one in found if one] == [one for one in found if isinstance(one, Unavailable)]
    assert len([one for one in found if one]) == 1


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
@pytest.mark.parametrize("threads", [1, 2])
def test_changes_leave_a_thread_to_readers(copy: Settings, threads: int) -> None:
    limits = {"threads": threads, "changes_at_once": 64, "wait_seconds": 0.01}
    app = create_app(copy.model_copy(update=limits))
    door: Entrance = app.state.entrance

    async def crowd() -> None:
        async with door.turn():
            with pytest.raises(Unavailable):
                async with door.turn():
                    pytest.fail("as many changes as threads")

    with TestClient(app):
        asyncio.run(crowd())


def test_a_change_does_not_wait_without_end_for_its_turn() -> None:
    async def waiting() -> None:
        door = Entrance(lambda _: None, AdmissionLimits(0, 1, 2, 0.01, BODY))
        async with door.turn():
            with pytest.raises(Unavailable):
                async with door.turn():
                    pytest.fail("two changes at once")
        # Nothing is left behind: the next one gets its turn at once.
        async with door.turn():
            pass

    asyncio.run(asyncio.wait_for(waiting(), 60))


def test_those_refused_during_an_import_come_before_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entrance, "RETRY_SECONDS", 0.1)
    came: list[str] = []

    async def scene() -> None:
        door = Entrance(lambda _: None, AdmissionLimits(0, 1, 9, 0.01, BODY))

        async def bring_in() -> None:
            async with door.turn_for_many():
                came.append("import")

        async with door.turn_for_many():
            with pytest.raises(Unavailable):
                async with door.turn():
                    pytest.fail("a change during an import")
        following = asyncio.create_task(bring_in())
        await asyncio.sleep(entrance.RETRY_SECONDS)  # as its sender is told
        async with door.turn():
            came.append("change")
        await following
        # Nobody was refused during that one.
        monkeypatch.setattr(entrance, "SLACK", 3_600.0)
        await bring_in()

    asyncio.run(asyncio.wait_for(scene(), 60))
    assert came == ["change", "import", "import"]


def test_a_body_that_ends_early_changes_nothing() -> None:

    async def receive() -> dict[str, str]:
        await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "headers": headers}
    with pytest.raises(BadRequest, match="ended early"):
        asyncio.run(read_object(Request(scope, receive), BODY))


@pytest.mark.full
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_no_key_and_no_body_is_in_files_figures_or_reports(
    command: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    canary, port = "canary-value", 9_464
    with curating(command.model_copy(update={"metrics_port": port})) as curator:
        key, client = curator.key["Authorization"].removeprefix("Bearer "), curator.client
        assert curator.ask("PATCH", PARTNER, {"note": "x", canary: canary}).status_code == 422
        assert (
            curator.ask("PATCH", PARTNER, {"note": "x"}, Idempotency_Key=canary).status_code == 200
        )
        files = [one["address"] for one in client.get("/v1/downloads").json()["items"]]
        told = [client.get(one).content for one in some(files)]
        told += [client.get(f"http://testserver:{port}/metrics").content]
        told += [client.get(one).content for one in ("/v1/changes", "/v1/dataset", "/readyz", "/")]
    folder = tmp_path / "out"
    for words in (["export", str(folder)], ["doctor"], ["settings"], ["key", "list"]):
        assert main(words) == 0
    assert main(["export", "--yaml", str(folder / "yaml")]) == 0
    told += [one.read_bytes() for one in some(folder.rglob("*.*")) if one.is_file()]
    told += ["".join(capfd.readouterr()).encode()]

    assert len(told) > 30
    for one in told:
        plain = gzip.decompress(one) if one[:2] == b"\x1f\x8b" else one
        assert key.encode() not in plain
        assert canary.encode() not in plain
        assert sha256(key.encode()).hexdigest().encode() not in plain


LOOKED_UP, NOISE = 20_000, 0.025
"""How often keys are looked up, and six times by how much chance alone moves the share below."""


@pytest.mark.full
def test_a_key_that_is_nearly_right_takes_as_long_as_any_other(copy: Settings) -> None:
    right = new_key(copy)
    last = "A" if right[-1] != "A" else "B"
    wrong = {"near": right[:-1] + last, "far": "moa_" + "x" * 43}
    took: list[tuple[float, str]] = []
    with closing(Database(copy)) as db:
        find = find_key(db)
        for _ in range(LOOKED_UP // 2):
            for kind, key in wrong.items():
                began = time.perf_counter()
                assert find(key) is None
                took.append((time.perf_counter() - began, kind))
    slower, pairs, fars = 0, (LOOKED_UP // 2) ** 2, 0
    for _, kind in sorted(took):
        fars += kind == "far"
        slower += fars * (kind == "near")

    print(f"of all pairs of a near and a far key, {slower / pairs:.1%} have the near one slower")
    assert abs(slower / pairs - 0.5) < NOISE


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_no_key_and_no_body_is_told_to_anybody_but_their_sender(
    copy: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    proposing = f"{PARTNER}?propose=true&reason=r&source=s"
    with curating(copy.model_copy(update={"access_log": True})) as curator:
        key = curator.key["Authorization"].removeprefix("Bearer ")
        told = [
            curator.ask("PATCH", PARTNER, {"note": 5, "canary": "canary-value"}).text,
            curator.client.get(PARTNER, headers={"Authorization": f"Basic {key}"}).text,
            curator.client.post(f"/v1/partners?key={key}").text,
            curator.ask("PATCH", PARTNER, {"note": "x"}).text,
            curator.client.get(f"{PARTNER}/history").text,
            curator.ask("PATCH", f"{PARTNER}?propose=true", {"note": "canary-value"}).text,
            curator.ask("PATCH", f"{proposing}&key={key}", {"note": "canary-value"}).text,
            curator.ask("PATCH", proposing, {"note": "y"}).text,
            curator.ask("POST", "/v1/proposals/1/accept", {"canary": "canary-value"}).text,
            curator.client.get("/v1/proposals").text,
            curator.client.get("/v1/proposals/1").text,
            curator.client.get("/openapi.json").text,
        ]
    # But for the log of the client itself.
    ours = [one for one in caplog.records if not one.name.startswith("http")]
    assert ours
    told += [f"{one.getMessage()} {vars(one)}" for one in ours]
    told += [*capfd.readouterr(), str(stored(copy)), str(history(copy))]

    assert not [one for one in told if key in one or "canary-value" in one]
