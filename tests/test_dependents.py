"""A change is refused if rows that do not lead to the changed one would break their rules."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection

from app.settings import Settings
from app.write.dependents import (
    CLAIMS,
    COMPARISONS,
    UNREAD,
    compared_rows,
    compared_values,
    referring_rows,
    with_id,
)
from app.write.importing import FaultyImport
from app.write.known import Comparison
from app.write.record import Record
from app.write.rows import KINDS
from app.write.rules import RULES
from app.write.stored import StoredRecords
from tests.bundles import bundle_of, line_of, lines
from tests.conftest import SQLITE_FIRST
from tests.curating import Curator, curating, history
from tests.looking import some
from tests.test_import import brought, faults_of
from tests.test_writes import NEW
from tests.writing import undone

ABC, DLBCL = "dlbcl-abc", "diffuse-large-b-cell-lymphoma"
DRUG, OTHER_EDGE = "pomalidomide", "pomalidomide-inhibits-proteasome-in-tumour-b-cell"
TEXTBOOK = "bortezomib-inhibits-proteasome-in-tumour-b-cell"
UNLINKED, UNLINKED_TEXT = "sprint-factors", "normal LDH, no bulk, few earlier treatments"
MOST_ASKED = 20
Change = tuple[str, str, Mapping[str, Any]]
Broken = tuple[str, str]

# What is changed, each time of a row that no row of the broken type leads to, and what it breaks.
CHANGES: dict[str, tuple[Change, Broken]] = {
    "a claim comes to a trial": (
        ("evidence", "robust-pfs", {"trials": ["robust", "augment"]}),
        ("trials", "augment"),
    ),
    "a claim takes another reference": (
        ("evidence", "robust-pfs", {"reference": "acebes-huerta-2014"}),
        ("trials", "robust"),
    ),
    "a partner lets its entity go": (
        ("partners", "bortezomib", {"entity": None}),
        ("edges", TEXTBOOK),
    ),
    "an entity gets an alias that a claim writes out": (
        ("entities", "crbn", {"aliases": ["CRBN", UNLINKED_TEXT]}),
        ("evidence", UNLINKED),
    ),
    "a subtype above one of a trial goes elsewhere": (
        ("subtypes", ABC, {"parent": "aggressive-b-cell-lymphoma"}),
        ("trials", "robust"),
    ),
}


def put_below(curator: Curator) -> None:
    """Have a trial count patients of a disease and of what is two steps below it."""
    subtype = curator.client.get(f"/v1/subtypes/{ABC}").json()
    below = subtype | {"id": "below", "name": "Below", "parent": ABC, "xrefs": [], "synonyms": []}
    assert curator.ask("POST", "/v1/subtypes", below).status_code == 201
    answer = curator.ask("PATCH", "/v1/trials/robust", {"subtypes": [DLBCL, "below"]})
    assert answer.status_code == 200, answer.text


def rows_of(answer: Any) -> list[Broken]:
    return [(one["type"], one["id"]) for one in answer.json()["resting"]]


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_no_change_breaks_the_rules_of_rows_that_do_not_lead_there(copy: Settings) -> None:
    with curating(copy) as curator:
        put_below(curator)
        before = len(history(copy))
        for what, ((kind, row_id, patch), broken) in CHANGES.items():
            address = f"/v1/{kind}/{row_id}"
            for asked in (address, f"{address}?propose=true&reason=so&source=there"):
                answer = curator.ask("PATCH", asked, patch)
                assert answer.status_code == 409, (what, answer.text)
                assert broken in rows_of(answer), what
                assert UNLINKED_TEXT not in answer.text
        assert (
            "references lacks"
            in curator.ask(
                "PATCH", "/v1/evidence/robust-pfs", {"trials": ["robust", "augment"]}
            ).text
        )
        assert len(history(copy)) == before


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_neither_does_a_row_that_is_added_or_removed(copy: Settings) -> None:
    with curating(copy) as curator:
        entity = curator.client.get(f"/v1/entities/{DRUG}").json()
        same = {name: entity[name] for name in ("components", "members", "xrefs", "synonyms")}
        partner = NEW | same | {"kind": "drug", "entity": DRUG}
        edge = curator.client.get(f"/v1/edges/{TEXTBOOK}").json()
        steps = [
            curator.ask("POST", "/v1/partners", partner),
            curator.ask("POST", "/v1/edges", edge | {"id": OTHER_EDGE, "source": DRUG}),
            curator.ask("PATCH", "/v1/entities/crbn", {"aliases": ["CRBN", "cereblon-itself"]}),
        ]
        assert [one.status_code for one in steps] == [201, 201, 200], [one.text for one in steps]
        before = len(history(copy))

        gone = curator.ask("DELETE", "/v1/partners/a-new-one")
        new = {"id": "cereblon-itself", "xrefs": [], "synonyms": [], "aliases": []}
        added = curator.ask("POST", "/v1/entities", entity | new)

        assert (gone.status_code, rows_of(gone)) == (409, [("edges", OTHER_EDGE)]), gone.text
        assert (added.status_code, rows_of(added)) == (409, [("entities", "crbn")]), added.text
        assert len(history(copy)) == before


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_neither_does_an_import(copy: Settings) -> None:
    with curating(copy) as curator:
        put_below(curator)
        sent = bundle_of(curator.client)
    rows: dict[tuple[str, str], Any] = {}
    for (kind, row_id, patch), _ in CHANGES.values():
        place = KINDS[kind], row_id
        rows[place] = rows.get(place, line_of(sent, *place)) | patch
    alias = {"id": "zfp91-itself", "xrefs": [], "synonyms": [], "aliases": []}
    rows["entity", "crbn"]["aliases"].append("zfp91-itself")
    new = line_of(sent, "entity", "zfp91") | alias
    found = faults_of(copy, lines(*((name, row) for (name, _), row in rows.items())))

    for what, (_, (kind, row_id)) in CHANGES.items():
        assert any(f"{kind}.yaml: {row_id}: " in one for one in found), (what, found)
    aliased = line_of(sent, "entity", "crbn") | {"aliases": ["CRBN", "zfp91-itself"]}
    with undone(copy) as connection:
        brought(connection, lines(("entity", aliased)))
        with pytest.raises(FaultyImport) as refused:
            brought(connection, lines(("entity", new)))
    assert "is the id of another entity" in str(refused.value.found)


@pytest.mark.slow
def test_no_rule_reads_what_it_does_not_declare(sqlite_url: str) -> None:
    """A change of a row applies the rules again that read rows of its type.

    What rules read of rows of their own type holds in both directions, or is tested above.
    """
    with undone(Settings(database_url=sqlite_url)) as connection:
        asked = Asked(connection)
        rows = {kind: asked.every(kind) for kind in RULES}
        for kind, rules in RULES.items():
            for record in rows[kind]:
                asked.of = kind, record.id
                assert list(rules.one(record, asked)) == []
        missed = [
            (place, question, value)
            for question, found in asked.questions.items()
            for value in some(found)[:: len(found) // MOST_ASKED + 1]
            for place in found[value] - asked.judged_after(question, value)
        ]
    assert missed == []
    assert len(asked.questions) > len(RULES)


Question = tuple[str, str, str]
"""The type of a row that asks, and the type and the field of the rows that it asks for."""


class Unread(dict[str, object]):
    """The values of a row, some of which must not be asked for."""

    def get(self, key: str, default: object = None) -> Any:
        assert key not in UNREAD, f"a rule reads `{key}` of another row: see UNREAD"
        return super().get(key, default)


class Asked(StoredRecords):
    """The records of the database, with a note of what each rule has read."""

    of = ("", "")

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.connection = connection
        self.questions: dict[Question, dict[str, set[Broken]]] = {}

    def every(self, kind: str) -> Sequence[Record]:
        return super().all(kind)

    def all(self, kind: str) -> Sequence[Record]:
        raise AssertionError(f"{self.of} asks for all {kind}; that is for rules of the whole")

    def get(self, kind: str, row_id: str) -> Record | None:
        self._note(kind, "id", row_id)
        found = super().get(kind, row_id)
        return self._without_unread(found) if found else None

    def having(self, kind: str, field: str, value: str) -> Sequence[Record]:
        self._note(kind, field, value)
        found = super().having(kind, field, value)
        for one in found:
            self._note(kind, "id", one.id)
        return [self._without_unread(one) for one in found]

    def beside(self, kind: str, field: str, value: str, other: str) -> Mapping[str, str]:
        self._note(kind, field, value)
        for one in super().beside(kind, field, value, "id"):
            self._note(kind, "id", one)
        return super().beside(kind, field, value, other)

    def _without_unread(self, record: Record) -> Record:
        """A row in which a rule finds no text in fields that none may read."""
        kind = record.file.removesuffix(".yaml")
        if kind == CLAIMS or (kind, record.id) == self.of:
            return record
        return record._replace(values=Unread(record.values))

    def _note(self, kind: str, field: str, value: str) -> None:
        if kind != self.of[0] and value:
            places = self.questions.setdefault((self.of[0], kind, field), {})
            places.setdefault(value, set()).add(self.of)

    def judged_after(self, question: Question, value: str) -> set[Broken]:
        """The rows that are judged once a row has been changed that has this value in its field."""
        _, kind, field = question
        selected, name = with_id(value), KINDS[kind]
        compared: dict[Comparison, set[str]] = {
            comparison: {value.removesuffix(comparison.ending)}
            for _, comparison in COMPARISONS
            if (comparison.on, comparison.says) == (kind, field)
            and value.endswith(comparison.ending)
        }
        found = compared_rows(self.connection, compared)
        if field == "id":
            found |= compared_rows(
                self.connection, compared_values(self.connection, name, selected)
            )
            found |= referring_rows(self.connection, name, selected) | {(kind, value)}
        return found | self._told_by_others(question, value, found)

    def _told_by_others(self, question: Question, value: str, found: set[Broken]) -> set[Broken]:
        """Claims and edges that contradict each other: each fault is reported by the other, too."""
        if question == ("evidence", "edges", "evidence"):
            return {("evidence", value)}
        claims = [row_id for kind, row_id in found if kind == "evidence"]
        edges = [super(Asked, self).get(kind, row_id) for kind, row_id in found if kind == "edges"]
        return {
            *(
                ("evidence", claim)
                for edge in filter(None, edges)
                for claim in edge.texts("evidence")
            ),
            *referring_rows(self.connection, "evidence", lambda column: column.in_(claims)),
        }
