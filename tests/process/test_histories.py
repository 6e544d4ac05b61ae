"""B10: whatever is changed by key, the history records it, and the files can be loaded again.

Changes are made at random in rows of every type. Each run prints what it has counted.
"""

import random
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.db import Database
from app.schema.curation import moment
from app.settings import Settings
from app.write.history import unfaithful
from app.write.rows import KINDS
from app.write.rules import faults_of_one
from seed.check import Files
from seed.content import read
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, curating, history
from tests.examples import ids

Capture = pytest.CaptureFixture[str]
TEXTS = ("note", "summary", "name", "definition", "explanation", "line_detail")
MADE = (200, 201, 204)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True),
]


def with_other_text(row: dict[str, Any], number: int, dice: random.Random) -> dict[str, Any]:
    """A field of a row with another text."""
    fields = [one for one in TEXTS if one in row]
    name = dice.choice(fields or ["note"])
    return {name: f"{row.get(name) or 'Noted'} (change {number})."}


def change(curator: Curator, dice: random.Random, number: int, actions: str) -> tuple[str, int]:
    """Change some row in some way; what was tried, and the status of the answer."""
    kind = dice.choice([*KINDS])
    row_id = dice.choice(ids(KINDS[kind]))
    address, why = f"/v1/{kind}/{row_id}", f"?reason=Change+{number}"
    found = curator.client.get(address)
    if found.status_code != 200:
        return "gone", found.status_code
    row, action = found.json(), dice.choice(actions.split())
    other = with_other_text(row, number, dice)
    match action:
        case "POST":
            asked = "POST", f"/v1/{kind}{why}", row | other | {"id": f"another-{number}"}
        case "PUT":
            asked = "PUT", f"{address}{why}", row | other
        case "PATCH":
            asked = "PATCH", f"{address}{why}", other
        case _:
            asked = "DELETE", f"{address}{why}", None
    return action, curator.ask(*asked).status_code


def told_by(*words: str, capsys: Capture) -> tuple[int, list[str]]:
    """The exit code of a command, and the faults that it reports."""
    capsys.readouterr()
    code = main([*words])
    lines = capsys.readouterr().err.splitlines()
    return code, [one for one in lines if ".yaml: " in one and not one.endswith(" bytes")]


def check_history(copy: Settings, made: int, start: str) -> None:
    """Each change has left one entry, and the entries lead to the present rows."""
    steps = history(copy)
    last: dict[tuple[str, str], Any] = {}
    assert len(steps) == made
    for step in steps:
        place = step["type"], step["id"]
        assert step["before"] == last.get(place, step["before"])
        assert (step["by"], step["reason"][:7]) == ("curator", "Change ")
        assert start <= step["at"] <= moment()
        last[place] = step["after"]
    assert [one["at"] for one in steps] == sorted(one["at"] for one in steps)
    with closing(Database(copy)) as db, db.read() as reading:
        assert unfaithful(reading.connection) == []


@pytest.fixture
def command(copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    return copy


CALM, ALL = "PATCH PUT", "PATCH PUT POST DELETE"


@pytest.mark.parametrize(
    ("seed", "steps", "actions"),
    [
        (1, 12, CALM),
        *(
            pytest.param(seed, 60, actions, marks=pytest.mark.full)
            for seed in range(2, 6)
            for actions in (CALM, ALL)
        ),
    ],
)
def test_what_was_changed_is_told_and_can_be_loaded(
    command: Settings, tmp_path: Path, capsys: Capture, seed: int, steps: int, actions: str
) -> None:
    dice, start = random.Random(seed), moment()  # noqa: S311 - the same changes each time
    with curating(command) as curator:
        answers = Counter(change(curator, dice, number, actions) for number in range(steps))
    made = sum(times for (_, status), times in answers.items() if status in MADE)
    exported = told_by("export", "--yaml", str(tmp_path), capsys=capsys)
    checked = told_by("seed", "--check", "--folder", str(tmp_path), capsys=capsys)

    print(f"{dict(answers)}; {made} changes, {len(checked[1])} rules of the whole unmet")
    assert {status for _, status in answers} <= {*MADE, 404, 409, 410, 422}
    assert made >= steps // 4
    check_history(command, made, start)
    assert sorted(exported[1]) == sorted(checked[1])  # rows added by key stand elsewhere in files
    assert exported[0] == checked[0]
    assert checked[0] == bool(checked[1])
    if checked[1]:
        # Only what a single change need not keep: a rule of the content as a whole.
        assert actions == ALL
        known = Files(read(tmp_path))
        rows = [(kind, row) for kind in KINDS for row in known.all(kind)]
        assert not [one for kind, row in rows for one in faults_of_one(kind, row, known)]
