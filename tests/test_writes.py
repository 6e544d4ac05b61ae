"""Rows are changed over HTTP: by key, by the rules of the files, whole or not at all."""

import json
import re
import shutil
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.db.revision import read_dataset
from app.main import create_app
from app.resources import ALL
from app.settings import ROOT, Settings
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, bearer, curating, history, new_key
from tests.looking import some
from tests.writing import documents, dump, entry, undone

sqlite_first = pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
PARTNER = "/v1/partners/rituximab"
NEW: dict[str, Any] = {
    "id": "a-new-one",
    "name": "A new one",
    "kind": "regimen",
    "drug_class": "regimen",
    "summary": "Nothing is known.",
    "in_review": False,
    "note": None,
    "entity": None,
    "components": ["rituximab"],
    "members": [],
    "synonyms": ["Newuximab"],
    "xrefs": [],
}


@pytest.fixture
def curator(copy: Settings) -> Iterator[Curator]:
    with curating(copy) as found:
        yield found


@pytest.mark.slow
@pytest.mark.usefixtures("doctor")
def test_a_row_is_added_changed_and_removed_and_each_answer_shows_it(
    curator: Curator, copy: Settings
) -> None:
    client, address = curator.client, "/v1/partners/a-new-one"
    total = client.get("/v1/partners").json()["total"]

    added = curator.ask("POST", "/v1/partners?reason=It+is+new", NEW)
    assert added.status_code == 201, added.text
    assert added.headers["location"] == address
    assert added.headers["etag"].startswith('"1-')
    assert client.get(address).json() == added.json()
    assert client.get("/v1/partners").json()["total"] == total + 1
    assert client.get("/v1/search?q=newuximab").json()["items"][0]["id"] == "a-new-one"

    put = curator.ask("PUT", address, NEW | {"synonyms": ["Otheruximab"]})
    assert put.headers["etag"].startswith('"2-')
    assert put.json()["version"] == 2
    assert client.get("/v1/search?q=newuximab").json()["items"] == []
    assert client.get("/v1/partners?xref=Otheruximab").json()["total"] == 1

    patched = curator.ask("PATCH", address, {"note": "Noted.", "components": ["crbn"]})
    assert patched.json()["note"] == "Noted."
    assert [one["id"] for one in patched.json()["components"]] == ["crbn"]
    assert patched.json()["synonyms"] == ["Otheruximab"]

    assert curator.ask("DELETE", address).status_code == 204
    assert client.get(address).status_code == 410
    assert client.get("/v1/partners").json()["total"] == total
    told(history(copy))


def told(steps: list[dict[str, Any]]) -> None:
    """The history of a row that was added, changed twice and removed."""
    assert [(one["action"], one["version"], one["by"]) for one in steps] == [
        ("added", 1, "curator"),
        ("changed", 2, "curator"),
        ("changed", 3, "curator"),
        ("removed", 3, "curator"),
    ]
    assert [one["reason"] for one in steps] == ["It is new", None, None, None]
    for earlier, later in pairwise(steps):
        assert earlier["after"] == later["before"]
        assert earlier["shown_after"] == later["shown_before"]
    assert json.loads(steps[0]["after"]) == NEW
    assert steps[3]["after"] is steps[0]["before"] is None


