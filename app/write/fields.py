"""Whether a record has the fields of its shape, each with a value of the right kind.

Pydantic decides; the wording is ours, one sentence for each type of Pydantic error. Whether ids
and words are known is checked here too, because that depends on the other records.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from app.schema.markers import TypeIn, marks, nested
from app.schema.values import Names, Word
from app.write.characters import text_faults
from app.write.known import Known, expected, nearest
from app.write.record import ContentFault, Record, file_of, numbered, shown
from app.write.rows import RESOURCES, SHAPES

TEXT = "a text"
NUMBER = "a number below 1e15"
WHOLE = "a whole number"
DAY = "a date such as 2026-11-24"
EXPECTED = {
    "string_type": TEXT,
    "literal_error": TEXT,
    "string_unicode": "a text without NUL or lone surrogates",
    "string_pattern_mismatch": "lower-case letters and digits in words joined by single hyphens",
    "string_too_long": "at most {max_length} characters",
    "bool_type": "true or false",
    "date_type": DAY,
    "int_type": WHOLE,
    "float_type": NUMBER,
    "finite_number": NUMBER,
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "less_than": NUMBER,
    "list_type": "a list",
    "too_short": "at least {min_length} item",
    "model_type": "a mapping",
}
"""What was expected, by type of Pydantic error; errors of our own types bring their message."""


def field_faults(
    record: Record,
    shape: type[BaseModel],
    known: Known,
    *,
    fits: bool = False,
    plain: bool = False,
) -> Iterator[ContentFault]:
    """Everything that is wrong with the fields of a record; only one kind of check per field.

    Callers that know already that the record `fits` its shape, so that its words are those of this
    release, or that its texts are `plain`, spare these checks.
    """
    broken = [] if fits else [*_broken(record, shape)]
    found = [] if plain else [*text_faults(record)]
    if broken or not _is_linked(record.values, shape, known, fits=fits):
        found += _links(record, shape, known)
    yield from found
    places = {(fault.entry, fault.field) for fault in found}
    yield from (fault for fault in broken if (fault.entry, fault.field) not in places)


def repeated(record: Record, field: str, texts: Iterable[str]) -> Iterator[ContentFault]:
    """Find texts that occur more than once in a list."""
    every = [*texts]
    if len(set(every)) == len(every):
        return
    for text, times in Counter(every).items():
        if times > 1:
            yield record.fault(field, f"holds {shown(text)} {times} times")


def _broken(record: Record, shape: type[BaseModel]) -> Iterator[ContentFault]:
    try:
        shape.model_validate(record.values)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            yield _fault(record, shape, each)


def _fault(record: Record, shape: type[BaseModel], error: ErrorDetails) -> ContentFault:
    """Put what Pydantic found into our words, with the place as a curator knows it."""
    within: type[BaseModel] | None = shape
    value: Any = record.values
    key = label = ""
    for part in error["loc"]:
        if isinstance(part, int):
            value = value[part]
            label = numbered(key, part + 1, value)
        else:
            if within and key:
                record, within = record.below(label, value), _parts(within)[key].shape
            key = label = part
            value = value.get(part)
    if error["type"] == "missing":
        return record.fault(label, "is missing")
    if within and error["type"] == "extra_forbidden":
        return record.fault(shown(key), partial(_no_field, key, within))
    return record.fault(label, f"is {shown(error['input'])}, expected {_expectation(error)}")


def _no_field(key: str, shape: type[BaseModel]) -> str:
    return f"is not a field here{nearest(key, _parts(shape))}"


def _expectation(error: ErrorDetails) -> str:
    sentence = EXPECTED.get(error["type"])
    if sentence is None:
        return error["msg"]
    if error["type"] == "literal_error" and isinstance(error["input"], str):
        # The vocabulary of the content has the word, or _links would have reported it.
        return "a word in the vocabulary of this release"
    if sentence == TEXT and isinstance(error["input"], bool | int | float | date):
        return f"{TEXT}; put it in quotes"
    if sentence in (WHOLE, NUMBER, DAY) and isinstance(error["input"], str):
        return f"{sentence}; take it out of quotes"
    return sentence.format(**error.get("ctx", {}))


Link = Names | Word | TypeIn


class Part(NamedTuple):
    """What a field holds: mappings of a shape, or ids or words that must be known."""

    shape: type[BaseModel] | None
    known: Link | None
    leads: bool
    """Whether it holds either."""
    listed: bool
    """Whether it holds a list."""


@cache
def _parts(shape: type[BaseModel]) -> Mapping[str, Part]:
    """The fields of a shape, under the names used in the files."""
    return {
        info.alias or name: Part(
            inner, mark, bool(inner or mark), get_origin(info.annotation) is list
        )
        for name, info in shape.model_fields.items()
        for inner, mark in ((nested(info), next(_known(info), None)),)
    }


def _known(info: FieldInfo) -> Iterator[Link]:
    yield from marks(info, Names)
    yield from marks(info, Word)
    yield from marks(info, TypeIn)


class Lead(NamedTuple):
    """A field that holds a list, mappings, or ids or words that must be known."""

    key: str
    shape: type[BaseModel] | None
    known: Link | None


@cache
def _leads(shape: type[BaseModel], *, worded: bool) -> tuple[Lead, ...]:
    """The fields of a shape in which `_links` may find something; words only if `worded`."""
    parts = _parts(shape).items()
    found = (
        Lead(key, part.shape, part.known if worded or not isinstance(part.known, Word) else None)
        for key, part in parts
    )
    return tuple(one for one in found if one.shape or one.known or _parts(shape)[one.key].listed)


def _is_linked(
    values: Mapping[str, Any], shape: type[BaseModel], known: Known, *, fits: bool
) -> bool:
    """Whether `_links` would find nothing in a sound record: quickly, because that is usual."""
    for key, inner, mark in _leads(shape, worded=not fits):
        value = values.get(key)
        if not value:
            continue
        items = value if isinstance(value, list) else (value,)
        if inner:
            if not all(_is_linked(one, inner, known, fits=fits) for one in items):
                return False
            continue
        if len(items) > 1 and len(set(items)) < len(items):
            return False
        of = _names(values, mark) if mark else None
        if of and not _all_in(items, known.choices(of)):
            return False
    return True


def _all_in(items: Iterable[Any], choices: Collection[str]) -> bool:
    # A loop, because a generator takes twice the time, and there are millions of calls.
    for one in items:  # noqa: SIM110
        if one not in choices:
            return False
    return True


def _links(record: Record, shape: type[BaseModel], known: Known) -> Iterator[ContentFault]:
    """Find unknown ids and words, and those that a list holds twice."""
    for key, part in _parts(shape).items():
        value = record.values.get(key)
        if isinstance(value, list):
            for position, item in enumerate(value if part.leads else (), 1):
                yield from _linked(record, (key, position), item, part, known)
            if len(value) > 1:
                yield from repeated(record, key, record.texts(key))
        elif part.leads:
            yield from _linked(record, (key, 0), value, part, known)


def _linked(
    record: Record, place: tuple[str, int], value: object, part: Part, known: Known
) -> Iterator[ContentFault]:
    if part.shape and isinstance(value, dict):
        yield from _links(record.below(_label(place, value), value), part.shape, known)
    elif part.known and isinstance(value, str):
        of = _names(record.values, part.known)
        if of and known.readable(_list(of)) and value not in known.choices(of):
            yield record.fault(_label(place, value), partial(_unknown, value, of, known))


def _unknown(value: str, of: Names | Word, known: Known) -> str:
    choices = known.choices(of)
    named = [one for one in _ids_named(value, of, known) if one in choices]
    return expected(value, _phrase(of), choices, named)


def _ids_named(value: str, of: Names | Word, known: Known) -> Iterator[str]:
    """The ids of the records that have a value as a name, in small or capital letters."""
    if isinstance(of, Word) or of.column != "id":
        return
    resource = RESOURCES[of.table]
    for field in resource.found_by:
        for spelling in spellings_of(value):
            yield from (row.id for row in known.having(resource.plural, field, spelling))


def spellings_of(value: str) -> list[str]:
    """A value as it is, and in small or capital letters."""
    return [*dict.fromkeys((value, value.upper(), value.lower(), value.capitalize()))]


def _label(place: tuple[str, int], value: object) -> str:
    """How messages name a field, or an item of its list."""
    key, position = place
    return numbered(key, position, value) if position else key


def _names(values: Mapping[str, object], mark: Link) -> Names | Word | None:
    """What the value must name; None if the type it depends on is itself unknown."""
    if not isinstance(mark, TypeIn):
        return mark
    table = values.get(mark.field)
    return _ids_of(table) if isinstance(table, str) and table in SHAPES else None


@cache
def _ids_of(table: str) -> Names:
    return Names(table)


def _list(of: Names | Word) -> str:
    return of.vocabulary if isinstance(of, Word) else RESOURCES[of.table].plural


def _phrase(of: Names | Word) -> str:
    if isinstance(of, Word):
        return f"an id of {of.vocabulary} in {file_of('vocabulary')}"
    if of.kind:
        return f"an {of.table} of kind {of.kind}"
    if of.column != "id":
        return f"the {of.column} of an {of.table}"
    return f"an id in {file_of(RESOURCES[of.table].plural)}"
