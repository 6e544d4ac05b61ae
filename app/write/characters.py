"""What no text in any field may contain: invisible characters, or more than MAX_TEXT of them."""

import unicodedata
from collections.abc import Iterator

from app.schema.values import MAX_TEXT, UNSEEN
from app.write.record import ContentFault, Record, numbered


def text_faults(record: Record) -> Iterator[ContentFault]:
    """Find texts of a record that are too long or contain invisible characters."""
    if _is_sound(record):
        return
    for key, value in record.values.items():
        yield from _faults(record, key, value)


def is_plain(text: str) -> bool:
    """Whether no text within this one, such as a row as JSON, can have such a fault."""
    return len(text) <= MAX_TEXT and (text.isascii() or not UNSEEN.search(text))


def _is_sound(record: Record) -> bool:
    """Whether no text of a record has a fault, which is the usual case."""
    texts: list[str] = []
    values: list[object] = [*record.values.values()]
    for value in values:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, list):
            values.extend(value)
        elif isinstance(value, dict):
            values.extend(value.values())
    return max(map(len, texts), default=0) <= MAX_TEXT and not UNSEEN.search(" ".join(texts))


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
