"""A poll for changes lists each once, in the order in which they were made."""

import csv
import io
import json
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.__main__ import main
from app.db import Database
from app.db.revision import lock, revise
from app.main import create_app
from app.settings import Settings
from app.write.history import Edit, Hand, note
from seed import DATA, RELEASE
from tests import limits
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, curating
from tests.test_settling import rewrite
from tests.test_writes import NEW, PARTNER
from tests.writing import documents, entry

sqlite_first = pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
ADDRESS = "/v1/changes"
ADDED = "/v1/partners/a-new-one"


@pytest.fixture
def curator(copy: Settings) -> Iterator[Curator]:
    with curating(copy) as found:
        yield found


def told(curator: Curator, query: str = "") -> Any:
    answer = curator.client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_before_the_first_change_the_list_says_so(curator: Curator) -> None:
    first = told(curator)

    assert (first["items"], first["total"], first["next"]) == ([], 0, None)
    assert "since the files were first loaded" in first["why"]["reason"]
    assert first["revision"] == curator.client.get("/v1/dataset").json()["revision"]


@pytest.mark.slow
@sqlite_first
@pytest.mark.parametrize("query", ["?since=1", "?type=partners", "?since=0&type=edges"])
def test_where_nothing_has_changed_no_filter_is_blamed(curator: Curator, query: str) -> None:
    why = told(curator, query)["why"]

    assert why["by"] == []
    assert why["reason"] == "No row has changed since the files were first loaded."


def test_every_change_is_told_once_and_in_order(curator: Curator) -> None:
    start = told(curator)["revision"]
    curator.ask("POST", "/v1/partners?reason=New", NEW)
    curator.ask("PATCH", PARTNER, {"note": "x"})
    curator.ask("DELETE", ADDED)

    found = told(curator, f"?since={start}")

    assert [(one["action"], one["id"]) for one in found["items"]] == [
        ("added", "a-new-one"),
        ("changed", "rituximab"),
        ("removed", "a-new-one"),
    ]
    added, changed, removed = found["items"]
    assert (added["by"], added["reason"], added["before"]) == ("curator", "New", None)
    assert added["after"]["id"] == removed["before"]["id"] == "a-new-one"
    assert changed["before"] == entry(documents(), "partners", "rituximab")
    assert (changed["type"], changed["address"]) == ("partners", PARTNER)
    assert (changed["after"]["note"], removed["after"]) == ("x", None)
    assert [one["number"] for one in found["items"]] == [1, 2, 3]
    first, *_, last = (one["revision"] for one in found["items"])
    assert start < first < last == found["revision"]
    for since in ("", f"?since={RELEASE}"):
        assert told(curator, since)["items"] == found["items"]
    assert [one["number"] for one in told(curator, f"?since={first}")["items"]] == [2, 3]
    quiet = told(curator, f"?since={last}")
    assert (quiet["items"], quiet["revision"]) == ([], last)
    assert quiet["why"]["by"] == [{"filter": "since", "total": 3}]
    assert quiet["why"]["reason"] == "No row passes this filter; without `since` there are 3."
    both = told(curator, f"?since={last}&type=edges")["why"]
    assert (both["by"], "only together" in both["reason"]) == ([], True)


@sqlite_first
def test_changes_come_in_pages_and_files(curator: Curator) -> None:
    for number in range(5):
        curator.ask("PATCH", PARTNER, {"note": f'=a "{number}"\u2028'})
    whole = told(curator)["items"]

    first = told(curator, "?limit=2")
    assert first["revision"] is None
    assert first["total"] == first["total_at_least"] == 5
    pages = [first]
    while pages[-1]["next"]:
        pages.append(told(curator, pages[-1]["next"].removeprefix(ADDRESS)))
    assert [one for page in pages for one in page["items"]] == whole
    assert pages[-1]["revision"]

    lines = curator.client.get(f"{ADDRESS}?format=ndjson")
    assert [json.loads(line) for line in lines.text.splitlines()] == whole
    assert lines.headers["content-type"] == "application/x-ndjson"
    some = curator.client.get(f"{ADDRESS}?format=ndjson&limit=2")
    assert [json.loads(line) for line in some.text.splitlines()] == whole[:2]
    following = re.match('<([^>]+)>; rel="next"', some.headers["link"])
    assert following
    rest = curator.client.get(following[1])
    assert [json.loads(line) for line in rest.text.splitlines()] == whole[2:4]
    table = curator.client.get(f"{ADDRESS}?format=csv&bom=true").text
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert table.startswith("\ufeff")
    assert [json.loads(one["after"]) for one in rows] == [one["after"] for one in whole]
    assert rows[0]["type"] == "partners"


@pytest.mark.aside
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)  # the tag knows no database
def test_a_file_with_other_addresses_has_another_tag(curator: Curator, copy: Settings) -> None:
    curator.ask("PATCH", PARTNER, {"note": "x"})
    for form in ("csv", "ndjson"):
        known = curator.client.get(f"{ADDRESS}?format={form}").headers["etag"]
        for prefix, status in (("", 304), ("/moa", 200)):
            there = copy.model_copy(update={"root_path": prefix})
            with TestClient(create_app(there)) as client:
                asked = {"If-None-Match": known}
                answer = client.get(f"{ADDRESS}?format={form}", headers=asked)
            assert answer.status_code == status
            assert (f"/moa{PARTNER}" in answer.text) == bool(prefix)


