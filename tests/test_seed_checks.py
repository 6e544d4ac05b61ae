"""The curated content is sound, and whatever is wrong with it is said so that it can be mended."""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from seed import content
from seed.check import faults
from seed.check.values import CODES
from seed.content import TYPES, VOCABULARY, assemble, read

DATA = Path(__file__).parents[1] / "seed" / "data"
DOCUMENTS = {
    name: yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))
    for name in (*TYPES, VOCABULARY)
}
AS_TEXT = json.dumps(DOCUMENTS)
EDGE = "lenalidomide-inhibits-meis2-ubiquitination-in-any-cell"
PREFIXES = ", ".join(CODES)
LONG = "b" * 100

Documents = dict[str, Any]
Change = Callable[[Documents], None]
Step = str | int


def step(container: Any, key: Step) -> Any:
    """Go down by position, by key, or to the item of a list that has an id."""
    if isinstance(container, list) and isinstance(key, str):
        return next(item for item in container if item["id"] == key)
    return container[key]


def at(container: Any, path: tuple[Step, ...]) -> Any:
    for key in path:
        container = step(container, key)
    return container


def put(*path: Step, to: object) -> Change:
    def change(documents: Documents) -> None:
        at(documents, path[:-1])[path[-1]] = to

    return change


def drop(*path: Step) -> Change:
    def change(documents: Documents) -> None:
        container = at(documents, path[:-1])
        if isinstance(container, list):
            container.remove(step(container, path[-1]))
        else:
            del container[path[-1]]

    return change


def add(*path: Step, item: object) -> Change:
    return lambda documents: at(documents, path).append(item)


def twice(*path: Step) -> Change:
    return lambda documents: at(documents, path[:-1]).append(at(documents, path))


def each(name: str, field: str, value: object, *, to: object) -> Change:
    def change(documents: Documents) -> None:
        for row in documents[name]:
            row[field] = to if row[field] == value else row[field]

    return change


def both(first: Change, second: Change) -> Change:
    def change(documents: Documents) -> None:
        first(documents)
        second(documents)

    return change


def found_after(change: Change) -> list[str]:
    """The faults of the shipped content after one change."""
    documents = json.loads(AS_TEXT)
    change(documents)
    return [str(fault) for fault in faults(assemble(documents))]


