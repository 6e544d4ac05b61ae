"""The README is true: its questions, settings, counts and commands."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.settings import ROOT, Settings
from tests.looking import some

README = (ROOT / "README.md").read_text("utf-8")
QUESTIONS = (ROOT / "docs" / "QUESTIONS.md").read_text("utf-8")
QUESTION = re.compile(
    r"```sh\ncurl -s 'localhost:8000([^']+)' \| jq -r '\.([a-z]+)\[\]\.([a-z.]+)'\n```\n\n"
    r"```text\n(.*?)```",
    re.DOTALL,
)


def value(item: Any, path: str) -> str:
    for key in path.split("."):
        item = item[key]
    return str(item)


@pytest.mark.parametrize(
    ("address", "listed", "path", "shown"), QUESTION.findall(README + QUESTIONS)
)
def test_a_question_has_the_answer_that_is_shown(
    client: TestClient, address: str, listed: str, path: str, shown: str
) -> None:
    answer = client.get(address).json()

    assert answer.get("next") is None
    assert shown == "".join(f"{value(item, path)}\n" for item in answer[listed])


def test_no_hazard_ratio_is_shown_for_a_comparison_against_lenalidomide(
    client: TestClient,
) -> None:
    """Where lenalidomide is in the control arm too, the ratio shows what something else adds."""
    shown = {one for *_, ids in QUESTION.findall(README + QUESTIONS) for one in ids.split()}
    outcomes = client.get("/v1/outcomes?measure=HR_PFS&measure=HR_OS&limit=200").json()["items"]
    trials = {one["trial"]["id"] for one in outcomes if one["id"] in shown}
    compared = {one: client.get(f"/v1/trials/{one}").json()["comparator"] for one in trials}

    assert compared == {"augment": "placebo with rituximab"}


def test_ten_questions_are_asked() -> None:
    assert re.findall(r"^## (\d+)\. ", QUESTIONS, re.MULTILINE) == [str(n) for n in range(1, 11)]
    assert len(QUESTION.findall(QUESTIONS)) == QUESTIONS.count("curl -s")


def test_the_readme_asks_two_questions() -> None:
    assert len(QUESTION.findall(README)) == README.count("curl -s") == 2


def test_the_readme_lists_every_setting() -> None:
    documented = re.findall(r"^\| `MOA_([A-Z_]+)` \|", README, re.MULTILINE)

    assert [name.lower() for name in documented] == list(Settings.model_fields)
    for name, field in some(Settings.model_fields.items()):
        assert str(field.description).split(" Default")[0].split(".")[0] in README, name


def test_the_readme_has_the_right_counts(client: TestClient) -> None:
    counts = client.get("/v1/dataset").json()["counts"]
    names = counts | {"claims": counts.pop("evidence"), "signed edges": counts.pop("edges")}
    names["questions"] = names.pop("conflicts")

    text = " ".join(README.split())
    for name, count in some(names.items()):
        assert f"{count} {name}" in text, name


def test_the_readme_names_every_address(client: TestClient) -> None:
    for path in some(client.get("/openapi.json").json()["paths"]):
        general = re.sub(r"^/v1/[a-z]+/\{id\}/evidence$", "/v1/{type}/{id}/evidence", path)
        assert f"`{general.removesuffix('/{id}')}`" in README, path


def test_the_readme_is_of_a_size_that_is_read() -> None:
    assert 80 <= len(README.splitlines()) <= 120


def test_every_command_is_in_the_readme() -> None:
    assert "python -m app serve | migrate | seed [--check] | doctor | rebuild | openapi" in README
