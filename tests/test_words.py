"""Controlled words are data: they come and go with the content, on any database of this schema."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.__main__ import main
from app.db import Database
from app.schema.vocabulary import Unusable, read_lists, words
from app.schema.words import read_words, word_tables
from app.settings import ROOT, Settings
from seed import DATA
from seed.load import checked
from seed.words import replaced
from tests.changing import changing
from tests.conftest import SQLITE_FIRST
from tests.programs import free_port
from tests.writing import count, count_words

Capture = pytest.CaptureFixture[str]
pytestmark = [pytest.mark.slow, pytest.mark.covering, pytest.mark.usefixtures("own_log")]

NEW_WORD = "  - id: soothes\n    sign: null\n    edge: false\n    definition: calms\n"
ITS_SIGN = (
    "relation_signs:\n  - id: soothes\n    sign: none\n    definition: says nothing of amounts\n"
)
FREED = (
    "UPDATE evidence SET confidence = 'medium' WHERE confidence = 'low'",
    "DELETE FROM word_confidence WHERE id = 'low'",
)
LOAD_AND_ASK = """
from starlette.testclient import TestClient
from app.__main__ import main
from app.main import create_app
from app.settings import Settings
assert main(["seed"]) == 0
with TestClient(create_app(Settings())) as client:
    print(client.get("/v1/evidence?relation=soothes").text)
