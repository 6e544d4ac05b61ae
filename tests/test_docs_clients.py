"""What docs/clients.md shows works as it stands, as far as its readers are installed."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.settings import ROOT
from tests.limits import SECONDS
from tests.looking import some
from tests.node import installed
from tests.programs import Program
from tests.test_generated_clients import OPTIONS

SHOWN = "http://localhost:8000"
CLIENTS = (ROOT / "docs" / "clients.md").read_text("utf-8")
BLOCK = re.compile(r"^## ([^\n]+)\n(?:(?!^## ).)*?^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS: dict[str, tuple[str, str]] = {
    title: (language, text) for title, language, text in BLOCK.findall(CLIENTS)
}
LONGEST = 14


@pytest.fixture(scope="module")
def base(urls: dict[str, str]) -> Iterator[str]:
    with Program(urls["sqlite"], "serve") as program:
        program.read("Application startup complete")
        yield f"http://127.0.0.1:{program.port}"


def block(title: str, base: str) -> str:
    _, text = BLOCKS[title]
    return text.replace(SHOWN, base).replace("localhost:8000", base)


def python(text: str, folder: Path) -> str:
    """What a program prints, run by itself."""
    done = subprocess.run(
        [sys.executable, "-c", text],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_reader_has_its_lines() -> None:
    named = ["curl", "Python with httpx", "Generated Python", "TypeScript", "R", "pandas"]
    assert [*BLOCKS] == [*named, "networkx", "Cytoscape"]
    for title, (_, text) in BLOCKS.items():
        assert len(text.splitlines()) <= LONGEST, title


def test_every_address_answers(client: TestClient) -> None:
    for address in some(re.findall(r"localhost:8000(/[^\s'\")`]*)", CLIENTS)):
        assert client.get(address).status_code == 200, address


@pytest.mark.slow
def test_curl(base: str, tmp_path: Path) -> None:
    for program in ("curl", "jq"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", block("curl", base)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "chiu-adcc-crbn\tD\t" in done.stdout
    saved = (tmp_path / "evidence.csv").read_text("utf-8")
    assert saved.startswith("id,statement,reference.pmid\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Python with httpx", r"^AUGMENT 0\.46 lenalidomide-rituximab placebo-rituximab$"),
        ("pandas", r"^native +\d+ +\d+"),
        ("networkx", r"^lenalidomide > .+tumour-cell-death"),
    ],
)
def test_python(base: str, tmp_path: Path, title: str, expected: str) -> None:
    printed = python(block(title, base), tmp_path)

    assert re.search(expected, printed, re.MULTILINE), printed


@pytest.mark.slow
def test_generated_python(base: str, tmp_path: Path) -> None:
    command = re.search(r"`(openapi-python-client generate [^`]+)`", CLIENTS)
    assert command
    program = Path(sys.executable).parent / "openapi-python-client"
    options = command[1].replace(SHOWN, base).split()[1:]
    subprocess.run([program, *options], cwd=tmp_path, check=True, capture_output=True)

    printed = python(block("Generated Python", base), tmp_path)

    assert printed.startswith("rituximab ")
    assert "With rituximab, lenalidomide raises ADCC of FL cells" in printed


@pytest.mark.slow
@pytest.mark.full
def test_typescript(base: str, tmp_path: Path) -> None:
    packages = installed(tmp_path)
    made = packages.run("openapi-typescript", f"{base}/openapi.json", "-o", "schema.d.ts")
    assert made.returncode == 0, made.stderr
    (tmp_path / "calls.ts").write_text(block("TypeScript", base), "utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps(OPTIONS), "utf-8")
    package = json.loads((tmp_path / "package.json").read_text("utf-8")) | {"type": "module"}
    (tmp_path / "package.json").write_text(json.dumps(package), "utf-8")

    compiled = packages.run("tsc", "--project", "tsconfig.json")
    assert compiled.returncode == 0, compiled.stdout
    answered = packages.run("node", "calls.js")
    assert len(answered.stdout.splitlines()) == 5, answered.stderr


def test_the_page_is_linked() -> None:
    assert "(docs/clients.md)" in (ROOT / "README.md").read_text("utf-8")
