"""A typed client made from the OpenAPI document sends a query and gets a typed answer."""

import asyncio
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import ROOT, Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a client that was generated just now, ready to be imported."""
    document = tmp_path / "openapi.json"
    app = create_app(Settings(database_url="sqlite:///none.db"))
    document.write_text(json.dumps(app.openapi()), "utf-8")
    programs = Path(sys.executable).parent
    folder = tmp_path / "moa_client"
    done = subprocess.run(
        [
            programs / "openapi-python-client",
            "generate",
            f"--path={document}",
            f"--output-path={folder}",
            "--meta=none",
        ],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    # It does not know one of the two types of a bundle, and takes the other.
    assert done.stderr.count("WARNING") == 1
    assert "Unsupported content type application/x-ndjson" in done.stderr
    assert (folder / "api" / "downloads" / "import_bundle.py").exists()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_a_generated_client_answers_one_of_the_ten_questions(
    generated: Path, urls: dict[str, str]
) -> None:
    client = importlib.import_module(f"{generated.name}.client")
    operation = importlib.import_module(f"{generated.name}.api.evidence.list_evidence")
    app = create_app(Settings(database_url=urls["sqlite"]))

    async def ask() -> Any:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            asking = client.Client(base_url="http://test").set_async_httpx_client(http)
            return await operation.asyncio(
                client=asking, partner=["bortezomib", "dexamethasone"], in_review=True
            )

    answer = asyncio.run(ask())

    assert type(answer).__name__ == "EvidenceList"
    assert [item.id for item in answer.items] == [
        "rev-s7-bortezomib",
        "rev-s7-complementary",
        "rev-s7-dexamethasone",
    ]
    assert {item.reference.year for item in answer.items} == {2015}
