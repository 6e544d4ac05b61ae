"""`python -m app doctor`."""

import argparse

from app import startup
from app.commands import OK, REFUSED, tell
from app.errors import Unavailable
from app.picture.layout import Layouts
from app.settings import Settings
from app.startup import CannotStart


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Say whether the database is there, whole and of this schema, and whether `dot` runs."""
    if not startup.exists(settings):
        raise CannotStart("there is no database yet; `python -m app serve` makes it")
    if not startup.filled(settings):
        raise CannotStart(startup.NO_CONTENT)
    startup.check_words(settings)
    tell(f"{startup.name_of(settings)}: whole, and of the schema of this release")
    try:
        Layouts(settings.dot).of("digraph { one }")
    except Unavailable as reason:
        tell(f"no pictures: {reason.detail}")
        return REFUSED
    tell("pictures: can be laid out")
    return OK
