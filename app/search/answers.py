"""The answer to a search: a page of rows, their types, and how the query was understood."""

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import Select, select

from app.addresses import Addresses
from app.db import Reading
from app.errors import Fault, Invalid
from app.read.empty import NOWHERE, why_empty
from app.read.filters import binds
from app.read.joins import table
from app.read.sources import sources_of_rows
from app.read.unknown import Values, bind_values
from app.schema.pages import WhyEmpty, digest
from app.schema.resource import Resource
from app.search.find import Finder, Found, LabelRow, row_labels
from app.search.highlights import Marker
from app.search.index import type_of
from app.search.lists import SHOWN, batched, rendered
from app.search.query import Group, all_words
from app.search.shapes import (
    Facet,
    Highlight,
    SearchAnswer,
    SearchHit,
    SearchQuery,
    Understood,
    WordSpan,
)

MOST_SHOWN = 12
"""Most words that an answer lists for a part of the query."""
MOST_HIGHLIGHTS = 2
FEW, AT_ONCE = 20, 100
"""Rows of one type whose texts one statement reads."""


class SearchPlace(NamedTuple):
    """The place after a row: a digest of the query, the row's rank and its document."""

    question: str
    rank: int
    document: int

    def text(self) -> str:
        """Encode it as the cursor in an address."""
        compact = json.dumps(self, separators=(",", ":"))
        return base64.urlsafe_b64encode(compact.encode()).decode().rstrip("=")


SENT = TypeAdapter(tuple[str, int, int], config=ConfigDict(strict=True))


class AnsweredPage(NamedTuple):
    """A page of an answer, and the place after it if more rows follow."""

    answer: SearchAnswer
    after: SearchPlace | None


def search_answer(
    finder: Finder, reading: Reading, query: SearchQuery, to: Addresses
) -> AnsweredPage:
    """Search, and describe one page of what was found."""
    question = digest(query.q, sorted(set(query.type)))
    start = _place(query.cursor, question) if query.cursor is not None else None
    found = finder.find(reading, query.q, query.type)
    rows = _after(found.ranks, start)
    shown = rows[: query.limit]
    after = SearchPlace(question, *shown[-1][::-1]) if len(rows) > query.limit else None
    total = len(found.ranks)
    return AnsweredPage(
        SearchAnswer(
            items=list(_hits(reading, found, dict(shown), to)),
            total=total if found.complete else None,
            total_at_least=total,
            next=None,
            facets=_facets(found),
            understood=list(_understood(found.groups)),
            did_you_mean=_meant(found.groups),
            why=None if total else _why_empty(finder, reading, query),
        ),
        after,
    )


def references_found(finder: Finder, reading: Reading, query: SearchQuery) -> list[str]:
    """The ids of the references behind all rows that a search finds, or those of one page.

    They stand in the order of the hits, but those of one type together, a hundred hits at a time.
    """
    question = digest(query.q, sorted(set(query.type)))
    start = _place(query.cursor, question) if query.cursor is not None else None
    rows = _after(finder.find(reading, query.q, query.type).ranks, start)
    if "limit" in query.model_fields_set:
        rows = rows[: query.limit]
    behind: list[str] = []
    for some in batched([document for document, _ in rows], SHOWN):
        labels = row_labels(reading, some)
        of_type: dict[str, list[str]] = {}
        for row in (labels[one] for one in some):
            of_type.setdefault(row.type, []).append(row.id)
        for resource in {type_of(one): None for one in some}:
            items = rendered(reading, resource, of_type[resource.name])
            behind += sources_of_rows(reading, resource, items)
    return list(dict.fromkeys(behind))


def _why_empty(finder: Finder, reading: Reading, query: SearchQuery) -> WhyEmpty:
    def count(fewer: Values) -> int:
        return len(finder.find(reading, query.q, fewer.get("type", ())).ranks)

    return why_empty({"type": list(query.type)} if query.type else {}, count, NOWHERE)