@sqlite_first
def test_a_cursor_of_changes_goes_with_its_question(curator: Curator) -> None:
    for number in range(3):
        curator.ask("PATCH", PARTNER, {"note": f"n{number}"})
    other = told(curator, "?limit=2")["next"].replace("limit=2", "limit=2&type=partners")

    for wrong in (other, f"{ADDRESS}?cursor=x", f"{ADDRESS}?type=outcomes", f"{ADDRESS}?sort=x"):
        assert curator.client.get(wrong).status_code == 422, wrong


@pytest.mark.slow
@pytest.mark.covering
@sqlite_first
def test_a_file_of_changes_ends_where_they_ended_when_it_began(
    curator: Curator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.listing.ROWS_AT_ONCE", 2)
    for number in range(5):
        curator.ask("PATCH", PARTNER, {"note": f"n{number}"})

    lines = curator.client.get(f"{ADDRESS}?format=ndjson").text.splitlines()

    assert [json.loads(line)["after"]["note"] for line in lines] == [f"n{n}" for n in range(5)]


@sqlite_first
def test_changes_are_chosen_by_type_and_action(curator: Curator) -> None:
    curator.ask("POST", "/v1/partners", NEW)
    curator.ask("PATCH", PARTNER, {"note": "x"})
    start = told(curator)["revision"]
    curator.ask("PATCH", "/v1/mechanisms/adcc-enhancement", {"note": "x"})

    def ids(query: str) -> list[str]:
        return [one["id"] for one in told(curator, query)["items"]]

    assert ids("?type=partners") == ["a-new-one", "rituximab"]
    assert ids("?type=partners&type=mechanisms&action=changed") == ["rituximab", "adcc-enhancement"]
    none = told(curator, f"?type=partners&since={start}")
    assert none["items"] == []
    assert none["why"]["by"] == [{"filter": "since", "total": 2}, {"filter": "type", "total": 1}]


@sqlite_first
def test_what_these_data_have_not_been_is_told(curator: Curator) -> None:
    client = curator.client
    ahead = told(curator, "?since=999999")
    assert ahead["items"] == []
    assert "earlier copy" in ahead["why"]["reason"]
    # A year is no release.
    assert "whole name, such as 2026.12." in told(curator, "?since=2026")["why"]["reason"]
    assert ahead["revision"] < 999999

    for wrong in ("2026.13", "1" * 16, "x"):
        refused = client.get(f"{ADDRESS}?since={wrong}")
        assert refused.status_code == 422
        (fault,) = refused.json()["faults"]
        assert fault["parameter"] == "since"
        assert "neither a revision nor a release" in fault["message"]
    assert client.get(f"{ADDRESS}?since=2026.13").json()["faults"][0]["nearest"] == [RELEASE]
    assert client.get(f"{ADDRESS}?since=").status_code == 422


def test_a_poll_misses_no_change_that_is_committed_later(copy: Settings) -> None:
    """While one writer has not committed, no other gets a number or a revision before it."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with closing(Database(copy)) as db, db.change() as connection:
            _note(connection, "slow")
            begun.set()
            assert go_on.wait(limits.SECONDS)

    def fast() -> None:
        assert begun.wait(limits.SECONDS)
        with closing(Database(copy)) as db, db.change() as connection:
            _note(connection, "fast")

    with curating(copy) as curator, ThreadPoolExecutor(2) as pool:
        running = [pool.submit(slow), pool.submit(fast)]
        assert begun.wait(limits.SECONDS)
        meanwhile = told(curator)
        go_on.set()
        for one in running:
            one.result(limits.SECONDS)
        after = told(curator, f"?since={meanwhile['revision']}")

    assert meanwhile["items"] == []
    assert [one["by"] for one in after["items"]] == ["slow", "fast"]
    assert len({one["revision"] for one in after["items"]}) == 2


def _note(connection: Any, name: str) -> None:
    """Change a row as a writer does."""
    lock(connection)
    revise(connection)
    note(connection, Edit("partners", "rituximab", 1, {}, {}, None, None), Hand(name))


@pytest.mark.slow
@sqlite_first
def test_a_load_of_the_files_is_told_too(
    curator: Curator, copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    gone = "arora-2016"
    rewrite(folder / "references.yaml", gone, ".*", "")
    rewrite(folder / "partners.yaml", "r-chop", r"^  name: [^\n]*$", "  name: By file")
    before = curator.client.get("/v1/partners/r-chop")
    start = told(curator)["revision"]

    assert main(["seed", "--folder", str(folder)]) == 0

    found = told(curator, f"?since={start}")["items"]
    assert {(one["action"], one["type"], one["id"], one["by"]) for one in found} == {
        ("changed", "partners", "r-chop", "seed"),
        ("removed", "references", gone, "seed"),
    }
    changed = next(one for one in found if one["action"] == "changed")
    assert changed["after"]["name"] == "By file"
    then = curator.client.get(f"/v1/partners/r-chop?as_of={changed['at']}").json()
    assert then["name"] == "By file"
    assert before.json()["name"] != "By file"
    assert curator.client.get(f"/v1/references/{gone}").status_code == 410
    assert main(["seed"]) == 0
    again = told(curator, f"?since={start}")["items"]
    assert [one["action"] for one in again if one["id"] == gone] == ["removed", "added"]
    assert curator.client.get(f"/v1/references/{gone}").status_code == 200
    assert main(["doctor"]) == 0


# --- removed rows ------------------------------------------------------------------------------


def test_a_removed_row_is_gone_and_leads_to_the_one_in_its_place(curator: Curator) -> None:
    client = curator.client
    for row_id in ("a-new-one", "another-one"):
        curator.ask("POST", "/v1/partners", NEW | {"id": row_id})
    gone = curator.ask("DELETE", f"{ADDED}?reason=Twice+<b>&successor=another-one")
    assert gone.status_code == 204, gone.text

    answer = client.get(ADDED)
    document = answer.json()

    assert answer.status_code == document["status"] == 410
    assert document["type"] == "/problems/gone"
    assert client.get(document["type"]).json()["status"] == 410
    assert document["successor"] == "/v1/partners/another-one"
    assert answer.headers["link"] == '</v1/partners/another-one>; rel="successor-version"'
    assert "Twice <b>" in document["detail"]
    assert client.get(f"{ADDED}/history").json()["items"][0]["successor"] == "another-one"
    for below in ("/evidence", "/rationale"):
        assert client.get(ADDED + below).status_code == 410, below
    assert client.head(ADDED).status_code == 410
    assert curator.ask("PATCH", ADDED, {"note": "x"}, If_Match="*").status_code == 410
    is_told_on_a_page(client.get("/partners/a-new-one", headers={"Accept": "text/html"}))

    curator.ask("DELETE", "/v1/partners/another-one?successor=rituximab")
    assert client.get(ADDED).json()["successor"] == PARTNER
    curator.ask("POST", "/v1/partners", NEW)
    assert client.get(ADDED).status_code == 200


def is_told_on_a_page(page: Any) -> None:
    assert page.status_code == 410
    for shown in ('href="/partners/another-one"', "It was replaced by", "Twice &lt;b&gt;.</p>"):
        assert shown in page.text
    assert page.headers["link"] == '</partners/another-one>; rel="successor-version"'
    assert f'href="{ADDED}/history"' in page.text
    assert "`" not in page.text
    assert "that was here" not in page.text.partition("<body>")[2]


@sqlite_first
def test_only_a_row_that_there_is_takes_the_place_of_another(curator: Curator) -> None:
    curator.ask("POST", "/v1/partners", NEW)
    for wrong in ("a-new-one", "nobody"):
        refused = curator.ask("DELETE", f"{ADDED}?successor={wrong}")
        assert refused.status_code == 422
        assert refused.json()["faults"][0]["parameter"] == "successor"
    assert curator.client.get(ADDED).status_code == 200


@sqlite_first
def test_a_removed_row_without_a_successor_says_so(curator: Curator) -> None:
    curator.ask("POST", "/v1/partners", NEW)
    curator.ask("DELETE", ADDED)

    answer = curator.client.get(ADDED)

    assert answer.status_code == 410
    assert answer.json()["successor"] is None
    assert answer.json()["detail"].endswith(".")
    assert "link" not in answer.headers
    page = curator.client.get("/partners/a-new-one", headers={"Accept": "text/html"})
    assert "taken by" not in page.text
    assert curator.client.get("/v1/partners/never").status_code == 404
    assert curator.client.get("/v1/evidence?partner=a-new-one").status_code == 422


@sqlite_first
def test_a_row_without_a_page_is_gone_from_the_page_that_names_it(curator: Curator) -> None:
    claim = entry(documents(), "evidence", "chiu-adcc-crbn")
    for row_id in ("gone-claim", "other-claim"):
        added = curator.ask("POST", "/v1/evidence", claim | {"id": row_id})
        assert added.status_code == 201, added.text
    curator.ask("DELETE", "/v1/evidence/gone-claim?successor=other-claim")

    page = curator.client.get("/about?claim=gone-claim", headers={"Accept": "text/html"})

    assert page.status_code == 410
    assert 'href="/v1/evidence/other-claim"' in page.text
    assert page.headers["link"] == '</v1/evidence/other-claim>; rel="successor-version"'
    assert "/history" not in page.text


@sqlite_first
def test_rows_that_took_the_place_of_one_another_lead_nowhere(curator: Curator) -> None:
    curator.ask("POST", "/v1/partners", NEW)
    curator.ask("POST", "/v1/partners", NEW | {"id": "another-one"})
    curator.ask("DELETE", f"{ADDED}?successor=another-one")
    curator.ask("POST", "/v1/partners", NEW)
    curator.ask("DELETE", "/v1/partners/another-one?successor=a-new-one")
    curator.ask("DELETE", ADDED)

    assert curator.client.get("/v1/partners/another-one").json()["successor"] is None
