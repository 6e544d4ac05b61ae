"""A bundle is brought in whole or not at all, and what follows from it is as if written by hand."""

import io
import json
import os
import shutil
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from starlette.testclient import TestClient

from app import startup
from app.__main__ import main
from app.db import Database
from app.db.revision import read_about, read_dataset
from app.main import create_app
from app.schema.values import Names
from app.settings import Settings
from app.write.checking import Checking, Faults, unhindered
from app.write.history import Hand
from app.write.importing import FaultyImport, bring_in, quietly
from app.write.known import MOST_LIKENED
from app.write.merged import Merged
from app.write.record import Record, shown
from app.write.rows import KINDS
from app.write.staging import set_up
from app.write.store import put_all
from tests.bundles import Row, bundle_from, bundle_of, changed, line_of, lines, written
from tests.conftest import SQLITE_FIRST, New
from tests.curating import curating, history
from tests.limits import SECONDS
from tests.programs import Program
from tests.test_writes import PARTNER
from tests.writing import after, documents, dump, entry, record, undone

Capture = pytest.CaptureFixture[str]
HAND = Hand("tester", "A test.")


@pytest.fixture(scope="module")
def bundle(apps: dict[str, TestClient]) -> bytes:
    return bundle_of(apps["sqlite"])


@pytest.fixture
def address(copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A filled database that commands use."""
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    return copy


def brought(connection: Connection, bundle: bytes) -> Any:
    return bring_in(connection, io.BytesIO(bundle), HAND, print)


def stored_as(tmp_path: Path, bundle: bytes) -> str:
    file = tmp_path / "bundle.ndjson"
    file.write_bytes(bundle)
    return str(file)


@pytest.mark.slow
def test_a_database_that_appears_meanwhile_takes_the_whole_bundle(
    urls: dict[str, str],
    bundle: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    file, path = stored_as(tmp_path, bundle), tmp_path / "content.db"
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{path}")

    def appear() -> None:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and not [*tmp_path.glob(".content.db.*.unfinished")]:
            pass
        shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)

    with ThreadPoolExecutor(1) as other:
        appeared = other.submit(appear)
        assert main(["import", file]) == 0
        appeared.result()

    kept = "evidence       540 rows: 0 added, 0 changed, 540 as they were, 0 removed"
    assert kept in capsys.readouterr().err.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("new", SQLITE_FIRST, indirect=True)
def test_a_bundle_fills_an_empty_database_and_comes_back_the_same(
    new: New,
    apps: dict[str, TestClient],
    bundle: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    original = apps["sqlite"].get("/v1/dataset").json()
    settings = Settings(database_url=new())
    monkeypatch.setenv("MOA_DATABASE_URL", settings.database_url)
    file = stored_as(tmp_path, bundle)

    assert main(["import", file]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[-1].startswith("conflicts ")
    assert "evidence       540 rows: 540 added, 0 changed, 0 as they were, 0 removed" in told
    progress = ("1,000 rows read", "rows checked", "comparing with", "moving what")
    places = [next(at for at, one in enumerate(told) if step in one) for step in progress]
    assert places == sorted(places), "it says how far it is"
    assert bundle_from(settings) == bundle
    with TestClient(create_app(settings)) as copied:
        assert copied.get("/v1/dataset").json() == original
    assert main(["doctor"]) == 0
    steps = history(settings)
    assert {step["by"] for step in steps} == {"import"}
    assert [step["number"] for step in steps] == list(range(1, len(steps) + 1))

    capsys.readouterr()
    assert main(["import", file]) == 0
    assert (
        "evidence       540 rows: 0 added, 0 changed, 540 as they were" in capsys.readouterr().err
    )
    assert len(history(settings)) == len(steps)
    assert main(["seed"]) == 0
    assert "540 rows: 0 added, 0 changed, 0 removed" in capsys.readouterr().err


def some_changes(bundle: bytes) -> dict[str, list[dict[str, Any]]]:
    """Rows of several types, new and changed, as a bundle has them."""
    new = {"id": "again-robust-pfs", "statement": "It was seen again in robust patients."}
    swapped = [line_of(bundle, "reference", one) for one in ("acebes-huerta-2014", "gribben-2015")]
    for one, other in ((0, "26195701"), (1, "25313353")):
        swapped[one] |= {"pmid": other}

    def shorten(trial: dict[str, Any]) -> None:
        del trial["outcomes"][-1]
        trial["outcomes"][0]["note"] = "Read again."

    return {
        "evidence": [line_of(bundle, "evidence", "robust-pfs") | new],
        "references": swapped,
        "partners": [line_of(bundle, "partner", "r-chop") | {"summary": "Another text."}],
        "trials": [changed(bundle, "trial", "a051103", shorten)],
    }


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_rows_are_as_if_they_were_written_one_by_one(copy: Settings, bundle: bytes) -> None:
    rows = some_changes(bundle)
    sent = lines(*((KINDS[kind], row) for kind, listed in rows.items() for row in listed))
    curated = documents()
    plain: dict[str, list[dict[str, Any]]] = {}
    del entry(curated, "trials", "a051103")["outcomes"][-1]
    entry(curated, "trials", "a051103")["outcomes"][0]["note"] = "Read again."
    entry(curated, "references", "acebes-huerta-2014")["pmid"] = "26195701"
    entry(curated, "references", "gribben-2015")["pmid"] = "25313353"
    entry(curated, "partners", "r-chop")["summary"] = "Another text."
    robust = entry(curated, "evidence", "robust-pfs")
    robust |= {key: rows["evidence"][0][key] for key in ("id", "statement")}
    for kind, listed in rows.items():
        plain[kind] = [entry(curated, kind, row["id"]) for row in listed]

    with undone(copy) as connection:
        before = dump(connection)
        records = [record(kind, values) for kind, listed in plain.items() for values in listed]
        by_hand = after(connection, lambda: put_all(connection, records))
        imported = after(connection, lambda: brought(connection, sent))

    assert by_hand != before
    assert imported == by_hand


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_what_was_changed_is_in_the_history(
    address: Settings, bundle: bytes, tmp_path: Path
) -> None:
    row = line_of(bundle, "partner", "r-chop") | {"note": "By import."}
    added = line_of(bundle, "evidence", "robust-pfs") | {"id": "again-robust-pfs"}
    with TestClient(create_app(address)) as client:
        before = client.get(PARTNER).json()

        words = ["--reason", "A better note."]
        file = stored_as(tmp_path, lines(("partner", row), ("evidence", added)))
        assert main(["import", file, *words]) == 0

        now = client.get("/v1/partners/r-chop").json()
        step = client.get("/v1/partners/r-chop/history").json()["items"][0]
        then = client.get("/v1/evidence/again-robust-pfs?as_of=2999-01-01").json()
        assert (now["note"], now["version"]) == ("By import.", 2)
        assert (step["by"], step["reason"], step["action"]) == (
            "import",
            "A better note.",
            "changed",
        )
        assert (step["before"]["note"], step["after"]["note"]) == (None, "By import.")
        assert then == client.get("/v1/evidence/again-robust-pfs").json()
        assert client.get(PARTNER).json() == before
    assert main(["doctor"]) == 0


@pytest.mark.slow
def test_a_row_is_shown_as_it_was_after_an_import(
    address: Settings, bundle: bytes, tmp_path: Path
) -> None:
    with curating(address) as curator:
        assert curator.ask("PATCH", "/v1/partners/r-chop", {"note": "First."}).status_code == 200
        row = line_of(bundle, "partner", "r-chop") | {"note": "Second."}
        assert main(["import", stored_as(tmp_path, lines(("partner", row)))]) == 0
        assert curator.ask("PATCH", "/v1/partners/r-chop", {"note": "Third."}).status_code == 200

        moments = [step["at"] for step in history(address)]
        shown = [
            curator.client.get(f"/v1/partners/r-chop?as_of={at}").json()["note"] for at in moments
        ]

    assert shown == ["First.", "Second.", "Third."]


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_many_rows_that_change_are_as_if_written_one_by_one(copy: Settings) -> None:
    claims = documents()["evidence"][:250]
    for one in claims:
        one["note"] = f"{one.get('note') or 'Noted.'} Read again."

    with undone(copy) as connection:
        by_hand = after(
            connection, lambda: put_all(connection, [record("evidence", one) for one in claims])
        )
        sent = lines(*(("evidence", one) for one in claims))
        imported = after(connection, lambda: brought(connection, sent))

    assert imported == by_hand


FAULTS = (
    (b'{"type":"dataset","row":{"version":1}}', "version: is not a text"),
    (b"\xff", "is not valid UTF-8"),
    (b'{"type":"partner"', "is not valid JSON: see column 18"),
    (b'{"type":"partner","row":{"id":1,"id":2}}', "is not valid JSON: a number or a repeated key"),
    (b"[" * 40 + b"]" * 40, "is nested too deeply"),
    (b"[" * 1_000_001, "is longer than 1,000,000 bytes"),
    (b"[]", "is not a mapping of `type` and `row` alone"),
    (b'{"type":"partner","row":[]}', "row: is an empty list, expected a mapping"),
    (b'{"type":"partners","row":{}}', "type: is 'partners', expected a type; nearest: 'partner'"),
    (b'{"type":{},"row":{}}', "type: is '{}', expected a type"),
    (b'{"type":"dataset","row":{}}', "type: is 'dataset', which belongs on the first line"),
    (b'{"type":"partner","row":{"id":""}}', "id: is '', expected a text of up to"),
    (b'{"type":"partner","row":{}}', "id: is empty, expected a text of up to"),
    (b'{"type":"partner","row":{"id":"a\\ud800"}}', "is not valid JSON: it contains half a"),
    (b'{"type":"partner","row":{"id":"a\\u0000"}}', r"id: is 'a\x00', expected a text without"),
    (
        b'{"type":"partner","row":{"id":"y","computed":true}}',
        "partners.yaml: y: 'computed': is not a field here",
    ),
    (b'{"type":"mechanism","row":{"id":"x"}}', "mechanisms.yaml: x: name: is missing"),
    (
        b'{"type":"conflict","row":{"id":"computed-x"}}',
        "conflicts.yaml: computed-x: id: begins with computed-",
    ),
    (b"[]" + b" " * 999_998 + b"\r", "is not a mapping of `type` and `row` alone"),
)
WHOLE = (
    (b'{"type":"dataset","row":{"about":[]}}', "line 1: about: is not as `/v1/dataset` gives it"),
    (
        b'{"type":"dataset","row":{"about":{"scope":[""]}}}',
        "line 1: about.scope.0: is not as `/v1/dataset` gives it",
    ),
    (b"", "the bundle holds no rows"),
    (
        b'{"type":"dataset","row":{"version":"2031.01"}}',
        "line 1: version: is '2031.01', expected 2026.12, the release that the database holds",
    ),
)


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_every_fault_is_told_with_its_line(
    address: Settings, tmp_path: Path, capsys: Capture
) -> None:
    sent = b"".join(line + b"\n" for line, _ in FAULTS)
    assert main(["import", stored_as(tmp_path, sent)]) == 1
    told = capsys.readouterr().err.splitlines()
    for number, (_, expected) in enumerate(FAULTS, 1):
        assert any(one.startswith(f"line {number}: {expected}") for one in told), expected
    for bundle, expected in WHOLE:
        assert expected in str(faults_of(address, bundle))
    assert history(address) == []


def faults_of(copy: Settings, sent: bytes) -> list[str]:
    with undone(copy) as connection, pytest.raises(FaultyImport) as refused:
        brought(connection, sent)
    return [str(one) for one in refused.value.found]


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_rows_are_judged_with_all_others(copy: Settings, bundle: bytes) -> None:
    claim = line_of(bundle, "evidence", "robust-pfs")
    edge = line_of(bundle, "edge", "adcc-increases-tumour-cell-death-in-tumour-b-cell")
    entity = line_of(bundle, "entity", "rituximab")
    found = faults_of(
        copy,
        lines(
            ("evidence", claim),
            ("evidence", claim | {"reference": "nowhere", "cell": "nowhere"}),
            ("edge", edge | {"evidence": ["wu-adcc-nk", "robust-pfs", "nowhere"]}),
            ("evidence", claim | {"id": "other", "reference": "nowhere-2000"}),
            ("entity", entity | {"xrefs": ["CHEBI:63791"]}),
        ),
    )

    assert (
        "line 2: evidence.yaml: robust-pfs: id: 'robust-pfs' is already the id of line 1" in found
    )
    assert any(one.startswith("line 3: ") and "evidence 3: is 'nowhere'" in one for one in found)
    assert any(
        one.startswith("line 4: ") and "reference: is 'nowhere-2000'" in one for one in found
    )
    assert any("also appears in lenalidomide" in one for one in found)


@pytest.mark.aside
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize(("other", "first"), [("aaa", "aaa"), ("zzz", "augment-pfs")])
def test_the_first_claim_that_needs_a_reference_is_named(
    copy: Settings, bundle: bytes, other: str, first: str
) -> None:
    """Whether it is in the bundle or in the database."""
    claim = line_of(bundle, "evidence", "augment-pfs") | {"id": other}
    trial = line_of(bundle, "trial", "augment")
    trial["references"] = [one for one in trial["references"] if one != claim["reference"]]
    lacks = f"lacks '{claim['reference']['id']}'"

    every = faults_of(copy, lines(("evidence", claim), ("trial", trial)))
    (found,) = (one for one in every if lacks in one)

    assert found.endswith(f"the reference of the evidence row {first}")


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_all_references_that_a_trial_lacks_are_one_fault(copy: Settings, bundle: bytes) -> None:
    claim, trial = line_of(bundle, "evidence", "augment-pfs"), line_of(bundle, "trial", "augment")
    others = [one["id"] for one in documents()["references"][1:15]]
    rows = [claim | {"id": f"aaa-{at:02}", "reference": one} for at, one in enumerate(others)]
    sent = lines(*(("evidence", row) for row in rows), ("trial", trial | {"references": []}))

    (found,) = (one for one in faults_of(copy, sent) if ": references: lacks" in one)

    first, *next_ones = others
    assert f"lacks '{first}', the reference of the evidence row aaa-00; other rows need" in found
    assert all(f"'{one}'" in found for one in next_ones[:10])
    assert found.endswith(" more")


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_rows_that_rest_on_others_must_still_hold(copy: Settings, bundle: bytes) -> None:
    entity = line_of(bundle, "entity", "rituximab") | {"synonyms": ["Another"]}
    term = line_of(bundle, "entity", "thalidomide") | {"figure1_term": "NK"}

    assert "partners.yaml: rituximab: synonyms: differs from the entity rituximab" in str(
        faults_of(copy, lines(("entity", entity)))
    )
    assert "the database refuses this" in str(faults_of(copy, lines(("entity", term))))


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("address")
def test_the_first_thousand_faults_are_told_and_all_are_counted(
    tmp_path: Path, capsys: Capture
) -> None:
    assert main(["import", stored_as(tmp_path, b"[]\n" * 1_234)]) == 1

    *told, last = capsys.readouterr().err.splitlines()
    assert last == "import failed: 1,234 faults in the bundle; nothing was changed"
    assert len(told) == 1_000


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_only_faults_that_are_told_are_put_into_words(copy: Settings, bundle: bytes) -> None:
    conflict = line_of(bundle, "conflict", "tnf-direction")
    conflict["sides"][0]["evidence"] += [f"no-claim-{number}" for number in range(1_234)]
    partner = line_of(bundle, "partner", "r-chop")
    compared: list[str] = []

    def note(_: object, __: object, statement: str, values: Row, *___: object) -> None:
        if MOST_LIKENED in values.values():
            compared.append(statement)

    def refused(*sent: tuple[str, dict[str, Any]]) -> FaultyImport:
        compared.clear()
        with undone(copy) as connection:
            event.listen(connection, "before_cursor_execute", note)
            with pytest.raises(FaultyImport) as found:
                brought(connection, lines(*sent))
        assert len(found.value.found) == 1_000
        return found.value

    assert (refused(("conflict", conflict)).total, len(compared)) == (1_234, 1_000)

    doubled = refused(("conflict", conflict), *(("partner", partner) for _ in range(1_003)))
    assert (doubled.total, len(compared)) == (1_234 + 1_002, 0)
    assert str(doubled.found[-1]) == (
        "line 1002: partners.yaml: r-chop: id: 'r-chop' is already the id of line 2"
    )


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_the_lines_of_a_batch_are_found_by_their_numbers(copy: Settings, bundle: bytes) -> None:
    """By the index of types, each of thousands of batches would read all lines of a type."""
    some = "EXPLAIN QUERY PLAN SELECT * FROM import_line WHERE type = ? AND line > ? AND line <= ?"
    with undone(copy) as connection:
        set_up(connection)
        faults = Faults(lambda _: ())
        Checking(connection, faults, quietly, unhindered).read(io.BytesIO(bundle))

        (plan,) = connection.exec_driver_sql(some, ("evidence", 250, 500))

    assert "INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in str(plan)


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_an_unknown_id_is_compared_with_some_of_the_claims(copy: Settings) -> None:
    with undone(copy) as connection:
        set_up(connection)
        ids = Merged(connection, {}).choices(Names("evidence"))

        assert len(ids) == len([*ids]) <= MOST_LIKENED
        assert next(iter(ids)) in ids
        assert "no-claim" not in ids


def test_what_a_faulty_line_holds_is_looked_up_once() -> None:
    codes = [f"no\\code'{number}" for number in range(300)]
    alias = "a" * 200
    row = {"id": "crbn", "aliases": [alias], "xrefs": codes}
    asked: list[Collection[str]] = []

    def known(texts: Collection[str]) -> Collection[str]:
        asked.append(texts)
        return ()

    faults = Faults(known)
    wrong = Record("entities.yaml", "crbn", "", row)
    found = [wrong.fault("xrefs", f"is {shown(one)}") for one in (*codes, alias)]
    faults.add_all(1, found * 4, row)
    faults.add_all(2, found, row)

    assert (faults.total, len(faults.found)) == (1_505, 1_000)
    (once,) = asked
    assert {*once} == {*codes, alias}, "quoted or cut short, they are found"


@pytest.mark.slow
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("address")
def test_what_goes_and_what_comes_again_is_told(
    bundle: bytes, tmp_path: Path, capsys: Capture
) -> None:
    def shorten(trial: dict[str, Any]) -> None:
        del trial["outcomes"][-1]

    whole = line_of(bundle, "trial", "a051103")
    short = changed(bundle, "trial", "a051103", shorten)
    total = len(short["outcomes"])

    assert main(["import", stored_as(tmp_path, lines(("trial", short)))]) == 0
    kept = f"{total} rows: 0 added, 0 changed, {total} as they were, 1 removed"
    assert kept in capsys.readouterr().err
    assert main(["import", stored_as(tmp_path, lines(("trial", whole)))]) == 0
    back = f"{total + 1} rows: 1 added, 0 changed, {total} as they were, 0 removed"
    assert back in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_removed_row_that_is_imported_is_a_later_version(
    address: Settings, bundle: bytes, tmp_path: Path
) -> None:
    place, row = "/v1/references/arora-2016", line_of(bundle, "reference", "arora-2016")
    with curating(address) as curator:
        assert curator.ask("PATCH", place, {"title": "By key"}).json()["version"] == 2
        assert curator.ask("DELETE", place).status_code == 204
        assert main(["import", stored_as(tmp_path, lines(("reference", row)))]) == 0
        assert curator.client.get(place).json()["version"] == 3
    assert bundle_from(address) == bundle


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_dry_run_changes_nothing(
    address: Settings, bundle: bytes, tmp_path: Path, capsys: Capture
) -> None:
    row = line_of(bundle, "partner", "r-chop") | {"note": "By import."}

    assert main(["import", "--dry-run", stored_as(tmp_path, lines(("partner", row)))]) == 0

    told = capsys.readouterr().err
    assert "1 row: 0 added, 1 changed, 0 as they were" in told
    assert "dry run: nothing was changed" in told
    assert bundle_from(address) == bundle


@pytest.mark.slow
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_what_is_said_of_the_dataset_is_imported_too(copy: Settings, bundle: bytes) -> None:
    first = json.loads(bundle.splitlines()[0])
    first["row"]["about"]["scope"] = ["Another scope."]
    row = line_of(bundle, "partner", "r-chop")
    with undone(copy) as connection:
        for sent in (row, row | {"note": "With it."}, row | {"note": "With it."}):
            _, before = read_dataset(connection)
            brought(connection, written([first]) + lines(("partner", sent)))
            _, revision = read_dataset(connection)
            assert "Another scope." in str(read_about(connection))
            assert revision - before in (0, 1)
        assert revision == before


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("address")
def test_marks_and_ends_of_lines_of_other_systems_are_read(
    bundle: bytes, tmp_path: Path, capsys: Capture
) -> None:
    row = {"type": "partner", "row": line_of(bundle, "partner", "r-chop")}
    text = "\ufeff" + json.dumps(row) + "\r\n\r\n"

    assert main(["import", stored_as(tmp_path, text.encode())]) == 0
    assert "1 row: 0 added, 0 changed, 1 as they were" in capsys.readouterr().err


@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("address")
def test_a_file_that_is_not_there(tmp_path: Path, capsys: Capture) -> None:
    missing = tmp_path / "missing.ndjson"
    assert main(["import", str(missing)]) == 1
    line = f"import failed: {missing} cannot be read: No such file or directory\n"
    assert capsys.readouterr().err == line


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("new", SQLITE_FIRST, indirect=True)
def test_lines_may_stand_in_any_order(new: New, bundle: bytes) -> None:
    settings = Settings(database_url=new())
    startup.migrate(settings, print)
    first, *others = bundle.splitlines(keepends=True)
    turned = first + b"".join(reversed(others))

    with closing(Database(settings)) as db, db.load() as connection:
        brought(connection, turned)

    assert bundle_from(settings) == bundle


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_while_rows_are_brought_in_others_read_and_wait_with_changes(
    copy: Settings, bundle: bytes, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    first, *others = bundle.splitlines(keepends=True)
    impatient = copy.model_copy(update={"wait_seconds": 0.1})
    row = line_of(bundle, "partner", "r-chop") | {"note": "By import."}
    with curating(impatient) as curator, Program(copy.database_url, "import", str(pipe)) as program:
        with pipe.open("wb") as to:
            to.write(first + b"".join(one for one in others if b'"partner"' not in one[:20]))
            to.flush()
            program.read("1,000 rows read")

            refused = curator.ask("PATCH", PARTNER, {"note": "Meanwhile."})
            during = curator.client.get("/v1/partners/r-chop")
            to.write(lines(("partner", row)))
        assert program.end() == 0
        after_it = curator.client.get("/v1/partners/r-chop")

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert (during.status_code, during.json()["note"]) == (200, None)
    assert after_it.json()["note"] == "By import."


@pytest.mark.aside
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_large_rows_are_put_aside_before_they_fill_the_memory(copy: Settings) -> None:
    rows = [{"id": f"row-{number}", "note": "a" * 900_000} for number in range(20)]
    sent = lines(*(("partner", row) for row in rows))
    batches: list[int] = []
    with closing(Database(copy)) as db, pytest.raises(FaultyImport), db.change_many() as connection:
        bring_in(connection, io.BytesIO(sent), HAND, go_on=lambda: batches.append(1))

    # Read in three and checked in three, none of more than 8 MB and a line.
    assert len(batches) == 6


@pytest.mark.full
@pytest.mark.parametrize("stage", ["1,000 rows read", "moving what differs"])
def test_an_import_that_is_killed_is_whole_or_nothing(
    copy: Settings, bundle: bytes, tmp_path: Path, stage: str
) -> None:
    row = line_of(bundle, "partner", "r-chop") | {"note": "By import."}
    others = [line for line in bundle.splitlines(keepends=True) if b'"id":"r-chop"' not in line]
    file = stored_as(tmp_path, b"".join(others) + lines(("partner", row)))
    with Program(copy.database_url, "import", file) as program:
        assert stage in program.read(stage)
        program.process.kill()

    with TestClient(create_app(copy)) as client:
        found = client.get("/v1/partners/r-chop").json()["note"]
    steps = [step["after"] for step in history(copy)]
    assert (found, len(steps)) in ((None, 0), ("By import.", 1))
    with Program(copy.database_url, "import", file) as program:
        assert program.end() == 0
    assert len(history(copy)) == 1
