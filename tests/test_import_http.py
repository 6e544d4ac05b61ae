"""A bundle sent by key is imported as by the command: whole or not at all."""

import asyncio
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.requests import Request
from starlette.testclient import TestClient

from app.api import imports
from app.errors import BadRequest, InsufficientStorage, PayloadTooLarge, Unavailable
from app.http import spool
from app.http.guard import MAX_BUNDLE
from app.http.spool import NDJSON, BundleRoute, SentBundle
from app.settings import Settings
from app.write import checking
from tests.bundles import bundle_of, line_of, lines
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, bearer, curating, history, new_key
from tests.test_import import FAULTS

IMPORT, PARTNER = "/v1/import", "/v1/partners/r-chop"
KIND = {"Content-Type": NDJSON}


EDGE = "lenalidomide-inhibits-meis2-ubiquitination-in-any-cell"


@pytest.fixture(scope="module")
def bundle(apps: dict[str, TestClient]) -> bytes:
    return bundle_of(apps["sqlite"])


def send(curator: Curator, sent: Any, query: str = "", **headers: str) -> Response:
    """Send a bundle with the key of an administrator."""
    given = curator.key | KIND | {name.replace("_", "-"): one for name, one in headers.items()}
    answer: Response = curator.client.post(f"{IMPORT}{query}", content=sent, headers=given)
    return answer


def noted(bundle: bytes, note: str) -> bytes:
    """A bundle of one partner with another note."""
    return lines(("partner", line_of(bundle, "partner", "r-chop") | {"note": note}))


def note_of(curator: Curator) -> Any:
    return curator.client.get(PARTNER).json()["note"]


def left_behind() -> list[str]:
    """The temporary files of SQLite that this process holds."""
    found = (one.readlink() for one in Path("/proc/self/fd").glob("*") if one.is_symlink())
    return [str(one) for one in found if "etilqs_" in str(one)]


def told(answer: Response, kind: str = "partners") -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    (row,) = (one for one in found if one.pop("type") == kind)
    return row


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(
    "copy", [pytest.param("sqlite", marks=pytest.mark.aside), "postgres"], indirect=True
)
def test_rows_are_imported_by_key(copy: Settings, bundle: bytes) -> None:
    sent = noted(bundle, "By key.")
    with curating(copy) as curator:
        before = curator.client.get("/v1/dataset").json()["revision"]
        whole = send(curator, bundle)
        tried = send(curator, sent, "?dry_run=true&reason=Tried.")
        assert [one.json()["revision"] for one in (whole, tried)] == [before] * 2
        assert [one.json()["dry_run"] for one in (whole, tried)] == [False, True]
        assert told(whole) == {"added": 0, "changed": 0, "removed": 0, "kept": 25}
        assert left_behind() == []
        assert told(tried) == {"added": 0, "changed": 1, "removed": 0, "kept": 0}
        assert (note_of(curator), history(copy)) == (None, [])

        done = send(curator, sent, "?reason=A+better+note.", Idempotency_Key="one")
        again = send(curator, sent, "?reason=A+better+note.", Idempotency_Key="one")
        other = send(curator, bundle, "?reason=A+better+note.", Idempotency_Key="one")
        assert told(done) == {"added": 0, "changed": 1, "removed": 0, "kept": 0}
        assert (done.json()["revision"], done.content) == (before + 1, again.content)
        assert done.headers["cache-control"] == "no-store"
        assert other.status_code == 409
        assert note_of(curator) == "By key."
        (step,) = history(copy)
        assert (step["by"], step["reason"]) == ("curator", "A better note.")
        assert curator.ask("PATCH", PARTNER, {"note": "Later."}).status_code == 200


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_what_is_refused_is_refused_with_its_reason(copy: Settings, bundle: bytes) -> None:
    def unread() -> Iterator[bytes]:
        yield b""
        pytest.fail("The body was read.")

    other = new_key(copy, "reviewer", "review")
    with curating(copy) as curator:
        for key, status in (({}, 401), (bearer(other), 403)):
            answer = curator.client.post(IMPORT, content=unread(), headers=key | KIND)
            assert answer.status_code == status
        kinds: list[dict[str, str]] = [
            {"Content_Type": "application/json"},
            {"Content_Encoding": "gzip"},
            {"Content_Type": f"{NDJSON}; charset=latin-1"},
        ]
        assert [send(curator, unread(), **one).status_code for one in kinds] == [415] * 3
        as_bytes = send(curator, bundle, "?dry_run=true", Content_Type="application/octet-stream")
        assert told(as_bytes)["kept"] == 25
        assert send(curator, bundle, "?dryrun=true").status_code == 422
        assert send(curator, b"x", Content_Length=str(MAX_BUNDLE + 1)).status_code == 413
        assert curator.client.get(IMPORT).headers["allow"] == "OPTIONS, POST"

        cut = send(curator, noted(bundle, "Cut.") + noted(bundle, "Cut.")[:-20])
        assert (cut.status_code, cut.json()["faults"][0]["line"]) == (422, 2)
        assert (note_of(curator), history(copy)) == (None, [])


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_faults_name_their_lines_and_repeat_nothing(copy: Settings) -> None:
    with curating(copy) as curator:
        answer = send(curator, b"".join(line + b"\n" for line, _ in FAULTS))
        many = send(curator, b"[]\n" * 1_234).json()
        release = send(curator, b'{"type":"dataset","row":{"version":"2031.01"}}').json()

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/invalid-row")
    first = {one["line"]: one for one in reversed(problem["faults"])}
    assert sorted(first) == list(range(1, len(FAULTS) + 1))
    assert first[7]["message"] == "is not a mapping of `type` and `row` alone"
    assert first[9] == {
        "line": 9,
        "parameter": "type",
        "message": "must be a type",
        "nearest": ["partner", "mechanism", "reference"],
    }
    assert first[11]["message"] == "is what was sent, which belongs on the first line"
    assert (many["faults_total"], len(many["faults"])) == (1_234, 1_000)
    assert "the first 1,000 of 1,234" in many["detail"]
    assert "must be 2026.12" in json.dumps(release["faults"])
    assert "2031" not in json.dumps(release)


