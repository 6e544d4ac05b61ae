"""Serve evidence on lenalidomide in B-cell lymphoma, and look after its database."""

import argparse
import sys

from pydantic import ValidationError

from app import wording
from app.commands import REFUSED, doctor, given_as, migrate, openapi, rebuild, seed, serve, tell
from app.errors import Unavailable
from app.settings import Settings
from app.startup import CommandFailed, unusable
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
    except CommandFailed as reason:
        tell(f"{arguments.command} failed: {reason}")
        return REFUSED
    except Faulty as faulty:
        tell(*faulty.found)
        tell(f"{arguments.command} failed: {faulty}; nothing was loaded")
        return REFUSED
    except Unavailable as problem:
        tell(f"{arguments.command} failed: {unusable(problem)}")
        return REFUSED
    return code


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {name: getattr(arguments, name, None) for name in ("host", "port")}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = {str(each["loc"][0]): each for each in error.errors()}
        fields = wording.fields(Settings)
        raise CommandFailed(
            "; ".join(
                f"{given_as(arguments, name)} {wording.sentence(each, fields[name])}"
                for name, each in wrong.items()
            )
        ) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    added = parser.add_subparsers(
        required=True, dest="command", metavar=f"{{{','.join(COMMANDS)}}}"
    )
    for name, command in COMMANDS.items():
        about = command.run.__doc__
        words = added.add_parser(name, help=about, description=about)
        words.set_defaults(run=command.run)
        if hasattr(command, "options"):
            command.options(words)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