CASES: dict[str, tuple[Change, str]] = {
    "the file is no list": (
        put("edges", to=5),
        "edges.yaml: is 5, expected a list of mappings",
    ),
    "the file holds no entry": (
        put("edges", to=[]),
        "edges.yaml: is an empty list, expected a list of mappings",
    ),
    "an entry is no mapping": (
        put("edges", 2, to="x"),
        "edges.yaml: entry 3: is 'x', expected a mapping",
    ),
    "the vocabulary holds nothing": (
        put("vocabulary", to={}),
        "vocabulary.yaml: is an empty mapping, expected a mapping of lists",
    ),
    "a field is missing": (
        drop("evidence", "rev-s1-oral", "note"),
        "evidence.yaml: rev-s1-oral: note: is missing",
    ),
    "a field is unknown": (
        put("evidence", "rev-s1-oral", "notes", to="x"),
        (
            "evidence.yaml: rev-s1-oral: 'notes': is not a field here; nearest: 'note', "
            "'contexts', 'subtypes'"
        ),
    ),
    "a nested entry is no mapping": (
        put("evidence", "rev-s1-oral", "subject", to="x"),
        "evidence.yaml: rev-s1-oral: subject: is 'x', expected a mapping",
    ),
    "a nested field is missing": (
        drop("evidence", "rev-s1-oral", "subject", "text"),
        "evidence.yaml: rev-s1-oral: subject: text: is missing",
    ),
    "a nested field is unknown": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "name", to="x"),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (entity): 'name': is not a field "
            "here; nearest: 'type', 'id'"
        ),
    ),
    "an item of a list is no mapping": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, to=5),
        "evidence.yaml: rev-s1-oral: subject: links 1: is 5, expected a mapping",
    ),
    "a text stands where a list is due": (
        put("evidence", "rev-s1-oral", "subtypes", to="cll-sll"),
        "evidence.yaml: rev-s1-oral: subtypes: is 'cll-sll', expected a list",
    ),
    "a number stands where a text is due": (
        put("evidence", "rev-s1-oral", "statement", to=7),
        "evidence.yaml: rev-s1-oral: statement: is 7, expected a text; put it in quotes",
    ),
    "a date stands where a text is due": (
        put("references", "gribben-2015", "issue", to=date(2015, 9, 1)),
        "references.yaml: gribben-2015: issue: is a date, expected a text; put it in quotes",
    ),
    "a list stands where a text is due": (
        put("evidence", "rev-s1-oral", "statement", to=["x"]),
        "evidence.yaml: rev-s1-oral: statement: is a list, expected a text",
    ),
    "a text is null": (
        put("evidence", "rev-s1-oral", "statement", to=None),
        "evidence.yaml: rev-s1-oral: statement: is empty, expected a text",
    ),
    "a text is blank": (
        put("evidence", "rev-s1-oral", "statement", to=" "),
        "evidence.yaml: rev-s1-oral: statement: is ' ', expected a text that is not blank",
    ),
    "a text that may be null is blank": (
        put("evidence", "rev-s1-oral", "note", to=""),
        "evidence.yaml: rev-s1-oral: note: is '', expected a text that is not blank",
    ),
    "a text holds NUL": (
        put("evidence", "rev-s1-oral", "statement", to="a\x00b"),
        (
            "evidence.yaml: rev-s1-oral: statement: is 'a\\x00b', expected a text without "
            "NUL and lone surrogates"
        ),
    ),
    "a text holds a lone surrogate": (
        put("evidence", "rev-s1-oral", "statement", to="a\ud800b"),
        (
            "evidence.yaml: rev-s1-oral: statement: is 'a\\ud800b', expected a text without "
            "NUL and lone surrogates"
        ),
    ),
    "a text stands where true or false is due": (
        put("evidence", "rev-s1-oral", "in_review", to="yes"),
        "evidence.yaml: rev-s1-oral: in_review: is 'yes', expected true or false",
    ),
    "a word is not in its list": (
        put("evidence", "rev-s1-oral", "confidence", to="hihg"),
        (
            "evidence.yaml: rev-s1-oral: confidence: is 'hihg', expected an id of "
            "confidence in vocabulary.yaml; nearest: 'high', 'medium', 'low'"
        ),
    ),
    "an id is not in its file": (
        put("evidence", "rev-s1-oral", "reference", to="griben-2015"),
        (
            "evidence.yaml: rev-s1-oral: reference: is 'griben-2015', expected an id in "
            "references.yaml; nearest: 'gribben-2015', 'lagrue-2015', 'hagner-2015'"
        ),
    ),
    "a cell is no cell": (
        put("evidence", "rev-s1-oral", "cell", to="ikzf1"),
        (
            "evidence.yaml: rev-s1-oral: cell: is 'ikzf1', expected an entity of kind cell; "
            "nearest: 'nurse-like-cell', 'nk-cell', 'neutrophil'"
        ),
    ),
    "a term is not in Figure 1": (
        add("mechanisms", "cereblon-engagement", "figure1_terms", item="CRBN"),
        (
            "mechanisms.yaml: cereblon-engagement: figure1_terms 1: is 'CRBN', expected the "
            "figure1_term of an entity; nearest: 'Rb', 'NK', 'TNF'"
        ),
    ),
    "a list holds one id twice": (
        add("edges", EDGE, "evidence", item="fischer-meis2"),
        f"edges.yaml: {EDGE}: evidence: holds 'fischer-meis2' 2 times",
    ),
    "a list holds one text twice": (
        put("entities", "crbn", "synonyms", to=["cereblon", "cereblon"]),
        "entities.yaml: crbn: synonyms: holds 'cereblon' 2 times",
    ),
    "an id has a capital and an underscore": (
        put("edges", EDGE, "id", to="Some_Edge"),
        (
            "edges.yaml: Some_Edge: id: is 'Some_Edge', expected lower-case letters and "
            "digits in words joined by single hyphens"
        ),
    ),
    "an id is too long": (
        put("subtypes", "burkitt-lymphoma", "id", to="b" * 101),
        f"subtypes.yaml: entry 15: id: is '{LONG}...', expected at most 100 characters",
    ),
    "an id is missing": (
        drop("subtypes", "burkitt-lymphoma", "id"),
        "subtypes.yaml: entry 15: id: is missing",
    ),
    "an id is shared": (
        twice("entities", "crbn"),
        "entities.yaml: crbn: id: 'crbn' is already the id of an earlier entry",
    ),
    "a word of the vocabulary stands twice": (
        twice("vocabulary", "units", "weeks"),
        "vocabulary.yaml: units 5 (weeks): id: 'weeks' is already the id of an earlier entry",
    ),
    "an author has no given name": (
        put("references", "gribben-2015", "authors", 0, to={"family": "Gribben"}),
        "references.yaml: gribben-2015: authors 1 (Gribben): given: is missing",
    ),
    "a group has an empty name": (
        put("references", "gribben-2015", "authors", 0, to={"literal": ""}),
        (
            "references.yaml: gribben-2015: authors 1: literal: is '', expected a text that "
            "is not blank"
        ),
    ),
    "a year is a text": (
        put("references", "gribben-2015", "year", to="2015"),
        "references.yaml: gribben-2015: year: is '2015', expected a year",
    ),
    "a year is too early": (
        put("references", "gribben-2015", "year", to=1949),
        "references.yaml: gribben-2015: year: is 1949, expected a year from 1950 to 2030",
    ),
    "a DOI has a prefix": (
        put("references", "gribben-2015", "doi", to="doi:10.1200/x"),
        (
            "references.yaml: gribben-2015: doi: is 'doi:10.1200/x', expected a DOI such as "
            "10.1200/JCO.2014.59.5363"
        ),
    ),
    "a PMID is a number": (
        put("references", "gribben-2015", "pmid", to=26195701),
        (
            "references.yaml: gribben-2015: pmid: is 26195701, expected a PubMed number in "
            "quotes such as '26195701'"
        ),
    ),
    "a PMCID lacks its letters": (
        put("references", "gribben-2015", "pmcid", to="5320950"),
        (
            "references.yaml: gribben-2015: pmcid: is '5320950', expected a PubMed Central "
            "number such as PMC5320950"
        ),
    ),
    "a registry number is short": (
        put("references", "gribben-2015", "nct", to="NCT1"),
        (
            "references.yaml: gribben-2015: nct: is 'NCT1', expected a registry number such "
            "as NCT01938001"
        ),
    ),
    "an address lacks its scheme": (
        put("references", "gribben-2015", "url", to="www.x.org"),
        (
            "references.yaml: gribben-2015: url: is 'www.x.org', expected an address that "
            "starts with http:// or https://"
        ),
    ),
    "a place in the list is zero": (
        put("references", "armitage-1998", "listed_as", to=0),
        "references.yaml: armitage-1998: listed_as: is 0, expected a whole number above 0",
    ),
    "a reference has an unknown role": (
        put("references", "armitage-1998", "role", to="listed"),
        (
            "references.yaml: armitage-1998: role: is 'listed', expected an id of "
            "reference_roles in vocabulary.yaml; nearest: 'listed in the review', 'other', "
            "'the review'"
        ),
    ),
    "a reference has an unknown type": (
        put("references", "armitage-1998", "type", to="journal"),
        (
            "references.yaml: armitage-1998: type: is 'journal', expected an id of "
            "reference_types in vocabulary.yaml; nearest: 'article-journal', 'report', "
            "'webpage'"
        ),
    ),
    "a title stands in parentheses": (
        put("references", "armitage-1998", "title", to="(a guess)"),
        "references.yaml: armitage-1998: title: stands in parentheses, expected the title itself",
    ),
    "a DOI is shared": (
        put("references", "armitage-1998", "doi", to="10.1200/JCO.2014.59.5363"),
        (
            "references.yaml: gribben-2015: doi: '10.1200/JCO.2014.59.5363' also stands in "
            "armitage-1998"
        ),
    ),
    "a PMID is shared": (
        put("references", "armitage-1998", "pmid", to="26195701"),
        "references.yaml: gribben-2015: pmid: '26195701' also stands in armitage-1998",
    ),
    "a PMCID is shared": (
        put("references", "armitage-1998", "pmcid", to="PMC5320950"),
        "references.yaml: gribben-2015: pmcid: 'PMC5320950' also stands in armitage-1998",
    ),
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
        "entities.yaml: crbn: xrefs 1: is 5, expected a text such as CHEBI:63791",
    ),
    "a code stands twice": (
        put("entities", "crbn", "xrefs", to=["HGNC:30185", "HGNC:30185"]),
        "entities.yaml: crbn: xrefs: holds 'HGNC:30185' 2 times",
    ),
    "a code is shared": (
        add("entities", "ddb1", "xrefs", item="CHEBI:63791"),
        "entities.yaml: lenalidomide: xrefs: 'CHEBI:63791' also stands in ddb1",
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
        "entities.yaml: ddb1: aliases: 'CRBN' is already an alias of crbn",
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
    "a claim on a mechanism names none": (
        put("evidence", "rev-s1-oral", "mechanism", to=None),
        (
            "evidence.yaml: rev-s1-oral: mechanism: is empty, but a row of kind mechanism "
            "names its mechanism"
        ),
    ),
    "a partner is claimed twice": (
        twice("evidence", "yang-ibrutinib-synergy", "partners", 0),
        "evidence.yaml: yang-ibrutinib-synergy: partners: holds 'ibrutinib' 2 times",
    ),
    "a claim passes through no member": (
        put("evidence", "yang-ibrutinib-synergy", "partners", 0, "via", to="crbn"),
        (
            "evidence.yaml: yang-ibrutinib-synergy: partners 1 (ibrutinib): via: is 'crbn', "
            "which is no member of ibrutinib"
        ),
    ),
    "a partner is approved outside an approval": (
        put("evidence", "rev-s7-rituximab", "partners", 0, "interaction", to="approved"),
        (
            "evidence.yaml: rev-s7-rituximab: partners 1 (rituximab): interaction: is "
            "'approved', but the kind of the row is 'combination', expected 'approval'"
        ),
    ),
    "a link leads nowhere": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "id", to="lenalidomid"),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (entity): id: is 'lenalidomid', "
            "expected an id in entities.yaml; nearest: 'lenalidomide', 'thalidomide', "
            "'pomalidomide'"
        ),
    ),
    "a link has an unknown type": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "type", to="thing"),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (thing): type: is 'thing', "
            "expected an id of link_types in vocabulary.yaml; nearest: 'entity', 'partner', "
            "'subtype'"
        ),
    ),
    "the id of a link is no text": (
        put("evidence", "rev-s1-oral", "subject", "links", 0, "id", to=5),
        (
            "evidence.yaml: rev-s1-oral: subject: links 1 (entity): id: is 5, expected a "
            "text; put it in quotes"
        ),
    ),
    "a known name is not linked": (
        put("evidence", "rev-s1-oral", "object", "text", to="CRBN"),
        (
            "evidence.yaml: rev-s1-oral: object: links: is empty, but 'CRBN' is an alias of "
            "the entity crbn"
        ),
    ),
    "a row of the review has another level": (
        put("evidence", "rev-s1-oral", "level", to="A"),
        "evidence.yaml: rev-s1-oral: level: is A, but the rule gives E for setting review",
    ),
    "a row in animals has another level": (
        put("evidence", "crbn-i391v-mouse", "level", to="D"),
        "evidence.yaml: crbn-i391v-mouse: level: is D, but the rule gives C for setting in_vivo",
    ),
    "a row in culture has another level": (
        put("evidence", "yang-ibrutinib-synergy", "level", to="C"),
        (
            "evidence.yaml: yang-ibrutinib-synergy: level: is C, but the rule gives D for "
            "setting in_vitro"
        ),
    ),
    "an approval has another level": (
        put("evidence", "appr-2013-mcl", "level", to="B"),
        "evidence.yaml: appr-2013-mcl: level: is B, but the rule gives A for kind approval",
    ),
    "a row of a phase 3 trial has another level": (
        put("evidence", "robust-pfs", "level", to="B"),
        (
            "evidence.yaml: robust-pfs: level: is B, but the rule gives A for a randomised "
            "phase 3 trial"
        ),
    ),
    "a single-arm part of a phase 3 trial has level A": (
        put("evidence", "magnify-fda", "level", to="A"),
        (
            "evidence.yaml: magnify-fda: level: is A, but the rule gives B for the "
            "single-arm part of a phase 3 trial"
        ),
    ),
    "a row of another trial has level A": (
        put("trials", "robust", "design", to="pooled"),
        (
            "evidence.yaml: robust-pfs: level: is A, but the rule gives B for a clinical "
            "trial that is not a randomised one of phase 3"
        ),
    ),
    "a row has no context": (
        put("evidence", "rev-s1-oral", "contexts", to=[]),
        "evidence.yaml: rev-s1-oral: contexts: is empty, expected at least one context",
    ),
    "a stated origin outside a review": (
        put("evidence", "robust-pfs", "origin", to="stated"),
        (
            "evidence.yaml: robust-pfs: origin: is 'stated' with setting 'clinical_trial'; "
            "'stated' and 'review' go together"
        ),
    ),
    "a review with another origin": (
        put("evidence", "rev-s1-oral", "origin", to="native"),
        (
            "evidence.yaml: rev-s1-oral: origin: is 'native' with setting 'review'; "
            "'stated' and 'review' go together"
        ),
    ),
    "a borrowed origin in lymphoma": (
        put("evidence", "robust-pfs", "origin", to="borrowed"),
        (
            "evidence.yaml: robust-pfs: origin: is 'borrowed' with contexts b-cell-nhl; it "
            "needs contexts other than b-cell-nhl and cll-sll"
        ),
    ),
    "a mixed origin with lymphoma alone": (
        put("evidence", "robust-pfs", "origin", to="mixed"),
        (
            "evidence.yaml: robust-pfs: origin: is 'mixed' with contexts b-cell-nhl; it "
            "needs b-cell-nhl or cll-sll, and another context"
        ),
    ),
    "a native origin with myeloma": (
        put("evidence", "robust-pfs", "contexts", to=["b-cell-nhl", "myeloma"]),
        (
            "evidence.yaml: robust-pfs: origin: is 'native' with contexts b-cell-nhl, "
            "myeloma; it needs b-cell-nhl or cll-sll, and nothing else but animal"
        ),
    ),
    "a native origin without lymphoma": (
        put("evidence", "robust-pfs", "contexts", to=["animal"]),
        (
            "evidence.yaml: robust-pfs: origin: is 'native' with contexts animal; it needs "
            "b-cell-nhl or cll-sll, and nothing else but animal"
        ),
    ),
    "a row in animals without their context": (
        put("evidence", "crbn-i391v-mouse", "contexts", to=["not-stated"]),
        "evidence.yaml: crbn-i391v-mouse: contexts: lacks 'animal', which setting in_vivo needs",
    ),
    "a row of the review denies it": (
        put("evidence", "rev-s1-oral", "in_review", to=False),
        (
            "evidence.yaml: rev-s1-oral: in_review: is false with reference 'gribben-2015'; "
            "true is for gribben-2015 and only for it"
        ),
    ),
    "a row of another source claims the review": (
        put("evidence", "robust-pfs", "in_review", to=True),
        (
            "evidence.yaml: robust-pfs: in_review: is true with reference "
            "'nowakowski-2021-robust'; true is for gribben-2015 and only for it"
        ),
    ),
    "a place that the review does not have": (
        put("evidence", "rev-s1-oral", "locator", to="abstract, sentence 11"),
        (
            "evidence.yaml: rev-s1-oral: locator: is 'abstract, sentence 11', expected "
            "'abstract, sentence 1' to 10, 'Figure 1 caption', 'Introduction, first "
            "sentence', 'citation line' or 'bibliography item 1' to 5"
        ),
    ),
    "a claim of the abstract is linked to nothing": (
        both(
            put("evidence", "rev-s7-rituximab", "partners", to=[]),
            put("evidence", "rev-s7-rituximab", "subtypes", to=[]),
        ),
        (
            "evidence.yaml: rev-s7-rituximab: locator: is 'abstract, sentence 7', but the "
            "row names no mechanism, partner or subtype"
        ),
    ),
    "a sentence of the abstract is not covered": (
        each("evidence", "locator", "abstract, sentence 3", to="abstract, sentence 2"),
        "evidence.yaml: locator: no row of the review has 'abstract, sentence 3'",
    ),
    "a relation is not for edges": (
        put("edges", EDGE, "relation", to="mediates"),
        f"edges.yaml: {EDGE}: relation: is 'mediates', which is not for edges",
    ),
    "a sign differs from its relation": (
        put("edges", EDGE, "sign", to="+"),
        f"edges.yaml: {EDGE}: sign: is '+', but the relation inhibits has '-'",
    ),
    "a synergy edge with another relation": (
        put("edges", EDGE, "type", to="synergy"),
        (
            f"edges.yaml: {EDGE}: type: is 'synergy' with relation 'inhibits'; 'synergy' and "
            "'synergizes' go together"
        ),
    ),
    "an edge rests on evidence that it lacks": (
        put("edges", EDGE, "evidence", to=[]),
        f"edges.yaml: {EDGE}: evidence: is empty, but the basis is 'evidence'",
    ),
    "a textbook edge with evidence": (
        put("edges", EDGE, "basis", to="textbook"),
        f"edges.yaml: {EDGE}: basis: is 'textbook', but the edge names evidence",
    ),
    "a textbook edge away from partners": (
        put("edges", EDGE, "basis", to="textbook"),
        (
            f"edges.yaml: {EDGE}: basis: is 'textbook', but the edge starts at "
            "'lenalidomide', which is no partner"
        ),
    ),
    "the id of an edge differs from its parts": (
        put("edges", EDGE, "cell", to="t-cell"),
        (
            f"edges.yaml: {EDGE}: id: differs from its parts, expected "
            "'lenalidomide-inhibits-meis2-ubiquitination-in-t-cell'"
        ),
    ),
    "an earlier id of an edge is shared": (
        put("edges", EDGE, "alias", to="e001"),
        (
            "edges.yaml: "
            "lenalidomide-activates-crl4-crbn-neosubstrate-ubiquitination-in-any-cell: "
            f"alias: 'e001' also stands in {EDGE}"
        ),
    ),
    "an edge is in no mechanism": (
        put("mechanisms", "cereblon-engagement", "steps", to=[]),
        f"edges.yaml: {EDGE}: id: is a step of no mechanism",
    ),
    "a contradictory edge is in no conflict": (
        put("conflicts", "cd20-on-cll-cells", "edges", to=[]),
        (
            "edges.yaml: lenalidomide-modulates-cd20-in-tumour-b-cell: sign: is '?', but no "
            "conflict names this edge"
        ),
    ),
    "a mechanism has no evidence": (
        each("evidence", "mechanism", "nf-kb-survival-signal-loss", to="cereblon-engagement"),
        "mechanisms.yaml: nf-kb-survival-signal-loss: id: is named by no row of evidence.yaml",
    ),
    "a summary of one sentence": (
        put("mechanisms", "cereblon-engagement", "summary", to="One sentence."),
        "mechanisms.yaml: cereblon-engagement: summary: counts 1 sentences, expected 2 or 3",
    ),
    "a step without evidence": (
        add(
            "mechanisms",
            "cereblon-engagement",
            "steps",
            item="rituximab-binds-cd20-in-tumour-b-cell",
        ),
        (
            "mechanisms.yaml: cereblon-engagement: steps: holds "
            "rituximab-binds-cd20-in-tumour-b-cell, which is not causal or does not rest on "
            "evidence"
        ),
    ),
    "a mechanism of the review denies it": (
        put("mechanisms", "cereblon-engagement", "in_review", to=False),
        (
            "mechanisms.yaml: cereblon-engagement: in_review: is false, but in_review_basis "
            "is 'abstract'"
        ),
    ),
    "a mechanism of the review has no basis": (
        put("mechanisms", "cereblon-engagement", "in_review_basis", to=None),
        "mechanisms.yaml: cereblon-engagement: in_review: is true, but in_review_basis is empty",
    ),
    "a mechanism hides its row of the abstract": (
        put("mechanisms", "cereblon-engagement", "in_review_basis", to=None),
        (
            "mechanisms.yaml: cereblon-engagement: in_review_basis: is empty, but a row "
            "from the abstract names this mechanism"
        ),
    ),
    "a mechanism has no row from its basis": (
        put("mechanisms", "cereblon-engagement", "in_review_basis", to="caption"),
        (
            "mechanisms.yaml: cereblon-engagement: in_review_basis: is 'caption', but no "
            "row of evidence.yaml from there names this mechanism"
        ),
    ),
    "a code stands with a subtype and a related term": (
        add("subtypes", "b-cell-non-hodgkin-lymphoma", "xrefs", item="NCIT:C3211"),
        "subtypes.yaml: b-cell-non-hodgkin-lymphoma: xrefs: holds 'NCIT:C3211' 2 times",
    ),
    "a subtype has no evidence": (
        each("evidence", "subtypes", ["burkitt-lymphoma"], to=[]),
        "subtypes.yaml: burkitt-lymphoma: id: is named by no row of evidence.yaml",
    ),
    "a second root": (
        put("subtypes", "burkitt-lymphoma", "parent", to=None),
        (
            "subtypes.yaml: burkitt-lymphoma: parent: is empty; only "
            "b-cell-non-hodgkin-lymphoma is the root"
        ),
    ),
    "the root has a parent": (
        put("subtypes", "b-cell-non-hodgkin-lymphoma", "parent", to="cll-sll"),
        (
            "subtypes.yaml: b-cell-non-hodgkin-lymphoma: parent: is 'cll-sll'; only "
            "b-cell-non-hodgkin-lymphoma is the root"
        ),
    ),
    "a subtype is its own ancestor": (
        put("subtypes", "b-cell-non-hodgkin-lymphoma", "parent", to="cll-sll"),
        (
            "subtypes.yaml: b-cell-non-hodgkin-lymphoma: parent: leads back to this entry: "
            "b-cell-non-hodgkin-lymphoma > cll-sll > indolent-b-cell-lymphoma > "
            "b-cell-non-hodgkin-lymphoma"
        ),
    ),
    "a regimen has no components": (
        put("partners", "r-chop", "components", to=[]),
        "partners.yaml: r-chop: components: is empty, but a regimen has components",
    ),
    "an antibody has components": (
        put("partners", "rituximab", "components", to=["rituximab"]),
        "partners.yaml: rituximab: components: is for regimens, but the kind is 'antibody'",
    ),
    "a partner differs from its entity in components": (
        put("partners", "rituximab", "components", to=["rituximab"]),
        "partners.yaml: rituximab: components: differs from the entity rituximab, which has none",
    ),
    "a partner differs from its entity in members": (
        put("partners", "rituximab", "members", to=["rituximab"]),
        "partners.yaml: rituximab: members: differs from the entity rituximab, which has none",
    ),
    "a partner differs from its entity in codes": (
        put("partners", "r-chop", "xrefs", to=["CHEBI:1"]),
        "partners.yaml: r-chop: xrefs: differs from the entity r-chop, which has none",
    ),
    "a partner has no evidence": (
        both(
            put("evidence", "rev-s7-dexamethasone", "partners", to=[]),
            put("evidence", "rev-s7-complementary", "partners", to=[]),
        ),
        "partners.yaml: dexamethasone: id: is named by no row of evidence.yaml",
    ),
    "a trial has no lenalidomide": (
        put("trials", "augment", "regimen", to=["rituximab"]),
        "trials.yaml: augment: regimen: lacks lenalidomide",
    ),
    "a trial has no evidence": (
        each("evidence", "trials", ["sprint"], to=[]),
        "trials.yaml: sprint: id: is named by no row of evidence.yaml",
    ),
    "a trial lacks the reference of a row": (
        put("trials", "augment", "references", to=["leonard-2019"]),
        (
            "trials.yaml: augment: references: lacks 'fda-2019-r2', the reference of the "
            "evidence row augment-orr"
        ),
    ),
    "a trial gives a partner that is no entity": (
        add("trials", "augment", "regimen", item="other-agents"),
        (
            "trials.yaml: augment: regimen 3: is 'other-agents', expected an id in "
            "entities.yaml; nearest: 'macrophage', 'proteasome', 'endothelial-cell'"
        ),
    ),
    "a trial has an unknown phase": (
        put("trials", "augment", "phase", to="III"),
        (
            "trials.yaml: augment: phase: is 'III', expected an id of trial_phases in "
            "vocabulary.yaml; nearest: '1/2', '2', '2/3 (stage 1)'"
        ),
    ),
    "a trial has no patients": (
        put("trials", "augment", "n", to=0),
        "trials.yaml: augment: n: is 0, expected a whole number above 0",
    ),
    "a trial has a wrong registry number": (
        put("trials", "augment", "nct", to="NCT0193800"),
        (
            "trials.yaml: augment: nct: is 'NCT0193800', expected a registry number such as "
            "NCT01938001"
        ),
    ),
    "a figure is a text": (
        put("trials", "augment", "outcomes", 2, "value", to="0.46"),
        "trials.yaml: augment: outcomes 3 (HR_PFS): value: is '0.46', expected a number",
    ),
    "a figure is below zero": (
        put("trials", "augment", "outcomes", 2, "value", to=-1),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is -1, expected 0 or a "
            "number from 0.0001 to below 1e15"
        ),
    ),
    "a figure is too large": (
        put("trials", "augment", "outcomes", 2, "value", to=10**5000),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is a number that is too "
            "large, expected 0 or a number from 0.0001 to below 1e15"
        ),
    ),
    "a figure is too small": (
        put("trials", "augment", "outcomes", 2, "ci_low", to=0.00001),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): ci_low: is 1e-05, expected 0 or a "
            "number from 0.0001 to below 1e15"
        ),
    ),
    "a figure is no number": (
        put("trials", "augment", "outcomes", 2, "ci_low", to=float("nan")),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): ci_low: is nan, expected 0 or a "
            "number from 0.0001 to below 1e15"
        ),
    ),
    "a figure has too many digits": (
        put("trials", "augment", "outcomes", 2, "value", to=0.4600000000001),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is 0.4600000000001, expected "
            "a number of at most 12 significant digits"
        ),
    ),
    "an outcome counts half a patient": (
        put("trials", "augment", "outcomes", 2, "n", to=358.5),
        "trials.yaml: augment: outcomes 3 (HR_PFS): n: is 358.5, expected a whole number above 0",
    ),
    "an outcome counts too many patients": (
        put("trials", "augment", "outcomes", 2, "n", to=10**15),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): n: is a number that is too large, "
            "expected 0 or a number from 0.0001 to below 1e15"
        ),
    ),
    "an arm is no slug": (
        put("trials", "augment", "outcomes", 2, "arm", to="R 2"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): arm: is 'R 2', expected lower-case "
            "letters and digits in words joined by single hyphens"
        ),
    ),
    "a p value is a number": (
        put("trials", "augment", "outcomes", 2, "p", to=0.001),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): p: is 0.001, expected a p value in "
            "quotes such as '0.03', '<0.001' or '.05 (one-sided)'"
        ),
    ),
    "a hazard ratio in percent": (
        put("trials", "augment", "outcomes", 2, "unit", to="percent"),
        "trials.yaml: augment: outcomes 3 (HR_PFS): unit: is 'percent', expected ratio for HR_PFS",
    ),
    "a median as a ratio": (
        put("trials", "augment", "outcomes", 2, "measure", to="PFS_median"),
        (
            "trials.yaml: augment: outcomes 3 (PFS_median): unit: is 'ratio', expected "
            "months or weeks for PFS_median"
        ),
    ),
    "a rate as a ratio": (
        put("trials", "augment", "outcomes", 2, "measure", to="ORR"),
        "trials.yaml: augment: outcomes 3 (ORR): unit: is 'ratio', expected percent for ORR",
    ),
    "an event without its measure": (
        put("trials", "augment", "outcomes", 2, "event", to="rash"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): event: is for AE_rate, but the "
            "measure is 'HR_PFS'"
        ),
    ),
    "an event rate without its event": (
        put("trials", "calgb-50401", "outcomes", 4, "event", to=None),
        (
            "trials.yaml: calgb-50401: outcomes 5 (AE_rate): event: is empty, but AE_rate "
            "names its event"
        ),
    ),
    "more than all patients": (
        put("trials", "calgb-50401", "outcomes", 4, "value", to=101),
        (
            "trials.yaml: calgb-50401: outcomes 5 (AE_rate): value: is 101, expected at "
            "most 100 percent"
        ),
    ),
    "a value below its interval": (
        put("trials", "augment", "outcomes", 2, "value", to=0.3),
        "trials.yaml: augment: outcomes 3 (HR_PFS): ci_low: is 0.34, above the value 0.3",
    ),
    "a value above its interval": (
        put("trials", "augment", "outcomes", 2, "value", to=0.7),
        "trials.yaml: augment: outcomes 3 (HR_PFS): ci_high: is 0.62, below the value 0.7",
    ),
    "a value that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "value", to=0.5),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): value: is 0.5, which augment-pfs "
            "does not mention"
        ),
    ),
    "an interval that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "ci_high", to=0.63),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): ci_high: is 0.63, which augment-pfs "
            "does not mention"
        ),
    ),
    "patients that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "n", to=359),
        "trials.yaml: augment: outcomes 3 (HR_PFS): n: is 359, which augment-pfs does not mention",
    ),
    "a p value that its evidence does not give": (
        put("trials", "augment", "outcomes", 2, "p", to="<0.002"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): p: is '<0.002', which augment-pfs "
            "does not mention"
        ),
    ),
    "an outcome in a subtype outside its trial": (
        put("trials", "augment", "outcomes", 2, "subtype", to="cll-sll"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): subtype: is 'cll-sll', expected a "
            "subtype of the trial; nearest: 'follicular-lymphoma', 'marginal-zone-lymphoma'"
        ),
    ),
    "an outcome from the evidence of another trial": (
        put("trials", "augment", "outcomes", 2, "evidence", to="robust-pfs"),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): evidence: is 'robust-pfs', expected "
            "a row that names the trial; nearest: 'augment-pfs', 'augment-safety', "
            "'augment-5y'"
        ),
    ),
    "an outcome stands twice": (
        twice("trials", "augment", "outcomes", 2),
        (
            "trials.yaml: augment: outcomes 3 (HR_PFS): measure: is given 2 times with the "
            "same measure, arm, subtype, at, event, evidence, note"
        ),
    ),
    "a conflict with one side": (
        drop("conflicts", "cd20-on-cll-cells", "sides", 0),
        "conflicts.yaml: cd20-on-cll-cells: sides: has fewer than 2 sides",
    ),
    "a side without evidence or explanation": (
        put("conflicts", "cd20-on-cll-cells", "sides", 0, "evidence", to=[]),
        (
            "conflicts.yaml: cd20-on-cll-cells: sides 1 (It raises CD20 and helps "
            "rituximab.): evidence: is empty, and the conflict has no explanation"
        ),
    ),
    "two sides without evidence": (
        put("conflicts", "tumour-flare-outside-cll", "sides", 0, "evidence", to=[]),
        (
            "conflicts.yaml: tumour-flare-outside-cll: sides: has 2 sides without evidence, "
            "expected at most 1"
        ),
    ),
    "an explained conflict without explanation": (
        put("conflicts", "cd20-on-cll-cells", "state", to="explained"),
        "conflicts.yaml: cd20-on-cll-cells: explanation: is empty, but the state is 'explained'",
    ),
    "a setting with a wrong ECO code": (
        put("vocabulary", "settings", 0, "eco", to="ECO:33"),
        (
            "vocabulary.yaml: settings 1 (review): eco: is 'ECO:33', expected a code such "
            "as ECO:0000033"
        ),
    ),
    "a context with a wrong code": (
        put("vocabulary", "contexts", "animal", "xrefs", to=["CL:1"]),
        (
            "vocabulary.yaml: contexts 6 (animal): xrefs 1: is 'CL:1', expected a code that "
            "CL can give"
        ),
    ),
    "a context that is no slug": (
        put("vocabulary", "contexts", "animal", "id", to="Animal"),
        (
            "vocabulary.yaml: contexts 6 (Animal): id: is 'Animal', expected lower-case "
            "letters and digits in words joined by single hyphens"
        ),
    ),
    "a word without a definition": (
        put("vocabulary", "signs", 0, "definition", to=""),
        "vocabulary.yaml: signs 1 (+): definition: is '', expected a text that is not blank",
    ),
    "a list of words is empty": (
        put("vocabulary", "entity_kinds", to=[]),
        "vocabulary.yaml: entity_kinds: is an empty list, expected words",
    ),
    "a list of words is missing": (
        drop("vocabulary", "units"),
        "vocabulary.yaml: units: is missing",
    ),
    "a list of words is unknown": (
        put("vocabulary", "colours", to=[]),
        (
            "vocabulary.yaml: 'colours': is not a field here; nearest: 'courses', "
            "'origins', 'measures'"
        ),
    ),
    "a relation has an unknown sign": (
        put("vocabulary", "relations", "binds", "sign", to="*"),
        (
            "vocabulary.yaml: relations 1 (binds): sign: is '*', expected an id of signs in "
            "vocabulary.yaml; nearest: '+', '-', '?'"
        ),
    ),
    "link types without their files": (
        drop("vocabulary", "link_types", "partner"),
        (
            "vocabulary.yaml: link_types: holds 'entity', 'subtype', 'reference', expected "
            "'entity', 'subtype', 'partner', 'reference'"
        ),
    ),
}