@pytest.mark.aside
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_faults_say_what_is_due_and_not_what_was_sent(copy: Settings, bundle: bytes) -> None:
    canary = "SECRET <b>hunter2</b>"
    claims = [json.loads(one)["row"] for one in bundle.splitlines() if b'"evidence"' in one[:30]]
    native = next(one for one in claims if one["origin"] == "native")
    stated = next(one for one in claims if one["in_review"])
    trial = line_of(bundle, "trial", "augment")
    with curating(copy) as curator:
        sent = lines(
            ("evidence", native | {"contexts": [canary, "b-cell-nhl"]}),
            ("trial", trial | {"subtypes": [canary]}),
            ("evidence", stated | {"locator": "page 3"}),
        )
        answer = send(curator, sent, "?dry_run=true")
        lost = curator.client.get("/v1/trials/augment").json() | {"regimen": ["rituximab"]}
        one_row = curator.ask("PUT", "/v1/trials/augment", lost)

    regimen = [one for one in one_row.json()["faults"] if one["parameter"] == "regimen"]
    assert [one["message"] for one in regimen] == ["lacks lenalidomide"], "a known id is told"
    assert answer.status_code == 422
    assert not [one for one in answer.json()["faults"] if "hunter2" in json.dumps(one)]
    (locator,) = (one for one in answer.json()["faults"] if one["parameter"] == "locator")
    assert "what was sent" not in locator["message"]
    assert "'Figure 1 caption'" in locator["message"]


