"""`python -m app settings`."""

import argparse

from app.commands import OK, print_out, settings_in_force
from app.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print the settings in force, without secrets."""
    print_out("the settings", "\n".join(settings_in_force(settings)))
    return OK
