"""Run with `bmt` installed: which words of two tables the Biolink Model does not have, as JSON."""

import csv
import json
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from bmt import Toolkit  # type: ignore[import-not-found]  # has an environment of its own

MODEL = files("biolink_model") / "schema" / "biolink_model.yaml"
ENUMS = {
    "object_aspect_qualifier": "GeneOrGeneProductOrChemicalEntityAspectEnum",
    "object_direction_qualifier": "DirectionQualifierEnum",
    "knowledge_level": "KnowledgeLevelEnum",
    "agent_type": "AgentTypeEnum",
}
SLOTS = (
    *("anatomical_context_qualifier", "primary_knowledge_source", "publications"),
    *("has_evidence", "evidence_count", "original_predicate", "qualified_predicate", *ENUMS),
)
# Neither library is used in a way that would make it fetch files.
toolkit = Toolkit(schema=str(MODEL), predicate_map={"predicate mappings": []})


def table(name: str) -> list[dict[str, str]]:
    """The rows of a file in the folder that is given."""
    with (Path(sys.argv[1]) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


QUALIFIERS = ("qualified_predicate", "anatomical_context_qualifier", *ENUMS)


def unfit(edge: dict[str, str], categories: dict[str, str]) -> Iterator[str]:
    """What the class of a statement does not have, or does not take."""
    kind = toolkit.get_element(edge["category"]).name
    slots = {name.replace(" ", "_") for name in toolkit.view.class_slots(kind)}
    for name in QUALIFIERS:
        if edge[name] and name not in slots:
            yield f"{kind} has no {name}"
    for end in ("subject", "object"):
        wanted = toolkit.view.induced_slot(end, kind).range
        category = categories[edge[end]]
        if wanted not in toolkit.get_ancestors(category, formatted=False):
            yield f"{kind} takes no {category} as {end}"
    above = toolkit.view.induced_slot("predicate", kind).subproperty_of
    if above and above not in toolkit.get_ancestors(edge["predicate"], formatted=False):
        yield f"{kind} does not say {edge['predicate']}"


nodes, edges = table("nodes.tsv"), table("edges.tsv")
wrong = {f"slot {name}" for name in SLOTS if toolkit.get_element(name.replace("_", " ")) is None}
for node in nodes:
    if not toolkit.is_category(node["category"]):
        wrong.add(f"category {node['category']}")
    prefixes = toolkit.get_element(node["category"]).id_prefixes
    own = node["id"].startswith("lenalidomide-moa:")
    if not own and node["id"].partition(":")[0] not in prefixes:
        wrong.add(f"{node['category']} by {node['id']}")
categories = {node["id"]: node["category"] for node in nodes}
for edge in edges:
    wrong |= {*unfit(edge, categories)}
    for name in ("predicate", "qualified_predicate"):
        word = edge[name]
        known = word and toolkit.is_predicate(word) and not toolkit.get_element(word).deprecated
        if word and not known:
            wrong.add(f"{name} {word}")
    for name, enum in ENUMS.items():
        words = toolkit.view.get_enum(enum).permissible_values
        if edge[name] and edge[name] not in words:
            wrong.add(f"{name} {edge[name]}")
json.dump(
    {"version": toolkit.get_model_version(), "edges": len(edges), "wrong": sorted(wrong)},
    sys.stdout,
)
