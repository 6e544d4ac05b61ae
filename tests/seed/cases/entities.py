"""Broken rules of entities, and how each is reported."""

from app.schema.values import CODES
from tests.seed.documents import Cases, add, put

PREFIXES = ", ".join(CODES)

CASES: Cases = {
    "a code has no prefix": (
        put("entities", "crbn", "xrefs", to=["crbn"]),
        (
            "entities.yaml: crbn: xrefs 1: is 'crbn', expected a code with one of the "
            f"prefixes {PREFIXES}"
        ),
    ),
    "a code does not fit its prefix": (
        put("entities", "crbn", "xrefs", to=["HGNC:x"]),
        "entities.yaml: crbn: xrefs 1: is 'HGNC:x', expected a code that HGNC can give",
    ),
    "a code is a number": (
        put("entities", "crbn", "xrefs", to=[5]),
        "entities.yaml: crbn: xrefs 1: is 5, expected a text; put it in quotes",
    ),
    "a code stands twice": (
        put("entities", "crbn", "xrefs", to=["HGNC:30185", "HGNC:30185"]),
        "entities.yaml: crbn: xrefs: holds 'HGNC:30185' 2 times",
    ),
    "a code is shared": (
        add("entities", "ddb1", "xrefs", item="CHEBI:63791"),
        "entities.yaml: lenalidomide: xrefs: 'CHEBI:63791' also appears in ddb1",
    ),
    "an entity is falsely in the network": (
        put("entities", "gab1", "in_network", to=True),
        "entities.yaml: gab1: in_network: is true, but no edge starts or ends here",
    ),
    "an entity is falsely out of the network": (
        put("entities", "crbn", "in_network", to=False),
        "entities.yaml: crbn: in_network: is false, but an edge starts or ends here",
    ),
    "an entity falsely crosses cells": (
        put("entities", "crbn", "crosses_cells", to=True),
        (
            "entities.yaml: crbn: crosses_cells: is true for kind 'protein'; true is for "
            "cytokine, surface_receptor, process, phenotype, cell, drug"
        ),
    ),
    "an entity falsely stays in its cell": (
        put("entities", "lenalidomide", "crosses_cells", to=False),
        (
            "entities.yaml: lenalidomide: crosses_cells: is false for kind 'drug'; true is "
            "for cytokine, surface_receptor, process, phenotype, cell, drug"
        ),
    ),
    "a cell has a parent that is no cell": (
        put("entities", "treg", "parent", to="crbn"),
        (
            "entities.yaml: treg: parent: is 'crbn'; a cell has a cell as its parent, and "
            "nothing else has"
        ),
    ),
    "an alias is shared": (
        add("entities", "ddb1", "aliases", item="CRBN"),
        "entities.yaml: ddb1: aliases: 'CRBN' also appears in crbn",
    ),
    "an alias is the id of another": (
        add("entities", "ddb1", "aliases", item="crbn"),
        "entities.yaml: ddb1: aliases: 'crbn' is the id of another entity",
    ),
    "an entity is its own ancestor": (
        put("entities", "t-cell", "parent", to="treg"),
        "entities.yaml: t-cell: parent: leads back to this entry: t-cell > treg > t-cell",
    ),
    "an entity is a state of itself": (
        put("entities", "nf-kb", "state_of", to="nf-kb-activity"),
        "entities.yaml: nf-kb: state_of: leads back to this entry: nf-kb > nf-kb-activity > nf-kb",
    ),
    "a state of nothing": (
        put("entities", "crbn", "state", to="decreased"),
        "entities.yaml: crbn: state: is given, but state_of does not say of what",
    ),
    "an entity is used by nothing": (
        add("entities", item={"id": "forgotten", "kind": "protein"}),
        ("entities.yaml: forgotten: id: is used by no claim, edge, mechanism, partner or trial"),
    ),
    "a term of Figure 1 is shared": (
        put("entities", "ddb1", "figure1_term", to="akt"),
        "entities.yaml: ddb1: figure1_term: 'akt' is the term of two entities",
    ),
    "a term of Figure 1 has no definition": (
        put("entities", "ddb1", "figure1_term", to="DDB1"),
        (
            "entities.yaml: ddb1: figure1_term: is 'DDB1', but evidence.yaml has no "
            "definition 'rev-fig1-ddb1'"
        ),
    ),
    "a definition has no entity": (
        put("entities", "gab1", "figure1_term", to=None),
        (
            "evidence.yaml: rev-fig1-gab1: kind: is a definition, but no entity has the "
            "figure1_term 'gab1'"
        ),
    ),
}
