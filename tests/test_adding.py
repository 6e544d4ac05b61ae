"""The documents on adding a type, a filter and a form, carried out on a copy of the project."""

import csv
import io
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from app.db import revision
from app.settings import ROOT
from tests.__main__ import PROGRAMS
from tests.conftest import New
from tests.looking import some
from tests.programs import Program

pytestmark = pytest.mark.slow

COPIED = ("app", "seed", "migrations", "pyproject.toml")
STEP = re.compile(
    r"^(?:New file `(?P<new>[^`]+)`|In `(?P<old>[^`]+)`, after `(?P<after>[^\n]+)`):\n\n"
    r"```\w+\n(?P<text>.*?)```$",
    re.MULTILINE | re.DOTALL,
)
SHELL = re.compile(r"^```sh\n(.*?)```$", re.MULTILINE | re.DOTALL)
READY = "Application startup complete"
ASSAYS = "/v1/assays"
CLAIM = "zhang-irf4"
PATHS = "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death"


class Step(NamedTuple):
    """A text for a file: the whole of it, or lines to stand after one that is there."""

    path: str
    after: str | None
    text: str


def document(name: str) -> str:
    return (ROOT / "docs" / f"adding-a-{name}.md").read_text()


def steps(name: str) -> list[Step]:
    return [
        Step(found["new"] or found["old"], found["after"], found["text"])
        for found in STEP.finditer(document(name))
    ]


