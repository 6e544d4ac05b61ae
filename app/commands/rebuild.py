"""`python -m app rebuild`."""

import argparse

from app import startup
from app.commands import OK, rebuilder, tell
from app.db import Database
from app.settings import Settings
from app.startup import CommandFailed


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Make everything again that follows from the content, and say what differed."""
    if not startup.exists(settings):
        raise CommandFailed(startup.NO_DATABASE)
    db = Database(settings)
    with db.write() as connection:
        found = rebuilder().rebuild(connection)
    db.close()
    tell(f"rebuilt; these differed: {', '.join(found)}" if found else "nothing differed")
    return OK
