"""Loading is all or nothing, changes nothing when repeated, and loads only what was edited."""

import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.__main__ import main
from app.db import Database
from app.main import create_app
from app.settings import Settings
from seed import DATA, MOST_SHOWN, Faulty
from seed.load import Progress, Report, load
from tests.conftest import SQLITE_FIRST

pytestmark = [pytest.mark.slow, pytest.mark.covering]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A curator's own copy of the content."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def loaded(settings: Settings, folder: Path) -> Report:
    db = Database(settings)
    try:
        return load(db, folder, Progress(print))
    finally:
        db.close()


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def changed(report: Report) -> dict[str, tuple[set[str], set[str], set[str]]]:
    return {
        name: (one.added, one.changed, one.removed)
        for name, one in report.changes.items()
        if one.added or one.changed or one.removed
    }


@pytest.mark.slow
@pytest.mark.covering
def test_a_second_load_changes_nothing(copy: Settings, folder: Path) -> None:
    with TestClient(create_app(copy)) as client:
        before = client.get("/v1/evidence?limit=200").content

        report = loaded(copy, folder)

        assert not report.changed
        assert client.get("/v1/evidence?limit=200").content == before
        assert client.get("/v1/dataset").json()["revision"] == 1


@pytest.mark.aside
@pytest.mark.slow
def test_an_edit_updates_just_that(copy: Settings, folder: Path) -> None:
    with TestClient(create_app(copy)) as client:
        before = client.get("/v1/subtypes?limit=200").json()["items"]
        edit(folder, "subtypes", "name: follicular lymphoma\n", "name: Follicular lymphoma\n")
        edit(folder, "mechanisms", "figure1_terms: [NK]", "figure1_terms: [NK, IFN]")

        report = loaded(copy, folder)

        # A change of a list is one of its owner.
        owner = "dual-action-on-tumour-and-microenvironment"
        assert changed(report) == {
            "subtype": (set(), {"follicular-lymphoma"}, set()),
            "mechanism": (set(), {owner}, set()),
        }
        answered = client.get(f"/v1/mechanisms/{owner}").json()
        assert (answered["figure1_terms"], answered["version"]) == (["NK", "IFN"], 2)
        after = client.get("/v1/subtypes?limit=200").json()["items"]
        differ = [new for old, new in zip(before, after, strict=True) if old != new]
        parents = [one for one in differ if one["id"] != "follicular-lymphoma"]
        (edited,) = [one for one in differ if one["id"] == "follicular-lymphoma"]
        assert (edited["name"], edited["version"]) == ("Follicular lymphoma", 2)
        assert edited["updated_at"] > edited["created_at"]
        assert {one["parent"]["id"] for one in parents} == {"follicular-lymphoma"}
        assert client.get("/v1/dataset").json()["revision"] == 2


@pytest.mark.aside
@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_rows_come_and_go(copy: Settings, folder: Path) -> None:
    text = (folder / "references.yaml").read_text("utf-8")
    entry = text[text.index("- id: gribben-2015") : text.index("- id: armitage-1998")]
    entry = entry.replace("id: gribben-2015", "id: new-reference")
    entry = entry.replace("role: the review", "role: null").replace("2015", "2014")
    for key in ("doi", "pmid", "pmcid"):
        start = entry.index(f"  {key}: ")
        end = entry.index("\n", start)
        entry = entry[:start] + f"  {key}: null" + entry[end:]
    (folder / "references.yaml").write_text(text + entry, "utf-8")

    came = loaded(copy, folder)
    (folder / "references.yaml").write_text(text, "utf-8")
    went = loaded(copy, folder)

    assert changed(came) == {"reference": ({"new-reference"}, set(), set())}
    assert changed(went) == {"reference": (set(), set(), {"new-reference"})}


@pytest.mark.aside
@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_faulty_content_is_told_whole_and_nothing_is_loaded(copy: Settings, folder: Path) -> None:
    edit(folder, "subtypes", "course: indolent", "course: slow")
    edit(folder, "evidence", "level: E", "level: A")

    with pytest.raises(Faulty) as caught:
        loaded(copy, folder)

    told = [str(fault) for fault in caught.value.found]
    assert any(one.startswith("subtypes.yaml: ") and "course" in one for one in told)
    assert any(one.startswith("evidence.yaml: ") and "level" in one for one in told)
    with TestClient(create_app(copy)) as client:
        assert client.get("/v1/dataset").json()["revision"] == 1


def test_progress_is_told_only_once_it_takes_longer_than_a_second() -> None:
    clock = iter([0.0, 0.9, 1.1])
    told: list[str] = []
    progress = Progress(told.append, lambda: next(clock))

    progress.step("quick")
    progress.step("slow")

    assert told == ["slow"]


@pytest.mark.aside
def test_of_very_many_faults_the_first_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    references = folder / "references.yaml"
    broken, number = re.subn(
        r"^(\s+year:).*", r"\1 none", references.read_text("utf-8"), flags=re.MULTILINE
    )
    references.write_text(broken, "utf-8")
    assert number > MOST_SHOWN

    assert main(["seed", "--check", "--folder", str(folder)]) == 1

    *first, rest, last = capsys.readouterr().err.splitlines()
    assert len(first) == MOST_SHOWN
    assert all("year" in line for line in first)
    assert re.fullmatch(r"and [0-9,]+ faults? more; correct these first", rest)
    assert re.fullmatch(r"seed failed: [0-9,]+ faults in the content; nothing was loaded", last)
