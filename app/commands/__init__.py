"""The commands of `python -m app`, one file each.

`run` does what the command says; `options` adds what it takes on the command line.
"""

import sys
from pathlib import Path

from app.db import Database
from seed.load import Progress, Report, load

OK, REFUSED, STOPPED = 0, 1, 143


def load_content(db: Database, folder: Path) -> Report:
    """Load the content of a folder, and say what is being done."""
    return load(db, folder, Progress(tell))


def tell(*lines: str) -> None:
    """Say it on standard error, line by line."""
    for line in lines:
        sys.stderr.write(f"{line}\n")