# Every field whose values come from a list, and how the list is called.
LISTED = [
    ("an id in entities.yaml", ("entities", "nf-kb-activity", "state_of")),
    ("an id in entities.yaml", ("entities", "treg", "parent")),
    ("an id in entities.yaml", ("entities", "ap-1", "members", 0)),
    ("an id in entities.yaml", ("entities", "r-chop", "components", 0)),
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
    (
        "an id of conflict_states in vocabulary.yaml",
        ("conflicts", "cd20-on-cll-cells", "state"),
    ),
    ("an id in subtypes.yaml", ("conflicts", "cd20-on-cll-cells", "subtypes", 0)),
    ("an id in edges.yaml", ("conflicts", "cd20-on-cll-cells", "edges", 0)),
    ("an id in evidence.yaml", ("conflicts", "cd20-on-cll-cells", "sides", 0, "evidence", 0)),
]
# The fields that may be null, by the entry that stands for its kind; all others must not.
NULLABLE: dict[tuple[Step, ...], str] = {
    ("evidence", 0): "mechanism cell disease_context note",
    ("evidence", "yang-ibrutinib-synergy", "partners", 0): "interaction line via note",
    ("evidence", "robust-pfs", "object", "links", 0): "",
    ("references", 0): "container-title year volume issue page doi pmid pmcid nct url listed_as",
    ("references", "gribben-2015", "authors", 0): "",
    ("entities", 0): "symbol state_of parent drug_class figure1_term note",
    ("edges", 0): "alias contact_with note",
    ("mechanisms", 0): "in_review_basis note",
    ("subtypes", 0): "parent note",
    ("subtypes", "b-cell-non-hodgkin-lymphoma", "related", 0): "note",
    ("partners", 0): "entity note",
    ("trials", 0): "nct phase comparator n note",
    ("trials", "augment", "outcomes", 0): "ci_low ci_high p at n subtype event note",
    ("conflicts", 0): "explanation",
    ("conflicts", "cd20-on-cll-cells", "sides", 0): "",
    ("vocabulary", "settings", 0): "eco eco_label",
    ("vocabulary", "relations", 0): "sign",
    ("vocabulary", "contexts", 0): "",
    ("vocabulary", "levels", 0): "",
    ("vocabulary", "reference_types", 0): "",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped content."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def found_in(folder: Path) -> list[str]:
    return [str(fault) for fault in faults(read(folder))]


def test_shipped_content_has_no_fault() -> None:
    assert found_in(DATA) == []


def test_rows_keep_the_order_of_their_file() -> None:
    rows = read(DATA).rows

    assert {name: DOCUMENTS[name] for name in TYPES} == {
        name: [row.values for row in rows[name]] for name in TYPES
    }


def test_vocabulary_is_read() -> None:
    assert read(DATA).vocabulary.values == DOCUMENTS[VOCABULARY]


def test_content_is_the_same_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LOADER", yaml.SafeLoader)

    assert read(DATA).rows["partners"] == assemble(DOCUMENTS).rows["partners"]


@pytest.mark.parametrize(("change", "expected"), CASES.values(), ids=CASES)
def test_broken_rule_is_reported(change: Change, expected: str) -> None:
    assert expected in found_after(change)


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


@pytest.mark.parametrize(("path", "nullable"), NULLABLE.items(), ids=str)
def test_only_some_fields_may_be_null(path: tuple[Step, ...], nullable: str) -> None:
    fields = set(at(DOCUMENTS, path))

    found = found_after(put(*path[:-1], path[-1], to=dict.fromkeys(fields)))

    refused = {line.split(": ")[-2] for line in found if ": is empty, expected " in line}
    assert refused == fields - set(nullable.split())


def test_all_faults_are_reported_at_once() -> None:
    names = (
        "a text is null",
        "a title stands in parentheses",
        "an entity is falsely in the network",
        "a sign differs from its relation",
        "a summary of one sentence",
        "a second root",
        "an antibody has components",
        "a trial has no lenalidomide",
        "an explained conflict without explanation",
        "a word without a definition",
    )

    def change(documents: Documents) -> None:
        for name in names:
            CASES[name][0](documents)

    assert {CASES[name][1] for name in names} <= set(found_after(change))


@pytest.mark.parametrize("name", [*TYPES, VOCABULARY])
def test_file_that_is_missing_is_the_only_fault(folder: Path, name: str) -> None:
    (folder / f"{name}.yaml").unlink()

    assert found_in(folder) == [f"{name}.yaml: cannot be read: No such file or directory"]


NOT_YAML = {
    "a bracket is left open": (
        b"- id: [x\n- id: y\n",
        "line 2, column 5: is not valid YAML: did not find expected ',' or ']'",
    ),
    "a letter is not UTF-8": (b"- id: caf\xe9\n", "byte 10: is not UTF-8"),
    "a control character": (
        b"- id: x\n  name: a\x07b\n",
        "line 2, column 10: holds the character U+0007, which YAML does not allow",
    ),
    "two documents": (
        b"- id: x\n---\n- id: y\n",
        "line 2, column 1: is not valid YAML: but found another document",
    ),
    "brackets without end": (b"[" * 900 + b"]" * 900, "is not valid YAML: nested too deeply"),
    "nothing": (b"# only a comment\n", "is empty, expected a list of mappings"),
    "a text": (b"partners\n", "is 'partners', expected a list of mappings"),
    "a mapping": (b"id: x\n", "is a mapping, expected a list of mappings"),
}


@pytest.mark.parametrize(("written", "expected"), NOT_YAML.values(), ids=NOT_YAML)
def test_file_that_is_no_list_is_the_only_fault(
    folder: Path, written: bytes, expected: str
) -> None:
    (folder / "partners.yaml").write_bytes(written)

    assert found_in(folder) == [f"partners.yaml: {expected}"]


BAD_NODES = {
    "a key stands twice": (
        "  course: indolent\n  course: mixed\n",
        "line 21, column 3: the key 'course' is given twice in one mapping",
    ),
    "a key is a list": (
        "  course: indolent\n  [a]: mixed\n",
        "line 21, column 3: a key is a list or a mapping, expected a text",
    ),
    "a date does not exist": (
        "  course: indolent\n  when: 2015-02-30\n",
        "line 21, column 9: '2015-02-30' cannot be read as timestamp",
    ),
    "a tag is unknown": (
        "  course: !slow indolent\n",
        "line 20, column 11: 'indolent' cannot be read as !slow",
    ),
    "an alias": (
        "  course: &slow indolent\n  pace: *slow\n",
        "line 20, column 11: repeats another value by an alias; write it out",
    ),
}


@pytest.mark.parametrize(("written", "expected"), BAD_NODES.values(), ids=BAD_NODES)
def test_bad_value_is_reported_with_its_line(folder: Path, written: str, expected: str) -> None:
    replace(
        folder / "subtypes.yaml",
        "  abbreviation: iNHL\n  course: indolent\n",
        f"  abbreviation: iNHL\n{written}",
    )

    assert f"subtypes.yaml: {expected}" in found_in(folder)


def test_faults_of_reading_do_not_hide_others(folder: Path) -> None:
    (folder / "partners.yaml").unlink()
    (folder / "trials.yaml").write_text("- [,\n", "utf-8")
    replace(folder / "edges.yaml", "  alias: e001\n", "  alias: e001\n  alias: e001\n")
    replace(folder / "subtypes.yaml", "  abbreviation: iNHL\n", "")

    assert found_in(folder) == [
        "edges.yaml: line 5, column 3: the key 'alias' is given twice in one mapping",
        "partners.yaml: cannot be read: No such file or directory",
        "trials.yaml: line 1, column 4: is not valid YAML: did not find expected node content",
        "subtypes.yaml: indolent-b-cell-lymphoma: abbreviation: is missing",
    ]


def test_byte_order_mark_is_no_fault(folder: Path) -> None:
    path = folder / "partners.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert found_in(folder) == []


def test_fault_can_be_printed_whatever_it_names() -> None:
    found = found_after(put("conflicts", "cd20-on-cll-cells", "id", to="a\nb\ud800"))

    assert (
        r"conflicts.yaml: a\nb\ud800: id: is 'a\\nb\\ud800', expected lower-case letters and digits"
        " in words joined by single hyphens" in found
    )


def places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from places(item, (*path, position))


def places_by_kind() -> list[list[tuple[Step, ...]]]:
    """All places, grouped so that a field of few rows is chosen as often as one of many."""
    kinds = defaultdict(list)
    for path in places(DOCUMENTS):
        kinds[tuple(key for key in path if isinstance(key, str))].append(path)
    return list(kinds.values())


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(15, 4000).map(lambda digits: 10**digits)
    | st.floats()
    | st.text()
    | st.binary()
    | st.sampled_from(
        [
            "lenalidomide",
            "treg",
            "cd20-on-cll-cells",
            "b-cell-non-hodgkin-lymphoma",
            "HR_",
            "?",
            "\ud800",
            "\x00",
            "",
            date(2015, 9, 1),
            datetime(2015, 9, 1, tzinfo=UTC),
        ]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "text", "links", "type", "partner", "measure"]) | st.text(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


PLACES = st.sampled_from(places_by_kind()).flatmap(st.sampled_from)


@settings(max_examples=40, deadline=None)
@given(changes=st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=4))
def test_any_value_anywhere_is_judged_not_tripped_over(
    changes: list[tuple[tuple[Step, ...], object]],
) -> None:
    def change(documents: Documents) -> None:
        for path, value in sorted(changes, key=lambda pair: len(pair[0]), reverse=True):
            put(*path, to=value)(documents)

    found = found_after(change)

    assert all(line.isprintable() for line in found)


@settings(max_examples=40, deadline=None)
@given(written=st.text(alphabet="-:[]{}&*!|>'\"#%@`,? \n\t\\abx01.\ufeff\x85") | st.binary())
def test_any_file_is_judged_not_tripped_over(
    tmp_path_factory: pytest.TempPathFactory, written: str | bytes
) -> None:
    folder = tmp_path_factory.mktemp("data")
    given_bytes = written.encode() if isinstance(written, str) else written
    (folder / "partners.yaml").write_bytes(given_bytes)

    assert found_in(folder)
