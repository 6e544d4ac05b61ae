"""`python -m app key`."""

import argparse
import re
from collections.abc import Mapping
from contextlib import closing

from app import startup
from app.commands import OK, key_writer, print_out, tell
from app.db import Database
from app.schema.curation import IMPORTER, LOADER, SCOPES, moment
from app.settings import Settings
from app.startup import CommandFailed

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?")
MOST_DAYS = 3_650
TAKEN = (
    f"the name belongs to an earlier key or is reserved ({LOADER}, {IMPORTER}), or differs from "
    "such a name only in case, spaces, dots, hyphens and underscores; choose another"
)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Issue, list or revoke the keys with which rows are changed over HTTP."""
    startup.require_database(settings)
    with closing(Database(settings)) as db:
        WHAT[arguments.what](db, arguments)
    return OK


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    added = parser.add_subparsers(required=True, dest="what", metavar="{create,list,revoke}")
    create = added.add_parser("create", help="print a new key, once, on standard output")
    create.add_argument("name", help="public name of its owner, which the history shows")
    create.add_argument(
        "--scope",
        choices=SCOPES,
        required=True,
        help="propose: make proposals; review: decide on those of others; "
        "admin: both, and change rows at once",
    )
    days = f"days for which it is valid, 1 to {MOST_DAYS}; if left out, until it is revoked"
    create.add_argument("--days", type=int, help=days)
    added.add_parser("list", help="list all keys by name, without the keys themselves")
    added.add_parser("revoke", help="revoke a key").add_argument("name", help="its name")


def _create(db: Database, arguments: argparse.Namespace) -> None:
    if not NAME.fullmatch(arguments.name):
        raise CommandFailed(
            "the name must be 1 to 64 letters, digits, spaces, dots, hyphens and underscores, "
            "begin with a letter or digit, and not end with a space"
        )
    if arguments.days is not None and not 1 <= arguments.days <= MOST_DAYS:
        raise CommandFailed(f"--days must be a whole number from 1 to {MOST_DAYS}")
    with db.change() as connection:
        key = key_writer().create_key(connection, arguments.name, arguments.scope, arguments.days)
    if key is None:
        raise CommandFailed(TAKEN)
    tell("this is the only time that the key is shown:")
    print_out("the key", key)


def _list(db: Database, _arguments: argparse.Namespace) -> None:
    with db.read() as reading:
        found = key_writer().list_keys(reading.connection)
    print_out("the list", "\n".join(map(_line, found)) or "no keys yet")


def _revoke(db: Database, arguments: argparse.Namespace) -> None:
    with db.change() as connection:
        revoked = key_writer().revoke_key(connection, arguments.name)
    if not revoked:
        raise CommandFailed("no valid key has this name; `python -m app key list` shows all")
    tell("revoked; the key is refused from now on")


def _line(key: Mapping[str, str | None]) -> str:
    """One line about a key: name, scope, state and times."""
    end = key["expires_at"]
    state = "revoked" if key["revoked_at"] else "expired" if end and end <= moment() else "valid"
    times = ((what, key[f"{what}_at"]) for what in ("created", "expires", "revoked", "used"))
    moments = ", ".join(f"{what} {at[:16]}Z" for what, at in times if at)
    return f"{key['name']}: {key['scope']}, {state}, {moments}"


WHAT = {"create": _create, "list": _list, "revoke": _revoke}
