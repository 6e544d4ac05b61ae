"""The files are read in order, and unreadable ones are reported so that they can be corrected."""

import shutil
from pathlib import Path

import pytest
import yaml

from seed import DATA, content
from seed.content import COVERAGE, LOADER, RELEASES, TYPES, VOCABULARY, assemble, read
from tests.seed.documents import DOCUMENTS, drop, found_after, found_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped content."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.slow
def test_shipped_content_has_no_fault() -> None:
    assert found_in(DATA) == []


@pytest.mark.aside
def test_rows_and_words_are_read_in_the_order_of_their_file() -> None:
    shipped = read(DATA)
    found = {name: [row.values for row in shipped.rows[name]] for name in TYPES}

    for name, values in (found | {VOCABULARY: shipped.vocabulary.values}).items():
        text = (DATA / f"{name}.yaml").read_text("utf-8")
        assert values == yaml.load(text, LOADER)  # noqa: S506 - a safe one


@pytest.mark.slow
def test_content_is_the_same_without_libyaml(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(content, "LOADER", yaml.SafeLoader)
    shutil.copy(DATA / "partners.yaml", tmp_path)

    assert read(tmp_path).rows["partners"] == assemble(DOCUMENTS).rows["partners"]


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("name", [*TYPES, VOCABULARY, COVERAGE, RELEASES])
def test_file_that_cannot_be_read_makes_no_fault_elsewhere(name: str) -> None:
    assert found_after(drop(name)) == []


def read_alone(folder: Path, name: str) -> list[str]:
    """The faults of one file when the others are missing."""
    return [str(fault) for fault in read(folder).faults if fault.file == name]


NOT_YAML = {
    "a bracket is left open": (
        b"- id: [x\n- id: y\n",
        "line 2, column 5: is not valid YAML: did not find expected ',' or ']'",
    ),
    "a letter is not UTF-8": (b"- id: caf\xe9\n", "byte 10: is not UTF-8"),
    "a control character": (
        b"- id: x\n  name: a\x07b\n",
        "line 2, column 10: holds the character U+0007, which YAML does not allow",
    ),
    "two documents": (
        b"- id: x\n---\n- id: y\n",
        "line 2, column 1: is not valid YAML: but found another document",
    ),
    "brackets without end": (b"[" * 900 + b"]" * 900, "is not valid YAML: nested too deeply"),
    "nothing": (b"# only a comment\n", "is empty, expected a list of mappings"),
    "a text": (b"partners\n", "is 'partners', expected a list of mappings"),
    "a mapping": (b"id: x\n", "is a mapping, expected a list of mappings"),
}


@pytest.mark.parametrize(("written", "expected"), NOT_YAML.values(), ids=NOT_YAML)
def test_file_that_is_no_list_is_reported(tmp_path: Path, written: bytes, expected: str) -> None:
    (tmp_path / "partners.yaml").write_bytes(written)

    assert read_alone(tmp_path, "partners.yaml") == [f"partners.yaml: {expected}"]


BAD_NODES = {
    "a key stands twice": (
        "  course: indolent\n  course: mixed\n",
        "line 21, column 3: the key 'course' is given twice in one mapping",
    ),
    "a key is a list": (
        "  course: indolent\n  [a]: mixed\n",
        "line 21, column 3: a key is a list or a mapping, expected a text",
    ),
    "a date does not exist": (
        "  course: indolent\n  when: 2015-02-30\n",
        "line 21, column 9: '2015-02-30' cannot be read as timestamp",
    ),
    "a tag is unknown": (
        "  course: !slow indolent\n",
        "line 20, column 11: 'indolent' cannot be read as !slow",
    ),
    "an alias": (
        "  course: &slow indolent\n  pace: *slow\n",
        "line 20, column 11: repeats another value by an alias; write it out",
    ),
}


@pytest.mark.parametrize(("written", "expected"), BAD_NODES.values(), ids=BAD_NODES)
def test_bad_value_is_reported_with_its_line(tmp_path: Path, written: str, expected: str) -> None:
    path = Path(shutil.copy(DATA / "subtypes.yaml", tmp_path))
    before = "  abbreviation: iNHL\n"
    replace(path, f"{before}  course: indolent\n", f"{before}{written}")

    assert read_alone(tmp_path, "subtypes.yaml") == [f"subtypes.yaml: {expected}"]


def test_faults_of_reading_do_not_hide_others(folder: Path) -> None:
    (folder / "partners.yaml").unlink()
    (folder / "trials.yaml").write_text("- [,\n", "utf-8")
    replace(folder / "edges.yaml", "  alias: e001\n", "  alias: e001\n  alias: e001\n")
    replace(folder / "subtypes.yaml", "  abbreviation: iNHL\n", "")

    assert found_in(folder) == [
        "partners.yaml: cannot be read: No such file or directory",
        "edges.yaml: line 5, column 3: the key 'alias' is given twice in one mapping",
        "trials.yaml: line 1, column 4: is not valid YAML: did not find expected node content",
        "subtypes.yaml: indolent-b-cell-lymphoma: abbreviation: is missing",
    ]


@pytest.mark.slow
def test_byte_order_mark_is_no_fault(folder: Path) -> None:
    path = folder / "partners.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert found_in(folder) == []
