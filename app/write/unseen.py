"""What no text in any field may contain: invisible characters, or more than MAX_TEXT of them."""

import unicodedata
from collections.abc import Iterator

from app.schema.values import MAX_TEXT, UNSEEN
from app.write.record import ContentFault, Record, numbered


def text_faults(record: Record) -> Iterator[ContentFault]:
    """Find texts of a record that are too long or contain invisible characters."""
    for key, value in record.values.items():
        if not _is_sound(value):
            yield from _faults(record, key, value)


def _is_sound(value: object) -> bool:
    """Whether a value has no faults, which is the usual case."""
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and not UNSEEN.search(value)
    if isinstance(value, dict):
        value = list(value.values())
    return all(map(_is_sound, value)) if isinstance(value, list) else True


def _faults(record: Record, label: str, value: object) -> Iterator[ContentFault]:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            message = f"has {len(value):,} characters, expected at most {MAX_TEXT:,}"
            yield record.fault(label, message)
        elif unseen := UNSEEN.search(value):
            yield record.fault(label, _named(unseen.group()))
    elif isinstance(value, list):
        for position, item in enumerate(value, 1):
            yield from _faults(record, numbered(label, position, item), item)
    elif isinstance(value, dict):
        yield from text_faults(record.below(label, value))


def _named(character: str) -> str:
    name = unicodedata.name(character, "without a name").lower()
    return f"holds the invisible character U+{ord(character):04X} ({name}); leave it out"
