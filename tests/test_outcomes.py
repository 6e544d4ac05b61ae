"""Outcomes say what they compare and whom they count, and are found by it."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.looking import pages, some


@pytest.fixture
def outcomes(client: TestClient) -> list[Any]:
    return some(pages(client, "/v1/outcomes?limit=200"))


@pytest.fixture
def parents(client: TestClient) -> dict[str, str | None]:
    found = pages(client, "/v1/subtypes?limit=200")
    return {one["id"]: one["parent"] and one["parent"]["id"] for one in found}


def ids(client: TestClient, query: str) -> list[str]:
    return [one["id"] for one in pages(client, f"/v1/outcomes?limit=200&{query}")]


def below(subtype: str, parents: dict[str, str | None]) -> set[str]:
    found = {subtype}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def patients(outcome: Any) -> set[str]:
    return {one["id"] for one in outcome["patients"]}


def test_patients_are_those_of_the_outcome_or_of_its_trial(
    client: TestClient, outcomes: list[Any]
) -> None:
    trials = {one["id"]: one for one in pages(client, "/v1/trials?limit=200")}
    for one in outcomes:
        whole = {subtype["id"] for subtype in trials[one["trial"]["id"]]["subtypes"]}
        assert patients(one) == ({one["subtype"]["id"]} if one["subtype"] else whole)


def test_a_subtype_finds_only_figures_of_that_subtype(
    client: TestClient, outcomes: list[Any], parents: dict[str, str | None]
) -> None:
    for subtype in some(parents):
        branch = below(subtype, parents)
        whole = [one["id"] for one in outcomes if patients(one) and patients(one) <= branch]
        part = [one["id"] for one in outcomes if patients(one) & branch]

        assert ids(client, f"subtype={subtype}") == whole
        assert ids(client, f"subtype={subtype}&mixed=true") == part


def test_without_roll_up_a_subtype_is_itself(client: TestClient, outcomes: list[Any]) -> None:
    exact = ids(client, "subtype=diffuse-large-b-cell-lymphoma&rollup=exact")

    alone = {"diffuse-large-b-cell-lymphoma"}
    assert exact == [one["id"] for one in outcomes if patients(one) == alone]


def test_several_subtypes_find_what_each_finds(client: TestClient) -> None:
    one, other = "subtype=follicular-lymphoma", "subtype=marginal-zone-lymphoma"

    assert set(ids(client, f"{one}&{other}")) == {*ids(client, one), *ids(client, other)}
    assert "augment-outcome-03" not in ids(client, f"{one}&{other}")
    assert "augment-outcome-03" in ids(client, f"{one}&mixed=true")


def test_mixed_alone_changes_nothing(client: TestClient, outcomes: list[Any]) -> None:
    assert ids(client, "mixed=true") == [one["id"] for one in outcomes]


@pytest.mark.slow
def test_a_partner_is_what_is_tested_or_what_the_arm_is_given(client: TestClient) -> None:
    partners = pages(client, "/v1/partners?limit=200")
    entities = {one["entity"]["id"]: one["id"] for one in partners if one["entity"]}
    for one in some(pages(client, "/v1/outcomes?limit=200")):
        tested = {drug["id"] for drug in one["tests"]}
        named = {drug for drug in entities if f"-{drug}-" in f"-{one['arm']}-"}
        for drug in entities.keys() & (tested | named):
            found = one["id"] in ids(client, f"partner={entities[drug]}&trial={one['trial']['id']}")
            assert found == (drug in tested if one["comparator"] else drug in named)


def test_rituximab_in_both_arms_is_not_what_augment_tests(client: TestClient) -> None:
    of_rituximab = ids(client, "trial=augment&partner=rituximab")

    assert "augment-outcome-03" not in of_rituximab
    assert of_rituximab == [
        one["id"]
        for one in pages(client, "/v1/outcomes?trial=augment&limit=200")
        if not one["comparator"]
    ]


FILTERS = {
    "tests=lenalidomide": lambda one: "lenalidomide" in {drug["id"] for drug in one["tests"]},
    "comparator=placebo": lambda one: one["comparator"] == "placebo",
    "arm=lenalidomide": lambda one: one["arm"] == "lenalidomide",
    "population=mixed": lambda one: one["population"] == "mixed",
    "source_kind=regulator": lambda one: one["source_kind"] == "regulator",
    "distinct=true": lambda one: one["repeats"] is None,
    "distinct=false": bool,
    "grade_min=3": lambda one: one["grade"] in ("3", "3-4", "3-5", ">=3"),
    "grade_min=2": lambda one: one["grade"] in ("3", "3-4", "3-5", ">=3", ">=2"),
    "grade_min=1": lambda one: one["grade"] is not None,
    "event=neutropenia": lambda one: one["event"] == "neutropenia",
    "event=Second%20primary%20malignancies": lambda one: (
        one["event"] == "second primary malignancies"
    ),
    "event=ANEMIA": lambda one: one["event"] == "anaemia",
    "design=randomised&comparator=placebo": lambda one: one["comparator"] == "placebo",
}


@pytest.mark.parametrize(("query", "meets"), FILTERS.items(), ids=FILTERS)
def test_outcomes_are_filtered(
    client: TestClient, outcomes: list[Any], query: str, meets: Any
) -> None:
    found = ids(client, query)

    assert found
    assert found == [one["id"] for one in outcomes if meets(one)]


def test_a_repeated_figure_names_the_earlier_one(outcomes: list[Any]) -> None:
    by_id = {one["id"]: one for one in outcomes}
    for one in some(one for one in outcomes if one["repeats"]):
        earlier = by_id[one["repeats"]]
        assert earlier["id"] < one["id"]
        for field in ("trial", "measure", "arm", "comparator", "subtype"):
            assert earlier[field] == one[field]


def test_the_outcomes_of_a_trial_are_grouped_by_the_arms_they_compare(client: TestClient) -> None:
    for trial in some(pages(client, "/v1/trials?limit=200")):
        by_id = {one["id"]: one for one in trial["outcomes"]}
        grouped = [one for group in trial["comparisons"] for one in group["outcomes"]]
        assert sorted(grouped) == sorted(by_id)
        arms = [
            (group["arm"], group["comparator"], [drug["id"] for drug in group["tests"]])
            for group in trial["comparisons"]
        ]
        assert len({str(one) for one in arms}) == len(arms)
        for group, (arm, comparator, tests) in zip(trial["comparisons"], arms, strict=True):
            for one in group["outcomes"]:
                assert (by_id[one]["arm"], by_id[one]["comparator"]) == (arm, comparator)
                assert [drug["id"] for drug in by_id[one]["tests"]] == tests


def test_contrasts_name_both_arms_and_nothing_else_does(
    client: TestClient, outcomes: list[Any]
) -> None:
    measures = client.get("/v1/vocabulary").json()["lists"]["measures"]
    contrasts = {word["id"] for word in measures if word["contrast"]}
    for one in outcomes:
        assert (one["measure"] in contrasts) == bool(one["comparator"]) == bool(one["tests"])


def test_references_without_an_identifier_are_listed(client: TestClient) -> None:
    every = pages(client, "/v1/references?limit=200")
    keys = ("doi", "pmid", "pmcid", "nct")
    has = [one["id"] for one in every if any(one[key] for key in keys)]

    def listed(query: str) -> list[str]:
        return [one["id"] for one in pages(client, f"/v1/references?limit=200&{query}")]

    assert listed("has=any") == has
    assert listed("has=none") == [one["id"] for one in every if one["id"] not in has]
    assert listed("has=none&has=any") == [one["id"] for one in every]
    assert listed("has=none&has=doi") == [
        one["id"] for one in every if one["doi"] or one["id"] not in has
    ]


def test_no_short_citation_stands_for_two_references(client: TestClient) -> None:
    every = some(pages(client, "/v1/references?limit=200"))

    assert len({one["citation"] for one in every}) == len(every)
    assert {one["verified"] is None for one in every} == {False}


def test_the_dataset_says_what_it_covers_and_how_it_was_made(client: TestClient) -> None:
    dataset = client.get("/v1/dataset").json()

    assert dataset["scope"]
    assert dataset["out_of_scope"]
    assert dataset["searched_until"] == "2026-11-24"
    assert [release["id"] for release in dataset["releases"]][:1] == [dataset["version"]]
    checked = [one["claims"] + one["outcomes"] for one in dataset["method"]["rechecks"]]
    assert sum(checked) == 383
    assert sum(one["wrong_numbers"] for one in dataset["method"]["rechecks"]) == 0