def carry_out(step: Step, root: Path) -> None:
    path = root / step.path
    if step.after is None:
        assert not path.exists()
        path.write_text(step.text)
    else:
        before, after, rest = path.read_text().partition(f"{step.after}\n")
        assert after, step.path
        path.write_text(before + after + step.text + rest)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what the service needs."""
    found = tmp_path / "project"
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, found / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, found / name)
    return found


def changed(root: Path, name: str, expected: int) -> Path:
    """The copy, after each step of a document."""
    found = steps(name)
    assert len(found) == expected
    for step in found:
        carry_out(step, root)
    return root


def migrated(root: Path, present: Path) -> None:
    """Run the commands of the document on types, and set the number of the schema."""
    (commands,) = SHELL.findall(document("type"))
    assert "alembic revision --autogenerate" in commands
    script = commands.replace("/tmp/present.db", str(present))  # noqa: S108 - the document's own
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["/bin/sh", "-ec", script], cwd=root, env={**os.environ, "PATH": path}, check=True
    )
    (number,) = re.findall(r"--rev-id (\d+)", commands)
    place = root / "app/db/revision.py"
    text = place.read_text()
    assert f'SCHEMA = "{revision.SCHEMA}"' in text
    place.write_text(text.replace(f'SCHEMA = "{revision.SCHEMA}"', f'SCHEMA = "{number}"'))


def ids(server: Program, address: str) -> list[str]:
    """The ids of a list."""
    status, found = server.ask(address)
    assert status == 200, address
    return [one["id"] for one in found["items"]]


def shows_list_and_item(server: Program) -> None:
    assert ids(server, ASSAYS) == ["factor-level", "protein-level"]
    found = f"{ASSAYS}?parent=protein-level&measure=irf4&xref=transcription factor level"
    assert ids(server, found) == ["factor-level"]
    _, assay = server.ask(f"{ASSAYS}/factor-level")
    assert assay["parent"] == {"id": "protein-level", "name": "Protein level"}
    assert [one["id"] for one in assay["measures"]] == ["irf4", "spib"]
    assert assay["evidence_counts"]["total"] == 1


def shows_evidence(server: Program) -> None:
    for address in (
        f"{ASSAYS}/factor-level/evidence",
        f"{ASSAYS}/protein-level/evidence",
        "/v1/evidence?assay=protein-level",
        "/v1/evidence?assay=factor-level&rollup=exact",
    ):
        assert ids(server, address) == [CLAIM]
    assert ids(server, "/v1/evidence?assay=protein-level&rollup=exact") == []
    _, matrix = server.ask("/v1/matrix?rows=mechanism&columns=subtype&assay=protein-level")
    assert {cell["counts"]["total"] for cell in matrix["cells"]} == {1}


def is_searched(server: Program) -> None:
    for address in ("/v1/search?q=transcription factors&type=assay", f"{ASSAYS}?q=hold"):
        assert "factor-level" in ids(server, address)


def refuses(server: Program) -> None:
    status, wrong = server.ask(f"{ASSAYS}/factor-levle")
    assert (status, wrong["nearest"]) == (404, ["factor-level"])
    status, wrong = server.ask("/v1/evidence?assay=factor-levle")
    assert (status, wrong["faults"][0]["nearest"]) == (422, ["factor-level"])


def describes(server: Program) -> None:
    rows = list(csv.DictReader(io.StringIO(server.text(f"{ASSAYS}?format=csv"))))
    assert [(row["id"], row["measures"]) for row in rows] == [
        ("factor-level", "irf4|spib"),
        ("protein-level", ""),
    ]
    _, document = server.ask("/openapi.json")
    assert f"{ASSAYS}/{{id}}/evidence" in document["paths"]
    assert "Assay" in document["components"]["schemas"]
    _, dataset = server.ask("/v1/dataset")
    assert dataset["counts"]["assays"] == 2


@pytest.mark.parametrize(
    "new", ["sqlite", pytest.param("postgres", marks=pytest.mark.full)], indirect=True
)
def test_a_type(root: Path, tmp_path: Path, new: New) -> None:
    changed(root, "type", 7)
    migrated(root, tmp_path / "present.db")

    with Program(new(), "serve", root=root) as server:
        server.read(READY)
        for asks in (shows_list_and_item, shows_evidence, is_searched, refuses, describes):
            asks(server)


def test_the_seed_checks_a_new_type(root: Path, tmp_path: Path) -> None:
    changed(root, "type", 7)
    place = root / "seed/data/assays.yaml"
    place.write_text(place.read_text().replace("[irf4, spib]", "[irf4, spbi]"))

    with Program(f"sqlite:///{tmp_path}/none.db", "seed", root=root) as checked:
        told = checked.read()

    assert (
        "assays.yaml: factor-level: measures 2: is 'spbi', expected an id in entities.yaml" in told
    )
    assert checked.end() == 1


@pytest.mark.full
def test_a_filter(root: Path, tmp_path: Path) -> None:
    changed(root, "filter", 2)

    with Program(f"sqlite:///{tmp_path}/new.db", "serve", root=root) as server:
        server.read(READY)
        _, every = server.ask("/v1/references?role=the review")
        _, claims = server.ask("/v1/evidence?role=the review&limit=200")
        _, matrix = server.ask("/v1/matrix?rows=mechanism&columns=subtype&role=the review")
        _, graph = server.ask("/v1/graph?role=the review")
        _, paths = server.ask(f"{PATHS}&role=the review")
        status, wrong = server.ask("/v1/evidence?role=review")

    reviews = {one["id"] for one in every["items"]}
    assert {one["reference"]["id"] for one in claims["items"]} == reviews
    assert matrix["cells"]
    listed = {one["id"] for one in claims["items"]}
    for step in some(graph["edges"]):
        assert set(step["evidence"]) <= listed
    for path in some(paths["items"]):
        assert all({claim["id"] for claim in step["evidence"]} <= listed for step in path["steps"])
    assert (status, wrong["faults"][0]["parameter"]) == (422, "role")


@pytest.mark.full
def test_a_form(root: Path, tmp_path: Path) -> None:
    changed(root, "form", 4)

    with Program(f"sqlite:///{tmp_path}/new.db", "serve", root=root) as server:
        server.read(READY)
        _, graph = server.ask("/v1/graph")
        text = server.text("/v1/graph?format=dot")
        _, described = server.ask("/openapi.json")

    edges = [
        f'"{one["source"]}" -> "{one["target"]}" [label="{one["relation"]}"]'
        for one in graph["edges"]
    ]
    assert text.splitlines() == ["digraph {", *edges, "}"]
    assert "dot" in described["components"]["schemas"]["GraphFormat"]["enum"]
