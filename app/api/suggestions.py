"""Suggestions of ids for one that does not exist, for problem documents."""

from collections.abc import Iterable
from contextlib import suppress

from app.db import Database
from app.errors import Problem
from app.lookalikes import alike
from app.read.unknown import nearest_ids
from app.resources import ALL
from app.schema.values import Names

BY_FORMAT = {of.format: of for of in (*(Names(one.name) for one in ALL), Names("entity", "cell"))}
"""The types whose ids a parameter takes, by its format in OpenAPI."""
BY_PLURAL = {one.plural: Names(one.name) for one in ALL}
ROOT = "/v1/"
ROW = "/{id}/"


class Suggestions:
    """Looks up names, symbols and identifiers that people write instead of ids."""

    def __init__(self, db: Database, paths: Iterable[str]) -> None:
        self._db = db
        known = {path.removeprefix(ROOT) for path in paths if path.startswith(ROOT)}
        self._paths = sorted(path for path in known if "{" not in path)
        self._of_rows = sorted(path for path in known if path.count("{") == 1 and ROW in path)

    def for_value(self, format_name: str, value: str) -> tuple[str, ...]:
        """Up to three ids close to the value of a parameter."""
        of = BY_FORMAT.get(format_name)
        return self._nearest(of, value) if of else ()

    def for_path(self, path: str) -> tuple[str, ...]:
        """Up to three ids, or paths, close to an address that leads nowhere."""
        if not path.startswith(ROOT):
            return ()
        first, _, rest = path.removeprefix(ROOT).partition("/")
        of = BY_PLURAL.get(first)
        if of and rest:
            row, _, last = rest.partition("/")
            below = self._below(first, last)
            rows = self._nearest(of, row if below else rest)
            if not below or not rows:
                return rows
            return tuple(f"{ROOT}{first}/{rows[0]}/{one}" for one in below)
        like = alike(path.removeprefix(ROOT), self._paths) or alike(first, self._paths)
        return tuple(f"{ROOT}{one}" for one in like)

    def _below(self, plural: str, wrong: str) -> tuple[str, ...]:
        """The ids or paths close to a path below a row of this type."""
        start = f"{plural}{ROW}"
        known = [path.removeprefix(start) for path in self._of_rows if path.startswith(start)]
        return alike(wrong, known) if wrong else ()

    def _nearest(self, of: Names, value: str) -> tuple[str, ...]:
        # The problem itself is reported even if the database cannot be read.
        found: tuple[str, ...] = ()
        with suppress(Problem), self._db.read() as reading:
            found = nearest_ids(reading, of, value)
        return found
