"""Items and pages of a resource type, as JSON text that the database renders."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.db import Database, Reading
from app.errors import NotFound
from app.read import statements
from app.read.statements import TOTAL, ItemRow, PageRow, StatementKey, sort_values
from app.read.unknown import (
    Values,
    bind_values,
    id_parameters,
    missing,
    nearest_ids,
    refuse_unknown,
)
from app.schema.markers import AtLeast, Filter, filter_marks
from app.schema.pages import Cursor, Page, parse
from app.schema.resource import Resource
from app.schema.values import Names
from app.schema.vocabulary import words

Places = Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """Some rows of a list as JSON texts, how many match in all, and the place after the last."""

    items: list[str]
    total: int
    after: Cursor | None


class Reader:
    """Reads the items and lists of one resource type."""

    def __init__(self, db: Database, resource: Resource) -> None:
        self._db = db
        self.resource = resource
        self._of = Names(resource.name)
        self._filters = filters_of(resource.filters)
        self._ids = id_parameters(resource.filters)
        self._sort_values = sort_values(resource)

    def item(self, reading: Reading, row_id: str) -> ItemRow:
        """One row by its id as JSON text, and its version; or NotFound with ids that look alike."""
        places = bind_values({"id": [row_id]})
        rows = reading.rows(ItemRow, places, statements.item, self.resource)
        if not rows:
            raise self._not_found(reading, row_id)
        return rows[0]

    def require(self, reading: Reading, row_id: str) -> None:
        """Raise NotFound, with similar ids, unless there is a row with this id."""
        if missing(reading, self._of, [row_id]):
            raise self._not_found(reading, row_id)

    def page(self, reading: Reading, query: Page, fixed: Values | None = None) -> Rows:
        """One page of the list; `fixed` are filters that follow from the address."""
        after = None if query.cursor is None else self._after(query.cursor, query.sort)
        values = {**self.values(reading, query), **(fixed or {})}
        key = statement_key(query, values)
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
        return self._cut(found, total, query)

    def _total(self, reading: Reading, key: StatementKey, places: Places) -> int:
        """The number of matching rows when the page is empty."""
        if key.after is None:
            return 0
        (total,) = reading.rows(int, places, statements.total, self.resource, key)
        return total

    def _not_found(self, reading: Reading, row_id: str) -> NotFound:
        return NotFound(
            f"There is no {self.resource.name} with this id.",
            nearest=nearest_ids(reading, self._of, row_id),
        )

    def _after(self, cursor: str, sort: str) -> Cursor:
        return parse(cursor, self.resource.plural, sort, self._sort_values[sort.removeprefix("-")])

    def _cut(self, found: list[PageRow], total: int, query: Page) -> Rows:
        """The rows of the page, and the place after them if more follow."""
        shown = found[: query.limit]
        after = None
        if len(found) > query.limit or (query.cursor is None and total > query.limit):
            last = shown[-1]
            of = self.resource.plural
            after = Cursor(resource=of, sort=query.sort, value=last.by, id=last.id)
        return Rows([row.item for row in shown], total, after)

    def values(self, reading: Reading, query: Page) -> Values:
        """The values of each filter that was given; ids that do not exist are refused."""
        found = given(query, self._filters)
        refuse_unknown(reading, self._ids, found)
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