@pytest.mark.slow
@pytest.mark.usefixtures("doctor")
@sqlite_first
def test_a_claim_changes_counts_signs_and_computed_conflicts(curator: Curator) -> None:
    client = curator.client
    template = client.get("/v1/evidence/lu-degrades-ikzf1").json()
    mechanism = f"/v1/mechanisms/{template['mechanism']['id']}"
    before = client.get(mechanism).json()["evidence_counts"]["total"]

    added = curator.ask("POST", "/v1/evidence", template | {"id": "said-again"})

    assert added.status_code == 201, added.text
    assert added.json()["sign"] == template["sign"]
    assert client.get(mechanism).json()["evidence_counts"]["total"] == before + 1
    assert client.get("/v1/evidence/said-again").json()["edges"] == []
    assert curator.ask("DELETE", "/v1/evidence/said-again").status_code == 204
    assert client.get(mechanism).json()["evidence_counts"]["total"] == before

    otherwise = template | {"id": "said-otherwise", "relation": "increases"}
    conflicts = client.get("/v1/conflicts?computed=true").json()["total"]
    assert curator.ask("POST", "/v1/evidence", otherwise).json()["sign"] == "+"
    found = client.get("/v1/conflicts/computed-lenalidomide-ikzf1").json()
    assert "said-otherwise" in json.dumps(found["sides"])
    assert client.get("/v1/conflicts?computed=true").json()["total"] == conflicts + 1
    agreed = curator.ask("PATCH", "/v1/evidence/said-otherwise", {"relation": "degrades"})
    assert agreed.json()["sign"] == "-"
    assert client.get("/v1/conflicts?computed=true").json()["total"] == conflicts


@sqlite_first
def test_a_patch_reaches_into_a_row_and_empties_fields(curator: Curator) -> None:
    address = "/v1/evidence/lu-degrades-ikzf1"
    before = curator.client.get(address).json()
    patch = {"subject": {"text": "Cereblon, once bound"}, "note": None, "cell": None}

    after = curator.ask("PATCH", address, patch).json()

    assert after["subject"] == before["subject"] | patch["subject"]
    assert after["note"] is after["cell"] is None
    refused = curator.ask("PATCH", address, {"statement": None})
    assert [one["parameter"] for one in refused.json()["faults"]] == ["statement"]


@pytest.mark.slow
def test_a_title_may_be_as_long_as_a_text(curator: Curator) -> None:
    # Words that hardly compress: an entry of an index of PostgreSQL holds 2,704 bytes.
    title = " ".join(sha256(str(number).encode()).hexdigest() for number in range(60))

    changed = curator.ask("PATCH", "/v1/references/wu-2008", {"title": title})

    assert changed.status_code == 200, changed.text
    assert curator.client.get("/v1/references/wu-2008").json()["title"] == title


@pytest.mark.aside
@sqlite_first
def test_a_trial_is_written_with_its_outcomes(curator: Curator) -> None:
    address = "/v1/trials/augment"
    row = curator.client.get(address).json()
    row["outcomes"] = row["outcomes"][:-1]

    answer = curator.ask("PUT", address, row)

    assert answer.status_code == 200, answer.text
    assert len(curator.client.get(address).json()["outcomes"]) == len(row["outcomes"])
    assert answer.json()["version"] == row["version"] + 1


@pytest.mark.aside
@sqlite_first
def test_every_row_that_get_gives_is_taken_as_it_was_written(copy: Settings) -> None:
    from app.write.converting import converted  # noqa: PLC0415
    from app.write.rows import SHAPES  # noqa: PLC0415

    content = documents()
    with curating(copy) as curator:
        for resource in [one for one in some(ALL) if one.write]:
            given = curator.client.get(f"/v1/{resource.plural}?format=ndjson").text
            shape = SHAPES[resource.name]
            for line in given.splitlines():
                row = json.loads(line)
                taken = shape.model_validate(converted(shape, resource.read, row))
                assert taken == shape.model_validate(entry(content, resource.plural, row["id"]))


# --- refused -----------------------------------------------------------------------------------


def state_of(copy: Settings) -> tuple[Any, Any]:
    with undone(copy) as connection:
        return dump(connection), read_dataset(connection)


def test_a_change_of_an_unseen_version_is_refused(curator: Curator, copy: Settings) -> None:
    seen = curator.tag(PARTNER)
    missing = curator.client.patch(PARTNER, json={"note": "x"}, headers=curator.key)
    assert missing.status_code == 428

    assert curator.ask("PATCH", PARTNER, {"note": "x"}, If_Match=seen).status_code == 200
    before = state_of(copy)
    for method in ("PUT", "PATCH", "DELETE"):
        for tag in (seen, '"7"', "nonsense", 'W/"1-0123456789abcdef"'):
            stale = curator.ask(method, PARTNER, None if method == "DELETE" else NEW, If_Match=tag)
            assert stale.status_code == 412, (method, tag)
            assert ("holds no `ETag`" in stale.json()["detail"]) == (tag == "nonsense")
    assert state_of(copy) == before

    weak = f'"x", W/{curator.tag(PARTNER)}'
    assert curator.ask("PATCH", PARTNER, {"note": "y"}, If_Match=weak).status_code == 200
    assert curator.ask("PATCH", PARTNER, {"note": "z"}, If_Match="*").status_code == 200