@pytest.mark.aside
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_an_id_made_of_new_ids_is_not_told(copy: Settings, bundle: bytes) -> None:
    entity = line_of(bundle, "entity", "ikzf1") | {"id": "hunter-2"}
    edge = line_of(bundle, "edge", EDGE)
    with curating(copy) as curator:
        told = [
            send(curator, lines(("entity", entity), ("edge", edge | changes)), "?dry_run=true")
            for changes in ({"id": "a-b"}, {"id": "a-b", "source": "hunter-2"})
        ]

    known, new = (
        [one["message"] for one in answer.json()["faults"] if one["parameter"] == "id"]
        for answer in told
    )
    assert f"must be {EDGE}, made of its parts" in known
    assert "must be source-relation-target-in-cell, made of its parts" in new
    assert "hunter" not in told[1].text


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_meanwhile_others_read_and_wait_with_changes(copy: Settings, bundle: bytes) -> None:
    impatient = copy.model_copy(update={"wait_seconds": 0.1})
    with curating(impatient) as curator:
        ended: list[Response] = []

        def work() -> None:
            ended.append(send(curator, noted(bundle, "At last.") + bundle))

        importing = threading.Thread(target=work)
        importing.start()
        refused = None
        while importing.is_alive() and refused is None:
            assert note_of(curator) in (None, "At last.")
            answer = curator.ask("PATCH", PARTNER, {"note": "x"}, **{"If-Match": '"99"'})
            second = send(curator, bundle)
            refused = (answer, second) if answer.status_code == second.status_code == 503 else None
        importing.join()

    assert refused
    assert {one.headers["retry-after"] for one in refused} == {"2"}


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_an_import_ends_when_its_service_does(
    copy: Settings, bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(request: Request) -> SentBundle:
        request.state.bundle.give_up()
        return spool.bundle_of(request)

    monkeypatch.setattr(imports, "bundle_of", stopped)
    with curating(copy) as curator:
        answer = send(curator, noted(bundle, "Never."))
        assert (answer.status_code, note_of(curator)) == (503, None)
        assert "being stopped" in answer.json()["detail"]
        (route,) = (one for one in curator.client.app.routes if one.path == IMPORT)  # type: ignore[attr-defined]
        given = [(name.lower(), one) for name, one in (curator.key | KIND).items()]
        headers = [(name.encode(), one.encode()) for name, one in given]
        scope = {"type": "http", "method": "POST", "headers": headers, "app": curator.client.app}
        scope |= {"path": IMPORT, "query_string": b"", "moa.request_id": "stopped"}

        async def cancelled() -> dict[str, Any]:
            await asyncio.sleep(0)
            raise asyncio.CancelledError

        told = asyncio.run(route.get_route_handler()(Request(scope, cancelled)))
        assert (told.status_code, b"may have been imported" in told.body) == (503, True)
    assert history(copy) == []


def read(pieces: list[dict[str, Any]], file: Any) -> None:
    """Have the route read a body that comes in these pieces."""
    coming = iter(pieces)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return next(coming)

    headers = [(b"content-type", NDJSON.encode())]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    request.state.bundle = SentBundle()
    route = BundleRoute.__new__(BundleRoute)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "TemporaryFile", lambda: file)
        asyncio.run(route.read(request))


def piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_is_kept_on_the_disk_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "bundle").open("w+b") as file:
        read([piece(b"a" * spool.PIECE), piece(b"b"), piece(b"c", more=False)], file)
        assert file.seek(0, os.SEEK_END) == spool.PIECE + 2

        with pytest.raises(BadRequest, match="ended early"):
            read([piece(b"a"), {"type": "http.disconnect"}], file)
        monkeypatch.setattr(spool, "MAX_BUNDLE", 9)
        with pytest.raises(PayloadTooLarge, match="4 GB"):
            read([piece(b"a" * 5), piece(b"b" * 5)], file)
    with Path("/dev/full").open("wb", buffering=0) as file, pytest.raises(InsufficientStorage):
        read([piece(b"a", more=False)], file)
    with Path(os.devnull).open("rb") as file, pytest.raises(Unavailable, match="cannot be kept"):
        read([piece(b"a", more=False)], file)


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_disk_without_room_for_a_bundle_is_told(
    copy: Settings, bundle: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = noted(bundle, "No room.")
    with curating(copy) as curator:
        with monkeypatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
            unknown = curator.client.post(IMPORT, content=sent, headers=KIND)
            other = send(curator, sent, Content_Type="application/json")
            no_folder = send(curator, sent)
        with Path("/dev/full").open("wb") as file:
            monkeypatch.setattr(spool, "TemporaryFile", lambda: file)
            full = send(curator, sent)
        assert note_of(curator) is None

    assert (unknown.status_code, other.status_code) == (401, 415)
    assert [one.status_code for one in (no_folder, full)] == [507, 507]
    assert "temporary folder" in no_folder.json()["detail"]
    assert "disk is full" in full.json()["detail"]


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_what_must_be_kept_in_memory_is_limited(
    copy: Settings, bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_KEPT", 1_500)
    rows = [("partner", {"id": f"row-{number}", "note": "a" * 700}) for number in range(9)]
    with curating(copy) as curator:
        answer = send(curator, noted(bundle, "Never.") + lines(*rows))
        assert note_of(curator) is None

    (fault,) = answer.json()["faults"]
    assert (answer.status_code, fault["line"]) == (422, 3)
    assert "send the bundle in parts" in fault["message"]
