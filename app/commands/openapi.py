"""`python -m app openapi`."""

import argparse
import json

from app.commands import OK, print_out, service
from app.settings import Settings


def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print the OpenAPI document."""
    print_out("the document", json.dumps(service().create_app(settings).openapi(), indent=2))
    return OK