@sqlite_first
def test_all_faults_are_told_at_once_without_what_was_sent(
    curator: Curator, copy: Settings
) -> None:
    before = state_of(copy)
    wrong = NEW | {
        "name": 5,
        "kind": "canary-kind",
        "entity": "canary-entity",
        "components": ["canary-drug", {"id": "canary-drug"}],
        "synonyms": ["twice-canary", "twice-canary"],
        "xrefs": ["HGNC:canary"],
        "canary_field": "canary",
        "canary field!": "canary",
    }
    del wrong["summary"]

    answer = curator.ask("POST", "/v1/partners", wrong)

    found = answer.json()
    assert answer.status_code == 422
    assert found["type"] == "/problems/invalid-row"
    faults = {one["parameter"]: one for one in found["faults"]}
    assert faults.keys() >= {
        *("name", "kind", "entity", "components.1", "components", "synonyms", "xrefs.1"),
        *("summary", "canary_field", "a field"),
    }
    assert faults["summary"]["message"] == "is missing"
    assert faults["kind"]["message"] == "must be a word of `partner_kinds` in `/v1/vocabulary`"
    assert len(faults["kind"]["nearest"]) == 3
    assert "canary" not in answer.text.replace('"canary_field"', "")
    assert state_of(copy) == before


@pytest.mark.parametrize(
    ("subtype", "meant"),
    [
        ("DLBCL", "diffuse-large-b-cell-lymphoma"),
        ("mcl", "mantle-cell-lymphoma"),
        ("Follicular Lymphoma", "follicular-lymphoma"),
    ],
)
@sqlite_first
def test_a_name_in_place_of_an_id_leads_to_the_id(
    curator: Curator, subtype: str, meant: str
) -> None:
    row = curator.client.get("/v1/evidence/lu-degrades-ikzf1").json()
    row["subtypes"] = [subtype]

    answer = curator.ask("POST", "/v1/evidence", row | {"id": "lu-degrades-again"})

    found = {one["parameter"]: one["nearest"] for one in answer.json()["faults"]}
    assert found["subtypes.1"][0] == meant
    assert subtype not in answer.text


@sqlite_first
def test_faults_inside_a_row_name_their_place(curator: Curator) -> None:
    row = curator.client.get("/v1/evidence/lu-degrades-ikzf1").json()
    row["subject"]["links"] = [{"type": "entity", "id": "canary", "state": "canary: x"}]
    row["level"] = "A"

    found = curator.ask("PUT", "/v1/evidence/lu-degrades-ikzf1", row)

    faults = {one["parameter"]: one["message"] for one in found.json()["faults"]}
    assert faults["subject.links.1.id"] == "must be the id of a row in `/v1/entities`"
    assert "subject.links.1.state" in faults
    assert "canary" not in found.text


@sqlite_first
def test_a_word_that_is_sent_stands_in_no_sentence(curator: Curator) -> None:
    row = curator.client.get("/v1/trials/augment").json()
    row["outcomes"][0] |= {"measure": "canary-measure", "comparator": "placebo"}

    found = curator.ask("PUT", "/v1/trials/augment", row)

    messages = [one["message"] for one in found.json()["faults"]]
    assert "is for a contrast, but what was sent is of a single arm" in messages
    assert "canary" not in found.text


