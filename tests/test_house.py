"""House rules that no linter checks."""

import ast
import re
import tomllib
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from sqlmodel import SQLModel
from starlette.requests import Request
from starlette.routing import Route

from app import __version__
from app.db import Database
from app.main import create_app
from app.settings import ROOT, Settings
from seed import RELEASE
from tests.looking import some

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
    for path in some(MODULES):
        if "db" not in path.parts:
            assert not re.search(r"\.dialect\b", path.read_text("utf-8")), path


def parts(annotation: Any) -> Iterator[Any]:
    """A type and the types inside it."""
    yield annotation
    for below in get_args(annotation):
        yield from parts(below)


# What both dialects of the database define, and siblings that answer to one table or interface.
DIALECTS = {
    *("app/db/postgres.py", "app/db/sqlite.py"),
    *("app/db/sqlite_file.py", "app/db/sqlite_watch.py", "app/db/sqlite_copy.py"),
}
SIBLINGS: dict[str, str | tuple[str, ...]] = {
    "build": ("app/api/", "app/pages/views/"),  # the routers
    "document": "app/formats/",  # the forms
    "one": "app/write/rules/",  # the rules of one row
    "options": "app/commands/",  # the commands
    "run": "app/commands/",  # as above
    "whole": "app/write/rules/",  # the rules of all rows
}


def public_names(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if not node.name.startswith("_"):
                    yield node.name


def test_no_public_name_stands_twice() -> None:
    places: dict[str, list[str]] = {}
    for path in MODULES:
        for name in public_names(path):
            places.setdefault(name, []).append(str(path.relative_to(ROOT)))

    twice = {name: found for name, found in places.items() if len(found) > 1}
    foreign = {name: found for name, found in twice.items() if not set(found) <= DIALECTS}

    assert len(twice) > len(foreign)
    assert foreign.keys() == SIBLINGS.keys()
    for name, found in foreign.items():
        assert all(place.startswith(SIBLINGS[name]) for place in found), found


def test_every_layer_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = (each for each in contracts if each["type"] == "layers")
    named = {name for layer in layers["layers"] for name in layer.split(" | ")}

    found = {path.stem for path in (ROOT / "app").glob("*.py")} - {"__init__"}
    found |= {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}

    assert layers["exhaustive"]
    assert named == found


def test_no_endpoint_takes_a_session_or_a_table() -> None:
    app = create_app(Settings(database_url="sqlite:///none.db"))

    taken = {
        (route.path, part)
        for route in app.routes
        if isinstance(route, Route)
        for parameter in signature(route.endpoint, eval_str=True).parameters.values()
        for part in parts(parameter.annotation)
        if isinstance(part, type)
    }

    assert ("/v1/matrix", Request) in taken
    kept_out = (Database, Connection, Session, Engine, SQLModel)
    assert [place for place in taken if issubclass(place[1], kept_out)] == []


@pytest.mark.slow
def test_version_and_release_are_the_same_wherever_they_stand() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    document = create_app(Settings(database_url="sqlite:///none.db")).openapi()

    assert re.findall(r'^version = "(.+)"$', project, re.MULTILINE) == [__version__]
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == __version__
    assert document["info"]["version"] == __version__
    assert re.findall(r"release ([0-9]{4}[.0-9]*[0-9])", readme) == [RELEASE, RELEASE]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert "://" not in text
    pinned = some(re.findall(r"^\S+==", text, re.MULTILINE))
    assert len(pinned) == len(re.findall(r"^\S+==[^\n]+\\\n\s+--hash=sha256:", text, re.MULTILINE))
