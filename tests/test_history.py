"""What was changed can be read: each change of a row, and the row as it was."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import create_engine, text

from app.__main__ import main
from app.db import Database
from app.schema.curation import moment
from app.settings import Settings
from tests.conftest import FIXED, SQLITE_FIRST
from tests.curating import Curator, curating, history, new_key
from tests.test_writes import NEW, PARTNER
from tests.writing import documents, entry

sqlite_first = pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
NEVER = "2020-01-01"
MANY = 8


@pytest.fixture
def curator(copy: Settings) -> Iterator[Curator]:
    with curating(copy) as found:
        yield found


def test_the_changes_of_a_row_are_listed_last_first(curator: Curator, copy: Settings) -> None:
    client, address = curator.client, f"{PARTNER}/history"
    assert client.get(address).json() == {"items": [], "total": 0, "next": None}
    for number in range(3):
        curator.ask("PATCH", f"{PARTNER}?reason=r{number}", {"note": f"n{number}"})

    found = client.get(address).json()

    assert found["total"] == 3
    assert [one["reason"] for one in found["items"]] == ["r2", "r1", "r0"]
    assert [one["version"] for one in found["items"]] == [4, 3, 2]
    assert found["items"][2]["before"] == entry(documents(), "partners", "rituximab")
    assert found["items"][0]["after"]["note"] == "n2"
    assert found["items"][0]["by"] == "curator"
    assert [one["at"] for one in found["items"]] == [one["at"] for one in history(copy)][::-1]

    first = client.get(f"{address}?limit=2").json()
    rest = client.get(first["next"]).json()
    assert first["items"] + rest["items"] == found["items"]
    assert rest["next"] is None
    for wrong in ("limit=0", "cursor=x", "cursor=-1", "sort=x"):
        assert client.get(f"{address}?{wrong}").status_code == 422
    assert client.get("/v1/partners/nobody/history").status_code == 404


@sqlite_first
def test_the_history_of_a_row_is_found_under_its_earlier_id(curator: Curator) -> None:
    edges = curator.client.get("/v1/edges?limit=200").json()["items"]
    edge = next(one for one in edges if one["alias"])

    answer = curator.client.get(
        f"/v1/edges/{edge['alias']}/history?limit=5", follow_redirects=False
    )

    assert answer.status_code == 308
    assert answer.headers["location"] == f"/v1/edges/{edge['id']}/history?limit=5"


def test_a_row_is_read_as_it_was(curator: Curator, copy: Settings) -> None:
    client, address = curator.client, "/v1/partners/a-new-one"
    before = moment()
    added = curator.ask("POST", "/v1/partners", NEW)
    changed = curator.ask("PATCH", address, {"note": "x"})
    assert curator.ask("DELETE", address).status_code == 204
    times = [one["at"] for one in history(copy)]

    def then(at: str) -> tuple[int, str]:
        answer = client.get(address, params={"as_of": at})
        return answer.status_code, answer.text

    assert then(times[0]) == (200, added.text)
    assert then(times[1]) == (200, changed.text)
    assert then(times[2])[0] == 404
    assert "removed" in json.loads(then(times[2])[1])["detail"]
    assert then(before)[0] == 404
    assert then(NEVER)[0] == 404
    tag = client.get(address, params={"as_of": times[0]}, headers={"Accept-Encoding": "identity"})
    assert tag.headers["etag"] == added.headers["etag"]


@sqlite_first
def test_a_row_of_the_files_is_read_as_it_was(curator: Curator, copy: Settings) -> None:
    client = curator.client
    loaded = client.get(PARTNER).text
    day = FIXED.date()
    for at in ("2026-06-01", "2026-06-01T12:00", "2026-06-01t12:00:00.5+01:00", moment()):
        assert client.get(PARTNER, params={"as_of": at}).text == loaded
    assert client.get(f"{PARTNER}?as_of=2026-06-01T12:00:00+01:00").text == loaded
    assert client.get(PARTNER, params={"as_of": day.isoformat()}).text == loaded
    assert client.get(PARTNER, params={"as_of": f"{day}T00:00"}).status_code == 404
    earlier = (day - timedelta(days=1)).isoformat()
    assert client.get(PARTNER, params={"as_of": earlier}).status_code == 404

    curator.ask("PATCH", PARTNER, {"note": "x"})

    (step,) = history(copy)
    assert client.get(PARTNER, params={"as_of": "2026-06-01"}).text == loaded
    for at in (step["at"], str(step["at"])[:10]):
        assert client.get(PARTNER, params={"as_of": at}).json()["note"] == "x"
    assert client.get("/v1/partners/nobody?as_of=2026-06-01").status_code == 404


@sqlite_first
def test_what_a_load_has_changed_is_not_told_as_what_was(curator: Curator, copy: Settings) -> None:
    with closing(Database(copy)) as db, db.write() as connection:
        connection.execute(text("UPDATE partner SET updated_at = '2026-08-01 00:00:00.000000'"))

    answer = curator.client.get(PARTNER, params={"as_of": "2026-06-01"})

    assert answer.status_code == 404
    assert "load of the files" in answer.json()["detail"]


@pytest.mark.parametrize(
    "at",
    [
        "yesterday",
        "2026-13-01",
        "1700000000",
        "2026-12-01T25:00",
        "20261201",
        "",
        "0001-01-01T00:00+01:00",
    ],
)
@pytest.mark.parametrize("client", ["sqlite"], indirect=True)
def test_what_is_no_moment_is_refused(client: object, at: str) -> None:
    answer = client.get(PARTNER, params={"as_of": at})  # type: ignore[attr-defined]

    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert fault["message"] == "must be a date or a time such as 2026-12-01T12:00:00Z"


@pytest.mark.slow
@pytest.mark.covering
@sqlite_first
def test_the_history_leads_to_the_rows_that_there_are(
    curator: Curator,
    copy: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    curator.ask("PATCH", PARTNER, {"note": "x"})
    curator.ask("POST", "/v1/partners", NEW)
    curator.ask("DELETE", "/v1/partners/a-new-one")
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    engine = create_engine(copy.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE partner SET in_review = NOT in_review"))
    engine.dispose()

    assert main(["doctor"]) == 1

    told = capsys.readouterr().err
    assert "changed without a trace in their history: partners/rituximab" in told


# --- sent again --------------------------------------------------------------------------------


def test_a_change_that_is_sent_again_is_made_once(curator: Curator, copy: Settings) -> None:
    address, once = "/v1/partners/a-new-one", {"Idempotency_Key": "one"}
    first = curator.ask("POST", "/v1/partners", NEW, **once)
    assert first.status_code == 201, first.text
    again = curator.ask("POST", "/v1/partners", NEW, **once)
    assert (again.status_code, again.text) == (201, first.text)
    for name in ("location", "etag"):
        assert again.headers[name] == first.headers[name]

    tag = {"If_Match": first.headers["etag"]}
    patched = [
        curator.ask("PATCH", address, {"note": "x"}, Idempotency_Key="two", **tag) for _ in range(2)
    ]
    assert {one.status_code for one in patched} == {200}
    assert patched[0].text == patched[1].text
    gone = [curator.ask("DELETE", address, Idempotency_Key="three", If_Match="*") for _ in range(2)]
    assert [one.status_code for one in gone] == [204, 204]
    assert [one["action"] for one in history(copy)] == ["added", "changed", "removed"]

    other = curator.ask("POST", "/v1/partners", NEW | {"note": "other"}, **once)
    assert (other.status_code, "Idempotency-Key" in other.json()["detail"]) == (409, True)


@pytest.mark.slow
def test_a_change_that_is_sent_many_times_at_once_is_made_once(
    curator: Curator, copy: Settings
) -> None:
    def ask(number: int) -> Response:
        body = NEW | {"note": "other" if number == MANY else None}
        return curator.ask("POST", "/v1/partners", body, Idempotency_Key="one")

    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(ask, range(MANY)))
    other, of_another = ask(MANY), Curator(curator.client, new_key(copy, "another"))
    taken = of_another.ask("POST", "/v1/partners", NEW, Idempotency_Key="one")
    otherwise = curator.ask("PUT", PARTNER, NEW, Idempotency_Key="one", If_Match="*")

    assert {one.status_code for one in answers} == {201}
    assert len({one.text for one in answers}) == 1
    # A key of another owner is another key: what it asks for is not what the first was answered.
    assert [one.status_code for one in (other, taken, otherwise)] == [409, 409, 409]
    assert "already exists" in taken.json()["detail"]
    assert len(history(copy)) == 1


@sqlite_first
def test_a_refused_change_may_be_sent_again(curator: Curator, copy: Settings) -> None:
    key = {"Idempotency_Key": "again"}
    assert curator.ask("POST", "/v1/partners", NEW | {"kind": "x"}, **key).status_code == 422
    assert curator.ask("POST", "/v1/partners", NEW, **key).status_code == 201
    for wrong in ("x" * 256, "a b"):
        answer = curator.ask("POST", "/v1/partners", NEW, Idempotency_Key=wrong)
        assert answer.status_code == 400

    with closing(Database(copy)) as db, db.write() as connection:
        connection.execute(text("UPDATE kept_answer SET at = '2020'"))
    assert curator.ask("PATCH", PARTNER, {"note": "x"}, Idempotency_Key="new").status_code == 200
    assert curator.ask("POST", "/v1/partners", NEW, **key).status_code == 409
