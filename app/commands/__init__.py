"""The commands of `python -m app`, one file each.

`run` does what the command says; `options` adds what it takes on the command line.
"""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from app.db import Database

OK, REFUSED, STOPPED = 0, 1, 143


def load_content(db: Database, folder: Path) -> None:
    """Load the content of a folder, and say what is being done."""
    loading = content_loader()
    tell(*loading.load(db, folder, loading.Progress(tell)).lines())


def content_loader() -> ModuleType:
    """What loads the content, and all that writes; serving does without."""
    return import_module("seed.load")


def rebuilder() -> ModuleType:
    """What makes again all that follows from the content; serving does without."""
    return import_module("app.write.rebuild")


def tell(*lines: str) -> None:
    """Say it on standard error, line by line."""
    for line in lines:
        sys.stderr.write(f"{line}\n")
