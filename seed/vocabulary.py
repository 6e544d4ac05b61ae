"""What vocabulary.yaml holds: the controlled lists and the terms in each."""

from collections.abc import Iterable, Iterator
from typing import Annotated, TypeVar

from pydantic import Field

from app.resources.evidence import TARGETS
from app.schema.markers import nested
from app.schema.shapes import Written
from app.schema.values import Count, Curie, Eco, Form, Id, Sign, Text
from app.write import fields
from app.write.known import Known
from app.write.record import ContentFault, Record, shown

T = TypeVar("T")

NO_SIGN = "none"
Favours = Annotated[str, Form("below|above", "'below', 'above' or null")]
ClaimSign = Annotated[str, Form(r"\+|-|none", "'+', '-' or none")]
Terms = Annotated[list[T], Field(min_length=1)]


class CuratedTerm(Written):
    """A word with its definition."""

    id: Text
    definition: Text


class SlugTerm(CuratedTerm):
    """A word that may be part of ids."""

    id: Id


class RelationTerm(CuratedTerm):
    """A relation: its sign in the network, and whether edges may have it."""

    sign: Sign | None
    edge: bool


class SignTerm(CuratedTerm):
    """The sign that a relation gives to a claim."""

    sign: ClaimSign


class MeasureTerm(CuratedTerm):
    """What was measured, whether it compares two arms, and which side of 1 favours the first."""

    contrast: bool
    favours: Favours | None


class SettingTerm(CuratedTerm):
    """The kind of experiment or study, with its term in the Evidence and Conclusion Ontology."""

    eco: Eco | None
    eco_label: Text | None


class ContextTerm(SlugTerm):
    """The cells or patients in which something was measured."""

    xrefs: list[Curie]


class OriginTerm(SlugTerm):
    """How close to lymphoma something was measured, closest first."""

    rank: Count


class LevelTerm(CuratedTerm):
    """A kind of study, strongest first."""

    rank: Count
    rule: Text


class CuratedVocabulary(Written):
    """The whole file."""

    fact_kinds: Terms[CuratedTerm]
    relations: Terms[RelationTerm]
    relation_signs: Terms[SignTerm]
    states: Terms[CuratedTerm]
    signs: Terms[CuratedTerm]
    settings: Terms[SettingTerm]
    modes: Terms[CuratedTerm]
    in_review_basis: Terms[CuratedTerm]
    courses: Terms[CuratedTerm]
    partner_kinds: Terms[CuratedTerm]
    interactions: Terms[CuratedTerm]
    measures: Terms[MeasureTerm]
    units: Terms[CuratedTerm]
    designs: Terms[CuratedTerm]
    lines: Terms[CuratedTerm]
    confidence: Terms[CuratedTerm]
    edge_types: Terms[CuratedTerm]
    entity_kinds: Terms[CuratedTerm]
    contexts: Terms[ContextTerm]
    origins: Terms[OriginTerm]
    bases: Terms[SlugTerm]
    conflict_states: Terms[CuratedTerm]
    link_types: Terms[CuratedTerm]
    reference_types: Terms[CuratedTerm]
    reference_roles: Terms[CuratedTerm]
    trial_phases: Terms[CuratedTerm]
    levels: Terms[LevelTerm]
    level_note: Text
    source_kinds: Terms[CuratedTerm]
    verified: Terms[CuratedTerm]
    populations: Terms[CuratedTerm]


LISTS = tuple(name for name, info in CuratedVocabulary.model_fields.items() if nested(info))


def vocabulary_faults(vocabulary: Record, known: Known) -> Iterator[ContentFault]:
    """Check every list, the signs of relations, and that link types match their tables."""
    yield from fields.field_faults(vocabulary, CuratedVocabulary, known)
    yield from _sign_faults(vocabulary)
    yield from _side_faults(vocabulary)
    types = [term.id for term in vocabulary.records("link_types")]
    if types and set(types) != set(TARGETS):
        message = f"holds {_listed(types)}, expected {_listed(TARGETS)}"
        yield vocabulary.fault("link_types", message)


def _sign_faults(vocabulary: Record) -> Iterator[ContentFault]:
    """Check that each relation has a sign for claims, and edges the same unless it is `none`."""
    relations = {term.id: term for term in vocabulary.records("relations")}
    signs = {term.id: term for term in vocabulary.records("relation_signs")}
    for name in relations.keys() - signs.keys():
        yield relations[name].fault("id", "has no sign for claims; add it to relation_signs")
    for name, term in signs.items():
        relation = relations.get(name)
        if relation is None:
            yield term.fault("id", f"is {shown(name)}, which is no relation")
        elif relation.flag("edge") and term.text("sign") not in (NO_SIGN, relation.text("sign")):
            due = shown(relation.text("sign"))
            message = f"is {shown(term.text('sign'))}, but an edge of this relation has {due}"
            yield term.fault("sign", message)


def _side_faults(vocabulary: Record) -> Iterator[ContentFault]:
    """Check that each measure that compares two arms says which side of 1 favours the first."""
    for term in vocabulary.records("measures"):
        if term.flag("contrast") is True and not term.text("favours"):
            yield term.fault("favours", "is empty, but the measure compares two arms")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(shown, words))
