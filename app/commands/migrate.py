"""`python -m app migrate`."""

import argparse

from app import startup
from app.commands import OK, rebuilt, tell
from app.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Create the database or bring it to this release's schema, and update derived data."""
    startup.migrate(settings, tell)
    if startup.filled(settings):
        startup.check_words(settings)
        rebuilt(settings)
    tell(f"{startup.name_of(settings)}: at this release's schema")
    return OK
