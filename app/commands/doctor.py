"""`python -m app doctor`."""

import argparse

from app import startup
from app.commands import OK, REFUSED, rebuilder, tell
from app.db import Database
from app.errors import Unavailable
from app.picture.layout import Layouts
from app.settings import Settings
from app.startup import CommandFailed


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Check that the database and its derived rows are intact, and that `dot` runs."""
    if not startup.exists(settings):
        raise CommandFailed(startup.NO_DATABASE)
    if not startup.filled(settings):
        raise CommandFailed(startup.NO_CONTENT)
    startup.check_words(settings)
    tell(f"{startup.name_of(settings)}: intact, at this release's schema")
    differing = _differing(settings)
    if differing:
        tell(f"inconsistent with the content: {', '.join(differing)}; run `python -m app rebuild`")
        return REFUSED
    tell(
        "identifiers, citations, years, computed conflicts and counts: consistent with the content"
    )
    try:
        Layouts(settings.dot).of("digraph { one }")
    except Unavailable as reason:
        tell(f"no pictures: {reason.cause}")
        return REFUSED
    tell("pictures: available")
    return OK


def _differing(settings: Settings) -> list[str]:
    """The tables with rows that do not follow from the content."""
    db = Database(settings)
    with db.read() as reading:
        found: list[str] = rebuilder().differing(reading.connection)
    db.close()
    return found
