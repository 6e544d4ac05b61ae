"""Every value of the curated files comes back from the service unchanged."""

from functools import cache
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from seed import DATA
from seed.content import LOADER, TYPES
from tests.conftest import SQLITE_FIRST
from tests.looking import pages, some

# Every row is looked at in its list, and so many apart from one another by itself.
EACH = 5


def parsed(name: str) -> Any:
    return yaml.load((DATA / name).read_text("utf-8"), LOADER)  # noqa: S506 - a safe one


@cache
def entries(kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parsed(f"{kind}.yaml")
    return found


def same(curated: Any, answered: Any, whole: str = "") -> None:
    """A link may be answered as an object with that id; a key may be null where none is curated.

    The earlier outcome that an outcome of a trial repeats is answered by id, not by position.
    """
    if isinstance(curated, dict):
        for key, value in curated.items():
            other = answered[key.replace("-", "_")]
            if key == "repeats" and value:
                assert other == f"{whole}-outcome-{value:02d}"
            else:
                same(value, other, whole)
    elif isinstance(curated, list):
        assert len(curated) == len(answered)
        for one, other in zip(curated, answered, strict=True):
            same(one, other, whole)
    elif isinstance(answered, dict):
        assert answered["id"] == curated
    else:
        assert (type(answered) is bool) == (type(curated) is bool)
        assert answered == curated


@pytest.mark.slow
@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize("kind", TYPES)
def test_every_value_is_answered_as_curated(client: TestClient, kind: str) -> None:
    listed = {row["id"]: row for row in pages(client, f"/v1/{kind}?limit=200")}

    for number, entry in enumerate(some(entries(kind))):
        same(entry, listed[entry["id"]], entry["id"])
        if number % EACH == 0:
            assert client.get(f"/v1/{kind}/{entry['id']}").json() == listed[entry["id"]]


def test_every_word_is_answered_as_curated(client: TestClient) -> None:
    curated = parsed("vocabulary.yaml")

    answer = client.get("/v1/vocabulary").json()

    assert answer["level_note"] == curated.pop("level_note")
    assert answer["lists"].keys() == curated.keys()
    for name, words in some(curated.items()):
        same(words, answer["lists"][name])


def test_outcomes_in_the_flat_list_are_those_of_the_trials(client: TestClient) -> None:
    for trial in some(entries("trials")):
        of_trial = client.get(f"/v1/outcomes?trial={trial['id']}&limit=200").json()["items"]
        for curated, answered in zip(trial["outcomes"], of_trial, strict=True):
            same(curated, answered, trial["id"])


@pytest.mark.slow
def test_every_row_is_in_its_list(client: TestClient) -> None:
    for kind in some(TYPES):
        address: str | None = f"/v1/{kind}?limit=200"
        found = []
        while address:
            page = client.get(address).json()
            found += [item["id"] for item in page["items"]]
            address = page["next"]

        assert some(found) == sorted(entry["id"] for entry in entries(kind))
        assert page["total"] == len(found)
