"""JavaScript programs that the full column needs, pinned in `tests/clients`."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.programs import LIMIT_SECONDS

PINNED = ROOT / "tests" / "clients"
NEEDED = ("node", "npm")
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}


class Packages:
    """The packages, installed in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A program of one of the packages, or `node`, in the folder."""
        local = self.folder / "node_modules" / ".bin" / program
        return subprocess.run(
            [local if local.exists() else program, *arguments],
            cwd=self.folder,
            env={**os.environ, **QUIET},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )


def installed(folder: Path) -> Packages:
    """The pinned packages; skips the test, saying why, if they are not available."""
    for program in NEEDED:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    for name in ("package.json", "package-lock.json", ".npmrc", "spectral.yaml"):
        shutil.copy(PINNED / name, folder)
    found = Packages(folder)
    answer = found.run("npm", "ci", "--no-progress")
    assert "EINTEGRITY" not in answer.stderr, answer.stderr
    if answer.returncode:
        pytest.skip("npm cannot get the packages of tests/clients from here")
    return found
