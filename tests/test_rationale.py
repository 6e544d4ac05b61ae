"""Why a partner fits lenalidomide, over HTTP, on both databases."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.changing import add_edge, add_entity, changing
from tests.conftest import Clients
from tests.examples import ids
from tests.looking import some


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rationale(client: TestClient, partner: str, question: str = "") -> Any:
    return get(client, f"/v1/partners/{partner}/rationale?{question}")


def test_rituximab_fits_through_adcc_with_proof(client: TestClient) -> None:
    answer = rationale(client, "rituximab")

    first = answer["meetings"][0]
    assert answer["curated"] is True
    assert answer["sentence"] == (
        "Lenalidomide and rituximab meet first at ADCC. Lenalidomide and rituximab both raise ADCC."
    )
    assert (first["node"]["id"], first["steps"], first["agreement"]) == ("adcc", 2, "agree")
    for path in (first["drug_path"], first["partner_path"]):
        assert path["origin"] == "native"
        for step in some(path["steps"]):
            assert step["basis"] == "evidence"
            for claim in some(step["evidence"]):
                row = get(client, f"/v1/evidence/{claim['id']}")
                assert claim == {name: row[name] for name in claim}


def test_meetings_come_nearest_first_and_can_be_limited(client: TestClient) -> None:
    answer = rationale(client, "rituximab")
    few = rationale(client, "rituximab", "limit=2")

    steps = [meeting["steps"] for meeting in answer["meetings"]]
    assert steps == sorted(steps)
    assert not answer["truncated"]
    assert few["meetings"] == answer["meetings"][:2]
    assert few["truncated"]


def test_textbook_steps_are_plainly_marked(client: TestClient) -> None:
    for meeting in some(rationale(client, "bortezomib")["meetings"]):
        steps = meeting["partner_path"]["steps"]
        marked = [step for step in steps if step["basis"] == "textbook"]
        assert marked
        assert all(step["evidence"] == [] and step["level"] is None for step in marked)
        assert meeting["sentence"].endswith("(in part textbook knowledge).")


def test_the_paths_may_pull_in_different_ways(client: TestClient) -> None:
    found = {each["node"]["id"]: each for each in rationale(client, "dexamethasone")["meetings"]}

    assert found["t-cell-cytokine-production"]["agreement"] == "oppose"
    assert found["t-cell-cytokine-production"]["sentence"].startswith(
        "Lenalidomide raises but dexamethasone lowers T-cell cytokines"
    )
    assert found["tumour-cell-death"]["agreement"] == "agree"


def test_contradictory_sources_leave_it_unclear(client: TestClient) -> None:
    found = {each["node"]["id"]: each for each in rationale(client, "rituximab")["meetings"]}

    assert found["cd20"]["agreement"] == "unclear"
    assert "the direction is unclear" in found["cd20"]["sentence"]


def test_a_regimen_enters_through_its_parts_and_a_class_through_its_members(
    client: TestClient,
) -> None:
    regimen = rationale(client, "r-chop")
    of_class = rationale(client, "bcr-signalling-inhibitors")

    assert [entry["id"] for entry in regimen["entries"]] == [
        *("r-chop", "rituximab", "cyclophosphamide", "doxorubicin", "vincristine", "prednisone")
    ]
    assert regimen["meetings"][0]["partner_path"]["steps"][0]["source"]["id"] == "rituximab"
    assert of_class["meetings"][0]["partner_path"]["steps"][0]["source"]["id"] == "ibrutinib"
    assert {entry["id"]: entry["steps"] for entry in of_class["entries"]}["idelalisib"] == 0


def test_a_partner_without_entries_says_so(client: TestClient) -> None:
    answer = rationale(client, "other-agents")

    assert (answer["curated"], answer["meetings"], answer["entries"]) == (False, [], [])
    assert answer["sentence"] == (
        "The entry points of other agents (not named) are not curated: none is named."
    )
    assert answer["evidence"]


def test_a_partner_whose_entries_lead_nowhere_says_so(copy: Settings) -> None:
    with changing(copy) as connection:
        connection.exec_driver_sql("DELETE FROM edge_evidence")
        connection.exec_driver_sql("DELETE FROM mechanism_step")
        connection.exec_driver_sql("DELETE FROM conflict_edge")
        connection.exec_driver_sql("DELETE FROM edge_figure1_term")
        connection.exec_driver_sql("DELETE FROM edge")
    with TestClient(create_app(copy)) as client:
        answer = rationale(client, "rituximab")

    assert (answer["curated"], answer["meetings"]) == (False, [])
    assert answer["sentence"] == (
        "The entry points of rituximab are not curated: no causal step starts at rituximab."
    )


def test_drugs_that_do_not_meet_are_told(copy: Settings) -> None:
    with changing(copy) as connection:
        connection.exec_driver_sql("UPDATE edge SET type = 'synergy' WHERE target_id <> 'cd19'")
        add_entity(connection, "elsewhere")
        add_edge(connection, "tafasitamab-elsewhere", ("tafasitamab", "elsewhere"))
    with TestClient(create_app(copy)) as client:
        answer = rationale(client, "tafasitamab")

    assert (answer["curated"], answer["meetings"]) == (True, [])
    assert answer["sentence"] == "The curated steps of lenalidomide and of tafasitamab do not meet."


@pytest.mark.parametrize("partner", ids("partner"))
def test_the_claims_about_the_pair_are_all_there_in_their_groups(
    apps: dict[str, TestClient], partner: str
) -> None:
    client = apps["sqlite"]
    rows = get(client, f"/v1/partners/{partner}/evidence?limit=200")["items"]
    expected = {
        (claim["interaction"], row["origin"], row["id"], row["statement"])
        for row in rows
        for claim in row["partners"]
        if claim["partner"]["id"] == partner
    }

    groups = rationale(client, partner)["evidence"]

    found = [
        (group["interaction"], group["origin"], item["id"], item["statement"])
        for group in groups
        for item in group["items"]
    ]
    assert set(found) == expected
    assert len(found) == len(expected)
    assert all(group["total"] == len(group["items"]) for group in some(groups))


def test_the_trials_come_by_subtype_and_line_with_their_outcomes(
    apps: dict[str, TestClient],
) -> None:
    client = apps["sqlite"]
    expected, found = set(), set()
    for partner in ids("partner"):
        for trial in get(client, f"/v1/trials?partner={partner}&limit=200")["items"]:
            for outcome in trial["outcomes"]:
                of = [outcome["subtype"]] if outcome["subtype"] else trial["subtypes"]
                rest = (partner, trial["line"], trial["id"], outcome["id"])
                expected |= {(subtype["id"], *rest) for subtype in of}
        for group in rationale(client, partner)["trials"]:
            first = (group["subtype"]["id"], partner, group["line"])
            for trial in group["trials"]:
                found |= {(*first, trial["id"], outcome["id"]) for outcome in trial["outcomes"]}

    assert expected
    assert expected - found == set()


def test_a_drug_has_the_trials_of_regimens_that_contain_it(client: TestClient) -> None:
    trials = [trial for one in rationale(client, "rituximab")["trials"] for trial in one["trials"]]

    regimens = [{drug["id"] for drug in trial["regimen"]} for trial in some(trials)]
    assert {"lenalidomide", "r-chop"} in regimens
    assert {"lenalidomide", "r-ice"} in regimens
    assert all({"rituximab", "r-chop", "r-ice", "r-eshap"} & each for each in regimens)


def test_a_class_has_the_trials_of_its_members(client: TestClient) -> None:
    answer = rationale(client, "bcr-signalling-inhibitors")

    members = {entry["id"] for entry in answer["entries"]}
    trials = [trial for group in some(answer["trials"]) for trial in some(group["trials"])]
    assert all(members & {drug["id"] for drug in trial["regimen"]} for trial in trials)
    assert "ibrutinib" in [drug["id"] for trial in trials for drug in trial["regimen"]]


def test_conflicts_touch_a_pair_by_claims_and_by_steps(client: TestClient) -> None:
    found = {each["id"]: each for each in rationale(client, "rituximab")["conflicts"]}

    cd20 = found["cd20-on-cll-cells"]
    assert cd20["edges"] == ["lenalidomide-modulates-cd20-in-tumour-b-cell"]
    assert "lapalombella-antagonism" in cd20["evidence"]
    assert cd20["sides"] == get(client, "/v1/conflicts/cd20-on-cll-cells")["sides"]
    assert found["magnify-response"]["edges"] == []
    assert all(each["edges"] or each["evidence"] for each in found.values())


def test_an_unknown_partner_is_not_found(client: TestClient) -> None:
    answer = client.get("/v1/partners/rituximap/rationale")

    assert answer.status_code == 404
    assert answer.json()["nearest"][0] == "rituximab"


@pytest.mark.parametrize("partner", ids("partner"))
def test_both_databases_give_the_same_bytes(both: Clients, partner: str) -> None:
    sqlite, postgres = (client.get(f"/v1/partners/{partner}/rationale") for client in both)

    assert sqlite.content == postgres.content
