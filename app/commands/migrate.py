"""`python -m app migrate`."""

import argparse

from app import startup
from app.commands import OK, tell
from app.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Bring the database to the schema of this release."""
    startup.migrate(settings, tell)
    return OK
