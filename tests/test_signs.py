"""States of links, the sign of a claim, and conflicts that follow from signs."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.settings import Settings
from app.write.store import put_all
from tests.changing import table
from tests.looking import pages, some
from tests.writing import documents, entry, record, undone

TURNED = {"+": "-", "-": "+"}


@pytest.fixture
def claims(client: TestClient) -> list[Any]:
    return some(pages(client, "/v1/evidence?limit=200"))


def named(claim: Any, end: str) -> list[Any]:
    return [link for link in claim[end]["links"] if link["type"] == "entity"]


def expected(claim: Any, signs: dict[str, str]) -> str | None:
    """The sign by the rule that stands with the content, worked out anew."""
    found = set()
    for one in named(claim, "subject"):
        for other in named(claim, "object"):
            sign: str | None = signs[claim["relation"]]
            for link in (one, other):
                if link["state"] == "decreased":
                    sign = TURNED.get(sign or "")
                if link["state"] == "altered":
                    sign = None
            found.add(sign if sign in TURNED else None)
    return found.pop() if len(found) == 1 else None


def test_the_sign_of_a_claim_is_that_of_its_relation_and_states(
    client: TestClient, claims: list[Any]
) -> None:
    lists = client.get("/v1/vocabulary").json()["lists"]
    signs = {word["id"]: word["sign"] for word in lists["relation_signs"]}

    for claim in claims:
        assert claim["sign"] == expected(claim, signs), claim["id"]
    assert {claim["sign"] for claim in claims} == {"+", "-", None}


def test_loss_of_cereblon_reads_as_what_it_says(client: TestClient) -> None:
    claim = client.get("/v1/evidence/zhu-crbn-resist").json()

    assert claim["relation"] == "confers_resistance_to"
    assert [link["state"] for link in claim["subject"]["links"]] == ["decreased"]
    assert claim["sign"] == "+"


@pytest.mark.parametrize("sign", ["+", "-"])
def test_claims_are_filtered_by_sign(client: TestClient, claims: list[Any], sign: str) -> None:
    found = pages(client, f"/v1/evidence?limit=200&sign={sign.replace('+', '%2B')}")

    assert [one["id"] for one in found] == [one["id"] for one in claims if one["sign"] == sign]


@pytest.mark.parametrize("state", ["decreased", "increased", "altered"])
def test_claims_are_filtered_by_state(client: TestClient, claims: list[Any], state: str) -> None:
    found = pages(client, f"/v1/evidence?limit=200&state={state}")

    assert found
    assert [one["id"] for one in found] == [
        one["id"]
        for one in claims
        if any(link["state"] == state for end in ("subject", "object") for link in named(one, end))
    ]


def test_a_table_gives_type_and_state_of_each_link(client: TestClient) -> None:
    header, row = client.get("/v1/evidence?format=csv&id=zhu-crbn-resist").text.splitlines()[:2]

    assert "sign,subject.text,subject.links,subject.links.state" in header
    assert ",+,CRBN depletion,entity:crbn,decreased," in row


def test_the_shipped_content_has_no_computed_conflict(client: TestClient) -> None:
    found = pages(client, "/v1/conflicts?computed=true&limit=200")

    assert [one["id"] for one in found if one["computed"]] == []


def made_up(row_id: str, relation: str, subject: str, state: str | None) -> Any:
    """A claim on what an entity, in a state, does to DDB1."""
    claim = entry(documents(), "evidence", "lu-degrades-ikzf1") | {
        "id": row_id,
        "relation": relation,
        "subject": {
            "text": subject,
            "links": [{"type": "entity", "id": subject, "state": state}],
        },
        "object": {"text": "DDB1", "links": [{"type": "entity", "id": "ddb1", "state": None}]},
    }
    return record("evidence", claim)


OPPOSITE = {
    "two relations": (("increases", "meis2", None), ("decreases", "meis2", None)),
    "a state of the subject": (("increases", "crbn", None), ("increases", "crbn", "decreased")),
    "an entity that is a state": (("increases", "crbn", None), ("increases", "crbn-loss", None)),
}
ALIKE = {
    "relation and state": (("increases", "crbn", None), ("decreases", "crbn", "decreased")),
    "altered": (("increases", "crbn", None), ("decreases", "crbn", "altered")),
    "no sign": (("increases", "crbn", None), ("modulates", "crbn", None)),
    "loss that decreases": (("increases", "crbn", None), ("decreases", "crbn-loss", None)),
}


def computed(copy: Settings, claims: tuple[tuple[str, str, str | None], ...]) -> list[str]:
    conflict = table("conflict")
    with undone(copy) as connection:
        put_all(connection, [made_up(f"made-up-{n}", *claim) for n, claim in enumerate(claims)])
        return list(connection.execute(select(conflict.c.id).where(conflict.c.computed)).scalars())


@pytest.mark.aside
@pytest.mark.parametrize("claims", OPPOSITE.values(), ids=OPPOSITE)
def test_claims_of_opposite_sign_are_a_conflict(
    copy: Settings, claims: tuple[tuple[str, str, str | None], ...]
) -> None:
    assert computed(copy, claims) == [f"computed-{claims[0][1]}-ddb1"]


@pytest.mark.aside
@pytest.mark.parametrize("claims", ALIKE.values(), ids=ALIKE)
def test_claims_of_the_same_sign_or_none_are_not(
    copy: Settings, claims: tuple[tuple[str, str, str | None], ...]
) -> None:
    assert computed(copy, claims) == []


def test_resistance_to_a_drug_is_the_resistance_of_that_name(copy: Settings) -> None:
    resists = made_up("made-up-1", "confers_resistance_to", "meis2", None)
    resists.object.links[0].id = "lenalidomide"
    lowers = made_up("made-up-2", "decreases", "meis2", None)
    lowers.object.links[0].id = "lenalidomide-resistance"
    conflict = table("conflict")

    with undone(copy) as connection:
        put_all(connection, [resists, lowers])
        found = connection.execute(select(conflict.c.id).where(conflict.c.computed)).scalars().all()

    assert found == ["computed-meis2-lenalidomide-resistance"]
