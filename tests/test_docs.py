"""The README is true: its questions, settings, counts and commands."""

import re
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from app.__main__ import COMMANDS
from app.settings import ROOT, Settings
from tests.looking import some

README = (ROOT / "README.md").read_text("utf-8")
QUESTIONS = (ROOT / "docs" / "QUESTIONS.md").read_text("utf-8")
CURATING = (ROOT / "docs" / "curating.md").read_text("utf-8")
QUESTION = re.compile(
    r"```sh\ncurl -s 'localhost:8000([^']+)' \| jq -r '"
    r"\.([a-z]+)\[\](?:\.([a-z.]+)| \| \[([^'\n]+)\] \| @tsv)'"
    r"\n```\n\n```text\n(.*?)```",
    re.DOTALL,
)
STEP = re.compile(r"\.([a-z_]+)|\[(\d+)\]")


def value(item: Any, path: str) -> str:
    """What jq shows of an item at a path such as `.subtypes[0].id`."""
    for name, position in STEP.findall(path):
        if item is not None:
            item = item[name] if name else next(iter(item[int(position) :]), None)
    return "" if item is None else str(item)


def shown_by_jq(items: list[Any], paths: list[str]) -> str:
    return "".join("\t".join(value(item, path) for path in paths) + "\n" for item in items)


@pytest.mark.aside
@pytest.mark.parametrize(
    ("address", "listed", "path", "paths", "shown"), QUESTION.findall(README + QUESTIONS)
)
def test_a_question_has_the_answer_that_is_shown(
    client: TestClient, address: str, listed: str, path: str, paths: str, shown: str
) -> None:
    answer = client.get(address).json()

    assert answer.get("next") is None
    assert shown == shown_by_jq(answer[listed], paths.split(", ") if paths else [f".{path}"])


def section(number: int) -> str:
    """A question with all that answers it."""
    found = re.search(rf"^## {number}\. .*?(?=^## |\Z)", QUESTIONS, re.MULTILINE | re.DOTALL)
    assert found
    return found[0]


def test_no_ratio_for_a_third_drug_is_given_as_one_for_lenalidomide() -> None:
    """Where lenalidomide is in both arms, the hazard ratio is that of what was added."""
    assert "augment-outcome-03\t0.46" in section(8)
    assert not re.search(r"0\.21|0\.43", section(8))


def test_twenty_questions_take_two_requests_each_at_most() -> None:
    assert re.findall(r"^## (\d+)\. ", QUESTIONS, re.MULTILINE) == [str(n) for n in range(1, 21)]
    assert len(QUESTION.findall(QUESTIONS)) == QUESTIONS.count("curl -s")
    assert {section(number).count("curl -s") for number in range(1, 21)} == {1, 2}


@pytest.mark.slow
def test_the_rules_of_curating_define_words_as_the_vocabulary_does(client: TestClient) -> None:
    vocabulary = client.get("/v1/vocabulary").json()["lists"]
    filters = {
        "levels": "level_is",
        "origins": "origin",
        "confidence": "confidence",
        "states": "state",
    }

    for name, parameter in filters.items():
        for word in some(vocabulary[name]):
            row = f"| `{word['id']}` | {word['definition']} | `"
            assert row in CURATING, word["id"]
            example = CURATING.partition(row)[2].partition("`")[0]
            asked = f"/v1/evidence?{parameter}={word['id']}&id={example}"
            assert client.get(asked).json()["total"] == 1, asked


def test_the_claim_that_curators_are_shown_is_one_of_the_dataset(client: TestClient) -> None:
    (shown,) = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", CURATING, re.DOTALL)[0])
    claim = client.get(f"/v1/evidence/{shown['id']}").json()

    assert shown.pop("reference") == claim["reference"]["id"]
    assert shown == {name: claim[name] for name in shown}
    assert claim["sign"] == "+"


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
        general = re.sub(r"^/v1/[a-z]+/\{id\}/(evidence|history)$", r"/v1/{type}/{id}/\1", path)
        general = re.sub(r"^/v1/proposals/.*$", "/v1/proposals", general)
        assert f"`{general.removesuffix('/{id}')}`" in README, path


def test_the_readme_is_of_a_size_that_is_read() -> None:
    assert 80 <= len(README.splitlines()) <= 120


def test_every_command_is_in_the_readme() -> None:
    listed = re.search(r"`python -m app (serve [^`]*)`", README)

    assert listed
    assert re.findall(r"[a-z]+", re.sub(r"\[.*?\]", "", listed[1])) == list(COMMANDS)