@sqlite_first
def test_a_text_that_is_sent_is_not_repeated_as_the_nearest(curator: Curator) -> None:
    row = curator.client.get("/v1/trials/augment").json()
    for text_sent in ("canary", "canary\n", "canary'--", 'canary"', "canary\u202e", "canary" * 999):
        row["subtypes"][0] = text_sent

        found = curator.ask("PUT", "/v1/trials/augment", row)

        faults = {one["parameter"]: one for one in found.json()["faults"]}
        fault = faults["outcomes.6.subtype"]
        assert fault["message"] == "must be a subtype of the trial"
        assert fault["nearest"] == ["marginal-zone-lymphoma"]
        assert "canary" not in found.text


@sqlite_first
def test_a_figure_that_is_sent_leaves_a_sentence_that_reads_well(curator: Curator) -> None:
    row = curator.client.get("/v1/trials/augment").json()
    outcome = next(one for one in row["outcomes"] if one["ci_low"] is not None)
    outcome |= {"ci_low": outcome["value"] + 77_771, "ci_high": -77_771.5}

    found = curator.ask("PUT", "/v1/trials/augment", row)

    told = [(one["parameter"].rpartition(".")[2], one["message"]) for one in found.json()["faults"]]
    assert ("ci_low", "must not be above the value") in told
    assert ("ci_high", "must not be below the value") in told
    assert ("ci_low", f"is not mentioned by {outcome['evidence']}") in told
    assert "7777" not in found.text


@sqlite_first
def test_a_reference_that_is_not_there_is_told_without_a_riddle(curator: Curator) -> None:
    for unknown in ("references", "canary-2020"):  # the first is the name of a list
        wrong = {"reference": unknown, "cell": "canary-cell"}
        found = curator.ask("PATCH", "/v1/evidence/rev-s1-oral", wrong)

        told = {one["parameter"]: one["message"] for one in found.json()["faults"]}
        assert told["reference"] == "must be the id of a row in `/v1/references`"
    assert told["cell"] == "must be an entity of kind cell"
    assert told["in_review"] == "true is for gribben-2015 and only for it"
    assert "canary" not in found.text


@sqlite_first
def test_all_references_that_a_trial_lacks_are_one_fault(curator: Curator) -> None:
    found = curator.ask("PATCH", "/v1/trials/augment", {"references": ["gribben-2015"]})

    (fault,) = found.json()["faults"]
    assert fault["parameter"] == "references"
    assert "the reference of the evidence row appr-2019-eu; other rows need " in fault["message"]
    assert "'leonard-2019'" in fault["message"]


@sqlite_first
def test_a_row_with_more_faults_than_anyone_reads_is_told_in_part(curator: Curator) -> None:
    many = NEW | {"synonyms": list(range(150))}

    found = curator.ask("POST", "/v1/partners", many).json()

    assert found["detail"].endswith("the first 100 of 150.")
    assert len(found["faults"]) == 100


@pytest.mark.aside
@sqlite_first
def test_a_row_on_which_others_rest_is_kept(curator: Curator) -> None:
    steps = curator.client.get("/v1/mechanisms/cereblon-engagement").json()["steps"]
    rests = {
        "references": "gribben-2015",
        "entities": "lenalidomide",
        "edges": steps[0]["id"],
        "mechanisms": "adcc-enhancement",
        "subtypes": "follicular-lymphoma",
        "partners": "rituximab",
        "trials": "augment",
        "evidence": "lu-degrades-ikzf1",
    }
    for kind, row_id in rests.items():
        answer = curator.ask("DELETE", f"/v1/{kind}/{row_id}")

        found = answer.json()
        assert answer.status_code == 409
        assert found["detail"].endswith("first change or remove the rows that `resting` lists.")
        assert 0 < len(found["resting"]) <= 50
        assert found["resting_total"] >= len(found["resting"])
        for one in found["resting"][:3]:
            assert curator.client.get(f"/v1/{one['type']}/{one['id']}").status_code == 200
        assert curator.client.get(f"/v1/{kind}/{row_id}").status_code == 200
    assert curator.ask("DELETE", "/v1/conflicts/cd20-on-cll-cells").status_code == 204


