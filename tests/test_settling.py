"""A load of the files loses nothing that a key has changed, unless it is told to."""

import re
import shutil
from pathlib import Path

import pytest

from app.__main__ import main
from app.settings import Settings
from seed import DATA
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, curating, history
from tests.test_writes import NEW, PARTNER

Capture = pytest.CaptureFixture[str]
BOTH, CHANGED, GONE = (
    "/v1/partners/r-chop",
    "/v1/references/flowers-2020",
    "/v1/references/arora-2016",
)


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


def seed(folder: Path, *words: str) -> int:
    return main(["seed", "--folder", str(folder), *words])


def change_both(curator: Curator, folder: Path) -> None:
    """Change rows by key, and some of them in the files too."""
    for address in (PARTNER, BOTH, CHANGED):
        assert curator.ask("PATCH", address, {"note": "By key."}).status_code in (200, 422)
    assert curator.ask("PATCH", CHANGED, {"title": "By key"}).status_code == 200
    same = "/v1/references/lopez-girona-2012"
    for title in ("By key", curator.client.get(same).json()["title"]):
        assert curator.ask("PATCH", same, {"title": title}).status_code == 200
    assert curator.ask("DELETE", GONE).status_code == 204
    rewrite(folder / "partners.yaml", "r-chop", r"^  name: [^\n]*$", "  name: By file")
    rewrite(folder / "references.yaml", "flowers-2020", ".*", "")
    rewrite(folder / "references.yaml", "arora-2016", r"^  title: [^\n]*$", "  title: By file")


@pytest.mark.slow
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

        assert seed(folder, "--ours", "all") == 0
        assert "1 row changed by key: kept" in capsys.readouterr().err
        assert client.get(BOTH).json()["name"] == client.get(GONE).json()["title"] == "By file"
        assert client.get(CHANGED).status_code == 410
        steps = history(copy)[len(before) :]
        assert {(one["id"], one["action"], one["by"]) for one in steps} == {
            ("r-chop", "changed", "seed"),
            ("flowers-2020", "removed", "seed"),
            ("arora-2016", "added", "seed"),
        }

        refused(curator, folder)


def refused(curator: Curator, folder: Path) -> None:
    """What a key has added must fit the files."""
    own = NEW | {"components": ["crbn"], "id": "named-by-nobody"}
    assert curator.ask("POST", "/v1/partners", own).status_code == 201
    assert seed(folder) == 1
