"""Serve evidence on lenalidomide in B-cell lymphoma, and look after its database."""

import argparse
import sys

from pydantic import ValidationError

from app.commands import REFUSED, doctor, migrate, openapi, rebuild, seed, serve, tell
from app.errors import Unavailable
from app.settings import Settings
from app.startup import CannotStart
from seed import Faulty

COMMANDS = {
    "serve": serve,
    "migrate": migrate,
    "seed": seed,
    "doctor": doctor,
    "rebuild": rebuild,
    "openapi": openapi,
}


def main(words: list[str]) -> int:
    """Run one command; the exit code is 0, or 1 after saying why it failed."""
    arguments = _parser().parse_args(words)
    try:
        settings = _settings(arguments)
        code: int = arguments.run(settings, arguments)
    except CannotStart as reason:
        tell(f"cannot start: {reason}")
        return REFUSED
    except Faulty as faulty:
        tell(*faulty.found)
        tell(f"nothing was loaded: {faulty}")
        return REFUSED
    except Unavailable as reason:
        tell(f"stopped: {reason.detail} {reason.cause}".rstrip())
        return REFUSED
    return code


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {name: getattr(arguments, name, None) for name in ("host", "port")}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        (first, *_) = error.errors()
        name = f"MOA_{first['loc'][0]}".upper()
        raise CannotStart(f"{name}: {first['msg']}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    added = parser.add_subparsers(required=True)
    for name, command in COMMANDS.items():
        words = added.add_parser(name, help=command.run.__doc__)
        words.set_defaults(run=command.run)
        if hasattr(command, "options"):
            command.options(words)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
