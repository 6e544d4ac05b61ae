"""The links and paths in the documents exist, and the documents agree with the code."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from app.settings import ROOT
from tests import __main__ as loops

DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
GITHUB = ROOT / ".github"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *GITHUB.rglob("*.md")])
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("[0-9]-*.yml"))
OPERATING = DOCS / "operating.md"
PICTURE = DOCS / "architecture.svg"

FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
WING = re.compile(r"^\| (\d+) \| `(\w+)` \|", re.MULTILINE)
PATH = re.compile(r"`((?:app|seed|migrations|tests|docs|\.ci)/[\w./-]*)`")
MACHINE = re.compile(
    r"(?<![\w.:/])/(?:home|root|tmp|Users|work|mnt|opt|srv|usr|var)/|file:/|\b[A-Z]:\\"
)
SECTIONS = ["Context", "Decision", "Measurement", "Consequences"]
LONGEST_DECISION = 45
SVG = "{http://www.w3.org/2000/svg}"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """The text of a document without its blocks of code."""
    return FENCED.sub("", path.read_text("utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    headings = HEADING.findall(prose(path))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(path: Path) -> list[str]:
    """The addresses inside this repository that a document links to."""
    found: list[str] = LINK.findall(CODE.sub("", prose(path)))
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def layers() -> list[set[str]]:
    """The wings of each floor, as import-linter holds them; `(one)` is a wing still to come."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (contract,) = [one for one in contracts if one["type"] == "layers"]
    return [
        here
        for floor in contract["layers"]
        if (here := {wing for wing in re.split(r"\s*[|:]\s*", floor) if "(" not in wing})
    ]


def drawn() -> ET.Element:
    return ET.fromstring(PICTURE.read_text("utf-8"))  # noqa: S314  # our own picture