@sqlite_first
def test_a_change_breaks_no_rule_of_rows_that_rest_on_the_row(
    curator: Curator, copy: Settings
) -> None:
    """The statement of a claim has the figures that an outcome takes from it."""
    outcome = curator.client.get("/v1/trials/augment").json()["outcomes"][0]
    claim = f"/v1/evidence/{outcome['evidence']}"
    before = state_of(copy)

    answer = curator.ask("PATCH", claim, {"statement": "It was better.", "note": None})

    found = answer.json()
    assert answer.status_code == 409, answer.text
    assert found["resting"] == [{"type": "trials", "id": "augment"}]
    assert state_of(copy) == before
    assert curator.ask("PATCH", "/v1/trials/augment", {"note": "Changed."}).status_code == 200


@sqlite_first
def test_ids_are_given_once_and_never_change(curator: Curator) -> None:
    row = curator.client.get(PARTNER).json()

    assert curator.ask("POST", "/v1/partners", row).status_code == 409
    renamed = curator.ask("PUT", PARTNER, row | {"id": "another"})
    assert renamed.status_code == 422
    assert renamed.json()["faults"][0]["parameter"] == "id"
    without = {key: value for key, value in row.items() if key != "id"}
    assert curator.ask("PUT", PARTNER, without).status_code == 200
    assert curator.ask("POST", "/v1/partners", without).status_code == 422


def test_what_no_database_can_hold_is_a_fault_of_its_field(curator: Curator) -> None:
    reference = curator.client.get("/v1/references/arora-2016").json()
    for kind, row in (
        ("partners", NEW | {"id": "a\0"}),
        ("partners", NEW | {"entity": "a\0"}),
        ("partners", NEW | {"components": ["a\0"], "synonyms": ["a\0"], "xrefs": ["CHEBI:\0"]}),
        ("references", reference | {"id": "anew", "doi": "10.1000/\0", "pmid": "1\0"}),
    ):
        answer = curator.ask("POST", f"/v1/{kind}", row)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-row")


@sqlite_first
def test_a_row_that_comes_again_is_a_later_version(curator: Curator) -> None:
    address = "/v1/partners/a-new-one"
    seen = curator.ask("POST", "/v1/partners", NEW).headers["etag"]
    assert curator.ask("DELETE", address).status_code == 204
    again = curator.ask("POST", "/v1/partners", NEW)
    assert again.json()["version"] == 2

    for method in ("PATCH", "DELETE"):
        body = {"note": "x"} if method == "PATCH" else None
        assert curator.ask(method, address, body, If_Match=seen).status_code == 412
    assert curator.ask("PATCH", address, {"note": "x"}).json()["version"] == 3


@sqlite_first
def test_a_row_that_is_not_there_is_not_changed(curator: Curator) -> None:
    missing = curator.ask("DELETE", "/v1/partners/rituximabb", If_Match="*")
    assert missing.status_code == 404
    assert "rituximab" in missing.json()["nearest"]

    edge = next(
        one for one in curator.client.get("/v1/edges?limit=200").json()["items"] if one["alias"]
    )
    earlier = curator.client.patch(
        f"/v1/edges/{edge['alias']}",
        json={"note": "x"},
        headers=curator.key | {"If-Match": "*"},
        follow_redirects=False,
    )
    assert earlier.status_code == 308
    assert earlier.headers["location"] == f"/v1/edges/{edge['id']}"


@sqlite_first
def test_computed_conflicts_are_changed_by_their_claims_only(curator: Curator) -> None:
    sides = [{"answer": "Yes.", "evidence": ["robust-pfs"]}] * 2
    own: dict[str, Any] = {
        "id": "computed-a-b",
        "question": "Is it?",
        "explanation": None,
        "state": "open",
    }
    own |= {"sides": sides, "subtypes": [], "edges": []}
    refused = curator.ask("POST", "/v1/conflicts", own)
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["parameter"] == "id"

    row = curator.client.get("/v1/conflicts/cd20-on-cll-cells").json()
    assert curator.ask("DELETE", "/v1/conflicts/cd20-on-cll-cells").status_code == 204
    computed = curator.client.get("/v1/conflicts?computed=true&limit=200").json()["items"]
    for one in [each for each in computed if each["computed"]][:1]:
        found = curator.ask("DELETE", f"/v1/conflicts/{one['id']}")
        assert (found.status_code, "computed" in found.json()["detail"]) == (409, True)
    assert curator.ask("POST", "/v1/conflicts", row).status_code == 201


