"""`python -m app openapi`."""

import argparse
import json
import sys

from app.commands import OK
from app.main import create_app
from app.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print the OpenAPI document."""
    sys.stdout.write(json.dumps(create_app(settings).openapi(), indent=2) + "\n")
    return OK