"""


@pytest.fixture
def served(copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A filled database, which the commands take for theirs."""
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    return copy


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Another release, so far with the same words."""
    found = tmp_path / "release"
    for name in ("app", "seed", "migrations"):
        shutil.copytree(ROOT / name, found / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", found)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content of its own."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.yaml"
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")


def run(release: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the other release, whose lines do not count as covered."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    plain.pop("PYTHONPATH", None)
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=release, env=plain, check=False, capture_output=True, text=True
    )


def told(capture: Capture, *arguments: str) -> tuple[int, list[str]]:
    """The output of a command, and its exit code."""
    capture.readouterr()
    code = main(list(arguments))
    return code, capture.readouterr().err.splitlines()


def stored(settings: Settings) -> dict[str, set[str]]:
    db = Database(settings)
    with db.read() as reading:
        found = read_words(reading.connection)
    db.close()
    return found


def of_release() -> dict[str, set[str]]:
    return {name: set(words(name)) for name in word_tables()}


@pytest.mark.slow
@pytest.mark.aside
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_new_word_loads_without_a_migration_and_goes_with_its_rows(
    served: Settings, release: Path, capsys: Capture
) -> None:
    edit(release / "seed" / "data", "vocabulary", "  - id: binds\n", f"{NEW_WORD}  - id: binds\n")
    edit(release / "seed" / "data", "vocabulary", "relation_signs:\n", ITS_SIGN)
    edit(release / "seed" / "data", "evidence", "relation: studied_in\n", "relation: soothes\n")

    newer = run(release, "-c", LOAD_AND_ASK)

    assert newer.returncode == 0, newer.stderr
    assert f"words{count_words() + 1:13} rows: 1 added, 0 removed\n" in newer.stderr
    assert f"evidence{count('evidence'):10} rows: 0 added, 1 changed, 0 removed\n" in newer.stderr
    (claim,) = json.loads(newer.stdout)["items"]
    assert claim["relation"] == "soothes"
    refused = (
        "failed: the database has 1 word that this release lacks, such as 'soothes' in relations; "
        "run `python -m app seed`"
    )
    assert told(capsys, "doctor") == (1, [f"doctor {refused}"])
    assert told(capsys, "serve", "--port", str(free_port())) == (1, [f"serve {refused}"])

    code, lines = told(capsys, "seed")

    assert code == 0
    assert f"words{count_words():13} rows: 0 added, 1 removed" in lines
    assert f"evidence{count('evidence'):10} rows: 0 added, 1 changed, 0 removed" in lines
    assert stored(served) == of_release()
    assert told(capsys, "doctor")[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_words_of_the_release_come_and_others_go_with_the_next_seed(
    served: Settings, capsys: Capture
) -> None:
    with changing(served) as connection:
        for statement in FREED:
            connection.execute(text(statement))
    assert told(capsys, "doctor")[0] == 0
    with changing(served) as connection:
        connection.execute(text("INSERT INTO word_modes VALUES ('mystic')"))
    code, (line,) = told(capsys, "doctor")
    assert (code, "1 word that this release lacks, such as 'mystic' in modes" in line) == (1, True)

    assert f"words{count_words():13} rows: 1 added, 1 removed" in told(capsys, "seed")[1]

    assert stored(served) == of_release()


@pytest.mark.aside
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_words_stay_where_the_load_fails(copy: Settings) -> None:
    vocabulary = checked(DATA).vocabulary
    with changing(copy) as connection:
        for statement in FREED:
            connection.execute(text(statement))
        connection.execute(text("INSERT INTO word_modes VALUES ('mystic')"))
    before = stored(copy)
    db = Database(copy)

    def fail_half_way() -> None:
        with db.write() as connection, replaced(connection, vocabulary) as come_and_gone:
            assert come_and_gone == (count_words(), 1, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    db.close()
    assert stored(copy) == before


@pytest.mark.aside
def test_a_word_that_rows_use_cannot_go(folder: Path, capsys: Capture) -> None:
    edit(folder, "vocabulary", "  - id: weeks\n    definition: time\n", "")

    code, lines = told(capsys, "seed", "--check", "--folder", str(folder))

    assert code == 1
    *faults, _ = lines
    assert faults
    for fault in faults:
        assert fault.startswith("trials.yaml: ")
        assert ": unit: is 'weeks', expected an id of units in vocabulary.yaml; nearest: " in fault


UNKNOWN = f"which this release does not know; add it to {DATA / 'vocabulary.yaml'} first"
ORIGINS = "'native', 'mixed', 'borrowed', 'stated'"
LETTERS = "letters a to z, digits, spaces and the signs + - / ? ( ) _ ."


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_words_that_this_release_cannot_serve_are_each_a_fault(
    served: Settings, folder: Path, capsys: Capture
) -> None:
    quoted, long = 'say "no"', "x" * 101
    for place, new in (
        ("  - id: binds\n", NEW_WORD),
        ("  - id: resistance\n    definition: loss", f"  - id: '{quoted}'\n    definition: x\n"),
        ("  - id: resistance\n    definition: loss", f"  - id: {long}\n    definition: x\n"),
        ("  - id: native\n", "  - id: nearby\n    rank: 1\n    definition: x\n"),
    ):
        edit(folder, "vocabulary", place, new + place)
    before = stored(served)

    for command in (["seed", "--check"], ["seed"]):
        code, lines = told(capsys, *command, "--folder", str(folder))

        assert code == 1
        assert {
            f"vocabulary.yaml: relations 1 (soothes): id: is 'soothes', {UNKNOWN}",
            f"vocabulary.yaml: modes 4 ({quoted}): id: is '{quoted}', expected {LETTERS}",
            f"vocabulary.yaml: modes 5: id: is '{long[:100]}...', expected at most 100 characters",
            f"vocabulary.yaml: origins: expected {ORIGINS} and no others: answers count by them",
        } <= set(lines)
    assert stored(served) == before


def test_a_column_holds_words_of_its_own_list_only(copy: Settings) -> None:
    db = Database(copy)
    coded = [
        (key.parent.table.name, key.parent.name)
        for table in next(iter(word_tables().values())).metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table in word_tables().values()
    ]
    assert len(coded) == 34

    for table, column in coded:
        with pytest.raises(IntegrityError), db.write() as connection:
            connection.execute(text(f"UPDATE {table} SET {column} = 'ADC-like'"))
    db.close()


@pytest.mark.parametrize("word", ["", 'a"b', "a\\b", "a\nb", "ä", "x" * 101])
def test_the_database_refuses_a_word_that_answers_cannot_quote(copy: Settings, word: str) -> None:
    db = Database(copy)

    with pytest.raises(IntegrityError), db.write() as connection:
        connection.execute(text("INSERT INTO word_modes VALUES (:word)"), {"word": word})
    db.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"modes: [\n", "line 2, column 1: is not valid YAML in UTF-8"),
        (b"modes: \xff\n", "is not valid YAML in UTF-8"),
        (b"modes: \x00\n", "is not valid YAML in UTF-8"),
        (b"", "is not a mapping of lists"),
        (b"- id: x\n", "is not a mapping of lists"),
        (b"modes:\n- x\n", "modes: holds a word whose id is missing or not a text"),
        (b"modes:\n- definition: x\n", "modes: holds a word whose id is missing or not a text"),
        (b"modes:\n- id: 3\n", "modes: holds a word whose id is missing or not a text"),
    ],
)
def test_a_vocabulary_of_which_no_type_can_be_made(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "vocabulary.yaml"
    path.write_bytes(content)

    with pytest.raises(Unusable) as caught:
        read_lists(path)

    assert str(caught.value) == f"cannot start: {path}: {reason}"


def test_a_vocabulary_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"

    with pytest.raises(Unusable) as caught:
        read_lists(path)

    assert str(caught.value) == f"cannot start: {path} cannot be read: No such file or directory"


def cut(path: Path) -> None:
    content = path.read_text("utf-8")
    path.write_text(content[: content.index("units:")] + content[content.index("designs:") :])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (cut, "{path}: units: is missing, or holds no words"),
        (Path.unlink, "{path} cannot be read: No such file or directory"),
    ],
)
def test_a_release_without_its_words_says_so_in_one_line(
    release: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    path = release / "seed" / "data" / "vocabulary.yaml"
    spoil(path)

    ended = run(release, "-m", "app", "seed", "--check")

    assert (ended.returncode, ended.stderr) == (1, f"cannot start: {reason.format(path=path)}\n")


def test_a_list_that_the_vocabulary_lacks() -> None:
    with pytest.raises(Unusable, match="colours: is missing, or holds no words"):
        words("colours")
