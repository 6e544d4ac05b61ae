"""What a curator writes is bounded: invisible characters and endless files are refused."""

import resource
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.commands import content_loader
from app.schema.values import MAX_TEXT, UNSEEN
from app.settings import ROOT
from app.write.characters import text_faults
from app.write.record import Record
from seed import DATA, Faulty
from seed.content import LOADER, MOST_BYTES
from tests.bench.servers import surroundings
from tests.limits import SECONDS

MEMORY = 700_000_000
BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)
ENDLESS = {
    "2,000,000 rows": ("- {id: a}\n" * 2_000_000, "is too large, expected at most 8 MB"),
    "1,900,000 short rows": ("- a\n" * 1_900_000, "holds too much, expected at most about"),
    "one list": (f"[{'a,' * 3_000_000}]", "holds too much, expected at most about"),
    "a list in a list": ("[" * 1_000_000, "holds too much, expected at most about"),
    "a list in a list, shorter": ("[" * 300_000, "is not valid YAML"),
    "a tower of lists": ("[" * 900 + "]" * 900, "is not valid YAML: nested too deeply"),
    "a bomb of aliases": (BOMB, "repeats another value by an alias; write it out"),
    "an endless number": ("- id: " + "9" * 1_000_000, "cannot be read as int"),
    "an endless key": (f"- {'k' * 900}: 1\n", "is not a field here"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The content, to be spoilt."""
    return Path(shutil.copytree(DATA, tmp_path / "content"))


def spoilt(folder: Path, kind: str, row: str, **values: Any) -> list[str]:
    """The faults of the content with these values in one row, which YAML may escape."""
    path = folder / f"{kind}.yaml"
    rows = yaml.load(path.read_text("utf-8"), LOADER)  # noqa: S506 - a safe one
    next(one for one in rows if one["id"] == row).update(values)
    path.write_text(yaml.dump(rows, Dumper=yaml.CSafeDumper, allow_unicode=False), "utf-8")
    with pytest.raises(Faulty) as refused:
        content_loader().checked(folder)
    return [str(fault) for fault in refused.value.found]


@pytest.mark.aside
@pytest.mark.slow
def test_invisible_characters_are_refused_by_name(folder: Path) -> None:
    found = spoilt(
        folder,
        "entities",
        "crbn",
        name="cereblon\u202e",
        synonyms=["plain", "zero\u200bwidth"],
        note="soft\xadhyphen",
    )

    unseen = "holds the invisible character"
    assert set(found) == {
        f"entities.yaml: crbn: name: {unseen} U+202E (right-to-left override); leave it out",
        f"entities.yaml: crbn: synonyms 2: {unseen} U+200B (zero width space); leave it out",
        f"entities.yaml: crbn: note: {unseen} U+00AD (soft hyphen); leave it out",
    }


def test_what_is_no_text_is_left_to_other_rules() -> None:
    (fault,) = text_faults(Record("entities.yaml", "crbn", "", {"synonyms": [5, "a\u200b"]}))

    assert fault.field == "synonyms 2"


def test_every_format_control_of_unicode_is_among_them() -> None:
    controls = {one for one in map(chr, range(sys.maxunicode)) if unicodedata.category(one) == "Cf"}

    assert {one for one in controls if not UNSEEN.search(one)} == set()
    kept = "é β \u2011 \u2013 … ≥ \n \t \u00a0 \u2009 😀 中 א ש \u2010 \u2032 ₂ \u2028"
    assert not UNSEEN.search(kept)


def test_a_text_within_a_text_is_found_where_it_is() -> None:
    record = Record("x.yaml", "a", "", {"sides": [{"answer": "\u2066"}, {"of": ["", 1, None]}]})

    (fault,) = text_faults(record)

    assert str(fault).startswith(
        "x.yaml: a: sides 1 (\\u2066): answer: holds the invisible character U+2066"
    )


@pytest.mark.slow
def test_a_name_without_end_is_refused_in_one_line(folder: Path) -> None:
    found = spoilt(folder, "entities", "crbn", name="x" * 100_000)

    assert found == ["entities.yaml: crbn: name: has 100,000 characters, expected at most 4,000"]
    longest = Record("x.yaml", "a", "", {"name": "x" * MAX_TEXT})
    assert list(text_faults(longest)) == []


def bound() -> None:
    """Give the process no more memory than this."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.full
@pytest.mark.parametrize("name", ENDLESS)
def test_a_file_without_end_is_refused_in_time_and_memory(folder: Path, name: str) -> None:
    text, said = ENDLESS[name]
    (folder / "edges.yaml").write_text(text, "utf-8")
    since = time.monotonic()

    ended = subprocess.run(
        [sys.executable, "-m", "app", "seed", "--check", "--folder", str(folder)],
        cwd=ROOT,
        env=surroundings({}),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=bound,
    )

    took = time.monotonic() - since
    lines = ended.stderr.splitlines()
    of_edges = [line for line in lines if line.strip().startswith("edges.yaml")]
    print(f"\n{name}: refused in {took:.1f} s with {len(lines)} lines")
    assert ended.returncode == 1
    assert any(said in line for line in of_edges)
    assert max(map(len, lines)) < 400
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
@pytest.mark.covering
def test_a_file_of_very_many_values_is_not_read(folder: Path) -> None:
    (folder / "edges.yaml").write_text("- a\n" * 500_000)

    with pytest.raises(Faulty) as refused:
        content_loader().checked(folder)

    (fault,) = refused.value.found
    assert str(fault).startswith("edges.yaml: holds too much, expected at most about 400,000")


def test_a_file_is_read_no_further_than_it_may_be_long(folder: Path) -> None:
    (folder / "edges.yaml").unlink()
    (folder / "edges.yaml").symlink_to("/dev/zero")

    with pytest.raises(Faulty) as refused:
        content_loader().checked(folder)

    assert str(refused.value.found[0]) == "edges.yaml: is too large, expected at most 8 MB"
    assert 10 * max(path.stat().st_size for path in DATA.glob("*.yaml")) < MOST_BYTES
