"""What vocabulary.yaml holds: the controlled lists and the terms in each."""

from collections.abc import Iterable, Iterator
from typing import Annotated, TypeVar

from pydantic import Field

from app.resources.evidence import TARGETS
from app.schema.markers import nested
from app.schema.shapes import Written
from app.schema.values import Count, Curie, Eco, Id, Sign, Text
from app.write import fields
from app.write.known import Known
from app.write.record import ContentFault, Record, shown

T = TypeVar("T")

Terms = Annotated[list[T], Field(min_length=1)]


class CuratedTerm(Written):
    """A word with its definition."""

    id: Text
    definition: Text


class SlugTerm(CuratedTerm):
    """A word that stands in ids too."""

    id: Id


class RelationTerm(CuratedTerm):
    """What a subject does to an object, and whether the network has it."""

    sign: Sign | None
    edge: bool


class SettingTerm(CuratedTerm):
    """Where something was studied."""

    eco: Eco | None
    eco_label: Text | None


class ContextTerm(SlugTerm):
    """The cells or patients in which something was measured."""

    xrefs: list[Curie]


class OriginTerm(SlugTerm):
    """How near to lymphoma something was measured, the nearest first."""

    rank: Count


class LevelTerm(CuratedTerm):
    """A kind of study, the strongest first."""

    rank: Count
    rule: Text


class CuratedVocabulary(Written):
    """The whole file."""

    fact_kinds: Terms[CuratedTerm]
    relations: Terms[RelationTerm]
    signs: Terms[CuratedTerm]
    settings: Terms[SettingTerm]
    modes: Terms[CuratedTerm]
    in_review_basis: Terms[CuratedTerm]
    courses: Terms[CuratedTerm]
    partner_kinds: Terms[CuratedTerm]
    interactions: Terms[CuratedTerm]
    measures: Terms[CuratedTerm]
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


LISTS = tuple(name for name, info in CuratedVocabulary.model_fields.items() if nested(info))


def vocabulary_faults(vocabulary: Record, known: Known) -> Iterator[ContentFault]:
    """Check every list, and that each type of link leads to a table."""
    yield from fields.field_faults(vocabulary, CuratedVocabulary, known)
    types = [term.id for term in vocabulary.records("link_types")]
    if types and set(types) != set(TARGETS):
        message = f"holds {_listed(types)}, expected {_listed(TARGETS)}"
        yield vocabulary.fault("link_types", message)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(shown, words))
