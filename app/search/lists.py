"""A list of one type with `q=`: the rows that match the search and pass the filters."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Select, select

from app.db import Reading
from app.read.empty import not_found, why_empty
from app.read.filters import binds
from app.read.joins import table
from app.read.reader import Reader, Rows, list_key, statement_key
from app.read.rendering import render
from app.read.statements import StatementKey, conditions, order
from app.read.unknown import Values, bind_values
from app.schema.index import search_row
from app.schema.pages import Cursor, ListKey, Page, WhyEmpty, parse
from app.schema.resource import Resource
from app.search.find import Found
from app.search.index import document_number

PLACES = 512
"""Documents in one statement."""
SHOWN = 200
BY_RANK = "rank"
NO_DOCUMENT = -1
T = TypeVar("T")
RANK = TypeAdapter(int)


class Match(NamedTuple):
    """A row that was found, and its sort value."""

    by: Any
    id: str


def searched_page(
    reading: Reading, reader: Reader, query: Page, fixed: Values, found: Found
) -> Rows:
    """One page of the list, ordered by rank or, if given, by `sort`."""
    sort = query.sort if "sort" in query.model_fields_set else BY_RANK
    values = {**reader.values(reading, query), **fixed}
    ranks = found.of_type(reader.resource.name)
    matches = list(_matches(reading, reader.resource, statement_key(query, values), values, ranks))
    ordered = _by_rank(matches) if sort == BY_RANK else _sorted(matches, reader, sort)
    place = list_key(reader.resource, query, values, sort)
    start = _start(reader, query.cursor, place)
    following = [one for one in ordered if start is None or _is_after(reader, start, sort, one)]
    shown = following[: query.limit]
    after = None
    if len(following) > query.limit:
        after = Cursor(place.resource, sort, *shown[-1], place.query)
    items = rendered(reading, reader.resource, [one.id for one in shown])
    why = None if matches else _why_empty(reading, reader.resource, query, values, ranks)
    return Rows(items, len(matches), after, why, reader.unmatched(reading, query))


def _why_empty(
    reading: Reading, resource: Resource, query: Page, values: Values, ranks: Mapping[int, int]
) -> WhyEmpty:
    if not ranks:
        return not_found()

    def count(fewer: Values) -> int:
        key = statement_key(query, fewer)
        return len(list(_matches(reading, resource, key, fewer, ranks)))

    return why_empty(values, count)


def _matches(
    reading: Reading,
    resource: Resource,
    key: StatementKey,
    values: Values,
    ranks: Mapping[int, int],
) -> Iterator[tuple[int, int, Any, str]]:
    """The documents that pass the filters, as number, rank, sort value and id."""
    for some in batched(list(ranks), PLACES):
        places = bind_values({**values, "document": [*some, *_unused(len(some))]})
        statement = reading.statement(_passing, resource, key)
        for document, by, row_id in statement.rows(reading.connection, places):
            yield document, ranks[document], by, row_id


def _unused(used: int) -> list[int]:
    return [NO_DOCUMENT] * (PLACES - used)


def _by_rank(matches: Sequence[tuple[int, int, Any, str]]) -> list[Match]:
    ordered = sorted(matches, key=lambda one: (-one[1], one[0]))
    return [Match(rank, row_id) for _, rank, _, row_id in ordered]


def _sorted(matches: Sequence[tuple[int, int, Any, str]], reader: Reader, sort: str) -> list[Match]:
    """In the order of a column, rows without a value last, as the lists have it."""
    found = [Match(by, row_id) for _, _, by, row_id in matches]
    down = order(reader.resource, sort).descending
    known = sorted((one for one in found if one.by is not None), reverse=down)
    return known + sorted((one for one in found if one.by is None), key=_id, reverse=down)


def _id(one: Match) -> str:
    return one.id


def _start(reader: Reader, cursor: str | None, place: ListKey) -> Cursor | None:
    if cursor is None:
        return None
    if place.sort == BY_RANK:
        return parse(cursor, place, RANK)
    return reader.after(cursor, place)


def _is_after(reader: Reader, start: Cursor, sort: str, one: Match) -> bool:
    """Whether a row comes after the start of the page, whose own row may be gone."""
    if sort == BY_RANK:
        of = reader.resource.name
        place = (
            (-start.value, document_number(of, start.id))
            if isinstance(start.value, int)
            else (0, 0)
        )
        return (-one.by, document_number(of, one.id)) > place
    here, there = one, Match(*start[2:4])
    if here.by is None or there.by is None:
        if (here.by is None) != (there.by is None):
            return here.by is None
        here, there = Match("", here.id), Match("", there.id)
    return here < there if order(reader.resource, sort).descending else here > there


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in parts of at most this size."""
    for at in range(0, len(values), size):
        yield values[at : at + size]


def rendered(reading: Reading, resource: Resource, ids: Sequence[str]) -> list[str]:
    """Rows as JSON texts, in the order of their ids, of which there are at most SHOWN."""
    places = bind_values({"id": [*ids, *[""] * (SHOWN - len(ids))]})
    found = dict(reading.statement(_rendered, resource).rows(reading.connection, places))
    return [found[one] for one in ids]


def _passing(resource: Resource, key: StatementKey) -> Select[Any]:
    """Those of the given documents whose rows pass the filters."""
    row = table(resource.name)
    by = row.c[order(resource, key.sort).column]
    return (
        select(search_row.c.document, by, row.c.id)
        .join(row, row.c.id == search_row.c.id)
        .where(search_row.c.document.in_(binds("document", PLACES)))
        .where(*conditions(resource, row, key))
    )


def _rendered(resource: Resource) -> Select[Any]:
    row = table(resource.name)
    return select(row.c.id, render(resource.read, row)).where(row.c.id.in_(binds("id", SHOWN)))
