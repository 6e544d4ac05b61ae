"""A write of one row leaves the database as a load of the changed files would."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select, text

from app.db.revision import read_dataset
from app.settings import Settings
from app.write.rows import KINDS, tables
from app.write.store import drop, put, put_all, replace
from seed import RELEASE
from seed.content import TYPES
from tests.conftest import SQLITE_FIRST
from tests.writing import Documents, after, documents, dump, entry, record, records, undone

pytestmark = pytest.mark.slow

# Of each type an entry that is written again under an id of its own, and one that changes.
TEMPLATES: dict[str, tuple[str, dict[str, Any]]] = {
    "evidence": ("robust-pfs", {"subtypes": ["cll-sll"], "note": "New.", "partners": []}),
    "references": ("gribben-2015", {"title": "Another title", "year": None}),
    "entities": ("ap-1", {"synonyms": ["new"], "members": ["crbn"], "parent": "ddb1"}),
    "edges": (
        "lenalidomide-inhibits-meis2-ubiquitination-in-any-cell",
        {"evidence": ["robust-pfs"], "contact_with": "t-cell"},
    ),
    "mechanisms": ("cereblon-engagement", {"steps": [], "name": "Another name"}),
    "subtypes": ("follicular-lymphoma", {"related": [], "name": "Another name"}),
    "partners": ("r-chop", {"components": ["rituximab"], "summary": "Another."}),
    "trials": ("augment", {"subtypes": ["cll-sll"], "phase": None}),
    "conflicts": ("cd20-on-cll-cells", {"sides": [], "state": "explained"}),
}
# All types in one load; each by itself in the full column.
OF_TYPES = pytest.mark.parametrize(
    "kinds",
    [
        pytest.param(TYPES, id="all"),
        *(pytest.param([kind], id=kind, marks=pytest.mark.full) for kind in TYPES),
    ],
)
UNIQUE = ("doi", "pmid", "pmcid", "figure1_term")


def again(documents: Documents, kind: str) -> dict[str, Any]:
    """The template of a type under an id of its own."""
    values: dict[str, Any] = dict(entry(documents, kind, TEMPLATES[kind][0]))
    unique = {key: None for key in UNIQUE if key in values}
    return values | unique | {"id": f"again-{values['id']}"}


def replaced(connection: Connection, documents: Documents) -> None:
    replace(connection, records(documents), RELEASE)


def write(connection: Connection, rows: Documents) -> None:
    """Write rows of some types, one after the other."""
    for kind, values in rows.items():
        put(connection, record(kind, values))


@OF_TYPES
def test_an_added_row_is_as_loaded(copy: Settings, kinds: Sequence[str]) -> None:
    changed = documents()
    new = {kind: again(changed, kind) for kind in kinds}
    for kind, values in new.items():
        changed[kind].append(values)

    with undone(copy) as connection:
        before = dump(connection)
        loaded = after(connection, lambda: replaced(connection, changed))
        written = after(connection, lambda: write(connection, new))

    assert loaded != before
    assert written == loaded


@OF_TYPES
def test_a_changed_row_is_as_loaded(copy: Settings, kinds: Sequence[str]) -> None:
    changed = documents()
    rows = {kind: entry(changed, kind, TEMPLATES[kind][0]) for kind in kinds}
    for kind, row in rows.items():
        row.update(TEMPLATES[kind][1])

    with undone(copy) as connection:
        loaded = after(connection, lambda: replaced(connection, changed))
        written = after(connection, lambda: write(connection, rows))
        write(connection, rows)
        found = [row_of(connection, kind, values["id"]) for kind, values in rows.items()]

    assert written == loaded
    assert [row.version for row in found] == [2] * len(kinds)
    assert all(row.updated_at > row.created_at for row in found)


def row_of(connection: Connection, kind: str, row_id: str) -> Row[Any]:
    table = tables()[KINDS[kind]]
    return connection.execute(select(table).where(table.c.id == row_id)).one()


@OF_TYPES
def test_a_removed_row_is_as_loaded(copy: Settings, kinds: Sequence[str]) -> None:
    unchanged = documents()
    new = {kind: again(unchanged, kind) for kind in kinds}

    def remove() -> None:
        for kind, values in new.items():
            drop(connection, KINDS[kind], values["id"])

    with undone(copy) as connection:
        write(connection, new)
        loaded = after(connection, lambda: replaced(connection, unchanged))
        written = after(connection, remove)

    assert written == loaded


def test_what_is_there_already_is_not_written_again(copy: Settings) -> None:
    with undone(copy) as connection:
        before = dump(connection), read_dataset(connection)
        changes = put_all(connection, records(documents()))

        assert not any(changes.values())
        assert (dump(connection), read_dataset(connection)) == before


def test_a_write_is_one_revision_of_the_same_release(copy: Settings) -> None:
    changed = documents()
    values = entry(changed, "subtypes", "cll-sll") | {"note": "New."}

    with undone(copy) as connection:
        release, revision = read_dataset(connection)
        put(connection, record("subtypes", values))

        assert read_dataset(connection) == (release, revision + 1)


def test_a_change_of_an_outcome_is_one_of_its_trial(copy: Settings) -> None:
    changed = documents()
    values = entry(changed, "trials", "augment")
    values["outcomes"][2]["note"] = "New."

    with undone(copy) as connection:
        changes = put(connection, record("trials", values))

    assert changes["outcome"].changed == {"augment-outcome-03"}
    assert changes["trial"].changed == {"augment"}


def test_outcomes_go_with_their_place_in_the_trial(copy: Settings) -> None:
    changed = documents()
    values = entry(changed, "trials", "augment")
    count = len(values["outcomes"])
    del values["outcomes"][0]

    with undone(copy) as connection:
        changes = put(connection, record("trials", values))

    assert changes["outcome"].removed == {f"augment-outcome-{count:02d}"}
    assert changes["trial"].changed == {"augment"}


def test_an_identifier_can_pass_from_one_reference_to_another(copy: Settings) -> None:
    changed = documents()
    one, other = changed["references"][:2]
    for key in UNIQUE[:3]:
        one[key], other[key] = other[key], one[key]
    again_named = next(
        row
        for row in changed["references"][2:]
        if row["doi"] and row["id"] not in str(changed["evidence"]) + str(changed["trials"])
    )
    again_named["id"] = "another-id"

    with undone(copy) as connection:
        replaced(connection, changed)
        reference = tables()["reference"]
        found = connection.execute(select(reference.c.id, reference.c.doi)).all()

    assert {row.id: row.doi for row in found} == {
        row["id"]: row["doi"] for row in changed["references"]
    }


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_parents_come_before_their_children_and_go_after_them(copy: Settings) -> None:
    changed = documents()
    template = again(changed, "entities")
    # By id the child comes first, and it would go last.
    parent = template | {"id": "z-parent", "parent": None}
    child = template | {"id": "a-child", "parent": "z-parent"}
    grandchild = template | {"id": "zz-grandchild", "parent": "a-child"}
    family = [record("entities", one) for one in (child, grandchild, parent)]

    with undone(copy) as connection:
        before = dump(connection)
        put_all(connection, family)
        assert dump(connection) != before
        replaced(connection, documents())

        assert dump(connection) == before


def test_a_row_that_others_lead_to_is_not_removed(copy: Settings) -> None:
    with undone(copy) as connection:
        before = dump(connection)
        point = connection.begin_nested()
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            drop(connection, "entity", "crbn")
        point.rollback()

        assert dump(connection) == before


def without_named_conflicts() -> Documents:
    """The content, in which no curator has set opposite claims apart."""
    changed = documents()
    for conflict in changed["conflicts"]:
        conflict["sides"] = []
    return changed


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_computed_conflict_follows_the_claims(copy: Settings) -> None:
    of_conflicts = text(
        "SELECT DISTINCT evidence_id FROM conflict_side_evidence s JOIN conflict c "
        "ON c.id = conflict_id WHERE computed AND NOT EXISTS (SELECT 1 FROM outcome o "
        "WHERE o.evidence_id = s.evidence_id) ORDER BY evidence_id"
    )
    with undone(copy) as connection:
        changed = without_named_conflicts()
        replaced(connection, changed)
        claims = connection.execute(of_conflicts).scalars().all()[:3]
        assert claims
        for edge in changed["edges"]:
            edge["evidence"] = [one for one in edge["evidence"] if one not in claims]
        replaced(connection, changed)
        before = dump(connection)
        for claim in claims:
            changed["evidence"] = [one for one in changed["evidence"] if one["id"] != claim]
            loaded = after(connection, lambda: replaced(connection, changed))
            drop(connection, "evidence", claim)
            assert dump(connection) == loaded
        assert loaded["conflict"] != before["conflict"]


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_a_named_conflict_is_computed_no_more(copy: Settings) -> None:
    conflict, side = tables()["conflict"], tables()["conflict_side_evidence"]
    with undone(copy) as connection:
        replaced(connection, without_named_conflicts())
        computed = select(conflict.c.id).where(conflict.c.computed).order_by(conflict.c.id)
        first = connection.execute(computed).scalars().first()
        claims = connection.execute(
            select(side.c.side, side.c.evidence_id).where(side.c.conflict_id == first)
        ).all()
        named = {
            "id": "named-by-a-curator",
            "question": "Which is it?",
            "explanation": None,
            "state": "open",
            "subtypes": [],
            "edges": [],
            "sides": [
                {"answer": str(n), "evidence": [c.evidence_id for c in claims if c.side == n]}
                for n in (1, 2)
            ],
        }
        changes = put(connection, record("conflicts", named))

    assert changes["conflict"].added == {"named-by-a-curator"}
    assert first in changes["conflict"].removed
