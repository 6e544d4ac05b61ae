"""Each field takes only what its list holds, and null only where that is allowed."""

from functools import cache

import pytest

from tests.seed.documents import DOCUMENTS, EDGE, Documents, Step, at, found_after, put

# Every field whose values come from a list, and how the list is called.
LISTED = [
    ("an id in entities.yaml", ("entities", "nf-kb-activity", "state_of")),
    ("an id in entities.yaml", ("entities", "treg", "parent")),
    ("an id in entities.yaml", ("entities", "ap-1", "members", 0)),
    ("an id in entities.yaml", ("entities", "r-chop", "components", 0)),
    ("an id of states in vocabulary.yaml", ("entities", "crbn-loss", "state")),
    ("an id of entity_kinds in vocabulary.yaml", ("entities", "crbn", "kind")),
    ("an id of fact_kinds in vocabulary.yaml", ("evidence", "robust-pfs", "kind")),
    ("an id of relations in vocabulary.yaml", ("evidence", "robust-pfs", "relation")),
    ("an id of settings in vocabulary.yaml", ("evidence", "robust-pfs", "setting")),
    ("an id of levels in vocabulary.yaml", ("evidence", "robust-pfs", "level")),
    ("an id of origins in vocabulary.yaml", ("evidence", "robust-pfs", "origin")),
    ("an id of contexts in vocabulary.yaml", ("evidence", "robust-pfs", "contexts", 0)),
    ("an id of confidence in vocabulary.yaml", ("evidence", "robust-pfs", "confidence")),
    ("an id in mechanisms.yaml", ("evidence", "rev-s1-oral", "mechanism")),
    ("an id in subtypes.yaml", ("evidence", "robust-pfs", "subtypes", 0)),
    ("an id in trials.yaml", ("evidence", "robust-pfs", "trials", 0)),
    ("an id in references.yaml", ("evidence", "robust-pfs", "reference")),
    ("an entity of kind cell", ("evidence", "rev-s1-direct", "cell")),
    ("an id in partners.yaml", ("evidence", "robust-pfs", "partners", 0, "partner")),
    (
        "an id of interactions in vocabulary.yaml",
        ("evidence", "robust-pfs", "partners", 0, "interaction"),
    ),
    ("an id of lines in vocabulary.yaml", ("evidence", "robust-pfs", "partners", 0, "line")),
    (
        "an id of link_types in vocabulary.yaml",
        ("evidence", "robust-pfs", "object", "links", 0, "type"),
    ),
    ("an id in subtypes.yaml", ("evidence", "robust-pfs", "object", "links", 0, "id")),
    (
        "an id of states in vocabulary.yaml",
        ("evidence", "zhu-crbn-resist", "subject", "links", 0, "state"),
    ),
    ("an id in entities.yaml", ("edges", EDGE, "source")),
    ("an id in entities.yaml", ("edges", EDGE, "target")),
    ("an entity of kind cell", ("edges", EDGE, "cell")),
    ("an entity of kind cell", ("edges", EDGE, "contact_with")),
    ("an id of relations in vocabulary.yaml", ("edges", EDGE, "relation")),
    ("an id of signs in vocabulary.yaml", ("edges", EDGE, "sign")),
    ("an id of edge_types in vocabulary.yaml", ("edges", EDGE, "type")),
    ("an id of bases in vocabulary.yaml", ("edges", EDGE, "basis")),
    ("an id in evidence.yaml", ("edges", EDGE, "evidence", 0)),
    ("an id of modes in vocabulary.yaml", ("mechanisms", "cereblon-engagement", "mode")),
    ("an entity of kind cell", ("mechanisms", "cereblon-engagement", "effector_cells", 0)),
    ("an id in edges.yaml", ("mechanisms", "cereblon-engagement", "steps", 0)),
    (
        "an id of in_review_basis in vocabulary.yaml",
        ("mechanisms", "cereblon-engagement", "in_review_basis"),
    ),
    (
        "the figure1_term of an entity",
        ("mechanisms", "dual-action-on-tumour-and-microenvironment", "figure1_terms", 0),
    ),
    ("an id of courses in vocabulary.yaml", ("subtypes", "burkitt-lymphoma", "course")),
    ("an id in subtypes.yaml", ("subtypes", "burkitt-lymphoma", "parent")),
    ("an id of partner_kinds in vocabulary.yaml", ("partners", "r-chop", "kind")),
    ("an id in entities.yaml", ("partners", "r-chop", "entity")),
    ("an id in entities.yaml", ("partners", "r-chop", "components", 0)),
    ("an id in entities.yaml", ("partners", "bcr-signalling-inhibitors", "members", 0)),
    ("an id of reference_types in vocabulary.yaml", ("references", "armitage-1998", "type")),
    ("an id of source_kinds in vocabulary.yaml", ("references", "armitage-1998", "source_kind")),
    ("an id of verified in vocabulary.yaml", ("references", "armitage-1998", "verified")),
    ("an id of reference_roles in vocabulary.yaml", ("references", "armitage-1998", "role")),
    ("an id of trial_phases in vocabulary.yaml", ("trials", "augment", "phase")),
    ("an id of designs in vocabulary.yaml", ("trials", "augment", "design")),
    ("an id of lines in vocabulary.yaml", ("trials", "augment", "line")),
    ("an id in subtypes.yaml", ("trials", "augment", "subtypes", 0)),
    ("an id in entities.yaml", ("trials", "augment", "regimen", 0)),
    ("an id in references.yaml", ("trials", "augment", "references", 0)),
    ("an id of measures in vocabulary.yaml", ("trials", "augment", "outcomes", 0, "measure")),
    ("an id of units in vocabulary.yaml", ("trials", "augment", "outcomes", 0, "unit")),
    ("an id in subtypes.yaml", ("trials", "augment", "outcomes", 0, "subtype")),
    ("an id in evidence.yaml", ("trials", "augment", "outcomes", 0, "evidence")),
    ("an id in entities.yaml", ("trials", "augment", "outcomes", 2, "tests", 0)),
    (
        "an id of populations in vocabulary.yaml",
        ("trials", "augment", "outcomes", 0, "population"),
    ),
    (
        "an id of source_kinds in vocabulary.yaml",
        ("trials", "augment", "outcomes", 0, "source_kind"),
    ),
    (
        "an id of conflict_states in vocabulary.yaml",
        ("conflicts", "cd20-on-cll-cells", "state"),
    ),
    ("an id in subtypes.yaml", ("conflicts", "cd20-on-cll-cells", "subtypes", 0)),
    ("an id in edges.yaml", ("conflicts", "cd20-on-cll-cells", "edges", 0)),
    ("an id in evidence.yaml", ("conflicts", "cd20-on-cll-cells", "sides", 0, "evidence", 0)),
]
# The fields that may be null, with an example entry of each kind; no others may.
NULLABLE: dict[tuple[Step, ...], str] = {
    ("evidence", 0): "mechanism cell disease_context note",
    ("evidence", "yang-ibrutinib-synergy", "partners", 0): "interaction line via note",
    ("evidence", "robust-pfs", "object", "links", 0): "state",
    (
        "references",
        0,
    ): "container-title year volume issue page doi pmid pmcid nct url role listed_as",
    ("references", "gribben-2015", "authors", 0): "",
    ("entities", 0): "symbol state_of state parent drug_class figure1_term note",
    ("edges", 0): "alias contact_with note",
    ("mechanisms", 0): "in_review_basis note",
    ("subtypes", 0): "parent note",
    ("subtypes", "b-cell-non-hodgkin-lymphoma", "related", 0): "note",
    ("partners", 0): "entity note",
    ("trials", 0): "nct phase comparator n note",
    ("trials", "augment", "outcomes", 0): (
        "comparator subtype ci_low ci_high n p at event grade repeats note"
    ),
    ("conflicts", 0): "explanation",
    ("conflicts", "cd20-on-cll-cells", "sides", 0): "",
    ("dataset", "method", "rechecks", 0): "",
    ("releases", 0): "",
    ("vocabulary", "settings", 0): "eco eco_label",
    ("vocabulary", "relations", 0): "sign",
    ("vocabulary", "contexts", 0): "",
    ("vocabulary", "levels", 0): "",
    ("vocabulary", "reference_types", 0): "",
}


