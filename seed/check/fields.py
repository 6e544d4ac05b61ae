"""The fields of every type: what each must hold, and in which list its value must be known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seed.check import values


@dataclass(frozen=True)
class Field:
    """What one field holds."""

    expectation: values.Expectation = values.text
    among: str = ""
    shapes: tuple[Mapping[str, "Field"], ...] = ()
    several: bool = False
    optional: bool = False


Shape = Mapping[str, Field]


def one(among: str) -> Field:
    """Take a text that is known in a list."""
    return Field(among=among)


def nested(*shapes: Shape) -> Field:
    """Take a mapping of one of these shapes."""
    return Field(shapes=shapes)


def many(field: Field) -> Field:
    """Take a list of such values."""
    return replace(field, several=True)


def maybe(field: Field) -> Field:
    """Take such a value or null."""
    return replace(field, optional=True)


TEXT = Field()
FLAG = Field(values.flag)
SLUG = Field(values.slug)
COUNT = Field(values.count)
NUMBER = Field(values.number)
CODE = Field(values.code)

PERSON = {"family": TEXT, "given": TEXT}
GROUP = {"literal": TEXT}
LINK = {"type": one("link_types"), "id": TEXT}
THING = {"text": TEXT, "links": many(nested(LINK))}
CLAIM = {
    "partner": one("partners"),
    "interaction": maybe(one("interactions")),
    "line": maybe(one("lines")),
    "via": maybe(TEXT),
    "note": maybe(TEXT),
}
RELATED = {
    "name": TEXT,
    "abbreviation": TEXT,
    "relation": TEXT,
    "xrefs": many(CODE),
    "note": maybe(TEXT),
}
OUTCOME = {
    "measure": one("measures"),
    "arm": SLUG,
    "value": NUMBER,
    "unit": one("units"),
    "ci_low": maybe(NUMBER),
    "ci_high": maybe(NUMBER),
    "p": maybe(Field(values.p_value)),
    "at": maybe(TEXT),
    "n": maybe(COUNT),
    "subtype": maybe(one("subtypes")),
    "event": maybe(TEXT),
    "evidence": one("evidence"),
    "note": maybe(TEXT),
}
SIDE = {"answer": TEXT, "evidence": many(one("evidence"))}

TYPES: Mapping[str, Shape] = {
    "evidence": {
        "id": SLUG,
        "statement": TEXT,
        "kind": one("fact_kinds"),
        "relation": one("relations"),
        "subject": nested(THING),
        "object": nested(THING),
        "mechanism": maybe(one("mechanisms")),
        "subtypes": many(one("subtypes")),
        "partners": many(nested(CLAIM)),
        "trials": many(one("trials")),
        "cell": maybe(one("cells")),
        "setting": one("settings"),
        "level": one("levels"),
        "contexts": many(one("contexts")),
        "origin": one("origins"),
        "disease_context": maybe(TEXT),
        "reference": one("references"),
        "locator": TEXT,
        "confidence": one("confidence"),
        "in_review": FLAG,
        "note": maybe(TEXT),
    },
    "references": {
        "id": SLUG,
        "type": one("reference_types"),
        "title": TEXT,
        "title_certain": FLAG,
        "authors": many(nested(PERSON, GROUP)),
        "authors_complete": FLAG,
        "container-title": maybe(TEXT),
        "year": maybe(Field(values.year)),
        "volume": maybe(TEXT),
        "issue": maybe(TEXT),
        "page": maybe(TEXT),
        "doi": maybe(Field(values.doi)),
        "pmid": maybe(Field(values.pmid)),
        "pmcid": maybe(Field(values.pmcid)),
        "nct": maybe(Field(values.nct)),
        "url": maybe(Field(values.url)),
        "role": one("reference_roles"),
        "listed_as": maybe(COUNT),
    },
    "entities": {
        "id": SLUG,
        "kind": one("entity_kinds"),
        "name": TEXT,
        "symbol": maybe(TEXT),
        "label": TEXT,
        "synonyms": many(TEXT),
        "xrefs": many(CODE),
        "state_of": maybe(one("entities")),
        "parent": maybe(one("entities")),
        "members": many(one("entities")),
        "components": many(one("entities")),
        "drug_class": maybe(TEXT),
        "in_network": FLAG,
        "crosses_cells": FLAG,
        "figure1_term": maybe(TEXT),
        "aliases": many(TEXT),
        "note": maybe(TEXT),
    },
    "edges": {
        "id": SLUG,
        "alias": maybe(TEXT),
        "source": one("entities"),
        "relation": one("relations"),
        "sign": one("signs"),
        "target": one("entities"),
        "cell": one("cells"),
        "contact_with": maybe(one("cells")),
        "type": one("edge_types"),
        "basis": one("bases"),
        "evidence": many(one("evidence")),
        "figure1_terms": many(one("figure1_terms")),
        "note": maybe(TEXT),
    },
    "mechanisms": {
        "id": SLUG,
        "name": TEXT,
        "mode": one("modes"),
        "effector_cells": many(one("cells")),
        "summary": TEXT,
        "in_review": FLAG,
        "in_review_basis": maybe(one("in_review_basis")),
        "figure1_terms": many(one("figure1_terms")),
        "steps": many(one("edges")),
        "note": maybe(TEXT),
    },
    "subtypes": {
        "id": SLUG,
        "name": TEXT,
        "abbreviation": TEXT,
        "course": one("courses"),
        "parent": maybe(one("subtypes")),
        "synonyms": many(TEXT),
        "xrefs": many(CODE),
        "related": many(nested(RELATED)),
        "aliases": many(TEXT),
        "note": maybe(TEXT),
    },
    "partners": {
        "id": SLUG,
        "name": TEXT,
        "kind": one("partner_kinds"),
        "drug_class": TEXT,
        "entity": maybe(one("entities")),
        "components": many(one("entities")),
        "members": many(one("entities")),
        "xrefs": many(CODE),
        "in_review": FLAG,
        "summary": TEXT,
        "note": maybe(TEXT),
    },
    "trials": {
        "id": SLUG,
        "name": TEXT,
        "nct": maybe(Field(values.nct)),
        "phase": maybe(one("trial_phases")),
        "design": one("designs"),
        "line": one("lines"),
        "line_detail": TEXT,
        "subtypes": many(one("subtypes")),
        "regimen": many(one("entities")),
        "comparator": maybe(TEXT),
        "n": maybe(COUNT),
        "references": many(one("references")),
        "outcomes": many(nested(OUTCOME)),
        "note": maybe(TEXT),
    },
    "conflicts": {
        "id": SLUG,
        "question": TEXT,
        "sides": many(nested(SIDE)),
        "explanation": maybe(TEXT),
        "state": one("conflict_states"),
        "subtypes": many(one("subtypes")),
        "edges": many(one("edges")),
    },
}

TERM = {"id": TEXT, "definition": TEXT}
TERMS = many(nested(TERM))
SLUG_TERM = TERM | {"id": SLUG}
VOCABULARY: Shape = {
    "fact_kinds": TERMS,
    "relations": many(nested(TERM | {"sign": maybe(one("signs")), "edge": FLAG})),
    "signs": TERMS,
    "settings": many(
        nested(TERM | {"eco": maybe(Field(values.eco)), "eco_label": maybe(TEXT)}),
    ),
    "modes": TERMS,
    "in_review_basis": TERMS,
    "courses": TERMS,
    "partner_kinds": TERMS,
    "interactions": TERMS,
    "measures": TERMS,
    "units": TERMS,
    "designs": TERMS,
    "lines": TERMS,
    "confidence": TERMS,
    "edge_types": TERMS,
    "entity_kinds": TERMS,
    "contexts": many(nested(SLUG_TERM | {"xrefs": many(CODE)})),
    "origins": many(nested(SLUG_TERM | {"rank": COUNT})),
    "bases": many(nested(SLUG_TERM)),
    "conflict_states": TERMS,
    "link_types": TERMS,
    "reference_types": TERMS,
    "reference_roles": TERMS,
    "trial_phases": TERMS,
    "levels": many(nested(TERM | {"rank": COUNT, "rule": TEXT})),
    "level_note": TEXT,
}
TERM_LISTS = tuple(name for name, field in VOCABULARY.items() if field.several)
