"""Changes are proposed, shown with their differences, and made when another key accepts them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from app.__main__ import main
from app.db import Database
from app.main import create_app
from app.schema.values import MAX_WHOLE
from app.settings import Settings
from app.write.rows import KINDS
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, history, new_key
from tests.looking import some
from tests.proposing import COMMENT, WHY, People, proposing
from tests.test_write_store import TEMPLATES
from tests.test_writes import NEW, PARTNER

sqlite_first = pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
Capture = pytest.CaptureFixture[str]
DECISIONS = ("accept", "reject")
TEXT = "«As proposed» — ἀ \U0001d6fc <b>"
CLAIM = "/v1/evidence/lu-degrades-ikzf1"
NEW_ROW = "/v1/partners/a-new-one"
NO_NUMBER = "must be a whole number, such as 7"
DECIDED = {"decided_by", "decided_at", "comment"}


@pytest.fixture
def people(copy: Settings) -> Iterator[People]:
    with proposing(copy) as found:
        yield found


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_key_has_only_so_many_open_proposals(copy: Settings) -> None:
    with proposing(copy.model_copy(update={"open_proposals": 2})) as people:
        first = people.proposed("PATCH", PARTNER, {"note": "One."})
        people.proposed("PATCH", PARTNER, {"note": "Two."})
        refused = people.propose("PATCH", PARTNER, {"note": "Three."})
        assert refused.status_code == 409
        assert "has 2 open proposals" in refused.json()["detail"]
        by_another = f"{PARTNER}?propose=true&{urlencode(WHY)}"
        assert people.admin.ask("PATCH", by_another, {"note": "Mine."}).status_code == 202
        assert people.decide(first, "reject").status_code == 200
        people.proposed("PATCH", PARTNER, {"note": "Three."})


def public(client: TestClient) -> list[bytes]:
    """Answers that would show it if anything of a proposal were already there."""
    addresses = (
        *(PARTNER, "/v1/partners", "/v1/evidence?partner=rituximab", "/v1/search?q=newuximab"),
        *("/v1/dataset", "/v1/partners?format=ndjson", "/partners/rituximab"),
        *(f"{PARTNER}/history", f"{NEW_ROW}/history", NEW_ROW, "/v1/suggest?q=newux"),
        *("/v1/changes", "/sitemap.xml", "/v1/resolve?name=newuximab", "/v1/partners?q=newuximab"),
    )
    answers = [client.get(address) for address in addresses]
    return [one.headers.get("etag", "").encode() + one.content for one in answers if one.is_success]


@pytest.mark.slow
@pytest.mark.usefixtures("doctor")
def test_a_change_is_proposed_shown_and_accepted(people: People, copy: Settings) -> None:
    client = people.client
    before, all_before = client.get(PARTNER), public(client)

    answer = people.propose("PATCH", PARTNER, {"note": "Noted."})

    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    assert place == "/v1/proposals/1"
    found = client.get(place)
    assert found.json() == answer.json()
    assert found.headers["cache-control"] == answer.headers["cache-control"] == "no-store"
    told = found.json()
    assert told["differences"] == [
        {"field": "note", "before": before.json()["note"], "after": "Noted."}
    ]
    assert told["after"] == told["before"] | {"note": "Noted."}
    names = ("state", "action", "type", "id", "version", "by", *WHY)
    expected = ["open", "changed", "partners", "rituximab", 1, "Ada", *WHY.values()]
    assert [told[name] for name in names] == expected
    assert {told[name] for name in DECIDED} == {None}
    assert public(client) == all_before
    assert history(copy) == []

    accepted = people.decide(place, "accept")

    shown_as_accepted(client, told, accepted)


def shown_as_accepted(client: TestClient, told: dict[str, Any], accepted: Response) -> None:
    """The row, its history and the proposal after the decision."""
    place = f"/v1/proposals/{told['number']}"
    assert accepted.status_code == 200, accepted.text
    assert accepted.headers["content-location"] == place
    assert accepted.json() == client.get(place).json()
    changed = {name for name, value in accepted.json().items() if value != told[name]}
    assert changed == {"state", *DECIDED}
    assert accepted.json()["decided_by"] == "Ben"
    assert accepted.json()["comment"] == COMMENT["comment"]
    row = client.get(PARTNER).json()
    assert (row["note"], row["version"]) == ("Noted.", 2)
    (step,) = client.get(f"{PARTNER}/history").json()["items"]
    names = ("by", "accepted_by", "proposal", "reason", "source", "action", "version")
    assert [step[name] for name in names] == ["Ada", "Ben", 1, *WHY.values(), "changed", 2]
    assert (step["before"], step["after"]) == (told["before"], told["after"])


@pytest.mark.slow
@pytest.mark.usefixtures("doctor")
def test_a_new_row_is_proposed_and_then_its_removal(people: People, copy: Settings) -> None:
    client = people.client
    all_before = public(client)
    place = people.proposed("POST", "/v1/partners", NEW)
    told = client.get(place).json()
    assert (told["action"], told["version"], told["before"]) == ("added", None, None)
    assert told["after"] == NEW
    assert {one["field"]: one["after"] for one in told["differences"]} == {
        name: value for name, value in NEW.items() if value is not None
    }
    assert public(client) == all_before

    assert people.decide(place, "accept").status_code == 200
    assert client.get("/v1/search?q=newuximab").json()["items"][0]["id"] == "a-new-one"
    after = public(client)
    query = urlencode(WHY | {"successor": "rituximab"})
    place = people.proposer.ask("DELETE", f"{NEW_ROW}?{query}").headers["location"]
    told = client.get(place).json()
    assert (told["action"], told["version"], told["after"]) == ("removed", 1, None)
    assert told["successor"] == "rituximab"
    assert {one["field"]: one["before"] for one in told["differences"]} == {
        name: value for name, value in NEW.items() if value is not None
    }
    assert public(client) == after

    assert people.decide(place, "accept").status_code == 200
    assert client.get(NEW_ROW).status_code == 410
    assert PARTNER in client.get(NEW_ROW).text
    steps = [(one["action"], one["by"], one["accepted_by"]) for one in history(copy)]
    assert steps == [("added", "Ada", "Ben"), ("removed", "Ada", "Ben")]


@sqlite_first
def test_a_rejected_proposal_changes_nothing(people: People, copy: Settings) -> None:
    client = people.client
    all_before = public(client)
    place = people.proposed("PUT", PARTNER, client.get(PARTNER).json() | {"note": "Noted."})

    answer = people.decide(place, "reject")

    assert (answer.status_code, answer.json()["state"]) == (200, "rejected")
    assert (answer.json()["decided_by"], answer.json()["comment"]) == ("Ben", COMMENT["comment"])
    within = people.proposed("PATCH", CLAIM, {"subject": {"text": "another"}})
    (found,) = client.get(within).json()["differences"]
    assert (found["field"], found["after"]) == ("subject.text", "another")
    assert public(client) == all_before
    assert history(copy) == []


@pytest.mark.slow
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_backup_keeps_proposals(
    people: People, copy: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = people.proposed("PATCH", PARTNER, {"note": "Noted."})
    kept, restored = tmp_path / "kept.db", tmp_path / "restored.db"
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    assert main(["backup", str(kept)]) == 0
    monkeypatch.setenv("MOA_DATABASE_URL", f"sqlite:///{restored}")
    assert main(["restore", str(kept)]) == 0

    with TestClient(create_app(Settings(database_url=f"sqlite:///{restored}"))) as client:
        assert client.get(place).json() == people.client.get(place).json()
        decided = client.post(f"{place}/reject", headers=people.reviewer.key, json=COMMENT)
    assert decided.json()["state"] == "rejected"


@sqlite_first
def test_a_proposal_that_was_never_made_is_found(
    people: People, copy: Settings, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    people.proposed("PATCH", PARTNER, {"note": "Noted."})
    with closing(Database(copy)) as db, db.write() as connection:
        connection.execute(text("UPDATE proposal SET state = 'accepted'"))
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)

    assert main(["doctor"]) == 1

    assert "changed without a trace in their history: proposals/1" in capsys.readouterr().err


# --- who may -----------------------------------------------------------------------------------


@sqlite_first
def test_another_key_than_that_of_the_proposer_decides_once(people: People) -> None:
    place = people.proposed("PATCH", PARTNER, {"note": "Noted."})
    own = people.admin.ask("PATCH", f"{PARTNER}?propose=true&reason=x&source=y", {"note": "z"})
    assert own.status_code == 202, own.text
    assert own.json()["by"] == "Cleo"

    for what in ("accept", "reject"):
        assert people.decide(place, what, people.proposer).status_code == 403
        refused = people.decide(own.headers["location"], what, people.admin)
        assert (refused.status_code, "another key must" in refused.json()["detail"]) == (403, True)
    assert people.reviewer.ask("PATCH", PARTNER, {"note": "z"}).status_code == 403
    assert people.decide(own.headers["location"], "reject").status_code == 200
    assert people.decide(place, "accept", people.admin).status_code == 200

    for what in ("accept", "reject"):
        again = people.decide(place, what)
        assert (again.status_code, "already been accepted" in again.json()["detail"]) == (409, True)
        again = people.decide(own.headers["location"], what)
        assert (again.status_code, "already been rejected" in again.json()["detail"]) == (409, True)
        assert people.decide("/v1/proposals/99", what).status_code == 404


@sqlite_first
def test_a_proposal_needs_its_reason_and_its_source(people: People, copy: Settings) -> None:
    for query, missing in (
        ("", ["reason", "source"]),
        ("?reason=x", ["source"]),
        ("?source=x", ["reason"]),
        ("?reason=+&source=%09", ["reason", "source"]),
    ):
        answer = people.proposer.ask("PATCH", f"{PARTNER}{query}", {"note": "x"})
        assert answer.status_code == 422
        assert [one["parameter"] for one in answer.json()["faults"]] == missing
    assert people.client.get("/v1/proposals").json()["total"] == 0

    unseen = people.admin.ask("PATCH", f"{PARTNER}?source=Read%E2%80%AEthere", {"note": "x"})
    assert unseen.status_code == 422
    (fault,) = unseen.json()["faults"]
    assert fault["parameter"] == "source"
    assert fault["message"] == "contains invisible characters; leave them out"

    at_once = people.admin.ask("PATCH", f"{PARTNER}?source=Read+there", {"note": "x"})
    assert at_once.status_code == 200
    assert history(copy)[0]["source"] == "Read there"


@pytest.mark.slow
@sqlite_first
@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "comment", "is required"),
        ({"comment": "  "}, "comment", "must not be blank"),
        ({"comment": 5}, "comment", "must be a text"),
        ({"comment": "canary" * 400}, "comment", "must have at most 2000 characters"),
        ({"comment": "a\x00b"}, "comment", "contains characters that cannot be stored"),
        ({"comment": "a\u202eb"}, "comment", "contains invisible characters; leave them out"),
        ({"comment": "x", "canary": "y"}, "canary", "is not a field here; a decision has comment"),
    ],
)
def test_a_decision_needs_a_comment(people: People, body: Any, field: str, message: str) -> None:
    place = people.proposed("PATCH", PARTNER, {"note": "Noted."})

    answer = people.reviewer.ask("POST", f"{place}/accept", body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-row")
    (fault,) = answer.json()["faults"]
    assert (fault["parameter"], fault["message"]) == (field, message)
    assert "address" not in answer.text
    assert "canarycanary" not in answer.text
    assert people.client.get(place).json()["state"] == "open"


# --- all checks of the direct write ------------------------------------------------------------


@sqlite_first
def test_what_could_not_be_written_cannot_be_proposed(people: People, copy: Settings) -> None:
    tagless = {"If_Match": ""}
    refused = (
        (422, people.propose("PATCH", PARTNER, {"kind": "nonsense", "other": 1})),
        (422, people.propose("POST", "/v1/partners", {})),
        (422, people.propose("POST", "/v1/partners", NEW | {"xrefs": [5] * 10_000})),
        (409, people.propose("POST", "/v1/partners", NEW | {"id": "rituximab"})),
        (409, people.propose("DELETE", PARTNER)),
        (409, people.propose("PATCH", PARTNER, {})),
        (412, people.propose("PATCH", PARTNER, {"note": "x"}, If_Match='"7"')),
        (428, people.propose("PATCH", PARTNER, {"note": "x"}, **tagless)),
        (404, people.propose("DELETE", "/v1/partners/nobody", If_Match="*")),
        (400, people.propose("PATCH", PARTNER, {"note": "x"}, Idempotency_Key="a b")),
    )

    assert [one.status_code for _, one in refused] == [status for status, _ in refused]
    assert len(refused[0][1].json()["faults"]) == 2
    assert len(refused[2][1].json()["faults"]) <= 100
    assert len(refused[2][1].content) < 20_000
    assert refused[4][1].json()["resting_total"] > 0
    assert "nothing to decide" in refused[5][1].json()["detail"]
    nothing = {"reason": "Nothing has been proposed yet.", "by": []}
    assert people.client.get("/v1/proposals").json() == {
        "items": [],
        "total": 0,
        "next": None,
        "why": nothing,
    }
    assert history(copy) == []


@sqlite_first
def test_a_proposal_that_is_sent_again_is_made_once(people: People) -> None:
    asked = {"Idempotency_Key": "one", "If_Match": "*"}
    first, again = (people.propose("PATCH", PARTNER, {"note": "x"}, **asked) for _ in range(2))
    assert (again.status_code, again.text) == (202, first.text)
    assert again.headers["location"] == first.headers["location"]
    other = people.propose("PATCH", PARTNER, {"note": "y"}, **asked)
    assert other.status_code == 409
    place = first.headers["location"]
    once = {"Idempotency_Key": "two"}
    decided = [
        people.reviewer.ask("POST", f"{place}/accept", COMMENT, **once).text for _ in range(2)
    ]
    assert json.loads(decided[0])["state"] == "accepted"
    assert decided[0] == decided[1]
    assert people.reviewer.ask("POST", f"{place}/reject", COMMENT, **once).status_code == 409
    assert people.client.get("/v1/proposals").json()["total"] == 1


@pytest.mark.slow
@sqlite_first
def test_rows_of_every_type_are_proposed_and_accepted(people: People) -> None:
    for kind in some(KINDS):
        address = f"/v1/{kind}/{TEMPLATES[kind][0]}"
        row = people.client.get(address).json()
        field = next(one for one in ("note", "explanation", "title") if one in row)
        place = people.proposed("PUT", address, row | {field: f"{row[field]} {TEXT}"})

        answer = people.decide(place, "accept")

        assert answer.status_code == 200, answer.text
        assert [one["field"] for one in answer.json()["differences"]] == [field]
        assert people.client.get(address).json()[field] == f"{row[field]} {TEXT}"


# --- judged again ------------------------------------------------------------------------------


@sqlite_first
def test_a_row_that_has_changed_meanwhile_is_not_overwritten(people: People) -> None:
    client = people.client
    first = people.proposed("PATCH", PARTNER, {"note": "first"})
    second = people.proposed("PATCH", PARTNER, {"note": "second"})
    third = people.proposed("PATCH", PARTNER, {"summary": "Another."})
    assert people.decide(first, "accept").status_code == 200

    late = people.decide(second, "accept")

    assert late.status_code == 409
    assert "has changed since" in late.json()["detail"]
    assert client.get(second).json()["state"] == "open"
    assert client.get(PARTNER).json()["note"] == "first"
    assert people.decide(third, "accept").status_code == 409
    assert people.decide(second, "reject").status_code == 200


@sqlite_first
def test_what_has_become_impossible_stays_open(people: People) -> None:
    client = people.client
    assert people.admin.ask("POST", "/v1/partners", NEW).status_code == 201
    twice = people.proposed("POST", "/v1/partners", NEW | {"id": "twice"})
    change = people.proposed("PATCH", NEW_ROW, {"note": "x"})
    claim = client.get(CLAIM).json() | {
        "id": "said-again",
        "partners": [dict.fromkeys(("interaction", "line", "via", "note"), None)],
    }
    claim["partners"][0]["partner"] = "a-new-one"
    names_it = people.proposed("POST", "/v1/evidence", claim)
    removal = people.proposed("DELETE", NEW_ROW)
    assert people.admin.ask("POST", "/v1/partners", NEW | {"id": "twice"}).status_code == 201
    assert people.admin.ask("POST", "/v1/evidence", claim).status_code == 201

    resting = people.decide(removal, "accept")
    assert resting.status_code == 409
    assert resting.json()["resting"] == [{"type": "evidence", "id": "said-again"}]
    assert people.admin.ask("DELETE", "/v1/evidence/said-again").status_code == 204
    assert people.decide(removal, "accept").status_code == 200

    there = people.decide(twice, "accept")
    assert (there.status_code, "By now" in there.json()["detail"]) == (409, True)
    gone = people.decide(change, "accept")
    assert (gone.status_code, "has been removed" in gone.json()["detail"]) == (409, True)
    broken = people.decide(names_it, "accept")
    assert (broken.status_code, "would break rules" in broken.json()["detail"]) == (409, True)
    assert [one["parameter"] for one in broken.json()["faults"]] == ["partners.1.partner"]
    states = [one["state"] for one in client.get("/v1/proposals").json()["items"]]
    assert states == ["accepted", "open", "open", "open"]


# --- the list ----------------------------------------------------------------------------------


@pytest.mark.slow
@sqlite_first
def test_proposals_are_listed_by_state_and_page(people: People) -> None:
    client = people.client
    places = [people.proposed("PATCH", PARTNER, {"note": f"n{number}"}) for number in range(4)]
    assert client.get("/v1/proposals").json()["total"] == 4
    people.decide(places[0], "accept")
    people.decide(places[1], "reject")
    people.proposed("POST", "/v1/partners", NEW)

    def numbers(query: str) -> list[int]:
        found = client.get(f"/v1/proposals?{query}").json()
        assert found["total"] == len(found["items"])
        return [one["number"] for one in found["items"]]

    assert numbers("") == [5, 4, 3, 2, 1]
    assert numbers("state=open") == [5, 4, 3]
    assert numbers("state=accepted") == [1]
    assert numbers("state=rejected&by=Ada") == [2]
    assert numbers("type=partners&id=a-new-one") == [5]
    assert numbers("type=evidence") == numbers("by=nobody") == []
    assert client.get("/v1/proposals?state=open&by=nobody").json()["why"] == {
        "reason": "No row passes all filters; without `by` there are 3.",
        "by": [{"filter": "by", "total": 3}],
    }
    first = client.get("/v1/proposals?state=open&limit=2").json()
    rest = client.get(first["next"]).json()
    assert [one["number"] for one in first["items"] + rest["items"]] == [5, 4, 3]
    assert (first["total"], rest["next"], rest["why"]) == (3, None, None)
    for wrong in (
        "state=x",
        "limit=0",
        "limit=201",
        "cursor=-1",
        "cursor=x",
        "sort=x",
        "id=X",
        "type=foo",
    ):
        assert client.get(f"/v1/proposals?{wrong}").status_code == 422
    statuses = {"x": 422, "-1": 422, "0": 404, "99": 404, str(MAX_WHOLE): 404, str(2**63): 422}
    for number, status in statuses.items():
        assert client.get(f"/v1/proposals/{number}").status_code == status
    assert client.get("/v1/proposals/1?x=1").status_code == 422


@sqlite_first
def test_a_number_is_written_as_in_our_addresses(people: People) -> None:
    for number in ("x", "-1", "01", "1.0", "+1", "1_0", "%201", str(2**63)):
        address = f"/v1/proposals/{number}"
        for refused in (people.client.get(address), people.decide(address, "accept")):
            assert refused.status_code == 422
            (fault,) = refused.json()["faults"]
            assert (fault["parameter"], fault["message"]) == ("number", NO_NUMBER)


@sqlite_first
def test_the_methods_of_proposals(people: People) -> None:
    place = people.proposed("PATCH", PARTNER, {"note": "x"})
    for address, allow in (
        ("/v1/proposals", "GET, HEAD, OPTIONS"),
        (place, "GET, HEAD, OPTIONS"),
        (f"{place}/accept", "OPTIONS, POST"),
    ):
        assert people.client.options(address).headers["allow"] == allow
        refused = people.client.request("PUT", address)
        assert (refused.status_code, refused.headers["allow"]) == (405, allow)
    head = people.client.head(place)
    assert (head.status_code, head.content) == (200, b"")
    assert people.client.get(place, headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.slow
def test_of_two_who_decide_at_once_one_does(people: People, copy: Settings) -> None:
    others = [Curator(people.client, new_key(copy, f"r{one}", "review")) for one in range(4)]
    places = [people.proposed("PATCH", PARTNER, {"note": f"n{number}"}) for number in range(3)]
    asked = [(place, what, who) for place in places for who in others for what in DECISIONS]
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(lambda one: people.decide(*one), asked))

    told = [people.client.get(place).json() for place in places]
    for place, found in zip(places, told, strict=True):
        won = [
            (what, who)
            for (of, what, who), one in zip(asked, answers, strict=True)
            if (of, one.status_code) == (place, 200)
        ]
        assert len(won) == 1
        assert found["state"] == f"{won[0][0]}ed"
    assert {one.status_code for one in answers} == {200, 409}
    accepted = [one for one in told if one["state"] == "accepted"]
    steps = history(copy)
    assert [one["proposal"] for one in steps] == [one["number"] for one in accepted]
    assert [one["accepted_by"] for one in steps] == [one["decided_by"] for one in accepted]
    assert people.client.get(PARTNER).json()["version"] == 1 + len(steps)
