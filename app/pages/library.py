"""What pages read: the rows the API returns, through the same readers, as typed shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from app.db import Database, Reading
from app.db.revision import State
from app.errors import NotFound
from app.read.reader import Reader
from app.resources.conflicts import CONFLICTS, ConflictRead
from app.resources.edges import EDGES, EdgeRead
from app.resources.entities import ENTITIES, EntityRead
from app.resources.evidence import EVIDENCE, EvidenceRead
from app.resources.mechanisms import MECHANISMS, MechanismRead
from app.resources.outcomes import OUTCOMES, OutcomeRead
from app.resources.partners import PARTNERS, PartnerRead
from app.resources.references import REFERENCES, ReferenceRead
from app.resources.subtypes import SUBTYPES, SubtypeRead
from app.resources.trials import TRIALS, TrialRead
from app.schema.columns import Key
from app.schema.pages import Page
from app.schema.resource import Resource
from app.search.lists import SHOWN, batched, rendered

S = TypeVar("S", bound=Key)

AT_ONCE = 200


class Moved(Exception):  # a redirect, not an error
    """The row asked for now has another id: `now`."""

    def __init__(self, plural: str, now: str, release: str) -> None:
        super().__init__(now)
        self.plural = plural
        self.now = now
        self.release = release


@dataclass(frozen=True, slots=True)
class PageOfRows(Generic[S]):
    """Some rows of a list, how many there are in all, and the cursor of those after them."""

    rows: list[S]
    total: int
    after: str | None


class Shelf(Generic[S]):
    """The rows of one resource type."""

    def __init__(self, db: Database, resource: Resource, shape: type[S]) -> None:
        self.resource = resource
        self._reader = Reader(db, resource)
        self._shape = shape

    def one(self, reading: Reading, row_id: str) -> S:
        """The row with this id. Raises Moved if the id is an earlier one; else NotFound."""
        try:
            item = self._reader.item(reading, row_id).item
        except NotFound:
            now = self._reader.moved(reading, row_id)
            if now is None:
                raise
            raise Moved(self.resource.plural, now, reading.release) from None
        return self._shape.model_validate_json(item)

    def every(self, reading: Reading, query: Page | None = None) -> list[S]:
        """All rows that pass the filters of a query, on however many pages of the API."""
        query = (query or self.resource.filters()).model_copy(
            update={"limit": AT_ONCE, "cursor": None}
        )
        found: list[S] = []
        while True:
            rows = self._reader.page(reading, query)
            found += map(self._shape.model_validate_json, rows.items)
            if rows.after is None:
                return found
            query = query.model_copy(update={"cursor": rows.after.text()})

    def page(self, reading: Reading, query: Page, most: int) -> PageOfRows[S]:
        """The rows that pass the filters of a query, from its cursor on, up to a number."""
        found = self._reader.page(reading, query.model_copy(update={"limit": most}))
        rows = [self._shape.model_validate_json(item) for item in found.items]
        return PageOfRows(rows, found.total, found.after.text() if found.after else None)

    def ids(self, reading: Reading, **filters: object) -> list[str]:
        """The ids of all rows that pass these filters."""
        return self._reader.ids(reading, self.resource.filters.model_validate(filters))

    def column(self, reading: Reading, name: str, **filters: object) -> dict[str, str]:
        """What is in a column of all rows that pass these filters, by their ids."""
        return self._reader.column(reading, self.resource.filters.model_validate(filters), name)

    def some(self, reading: Reading, ids: Sequence[str]) -> list[S]:
        """The rows with these ids, in their order."""
        texts = (rendered(reading, self.resource, few) for few in batched(ids, SHOWN))
        return [*map(self._shape.model_validate_json, chain.from_iterable(texts))]

    def where(self, reading: Reading, **filters: object) -> list[S]:
        """All rows that pass these filters."""
        return self.every(reading, self.resource.filters.model_validate(filters))


class Library:
    """One shelf for each type that pages show."""

    def __init__(self, db: Database) -> None:
        self.mechanisms = Shelf(db, MECHANISMS, MechanismRead)
        self.subtypes = Shelf(db, SUBTYPES, SubtypeRead)
        self.partners = Shelf(db, PARTNERS, PartnerRead)
        self.references = Shelf(db, REFERENCES, ReferenceRead)
        self.evidence = Shelf(db, EVIDENCE, EvidenceRead)
        self.entities = Shelf(db, ENTITIES, EntityRead)
        self.edges = Shelf(db, EDGES, EdgeRead)
        self.trials = Shelf(db, TRIALS, TrialRead)
        self.outcomes = Shelf(db, OUTCOMES, OutcomeRead)
        self.conflicts = Shelf(db, CONFLICTS, ConflictRead)
        self._drugs: tuple[State | None, Mapping[str, str]] | None = None
        self.shelves: Mapping[str, Shelf[MechanismRead] | Shelf[ConflictRead]] = {
            "mechanisms": self.mechanisms,
            "conflicts": self.conflicts,
        }
        self.with_pages = (
            *(self.mechanisms, self.subtypes, self.partners, self.trials),
            *(self.conflicts, self.references, self.entities),
        )

    def drug_names(self, reading: Reading) -> Mapping[str, str]:
        """The labels of the drugs by id, kept until the data change.

        Those of a database that does not say when it changes are read each time.
        """
        kept = self._drugs
        if kept and reading.state is not None and kept[0] == reading.state:
            return kept[1]
        names = {drug.id: drug.label for drug in self.entities.where(reading, kind=("drug",))}
        self._drugs = (reading.state, names)
        return names
