"""The texts of the OpenAPI document: sentences, names of lists, and shortened answers."""

import json
from functools import cache
from importlib.resources import files
from typing import get_args

from app.api import changes, graph, matrix, search
from app.http.openapi.names import camel
from app.http.openapi.texts import Texts
from app.read.counts import COLUMNS, ROWS
from app.read.proposals import Action, State
from app.resources import ALL
from app.schema.forms import (
    DATASET_FORMS,
    GRAPH_FORMS,
    ITEM_FORMS,
    LIST_FORMS,
    MAPPED_FORMS,
    ROW_FORMS,
)
from app.schema.sentences import sentences
from app.schema.vocabulary import vocabulary, words
from app.search.index import types

EXAMPLES = search.EXAMPLES | matrix.EXAMPLES | changes.EXAMPLES | graph.EXAMPLES
# The names of lists that are not their plural without its `s`.
NAMES = {"bases": "Basis", "in_review_basis": "InReviewBasis"}
CHOICES = {
    tuple(LIST_FORMS): "ListFormat",
    tuple(ROW_FORMS): "RowsFormat",
    tuple(MAPPED_FORMS): "MappedListFormat",
    tuple(GRAPH_FORMS): "GraphFormat",
    tuple(ITEM_FORMS): "ItemFormat",
    tuple(DATASET_FORMS): "DatasetFormat",
    ("descendants", "exact"): "RollUp",
    ("whole", "brief"): "View",
    ("per-entity", "per-cell"): "NodesPer",
    tuple(ROWS): "MatrixRows",
    tuple(COLUMNS): "MatrixColumns",
    get_args(Action): "ChangeAction",
    get_args(State): "ProposalState",
}


@cache
def document_texts() -> Texts:
    """All texts, read once."""
    said = sentences()
    found = json.loads(files("app.api").joinpath("answers.json").read_text("utf-8"))
    return Texts(
        fields=said["fields"],
        parameters=said["parameters"],
        operations={**said["operations"], **_of_lists()},
        words={tuple(words(name)): _singular(name) for name in reversed(vocabulary())},
        choices=CHOICES | {tuple(one.name for one in types()): "RowType"},
        examples={f"/v1/{one.plural}": one.example.query for one in ALL} | EXAMPLES,
        answers=found,
    )


def _singular(name: str) -> str:
    return NAMES.get(name) or camel(name.removesuffix("s"))


def _of_lists() -> dict[str, str]:
    """Descriptions of the operations that every type has."""
    found = {}
    for one in ALL:
        found[f"list_{one.plural}"] = f"{one.about} Filters are combined; {PAGES}"
        found[f"get_{one.name}"] = str(one.read.__doc__)
        found[f"list_evidence_of_{one.name}"] = (
            f"The claims behind the {one.name}, with the other filters of `/v1/evidence`; {PAGES}"
        )
        if one.write:
            found |= {f"{verb}_{one.name}": text for verb, text in CHANGES.items()}
    return found


CHANGES = {
    "create": "The row must be new. Needs a key.",
    "replace": "Every field is set to what is sent. Needs a key.",
    "update": "Only the fields that are sent are set. Needs a key.",
    "delete": "Refused while other rows need it. Needs a key.",
}
PAGES = "`next` leads to the next page."
TAGS = {
    "search": "Rows of any type by words, by a name or identifier, or by the beginning of a name.",
    "graph": "The signed network, causal paths with their evidence, and why a partner fits.",
    "matrix": "Counts of claims by two dimensions.",
    "dataset": "Overview: addresses, release, controlled words, kinds of problem.",
    "downloads": "All content as files.",
    "changes": "What was added, changed and removed, for keeping a copy up to date.",
    "proposals": "Changes that await another key's decision; shown only here until accepted.",
    "health": "For operators.",
}
# In a newcomer's order; the other types follow.
FIRST = ("mechanisms", "subtypes", "partners", "references", "evidence", "search", "graph")


def tags() -> list[dict[str, str]]:
    """The groups of operations, each with a sentence, in the order of the documentation."""
    about = {one.plural: one.about for one in ALL} | TAGS
    first = {name: about[name] for name in FIRST}
    return [{"name": name, "description": text} for name, text in (first | about).items()]