def form(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def test_there_are_documents_to_look_at() -> None:
    found = {name(path) for path in DOCUMENTS}

    assert found >= {
        *("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"),
        *("docs/architecture.md", "docs/BENCHMARK.md", "docs/QUESTIONS.md"),
        *("docs/decisions/README.md", ".github/pull_request_template.md"),
    }
    assert sum(len(links(path)) for path in DOCUMENTS) > len(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    astray = []
    for target in links(document):
        file, _, anchor = target.partition("#")
        there = (document.parent / file).resolve() if file else document
        inside = there.is_relative_to(ROOT) and there.exists()
        if not inside or (anchor and anchor not in anchors(there)):
            astray.append(target)

    assert astray == []


@pytest.mark.parametrize("document", [*DOCUMENTS, *FORMS, PICTURE], ids=name)
def test_no_document_names_a_path_of_some_machine(document: Path) -> None:
    assert MACHINE.search(document.read_text("utf-8")) is None


@pytest.mark.parametrize(
    "text", ["in /home/someone/moa", "`/srv/moa`", "file:///etc", r"C:\moa", "(/tmp/x)"]
)
def test_a_path_of_some_machine_is_known_as_one(text: str) -> None:
    assert MACHINE.search(text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_path_of_the_project_that_a_document_names_exists(document: Path) -> None:
    text = prose(document)
    proposed = re.findall(r"^New file `(.+)`:$", text, re.MULTILINE)

    assert [
        path for path in PATH.findall(text) if path not in proposed and not (ROOT / path).exists()
    ] == []


def test_every_promise_to_operators_has_a_test_that_exists() -> None:
    promised = OPERATING.read_text("utf-8").partition("## What is promised")[2]
    named = re.findall(r"`(test_\w+)`", promised)
    defined = {
        found
        for path in (ROOT / "tests").rglob("test_*.py")
        for found in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }

    assert len(named) > 10
    assert set(named) - defined == set()


def test_every_line_that_operators_look_up_is_one_that_the_service_says() -> None:
    text = OPERATING.read_text("utf-8").partition("## If something fails")[2]
    said = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    # As it stands in the code: lines are joined, and what varies is left out.
    said = re.sub(r'"\s+f?"', "", said)
    symptoms = re.findall(r"^\| `(.*?)`", text.partition("## What is promised")[0], re.MULTILINE)

    parts = [part.strip(" ;,:") for one in symptoms for part in one.split("…")]

    assert len(symptoms) > 10
    assert [part for part in parts if part not in said] == []


def test_the_loops_that_are_named_are_those_that_run() -> None:
    said = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    told = re.findall(r"python -m tests( \w+)? {2,}", loops.__doc__ or "")

    assert {one.strip() for one in re.findall(r"python -m tests( \w+)?`", said)} - {
        *loops.LOOPS
    } == set()
    assert {one.strip() for one in told} == {*loops.LOOPS}


def test_the_architecture_lists_the_wings_that_the_layers_hold() -> None:
    documented: dict[str, set[str]] = defaultdict(set)
    for floor, wing in WING.findall((DOCS / "architecture.md").read_text("utf-8")):
        documented[floor].add(wing)

    assert list(documented) == [str(floor + 1) for floor in range(len(documented))]
    assert list(documented.values()) == layers()


def test_the_picture_shows_every_wing() -> None:
    texts = drawn().iter(f"{SVG}text")
    shown = {text.text for text in texts if "wing" in text.get("class", "").split()}

    assert shown == set().union(*layers()) | {"seed", "seed/data/*.yaml"}


def test_the_picture_speaks_for_itself_and_asks_nobody() -> None:
    text = PICTURE.read_text("utf-8")
    described = set(re.findall(r"\w+", str(drawn().findtext(f"{SVG}desc"))))

    assert drawn().findtext(f"{SVG}title")
    assert set().union(*layers()) - described == set()
    assert "prefers-color-scheme: dark" in text
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)|@import|href", text) == []


def test_the_index_lists_every_decision_with_its_title() -> None:
    index = (DECISIONS / "README.md").read_text("utf-8")
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", index, re.MULTILINE)
    pages = sorted(DECISIONS.glob("[0-9]*.md"))

    assert pages
    assert [page for *_, page in listed] == [page.name for page in pages]
    for (number, title, _), page in zip(listed, pages, strict=True):
        assert page.name.startswith(f"{int(number):04}-")
        assert page.read_text("utf-8").startswith(f"# {number}. {title}\n\n**Status:** ")


@pytest.mark.parametrize("page", sorted(DECISIONS.glob("[0-9]*.md")), ids=name)
def test_a_decision_is_one_page_with_its_measurement(page: Path) -> None:
    text = page.read_text("utf-8")
    measured = text.partition("## Measurement")[2].partition("## Consequences")[0]

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert re.search(r"\d", measured)
    assert len(text.splitlines()) <= LONGEST_DECISION


def test_a_wrong_claim_is_the_first_form() -> None:
    assert [path.name for path in FORMS] == ["1-claim.yml", "2-fault.yml", "3-missing.yml"]

    asked = {part["id"]: part for part in form(FORMS[0])["body"] if "id" in part}

    required = [key for key, part in asked.items() if part.get("validations", {}).get("required")]
    assert required == ["claim", "says", "source", "locator", "identifier", "read"]


@pytest.mark.parametrize("path", FORMS, ids=name)
def test_an_issue_form_is_one_that_can_be_filled_in(path: Path) -> None:
    found = form(path)
    asked = [part for part in found["body"] if part["type"] != "markdown"]

    assert found.keys() == {"name", "description", "title", "body"}
    assert {part["type"] for part in asked} <= {"input", "textarea", "dropdown"}
    assert len({part["id"] for part in asked}) == len(asked) > 0
    assert all(part["attributes"]["label"] for part in asked)


def test_the_hooks_run_programs_of_the_project_and_fetch_nothing() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    (repository,) = yaml.safe_load(text)["repos"]

    assert repository["repo"] == "local"
    assert "://" not in text
    assert [hook["id"] for hook in repository["hooks"]] == ["format", "lint", "types", "spelling"]
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv-dev/bin/")
