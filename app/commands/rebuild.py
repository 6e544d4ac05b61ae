"""`python -m app rebuild`."""

import argparse

from app import startup
from app.commands import OK, rebuilt, tell
from app.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Rebuild everything that follows from the content, and say what differed."""
    startup.require_database(settings)
    found = rebuilt(settings)
    tell(f"rebuilt; these differed: {', '.join(found)}" if found else "nothing differed")
    return OK
