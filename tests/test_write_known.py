"""The rules judge the database as they judge the files."""

import pytest
from sqlalchemy import text

from app.schema.values import Names
from app.settings import Settings
from app.write.known import MOST_LIKENED
from app.write.rules import faults_of_all
from app.write.stored import StoredRecords
from seed.check import all_faults
from tests.conftest import SQLITE_FIRST
from tests.writing import Documents, content, documents, entry, undone

pytestmark = pytest.mark.slow

EDGE = "lenalidomide-inhibits-meis2-ubiquitination-in-any-cell"

# One fault of each type: the statement that makes it, and the same change of an entry.
FAULTS: dict[str, tuple[str, tuple[str, str, str, object]]] = {
    "evidence": (
        "UPDATE evidence SET level = 'A' WHERE id = 'rev-s1-oral'",
        ("evidence", "rev-s1-oral", "level", "A"),
    ),
    "a code": (
        "INSERT INTO entity_xref (entity_id, position, curie) VALUES ('ddb1', 99, 'CHEBI:63791')",
        ("entities", "ddb1", "xrefs", "CHEBI:63791"),
    ),
    "references": (
        "UPDATE reference SET title = '(a guess)' WHERE id = 'armitage-1998'",
        ("references", "armitage-1998", "title", "(a guess)"),
    ),
    "entities": (
        "UPDATE entity SET in_network = true WHERE id = 'gab1'",
        ("entities", "gab1", "in_network", True),
    ),
    "a parent": (
        "UPDATE entity SET parent_id = 'treg' WHERE id = 't-cell'",
        ("entities", "t-cell", "parent", "treg"),
    ),
    "edges": (
        f"UPDATE edge SET sign = '+' WHERE id = '{EDGE}'",
        ("edges", EDGE, "sign", "+"),
    ),
    "a textbook edge": (
        f"UPDATE edge SET basis = 'textbook' WHERE id = '{EDGE}'",
        ("edges", EDGE, "basis", "textbook"),
    ),
    "mechanisms": (
        "UPDATE mechanism SET summary = 'One.' WHERE id = 'cereblon-engagement'",
        ("mechanisms", "cereblon-engagement", "summary", "One."),
    ),
    "subtypes": (
        "UPDATE subtype SET parent_id = NULL WHERE id = 'burkitt-lymphoma'",
        ("subtypes", "burkitt-lymphoma", "parent", None),
    ),
    "partners": (
        "DELETE FROM partner_component WHERE partner_id = 'r-chop'",
        ("partners", "r-chop", "components", []),
    ),
    "trials": (
        "DELETE FROM trial_reference WHERE trial_id = 'augment'",
        ("trials", "augment", "references", []),
    ),
    "conflicts": (
        "UPDATE conflict SET state = 'explained' WHERE id = 'cd20-on-cll-cells'",
        ("conflicts", "cd20-on-cll-cells", "state", "explained"),
    ),
    "a text": (
        "UPDATE evidence SET note = ' ' WHERE id = 'rev-s1-oral'",
        ("evidence", "rev-s1-oral", "note", " "),
    ),
    "an alias": (
        "UPDATE entity_alias SET text = 'treg' WHERE entity_id = 'crbn' AND position = 1",
        ("entities", "crbn", "aliases", "treg"),
    ),
    "a cell": (
        "UPDATE evidence SET cell_id = 'ikzf1' WHERE id = 'rev-s1-oral'",
        ("evidence", "rev-s1-oral", "cell", "ikzf1"),
    ),
}


def told(documents: Documents) -> set[str]:
    return {str(fault) for fault in all_faults(content(documents))}


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_the_database_has_no_fault(copy: Settings) -> None:
    with undone(copy) as connection:
        assert list(faults_of_all(StoredRecords(connection))) == []


@pytest.mark.covering
def test_only_so_many_records_are_kept_in_memory(sqlite_url: str) -> None:
    with undone(Settings(database_url=sqlite_url)) as connection:
        few, many = StoredRecords(connection, most=1), StoredRecords(connection)
        for ids in (["r-chop", "rituximab"], ["nobody"], ["rituximab", "bortezomib"], ["r-chop"]):
            assert few.read("partners", ids) == many.read("partners", ids)
        assert len(few.read("partners", ["r-chop", "bortezomib"])) == 2


@pytest.mark.covering
def test_no_claim_names_a_trial_whose_id_cannot_be_stored(sqlite_url: str) -> None:
    with undone(Settings(database_url=sqlite_url)) as connection:
        known = StoredRecords(connection)
        assert known.beside("evidence", "trials", "a\0b", "reference") == {}
        assert known.beside("evidence", "trials", "augment", "reference") != {}


@pytest.mark.slow
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_faults_of_the_database_are_told_as_those_of_the_files(copy: Settings) -> None:
    changed = documents()
    with undone(copy) as connection:
        for name, (statement, (kind, row_id, field, value)) in FAULTS.items():
            connection.execute(text(statement))
            row = entry(changed, kind, row_id)
            if name == "a code":
                row[field].append(value)
            elif name == "an alias":
                row[field][0] = value
            else:
                row[field] = value
        found = {str(fault) for fault in faults_of_all(StoredRecords(connection))}

    assert found == told(changed)
    for name, (_, (_, row_id, *_)) in FAULTS.items():
        assert any(f": {row_id}: " in fault for fault in found), name


@pytest.mark.covering
@pytest.mark.parametrize("copy", ["sqlite"], indirect=True)
def test_an_unknown_id_is_compared_with_some_of_its_kind(copy: Settings) -> None:
    with undone(copy) as connection:
        cells = StoredRecords(connection).choices(Names("entity", "cell"))

        assert len(cells) == len([*cells]) <= MOST_LIKENED
        assert {"nk-cell", *cells} == {*cells}
        assert "nk-cell" in cells
        assert "crbn" not in cells
        assert "no-cell" not in cells
