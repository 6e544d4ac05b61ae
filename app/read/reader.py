"""Items and pages of a resource type, as JSON text that the database renders."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from app.db import Database, Reading
from app.errors import Gone, NotFound
from app.read import statements
from app.read.empty import why_empty
from app.read.history import as_of, removed, successor, was_there
from app.read.names import earlier
from app.read.statements import TOTAL, ItemRow, PageRow, StatementKey, sort_values
from app.read.unknown import (
    Values,
    bind_values,
    id_parameters,
    ids_of,
    missing,
    nearest_ids,
    refuse_unknown,
)
from app.schema.markers import AtLeast, Filter, filter_marks
from app.schema.pages import Cursor, ListKey, Page, WhyEmpty, digest, parse
from app.schema.resource import Resource
from app.schema.values import Names
from app.schema.vocabulary import words

XREF = "xref"
SEVERAL = 2
ORDERS = 2
"""Raised when rows are sorted otherwise, so that older cursors are refused, not misread."""

Places = Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """Some rows of a list as JSON texts, how many match in all, and the place after the last."""

    items: list[str]
    total: int
    after: Cursor | None
    why: WhyEmpty | None = None
    """Given if no row matches."""
    unmatched: tuple[int, ...] = ()
    """The places, in the query, of identifiers that no row has."""


class Reader:
    """Reads the items and lists of one resource type."""

    def __init__(self, db: Database, resource: Resource) -> None:
        self._db = db
        self.resource = resource
        self._of = Names(resource.name)
        self._filters = filters_of(resource.filters)
        self._ids = id_parameters(resource.filters)
        self._sort_values = sort_values(resource)

    def item(self, reading: Reading, row_id: str, then: datetime | None = None) -> ItemRow:
        """One row by its id as JSON text, and its version; NotFound suggests similar ids.

        With `then`, the row as it was at that moment.
        """
        places = bind_values({"id": [row_id]})
        rows = reading.rows(ItemRow, places, statements.item, self.resource)
        if then and (rows or was_there(reading, self.resource.plural, row_id)):
            return as_of(reading, self.resource.plural, row_id, then, next(iter(rows), None))
        if not rows:
            raise self._not_found(reading, row_id)
        return rows[0]

    def moved(self, reading: Reading, row_id: str) -> str | None:
        """The id of the row that had this one earlier, if one had."""
        return earlier(reading, self._of, row_id)

    def require(self, reading: Reading, row_id: str) -> None:
        """Raise NotFound, with similar ids, unless there is a row with this id."""
        if missing(reading, self._of, [row_id]):
            raise self._not_found(reading, row_id)

    def page(self, reading: Reading, query: Page, fixed: Values | None = None) -> Rows:
        """One page of the list; `fixed` are filters that follow from the address."""
        values = {**self.values(reading, query), **(fixed or {})}
        key = statement_key(query, values)
        place = list_key(self.resource, query, values, query.sort)
        after = None if query.cursor is None else self.after(query.cursor, place)
        if after:
            key = key._replace(after=after.value is not None)
        places = {"rows": query.limit, **bind_values(values)}
        if after:
            # After the first page the total does not show whether rows follow; one more row does.
            places |= {"rows": query.limit + 1, "after_value": after.value, "after_id": after.id}
        of = (self.resource.name, key.filters, key.roll_up, key.mixed, _hashable(values))
        total = self._db.totals.get(reading.state, of)
        counts = () if total is not None else (TOTAL,)
        found = reading.rows(PageRow, places, statements.page, self.resource, key, *counts)
        if total is None:
            total = found[0].total if found else self._total(reading, key, places)
            self._db.totals.put(reading.state, of, total)
        rows = self._cut(found, total, query, place)
        why = None if total else self._why_empty(reading, query, values)
        return replace(rows, why=why, unmatched=self.unmatched(reading, query))

    def ids(self, reading: Reading, query: Page) -> list[str]:
        """The ids of all rows that pass the filters of a query."""
        return [*self.column(reading, query, "id")]

    def column(self, reading: Reading, query: Page, name: str) -> dict[str, str]:
        """What is in a column of all rows that pass the filters of a query, by their ids."""
        values = self.values(reading, query)
        key = statement_key(query.model_copy(update={"sort": "id"}), values)
        found = reading.statement(statements.in_column, self.resource, key, name)
        return dict(found.rows(reading.connection, bind_values(values)))

    def _why_empty(self, reading: Reading, query: Page, values: Values) -> WhyEmpty:
        def count(fewer: Values) -> int:
            key = statement_key(query, fewer)
            places = bind_values(fewer)
            (total,) = reading.rows(int, places, statements.total, self.resource, key)
            return total

        return why_empty(values, count)

    def unmatched(self, reading: Reading, query: Page) -> tuple[int, ...]:
        """The places of the identifiers of a query that no row has."""
        given: tuple[str, ...] = getattr(query, XREF, ())
        if len(given) < SEVERAL:
            return ()
        places = bind_values({XREF: list(given)})
        known = set(reading.rows(str, places, statements.spelled, self.resource, len(given)))
        return tuple(at for at, one in enumerate(given) if one not in known)

    def _total(self, reading: Reading, key: StatementKey, places: Places) -> int:
        """The number of matching rows when the page is empty."""
        if key.after is None:
            return 0
        (total,) = reading.rows(int, places, statements.total, self.resource, key)
        return total

    def _not_found(self, reading: Reading, row_id: str) -> NotFound:
        plural = self.resource.plural
        gone = removed(reading, plural, row_id)
        if gone:
            after = successor(reading, plural, row_id)
            why = f" The reason given: {gone.reason}" if gone.reason else ""
            sentence = f"The {self.resource.name} with this id was removed on {gone.at[:10]}.{why}"
            return Gone(sentence, successor=(plural, after) if after else None)
        return NotFound(
            f"There is no {self.resource.name} with this id.",
            nearest=nearest_ids(reading, self._of, row_id),
        )

    def after(self, cursor: str, place: ListKey) -> Cursor:
        """The row that a cursor of this list in this order names."""
        return parse(cursor, place, self._sort_values[place.sort.removeprefix("-")])

    def _cut(self, found: list[PageRow], total: int, query: Page, place: ListKey) -> Rows:
        """The rows of the page, and the place after them if more follow."""
        shown = found[: query.limit]
        after = None
        if len(found) > query.limit or (query.cursor is None and total > query.limit):
            last = shown[-1]
            after = Cursor(place.resource, place.sort, last.by, last.id, place.query)
        return Rows([row.item for row in shown], total, after)

    def values(self, reading: Reading, query: Page) -> Values:
        """The values of each filter that was given; ids that do not exist are refused."""
        found = given(query, self._filters)
        refuse_unknown(reading, self._ids, ids_of(query, self._ids))
        return found


def filters_of(model: type[BaseModel]) -> Mapping[str, Filter]:
    """The parameters of a query that are filters, in the order of the declaration."""
    fields = model.model_fields.items()
    return {name: mark for name, info in fields for mark in filter_marks(info)}


def given(query: BaseModel, filters: Mapping[str, Filter]) -> Values:
    """The values of each filter that was given."""
    found = {}
    for name, mark in filters.items():
        value = getattr(query, name, None)
        if value is None or value == ():
            continue
        found[name] = list(dict.fromkeys(value)) if isinstance(value, tuple) else [value]
        if isinstance(mark, AtLeast):
            ranked = words(mark.vocabulary)
            found[name] = ranked[: ranked.index(value) + 1]
    return found


def list_key(resource: Resource, query: Page, values: Values, sort: str) -> ListKey:
    """What the cursors of a list depend on."""
    key = statement_key(query, values)
    given = {name: sorted(each) for name, each in values.items()}
    return ListKey(resource.plural, sort, digest(ORDERS, given, key.roll_up, key.mixed, query.q))


def statement_key(query: BaseModel, values: Values) -> StatementKey:
    """All that the statement for a query depends on, besides the values themselves."""
    return StatementKey(
        sort=getattr(query, "sort", "id"),
        filters=tuple((name, len(given)) for name, given in values.items()),
        roll_up=getattr(query, "rollup", "exact") == "descendants",
        mixed=getattr(query, "mixed", False),
    )


def _hashable(values: Values) -> Hashable:
    return tuple(tuple(given) for given in values.values())
