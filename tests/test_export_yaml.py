"""What keys have changed goes back into the curated files, and nothing else there changes."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from app.__main__ import main
from app.settings import Settings
from seed import DATA
from tests.calling import APART
from tests.conftest import SQLITE_FIRST
from tests.curating import curating
from tests.test_settling import rewrite
from tests.test_write_store import again
from tests.writing import documents

Capture = pytest.CaptureFixture[str]
OLD = "/v1/references/arora-2016"

pytestmark = pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)


@pytest.fixture(autouse=True)
def address(copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MOA_DATABASE_URL", copy.database_url)
    return copy


def texts(folder: Path) -> dict[str, str]:
    return {one.name: one.read_text("utf-8") for one in folder.glob("*.yaml")}


def loads_unchanged(folder: Path, capture: Capture) -> bool:
    """Whether a load of these files changes nothing."""
    capture.readouterr()
    assert main(["seed", "--folder", str(folder)]) == 0
    told = [line for line in capture.readouterr().err.splitlines() if " rows: " in line]
    return len(told) > 10 and all("0 added" in one and "0 removed" in one for one in told)


@pytest.mark.aside
@pytest.mark.slow
def test_a_seeded_database_gives_the_files_that_it_was_loaded_from(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    assert main(["export", "--yaml", str(folder)]) == 0
    assert texts(folder) == texts(DATA)

    before = {one.name: one.stat().st_mtime_ns for one in folder.iterdir()}
    assert main(["export", "--yaml", str(folder)]) == 0
    assert {one.name: one.stat().st_mtime_ns for one in folder.iterdir()} == before


@pytest.mark.slow
def test_rows_that_are_written_anew_say_the_same(tmp_path: Path, capsys: Capture) -> None:
    for name in ("evidence", "trials", "references", "edges", "partners"):
        (tmp_path / f"{name}.yaml").write_text("# Anew.\n", "utf-8")

    assert main(["export", "--yaml", str(tmp_path)]) == 0

    assert (tmp_path / "edges.yaml").read_text("utf-8").startswith("# Anew.\n- id: adcc-")
    assert loads_unchanged(tmp_path, capsys)
    lines = {name: set(text.splitlines()) for name, text in texts(tmp_path).items()}
    curated = {name: set(text.splitlines()) for name, text in texts(DATA).items()}
    foreign = [line for name in lines for line in lines[name] - curated[name]]
    assert len(foreign) < 20, foreign  # heads, texts broken by hand, and 46.0 for 46


@pytest.mark.slow
@pytest.mark.covering
def test_only_what_was_changed_is_written_anew(
    address: Settings, tmp_path: Path, capsys: Capture
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    rewrite(folder / "subtypes.yaml", "follicular-lymphoma", r"^  name: [^\n]*$", "  name: []")
    with curating(address) as curator:
        reference = curator.client.get(OLD).json()
        answers = [
            curator.ask("PATCH", "/v1/partners/r-chop", {"note": "Changed."}),
            curator.ask("DELETE", OLD),
            curator.ask("POST", "/v1/references", reference | {"id": "arora-anew"}),
        ]
    assert [one.status_code for one in answers] == [200, 204, 201]

    assert main(["export", "--yaml", str(folder)]) == 0

    old, new = texts(DATA), texts(folder)
    assert new["subtypes.yaml"].splitlines() == old["subtypes.yaml"].splitlines()
    assert [name for name in old if old[name] != new[name]] == [
        name for name in old if name in ("partners.yaml", "references.yaml")
    ]
    lines = {name: text.splitlines() for name, text in new.items()}
    partners = set(lines["partners.yaml"]) - set(old["partners.yaml"].splitlines())
    assert partners == {"  note: Changed."}
    references = old["references.yaml"].splitlines()
    start = references.index("- id: arora-2016")
    entry = references[start + 1 : references.index("  listed_as: null", start) + 1]
    assert "- id: arora-2016" not in lines["references.yaml"]
    assert lines["references.yaml"][-len(entry) - 1 :] == ["- id: arora-anew", *entry]
    assert loads_unchanged(folder, capsys)


def indented(text: str) -> str:
    return re.sub("^(?=.)", "  ", text, flags=re.MULTILINE)


def in_flow(text: str) -> str:
    rows = yaml.safe_load(text)
    return f"# Kept.\n--- {yaml.safe_dump(rows, default_flow_style=True, width=10**6)}"


FORMS: dict[str, Callable[[str], str]] = {
    "without an end": lambda text: text.removesuffix("\n"),
    "indented": indented,
    "in flow style": in_flow,
    "of Windows": lambda text: text.replace("\n", "\r\n"),
    "ended": lambda text: f"{text}...\n",
}


# For each form a file, and a change of one of its rows.
CHANGED: dict[str, tuple[str, str, str]] = {
    "without an end": ("trials", "a051103", "note"),
    "indented": ("partners", "r-chop", "note"),
    "in flow style": ("subtypes", "cll-sll", "note"),
    "of Windows": ("mechanisms", "adcc-enhancement", "note"),
    "ended": ("conflicts", "cd20-on-cll-cells", "explanation"),
}


@pytest.mark.slow
@pytest.mark.covering
def test_a_file_of_any_form_stays_valid_and_what_a_load_would_refuse_is_told(
    address: Settings, tmp_path: Path, capsys: Capture
) -> None:
    before = {
        form: FORMS[form]((DATA / f"{kind}.yaml").read_text("utf-8"))
        for form, (kind, *_) in CHANGED.items()
    }
    files = {form: tmp_path / f"{CHANGED[form][0]}.yaml" for form in FORMS}
    for form, file in files.items():
        file.write_bytes(before[form].encode())
    assert main(["export", "--yaml", str(tmp_path)]) == 0
    assert {form: file.read_bytes().decode() for form, file in files.items()} == before

    new = {
        kind: {**again(documents(), kind), **APART.get(kind, {})} for kind, *_ in CHANGED.values()
    }
    with curating(address) as curator:
        for kind, row_id, field in CHANGED.values():
            changed = curator.ask("PATCH", f"/v1/{kind}/{row_id}", {field: "By key."})
            assert changed.status_code == 200, changed.text
            assert curator.ask("POST", f"/v1/{kind}", new[kind]).status_code == 201
    capsys.readouterr()
    assert main(["export", "--yaml", str(tmp_path)]) == 1
    *faults, sum_up = capsys.readouterr().err.splitlines()
    fault = f"partners.yaml: {new['partners']['id']}: id: is named by no row of evidence.yaml"
    assert fault in faults
    assert sum_up.startswith("all files are written, but `seed` would not load them: ")

    for form, file in files.items():
        kind, row_id, _ = CHANGED[form]
        found = file.read_bytes().decode()
        assert found.count("By key.") == 1
        assert found.count("\r") == (found.count("\n") if form == "of Windows" else 0)
        expected = {one["id"]: one for one in [*yaml.safe_load(before[form]), new[kind]]}
        rows = {one["id"]: one for one in yaml.safe_load(found)}
        assert [*rows] == [*expected]
        differ = {name for name, row in rows.items() if row != expected[name]}
        assert row_id in differ <= {row_id, new[kind]["id"]}


@pytest.mark.parametrize("text", ["- {", "partners: none", "- name: x", "- just a text"])
def test_a_file_that_holds_no_rows_is_not_replaced(
    text: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "partners.yaml"
    file.write_text(text, "utf-8")

    assert main(["export", "--yaml", str(tmp_path)]) == 1
    assert "partners.yaml: is no list of rows with ids in YAML" in capsys.readouterr().err
    assert file.read_text("utf-8") == text


@pytest.mark.aside
@pytest.mark.slow
def test_a_written_file_that_is_too_much_for_a_load_is_told(
    tmp_path: Path, capsys: Capture
) -> None:
    text = (DATA / "partners.yaml").read_text("utf-8")
    (tmp_path / "partners.yaml").write_text(text + "#\n" * 400_001, "utf-8")

    assert main(["export", "--yaml", str(tmp_path)]) == 1
    assert "partners.yaml: holds too much, expected at most" in capsys.readouterr().err
