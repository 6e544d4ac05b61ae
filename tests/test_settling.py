"""A load of the files loses no change made by key, unless the operator says so."""

import json
import re
import shutil
from pathlib import Path

import pytest

from app.__main__ import main
from app.settings import Settings
from app.write.rows import KINDS
from seed import DATA
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, curating, history
from tests.test_writes import NEW, PARTNER
from tests.writing import documents, record

pytestmark = pytest.mark.covering

Capture = pytest.CaptureFixture[str]
BOTH, CHANGED, GONE = (
    "/v1/partners/r-chop",
    "/v1/references/flowers-2020",
    "/v1/references/arora-2016",
)
BOTH_SIDES = "is named for both sides; name it after one of --ours and --theirs"
NO_SUCH_ROW = "there is no such row; write TYPE/ID, such as partners/r-chop"


@pytest.fixture
def folder(copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the curated files."""
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    found = tmp_path / "data"
    shutil.copytree(DATA, found)
    return found


def rewrite(file: Path, row_id: str, pattern: str, text: str) -> None:
    """Change the entry of a row in a file."""
    whole = file.read_text("utf-8")
    start = whole.index(f"- id: {row_id}\n")
    end = whole.find("\n- id: ", start) + 1 or len(whole)
    entry = re.sub(pattern, text, whole[start:end], count=1, flags=re.MULTILINE | re.DOTALL)
    assert entry != whole[start:end]
    file.write_text(whole[:start] + entry + whole[end:], "utf-8")


def retitle(folder: Path, row_id: str, title: str) -> None:
    rewrite(folder / "references.yaml", row_id, r"^  title: .*?(?=^  [a-z])", f"  title: {title}\n")


def seed(folder: Path, *words: str) -> int:
    return main(["seed", "--folder", str(folder), *words])


def change_both(curator: Curator, folder: Path) -> None:
    """Change rows by key, and some of them in the files too."""
    for address in (PARTNER, BOTH, CHANGED):
        assert curator.ask("PATCH", address, {"note": "By key."}).status_code in (200, 422)
    assert curator.ask("PATCH", CHANGED, {"title": "By key"}).status_code == 200
    same = "/v1/references/lopez-girona-2012"
    assert curator.ask("PATCH", same, {"title": "By key"}).status_code == 200
    retitle(folder, "lopez-girona-2012", "By key")
    assert curator.ask("DELETE", GONE).status_code == 204
    rewrite(folder / "partners.yaml", "r-chop", r"^  name: [^\n]*$", "  name: By file")
    rewrite(folder / "references.yaml", "flowers-2020", ".*", "")
    retitle(folder, "arora-2016", "By file")


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_what_a_key_has_changed_is_lost_by_no_load(
    copy: Settings, folder: Path, capsys: Capture
) -> None:
    with curating(copy) as curator:
        client = curator.client
        change_both(curator, folder)
        before = history(copy)

        assert seed(folder) == 1
        told = capsys.readouterr().err
        assert "partners/r-chop: changed by key and by the file: name: file 'By file'" in told
        assert "references/flowers-2020: changed by key and by the file; the file no longer" in told
        assert "references/arora-2016: changed by key and by the file; the database no" in told
        assert "partners/rituximab" not in told

        theirs = ("partners/r-chop", "references/arora-2016", "references/flowers-2020")
        assert seed(folder, "--theirs", *theirs) == 0
        assert "4 rows changed by key: kept" in capsys.readouterr().err
        assert client.get(BOTH).json()["note"] == client.get(PARTNER).json()["note"] == "By key."
        assert client.get(CHANGED).json()["title"] == "By key"
        assert client.get(GONE).status_code == 410
        assert history(copy) == before

        retitle(folder, "lopez-girona-2012", "By file")
        assert seed(folder, "--ours", *theirs) == 0
        assert "1 row changed by key: kept" in capsys.readouterr().err
        assert client.get(BOTH).json()["name"] == client.get(GONE).json()["title"] == "By file"
        assert client.get(CHANGED).status_code == 410
        steps = history(copy)[len(before) :]
        assert {(one["id"], one["action"], one["by"]) for one in steps} == {
            ("r-chop", "changed", "seed"),
            ("flowers-2020", "removed", "seed"),
            ("arora-2016", "added", "seed"),
            ("lopez-girona-2012", "changed", "seed"),
        }

        refused(curator, folder)


def refused(curator: Curator, folder: Path) -> None:
    """What a key has added must fit the files."""
    own = NEW | {"components": ["crbn"], "id": "named-by-nobody"}
    assert curator.ask("POST", "/v1/partners", own).status_code == 201
    assert seed(folder) == 1


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_both_sides_are_shown_place_by_place(copy: Settings, folder: Path, capsys: Capture) -> None:
    with curating(copy) as curator:
        sides = curator.client.get("/v1/conflicts/cd20-on-cll-cells").json()["sides"]
        sides[1]["answer"] = "By key"
        for address, sent in (
            ("/v1/conflicts/cd20-on-cll-cells", {"sides": sides}),
            ("/v1/entities/crbn", {"synonyms": [f"Made up {number}" for number in range(9)]}),
        ):
            assert curator.ask("PATCH", address, sent).status_code == 200
    rewrite(
        folder / "conflicts.yaml",
        "cd20-on-cll-cells",
        r"^  question: [^\n]*",
        "  question: By file?",
    )
    rewrite(folder / "entities.yaml", "crbn", r"^  note: [^\n]*", "  note: By file")

    assert seed(folder) == 1

    told = capsys.readouterr().err
    assert re.search(r"; sides 2: answer: file '[^']+', database 'By key'$", told, re.MULTILINE)
    assert re.search(
        r"; synonyms 3: file [^;]+, database 'Made up 2'; synonyms: 6 more places", told
    )
    assert "2 rows changed by key and by the files; name each after --ours" in told


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_a_choice_that_means_nothing_is_named(
    copy: Settings, folder: Path, capsys: Capture
) -> None:
    with curating(copy) as curator:
        assert curator.ask("DELETE", GONE).status_code == 204
    rewrite(folder / "references.yaml", "arora-2016", ".*", "")
    known, same = ("references/arora-2016", "partners/r-chop"), ("partners/rituximab", "all")
    wrong = ("partners/r-chopp", "nothing/x", "r-chop", "", "a\nb\033[1m/c")

    assert seed(folder, "--ours", *same, *wrong, "--theirs", *same, *known) == 1

    lines = capsys.readouterr().err.splitlines()
    for name in same:
        assert f"'{name}': {BOTH_SIDES}" in lines
    for name in wrong:
        assert f"{name!r}: {NO_SUCH_ROW}" in lines
    assert "7 choices after --ours or --theirs cannot be followed" in lines[-1]


@pytest.mark.full
def test_files_and_keys_may_take_turns_with_a_row(
    copy: Settings, folder: Path, capsys: Capture
) -> None:
    """What was exported and loaded is where the next change starts, on whichever side."""
    with curating(copy) as curator:
        client = curator.client
        added = client.get(GONE).json() | {"id": "arora-anew", "title": "By key"}
        assert curator.ask("PATCH", CHANGED, {"title": "By key"}).status_code == 200
        assert curator.ask("DELETE", GONE).status_code == 204
        assert curator.ask("POST", "/v1/references", added).status_code == 201
        old = (folder / "references.yaml").read_text("utf-8")
        exported(folder)
        steps = len(history(copy))
        assert seed(folder) == 0
        assert len(history(copy)) == steps

        retitle(folder, "flowers-2020", "By file")
        rewrite(folder / "references.yaml", "arora-anew", ".*", "")
        start = old.index("- id: arora-2016\n")
        with (folder / "references.yaml").open("a", encoding="utf-8") as file:
            file.write(old[start : old.index("\n- id: ", start) + 1])
        assert seed(folder, "--theirs", "all") == 0
        assert client.get(CHANGED).json()["title"] == "By file"
        assert client.get(GONE).status_code == 200
        assert client.get("/v1/references/arora-anew").status_code == 410

        both_again(curator, folder, capsys)
    assert main(["doctor"]) == 0


def both_again(curator: Curator, folder: Path, capsys: Capture) -> None:
    """A decision holds until one of the sides changes again."""
    assert curator.ask("PATCH", CHANGED, {"title": "By key again"}).status_code == 200
    retitle(folder, "flowers-2020", "By file again")
    capsys.readouterr()
    assert seed(folder) == 1
    told = capsys.readouterr().err
    assert "title: file 'By file again', database 'By key again'" in told
    assert seed(folder, "--theirs", "all") == 0
    assert seed(folder) == 0
    assert curator.client.get(CHANGED).json()["title"] == "By key again"
    retitle(folder, "flowers-2020", "By file at last")
    assert seed(folder) == 1
    assert seed(folder, "--ours", "all") == 0
    assert curator.client.get(CHANGED).json()["title"] == "By file at last"


def exported(folder: Path) -> None:
    assert main(["export", "--yaml", str(folder)]) == 0


@pytest.mark.full
def test_an_entry_of_the_files_can_be_kept_as_json() -> None:
    for name, listed in documents().items():
        for values in listed if name in KINDS else ():
            given = record(name, values)
            kept = json.loads(json.dumps(given.model_dump(mode="json", by_alias=True)))
            assert record(name, kept) == given
