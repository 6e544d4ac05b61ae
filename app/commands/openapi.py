"""`python -m app openapi`."""

import argparse
import json
import os
import sys

from app.commands import OK
from app.main import create_app
from app.settings import Settings
from app.startup import CommandFailed


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print the OpenAPI document."""
    document = json.dumps(create_app(settings).openapi(), indent=2)
    try:
        sys.stdout.write(f"{document}\n")
        sys.stdout.flush()
    except OSError as error:
        # Python would write the rest at its end (docs.python.org/3/library/signal.html, SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CommandFailed(f"the document cannot be written: {error.strerror}") from error
    return OK
