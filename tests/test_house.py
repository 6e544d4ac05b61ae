"""The rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main import create_app
from app.settings import ROOT, Settings

MODULES = sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "seed").rglob("*.py")])
LONGEST_FUNCTION = 50
LONGEST_MODULE = 300


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE
    for function in functions(path):
        if function.name == "build":
            continue  # a list of endpoints, each of which is short
        assert (function.end_lineno or 0) - function.lineno < LONGEST_FUNCTION, function.name


def test_only_the_database_package_knows_dialects() -> None:
    for path in MODULES:
        if "db" not in path.parts:
            assert not re.search(r"\.dialect\b", path.read_text("utf-8")), path


def test_no_endpoint_takes_a_session_or_a_table() -> None:
    app = create_app(Settings(database_url="sqlite:///none.db"))

    for path in app.openapi()["paths"].values():
        assert "requestBody" not in path["get"]


def test_the_release_stands_in_one_place() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (version,) = re.findall(r'^version = "(.+)"$', text, re.MULTILINE)

    assert create_app(Settings(database_url="sqlite:///none.db")).version == version


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert "://" not in text
    pinned = re.findall(r"^\S+==", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S+==[^\n]+\\\n\s+--hash=sha256:", text, re.MULTILINE))
