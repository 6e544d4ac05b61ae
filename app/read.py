"""A page or an item of a resource type, as the JSON text that the database made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from app import statements
from app.db import Database
from app.errors import Fault, Invalid, NotFound
from app.markers import AtLeast, filter_marks, marks
from app.narrow import names
from app.nearest import nearest
from app.paging import Cursor, Page, parse
from app.resource import Resource
from app.statements import Question
from app.values import Names
from app.vocabulary import words

Values = Mapping[str, list[Any]]


@dataclass(frozen=True)
class Rows:
    """Some rows of a list as JSON texts, how many match in all, and the place after the last."""

    items: list[str]
    total: int
    after: Cursor | None


class Reader:
    """Reads one resource type from one database, with statements that are made once."""

    def __init__(self, db: Database, resource: Resource) -> None:
        self._db = db
        self._resource = resource
        self._of = Names(resource.name)
        fields = resource.filters.model_fields.items()
        self._filters = {name: mark for name, info in fields for mark in filter_marks(info)}
        self._ids = {name: mark for name, info in fields for mark in marks(info, Names)}

    def item(self, connection: Connection, row_id: str) -> str:
        """One row by its id, or NotFound with ids that look alike."""
        rows = self._db.kept(statements.item, self._resource).run(connection, {"id_0": row_id})
        if not rows:
            raise self._not_found(connection, row_id)
        text: str = rows[0].item
        return text

    def require(self, connection: Connection, row_id: str) -> None:
        """NotFound, with ids that look alike, unless there is a row with this id."""
        if self._missing(connection, self._of, [row_id]):
            raise self._not_found(connection, row_id)

    def page(self, connection: Connection, asked: Page, fixed: Values | None = None) -> Rows:
        """One page of the list; `fixed` are filters given by the address itself."""
        after = parse(asked.cursor, self._resource.plural, asked.sort) if asked.cursor else None
        values = {**self._values(asked), **(fixed or {})}
        self._refuse_unknown(connection, values)
        question = Question(
            sort=asked.sort,
            filters=tuple((name, len(given)) for name, given in values.items()),
            roll_up=getattr(asked, "rollup", "exact") == "descendants",
            after=None if after is None else after.value is not None,
        )
        places = {"rows": asked.limit + 1, **_placed(values)}
        if after:
            places |= {"after_value": after.value, "after_id": after.id}
        found = self._db.kept(statements.page, self._resource, question).run(connection, places)
        if found or not after:
            return self._cut(found, asked)
        counted = self._db.kept(statements.total, self._resource, question)
        return Rows([], counted.run(connection, places)[0][0], None)

    def _not_found(self, connection: Connection, row_id: str) -> NotFound:
        return NotFound(
            f"There is no {self._resource.name} with this id.",
            nearest=nearest(connection, self._of, row_id),
        )

    def _cut(self, found: list[Row[Any]], asked: Page) -> Rows:
        """The rows asked for; one more was read to learn whether there is a next page."""
        shown, total = found[: asked.limit], found[0].total if found else 0
        after = None
        if len(found) > asked.limit:
            last = shown[-1]
            of = self._resource.plural
            after = Cursor(resource=of, sort=asked.sort, value=last.by, id=last.id)
        return Rows([row.item for row in shown], total, after)

    def _values(self, asked: Page) -> Values:
        """The values of each filter that was given, in the order of the declaration."""
        found = {}
        for name, mark in self._filters.items():
            value = getattr(asked, name, None)
            if value is None or value == ():
                continue
            found[name] = list(dict.fromkeys(value)) if isinstance(value, tuple) else [value]
            if isinstance(mark, AtLeast):
                ranked = words(mark.vocabulary)
                found[name] = ranked[: ranked.index(value) + 1]
        return found

    def _refuse_unknown(self, connection: Connection, values: Values) -> None:
        faults = [
            Fault(name, f"names no known {of.kind or of.table}", nearest(connection, of, wrong))
            for name, of in self._ids.items()
            if (given := values.get(name))
            for wrong in self._missing(connection, of, given)
        ]
        if faults:
            raise Invalid("A filter names an id that does not exist.", faults=tuple(faults))

    def _missing(self, connection: Connection, of: Names, given: list[str]) -> list[str]:
        places = _placed({"id": given})
        rows = self._db.kept(statements.known, of, len(given)).run(connection, places)
        known = {row.id for row in rows}
        return [wrong for wrong in given if wrong not in known]


def _placed(values: Values) -> dict[str, Any]:
    """Each value under the name that the statement has for it."""
    return {
        place: value
        for name, given in values.items()
        for place, value in zip(names(name, len(given)), given, strict=True)
    }