@pytest.fixture(scope="module")
def found_unheard_of() -> list[str]:
    """The faults when every field of LISTED has a value that no list holds."""

    def change(documents: Documents) -> None:
        for _, path in reversed(LISTED):
            put(*path, to="unheard-of")(documents)

    return found_after(change)


@pytest.mark.parametrize(("phrase", "path"), LISTED, ids=str)
def test_value_outside_its_list_is_reported(
    phrase: str, path: tuple[Step, ...], found_unheard_of: list[str]
) -> None:
    start, end = f"{path[0]}.yaml: {path[1]}: ", f": is 'unheard-of', expected {phrase}; nearest: "
    field = next(key for key in reversed(path) if isinstance(key, str))

    assert [
        line
        for line in found_unheard_of
        if line.startswith(start) and end in line and field in line.removeprefix(start)
    ]


@cache
def found_after_emptying(position: int) -> list[str]:
    """The faults when all fields of the entries at a position among those of their files are null.

    At most one entry of a file, so that a fault of the file is one of the entry.
    """

    def change(documents: Documents) -> None:
        for path in NULLABLE:
            if same_file(path).index(path) == position:
                put(*path, to=dict.fromkeys(at(documents, path)))(documents)

    return found_after(change)


def same_file(path: tuple[Step, ...]) -> list[tuple[Step, ...]]:
    return [one for one in NULLABLE if one[0] == path[0]]


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize(("path", "nullable"), NULLABLE.items(), ids=str)
def test_only_some_fields_may_be_null(path: tuple[Step, ...], nullable: str) -> None:
    found = found_after_emptying(same_file(path).index(path))

    refused = {
        line.split(": ")[-2]
        for line in found
        if line.startswith(f"{path[0]}.yaml: ") and ": is empty, expected " in line
    }
    assert refused == set(at(DOCUMENTS, path)) - set(nullable.split())
