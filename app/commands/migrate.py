"""`python -m app migrate`."""

import argparse

from app import startup
from app.commands import OK, tell
from app.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Create the database, or bring it to this release's schema."""
    startup.migrate(settings, tell)
    tell(f"{startup.name_of(settings)}: at this release's schema")
    return OK