def test_what_only_the_database_refuses_is_a_conflict(curator: Curator, copy: Settings) -> None:
    """A rule that the files are held to as a whole may be broken by one row of many."""
    engine = create_engine(copy.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE UNIQUE INDEX ux_note ON partner (note)"))
    engine.dispose()
    assert curator.ask("PATCH", PARTNER, {"note": "The same."}).status_code == 200

    found = curator.ask("PATCH", "/v1/partners/r-chop", {"note": "The same."})

    assert found.status_code == 409
    assert curator.ask("PATCH", "/v1/partners/r-chop", {"note": "Another."}).status_code == 200


# --- the body ----------------------------------------------------------------------------------

PLAIN = {"Content-Type": "application/json"}
BODIES: list[tuple[bytes, dict[str, str], int]] = [
    (b"", PLAIN, 400),
    (b"{", PLAIN, 400),
    (b"[]", PLAIN, 400),
    (b"5", PLAIN, 400),
    (b'{"a": NaN}', PLAIN, 400),
    (b'{"a": 1e999}', PLAIN, 400),
    (b'{"a": 1, "a": 2}', PLAIN, 400),
    (b'{"a": ' + b"9" * 5000 + b"}", PLAIN, 400),
    (b'{"a": "\xff"}', PLAIN, 400),
    (b"\xef\xbb\xbf{}", PLAIN, 400),
    (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", PLAIN, 400),
    (b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", PLAIN, 400),
    (b'{"a": "' + b"x" * 70_000 + b'"}', PLAIN, 413),
    (b"{}", {"Content-Type": "text/plain"}, 415),
    (b"{}", {"Content-Type": "application/json; charset=latin-1"}, 415),
    (b"{}", {}, 415),
    (b"{}", PLAIN | {"Content-Encoding": "gzip"}, 415),
    (b'{"id": "a\\ud800"}', PLAIN, 400),
    (b'{"a": [{"entity": "\\uDFFFa"}]}', PLAIN, 400),
    (b'{"\\ud800": 1}', PLAIN, 400),
    (b'{"a": "\\ud83d\\ude00 \\\\ud800", "id": "\\u0000", "name": 1.0, "note": 1.5}', PLAIN, 422),
    (b"{}", {"Content-Type": "application/json; charset=UTF-8"}, 422),
]


@pytest.mark.parametrize("body", BODIES, ids=map(str, range(len(BODIES))))
def test_a_body_that_cannot_be_read_is_refused(
    writable: Curator, body: tuple[bytes, dict[str, str], int]
) -> None:
    content, headers, status = body
    answer = writable.client.post("/v1/partners", content=content, headers=writable.key | headers)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture(scope="module")
def writable(urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Curator]:
    """A curator whose changes are all refused."""
    path = tmp_path_factory.mktemp("refusing") / "content.db"
    shutil.copy(urls["sqlite"].removeprefix("sqlite:///"), path)
    with curating(Settings(database_url=f"sqlite:///{path}")) as found:
        yield found


def test_a_patch_is_sent_as_what_it_is(writable: Curator) -> None:
    kinds = {"application/merge-patch+json": 412, "application/json": 412, "text/plain": 415}
    for kind, status in kinds.items():
        headers = writable.key | {"If-Match": '"99"', "Content-Type": kind}
        answer = writable.client.patch(PARTNER, content=b"{}", headers=headers)
        assert answer.status_code == status
    assert "application/merge-patch+json" in answer.headers["accept-patch"]


def test_a_body_of_unknown_length_is_read_only_so_far(writable: Curator) -> None:
    pieces = (b"x" * 10_000 for _ in range(8))
    headers = writable.key | PLAIN

    answer = writable.client.post("/v1/partners", content=pieces, headers=headers)

    assert answer.status_code == 413


def test_an_unknown_parameter_is_refused(writable: Curator) -> None:
    for address in ("/v1/partners?because=x", "/v1/partners?reason=" + "x" * 501):
        answer = writable.client.post(address, json=NEW, headers=writable.key)
        assert answer.status_code == 422
    answer = writable.client.delete("/v1/partners/No%20Id", headers=writable.key)
    assert answer.status_code == 422


# --- history -----------------------------------------------------------------------------------


REWRITING = ("UPDATE row_history SET by = 'x'", "DELETE FROM row_history")
REPLACING = {
    True: "REPLACE INTO row_history SELECT * FROM row_history",
    False: "TRUNCATE row_history",
}
"""What calls no trigger for rows that are changed or removed, on SQLite (True) and PostgreSQL."""


def test_the_database_itself_keeps_the_history(curator: Curator, copy: Settings) -> None:
    assert curator.ask("PATCH", PARTNER, {"note": "x"}).status_code == 200
    before = history(copy)
    engine = create_engine(copy.database_url)

    for change in (*REWRITING, REPLACING[copy.embedded]):
        refused = pytest.raises(DBAPIError, match="history is only added to")
        with refused, engine.begin() as connection:
            connection.execute(text(change))

    engine.dispose()
    assert history(copy) == before
    assert len(before) == 1


@pytest.mark.aside
def test_every_type_has_its_operations_and_outcomes_have_none(writable: Curator) -> None:
    document = writable.client.get("/openapi.json").json()
    paths = document["paths"]
    for resource in some(ALL):
        written = set() if resource.write is None else {"put", "patch", "delete"}
        row, rows = paths[f"/v1/{resource.plural}/{{id}}"], paths[f"/v1/{resource.plural}"]
        assert set(row) == {"get", *written}
        assert ("post" in rows) == bool(written)
        if resource.write:
            names = {info.alias or name for name, info in resource.write.model_fields.items()}
            for operation in (rows["post"], row["put"]):
                body = operation["requestBody"]["content"]["application/json"]["schema"]
                shape = document["components"]["schemas"][body["$ref"].rpartition("/")[2]]
                assert shape["properties"].keys() == names
                assert {*shape["required"]} <= names
                assert shape["additionalProperties"] is False
    allow = writable.client.post("/v1/outcomes", json={}, headers=writable.key).headers["allow"]
    assert allow == "GET, HEAD, OPTIONS"


# --- the document ------------------------------------------------------------------------------

WRITING = (ROOT / "docs" / "writing.md").read_text("utf-8")
CALL = re.compile(r"^curl -s -X (\w+) 'localhost:8000([^']+)'(.*)$", re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_the_calls_in_the_document_work(copy: Settings) -> None:
    scopes = {"KEY": "admin", "PROPOSE": "propose", "REVIEW": "review"}
    keys = {f"Bearer ${name}": new_key(copy, name, scope) for name, scope in scopes.items()}
    statuses = []
    with TestClient(create_app(copy)) as client:
        for method, address, rest in some(CALL.findall(WRITING)):
            headers = dict(re.findall(r"-H ['\"]([\w-]+): ([^']+?)['\"](?= |$)", rest))
            headers |= bearer(keys[headers["Authorization"]])
            body: str | bytes
            (body,) = re.findall(r"-d '(.+)'", rest) or [""]
            for name in re.findall(r"-T (\S+)", rest):
                body = client.get(f"/v1/downloads/{name}").content
            answer = client.request(method, address, headers=headers, content=body)
            statuses.append(answer.status_code)
    assert statuses == [201, 200, 204, 202, 200, 200]


def test_the_document_names_every_refusal(writable: Curator) -> None:
    listed = set(re.findall(r"^\| (\d{3}) \|", WRITING, re.MULTILINE))
    paths = writable.client.get("/openapi.json").json()["paths"]
    for method in ("post", "put", "patch", "delete"):
        path = "/v1/partners" if method == "post" else "/v1/partners/{id}"
        declared = set(paths[path][method]["responses"]) - {"200", "201", "202", "204"}
        assert declared - listed == {"default"}, method