def _place(text: str, question: str) -> SearchPlace:
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        place = SearchPlace(*SENT.validate_json(raw))
    except (ValueError, ValidationError) as error:
        raise _broken() from error
    if place.question != question or place.text() != text:
        raise _broken()
    return place


def _broken() -> Invalid:
    message = "is not a cursor of this search; follow `next` instead"
    return Invalid("The cursor was not issued for this search.", faults=(Fault("cursor", message),))


def _after(ranks: Mapping[int, int], start: SearchPlace | None) -> list[tuple[int, int]]:
    """The documents after a place, each with its rank."""
    rows = list(ranks.items())
    if start is None:
        return rows
    last = (-start.rank, start.document)
    return [(document, rank) for document, rank in rows if (-rank, document) > last]


def _facets(found: Found) -> list[Facet]:
    counts = Counter(type_of(document).name for document in found.ranks)
    return [Facet(type=name, count=count) for name, count in sorted(counts.items())]


def _hits(
    reading: Reading, found: Found, shown: Mapping[int, int], to: Addresses
) -> Iterator[SearchHit]:
    rows = row_labels(reading, list(shown))
    highlights = _highlights(reading, found, list(rows.values()))
    for document, rank in shown.items():
        row = rows[document]
        yield SearchHit(
            type=row.type,
            id=row.id,
            label=row.label,
            score=rank,
            address=to.item(type_of(document).plural, row.id),
            highlights=highlights.get((row.type, row.id), []),
        )


def _highlights(
    reading: Reading, found: Found, rows: Sequence[LabelRow]
) -> dict[tuple[str, str], list[Highlight]]:
    """The texts of the rows that contain words of the query, by type and id."""
    marker = Marker(all_words(found.groups))
    marked: dict[tuple[str, str], list[Highlight]] = {}
    for resource in {type_of(row.document): None for row in rows}:
        columns = highlighted(resource)
        ids = [row.id for row in rows if row.type == resource.name]
        size = FEW if len(ids) <= FEW else AT_ONCE
        filled = [*ids, *[""] * (size - len(ids))]
        for row_id, *texts in reading.statement(_texts, resource, size).rows(
            reading.connection, bind_values({"id": filled})
        ):
            found_in = _marked(zip(columns, texts, strict=True), marker)
            marked[resource.name, row_id] = list(islice(found_in, MOST_HIGHLIGHTS))
    return marked


def _marked(texts: Iterator[tuple[str, Any]], marker: Marker) -> Iterator[Highlight]:
    for field, text in texts:
        part = marker.excerpt(text) if isinstance(text, str) else None
        if part:
            spans = [WordSpan(start=start, end=end) for start, end in part.spans]
            yield Highlight(field=field, text=part.text, spans=spans)


@cache
def highlighted(resource: Resource) -> Sequence[str]:
    """The columns of a type whose texts can be shown as highlights."""
    named = (*resource.label, *resource.found_by, *resource.searched)
    shown = resource.read.model_fields
    own = table(resource.name).c
    return tuple(name for name in dict.fromkeys(named) if name in own and name in shown)


def _texts(resource: Resource, size: int) -> Select[Any]:
    row = table(resource.name)
    columns = (row.c[name] for name in highlighted(resource))
    return select(row.c.id, *columns).where(row.c.id.in_(binds("id", size)))


def _understood(groups: Sequence[Group]) -> Iterator[Understood]:
    for group in groups:
        if group.how:
            shown = list(group.shown[:MOST_SHOWN])
            yield Understood(start=group.start, end=group.end, how=group.how, words=shown)


def _meant(groups: Sequence[Group]) -> str | None:
    """The query as searched, if its spelling was corrected."""
    if not any(group.how == "spelling" for group in groups):
        return None
    ways = (
        group.shown if group.how == "spelling" else next(iter(group.ways), ()) for group in groups
    )
    return " ".join(" ".join(way) for way in ways if way)
