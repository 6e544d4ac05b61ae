"""Whether every entry has the fields of its type, each with a value of the right kind."""

from collections.abc import Iterator

from seed.check import fields
from seed.check.doubles import repeated
from seed.check.fields import Field, Shape
from seed.check.known import Known, nearest
from seed.content import ContentEntry, ContentFault, numbered, shown


def faults(known: Known) -> Iterator[ContentFault]:
    """Check every entry of every file, field by field."""
    for name, shape in fields.TYPES.items():
        for row in known.rows[name]:
            yield from _entry(row, shape, known)
    if known.vocabulary.values:
        yield from _entry(known.vocabulary, fields.VOCABULARY, known)


def _entry(entry: ContentEntry, shape: Shape, known: Known) -> Iterator[ContentFault]:
    yield from _unknown_fields(entry, shape)
    for name, field in shape.items():
        if name not in entry.values:
            yield entry.fault(name, "is missing")
        elif entry.values[name] is None and field.optional:
            continue
        elif field.several:
            yield from _several(entry, name, field, known)
        else:
            yield from _single(entry, name, entry.values[name], field, known)


def _unknown_fields(entry: ContentEntry, shape: Shape) -> Iterator[ContentFault]:
    for name in sorted(entry.values.keys() - shape.keys()):
        yield entry.fault(shown(name), f"is not a field here{nearest(name, shape)}")


def _several(entry: ContentEntry, name: str, field: Field, known: Known) -> Iterator[ContentFault]:
    items = entry.values[name]
    if not isinstance(items, list):
        yield entry.fault(name, f"is {shown(items)}, expected a list")
        return
    for position, item in enumerate(items, 1):
        label = numbered(name, position, item) if isinstance(item, dict) else f"{name} {position}"
        yield from _single(entry, label, item, field, known)
    yield from repeated(entry, name, entry.texts(name))


def _single(
    entry: ContentEntry, label: str, value: object, field: Field, known: Known
) -> Iterator[ContentFault]:
    if field.shapes:
        yield from _nested(entry, label, value, field, known)
        return
    expectation = field.expectation(value)
    if expectation:
        yield entry.fault(label, f"is {shown(value)}, expected {expectation}")
    elif field.among and isinstance(value, str):
        yield from known.unknown(entry, label, value, field.among)


def _nested(
    entry: ContentEntry, label: str, value: object, field: Field, known: Known
) -> Iterator[ContentFault]:
    if not isinstance(value, dict):
        yield entry.fault(label, f"is {shown(value)}, expected a mapping")
        return
    likest = max(field.shapes, key=lambda shape: len(shape.keys() & value.keys()))
    yield from _entry(entry.below(label, value), likest, known)
