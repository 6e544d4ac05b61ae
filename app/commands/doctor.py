"""`python -m app doctor`."""

import argparse
from contextlib import closing

from app import RELEASE, __version__, startup
from app.commands import OK, REFUSED, content_lines, historian, rebuilder, settings_in_force, tell
from app.db import Database, kind
from app.db.revision import SCHEMA
from app.errors import Unavailable
from app.picture.layout import Layouts
from app.settings import Settings
from app.startup import CommandFailed


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Report the release, settings and content in use, and check that all is intact."""
    startup.require_database(settings)
    if not startup.filled(settings):
        raise CommandFailed(startup.NO_CONTENT)
    startup.check_words(settings)
    tell(f"lenalidomide-moa {__version__}, content {RELEASE}", *settings_in_force(settings))
    tell(*kind(settings).warnings())
    tell(f"{startup.name_of(settings)}: intact, at this release's schema ({SCHEMA})")
    tell(*content_lines(settings))
    differing, unfaithful = _found(settings)
    if differing:
        tell(f"inconsistent with the content: {', '.join(differing)}; run `python -m app rebuild`")
        return REFUSED
    tell(
        "identifiers, citations, years, computed conflicts, counts and search index: consistent "
        "with the content"
    )
    if unfaithful:
        named = ", ".join(unfaithful[: startup.MOST_NAMED])
        tell(f"changed without a trace in their history: {named} ({len(unfaithful)} in all)")
        return REFUSED
    tell("history: consistent with the rows")
    try:
        Layouts(settings.dot).of("digraph { one }")
    except Unavailable as reason:
        tell(f"no pictures: {reason.cause}")
        return REFUSED
    tell("pictures: available")
    return OK


def _found(settings: Settings) -> tuple[list[str], list[str]]:
    """The tables with rows that do not follow from the content, and the rows without history."""
    db = Database(settings)
    with closing(db), db.read() as reading:
        differing: list[str] = rebuilder().differing(reading.connection)
        unfaithful: list[str] = historian().unfaithful(reading.connection)
    return differing, unfaithful
