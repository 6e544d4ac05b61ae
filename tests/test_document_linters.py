"""The OpenAPI document is clean by the recommended rules of the linters that people use."""

import json
from pathlib import Path

import pytest

from app.main import create_app
from app.settings import Settings
from tests.node import PINNED, Packages, installed

DOCUMENT = "openapi.json"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    found = installed(tmp_path_factory.mktemp("linters"))
    app = create_app(Settings(database_url="sqlite:///none.db"))
    (found.folder / DOCUMENT).write_text(json.dumps(app.openapi()), "utf-8")
    return found


@pytest.mark.slow
@pytest.mark.full
@pytest.mark.parametrize(
    ("program", "options"),
    [
        ("redocly", ["--format=json", "--max-problems=1000"]),
        ("spectral", ["--ruleset=spectral.yaml", "--fail-severity=hint", "--format=json"]),
    ],
)
def test_the_document_is_clean(packages: Packages, program: str, options: list[str]) -> None:
    found = packages.run(program, "lint", *options, DOCUMENT)

    assert found.returncode == 0, found.stdout + found.stderr
    problems, _ = json.JSONDecoder().raw_decode(found.stdout)
    assert (problems["problems"] if program == "redocly" else problems) == []


@pytest.mark.slow
@pytest.mark.full
def test_a_linter_would_tell(packages: Packages) -> None:
    document = json.loads((packages.folder / DOCUMENT).read_text("utf-8"))
    del document["paths"]["/v1"]["get"]["operationId"]
    (packages.folder / "broken.json").write_text(json.dumps(document), "utf-8")

    told = packages.run("redocly", "lint", "--format=json", "broken.json").stdout
    problems, _ = json.JSONDecoder().raw_decode(told)
    assert {one["ruleId"] for one in problems["problems"]} == {"operation-operationId"}


def test_packages_are_pinned_and_no_registry_is_named() -> None:
    wanted = json.loads((PINNED / "package.json").read_text("utf-8"))["devDependencies"]
    text = (PINNED / "package-lock.json").read_text("utf-8")
    found = json.loads(text)["packages"]

    assert "://" not in text + (PINNED / ".npmrc").read_text("utf-8")
    assert len(found) > len(wanted)
    for name, package in found.items():
        assert not name or package["integrity"].startswith("sha512-"), name
    for name, version in wanted.items():
        assert found[f"node_modules/{name}"]["version"] == version
    held = {path.suffix for path in Path(PINNED).iterdir()}
    assert not held & {".js", ".mjs", ".cjs"}
