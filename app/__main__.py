"""Serve evidence on lenalidomide in B-cell lymphoma, and look after its database."""

import argparse
import os
import sys
import textwrap

from pydantic import ValidationError

from app import RELEASE, __version__, wording
from app.commands import (
    REFUSED,
    backup,
    doctor,
    export,
    given_as,
    import_,
    key,
    lookup,
    migrate,
    openapi,
    rebuild,
    restore,
    seed,
    serve,
    settings,
    settle,
    tell,
)
from app.errors import Problem
from app.lookalikes import alike
from app.settings import PREFIX, Settings, variable, written
from app.startup import CommandFailed, unusable
from seed import Faulty

COMMANDS = {
    "serve": serve,
    "migrate": migrate,
    "seed": seed,
    "lookup": lookup,
    "key": key,
    "doctor": doctor,
    "rebuild": rebuild,
    "backup": backup,
    "restore": restore,
    "export": export,
    "import": import_,
    "settings": settings,
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
        tell(*faulty.lines())
        tell(f"{arguments.command} failed: {faulty}; nothing was loaded")
        return REFUSED
    except Problem as problem:
        tell(f"{arguments.command} failed: {unusable(problem)}")
        return REFUSED
    except OSError as error:
        tell(f"{arguments.command} failed: {error.strerror}")
        return REFUSED
    return code


def _settings(arguments: argparse.Namespace) -> Settings:
    """The settings; CommandFailed names everything that is wrong with them."""
    given = {name: getattr(arguments, name, None) for name in ("host", "port")}
    faults = _unknown_names()
    try:
        found = Settings(**{name: value for name, value in given.items() if value})
    except ValidationError as error:
        wrong = {str(each["loc"][0]): each for each in error.errors()}
        fields = wording.fields(Settings)
        faults += [
            f"{given_as(arguments, name)} {wording.sentence(each, fields[name])}"
            for name, each in wrong.items()
        ]
    if faults:
        raise CommandFailed("; ".join(faults))
    return found


def _unknown_names() -> list[str]:
    """What is wrong with variables that look like settings: a misspelt one would be ignored."""
    known = [variable(name) for name in Settings.model_fields]
    # Names are read in upper case. The common prefix would make them all look alike.
    given = {name: name.upper() for name in sorted(os.environ)}
    unknown = {name: one for name, one in given.items() if one.startswith(PREFIX)}
    short = [name.removeprefix(PREFIX) for name in known]
    return [
        f"{ascii(name)[1:-1]} is not a setting; {_hint(alike(one.removeprefix(PREFIX), short))}"
        for name, one in unknown.items()
        if one not in known
    ]


def _hint(near: tuple[str, ...]) -> str:
    if not near:
        return "`python -m app --help` lists them all"
    return f"the nearest is {PREFIX}{near[0]}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app",
        description=__doc__,
        epilog=_all_settings(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"lenalidomide-moa {__version__}, content {RELEASE}"
    parser.add_argument("--version", action="version", version=version)
    added = parser.add_subparsers(required=True, dest="command", metavar="command")
    for name, command in COMMANDS.items():
        about = command.run.__doc__
        words = added.add_parser(name, help=about, description=about)
        words.set_defaults(run=command.run)
        if hasattr(command, "options"):
            command.options(words)
    return parser


def _all_settings() -> str:
    """Every setting with its default and what it means."""
    lines = ["settings, each an environment variable; an empty one means the default:"]
    for name, field in Settings.model_fields.items():
        default = written(field.default)
        lines.append(f"  {variable(name)}{f' [{default}]' if default else ''}")
        about = str(field.description).replace("`", "")
        lines += textwrap.wrap(about, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return "\n".join(lines)


if __name__ == "__main__":
    settle()
    sys.exit(main(sys.argv[1:]))
