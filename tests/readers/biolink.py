"""Run with `bmt` installed: which words of two tables the Biolink Model does not have, as JSON."""

import csv
import json
import sys
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
# Neither library is asked for what it would fetch from elsewhere.
toolkit = Toolkit(schema=str(MODEL), predicate_map={"predicate mappings": []})


def table(name: str) -> list[dict[str, str]]:
    """The rows of a file in the folder that is given."""
    with (Path(sys.argv[1]) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


nodes, edges = table("nodes.tsv"), table("edges.tsv")
wrong = {f"slot {name}" for name in SLOTS if toolkit.get_element(name.replace("_", " ")) is None}
for node in nodes:
    if not toolkit.is_category(node["category"]):
        wrong.add(f"category {node['category']}")
    prefixes = toolkit.get_element(node["category"]).id_prefixes
    own = node["id"].startswith("lenalidomide-moa:")
    if not own and node["id"].partition(":")[0] not in prefixes:
        wrong.add(f"{node['category']} by {node['id']}")
for edge in edges:
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
