"""Rules of references.yaml: one row for each source, by authors that are persons or bodies."""

from collections.abc import Iterator

from app.write.known import Known, shared
from app.write.record import ContentFault, Record

IDENTIFIERS = ("doi", "pmid", "pmcid")
PERSON = ("family", "given")
BODY = ("literal",)


def one(reference: Record, known: Known) -> Iterator[ContentFault]:
    """Check that the title is whole, the authors are named, and no other row is this source."""
    for field in IDENTIFIERS:
        yield from shared(known, "references", field, reference)
    for author in reference.records("authors"):
        yield from _author(author)
    if reference.text("title").startswith("("):
        yield reference.fault("title", "stands in parentheses, expected the title itself")


def _author(author: Record) -> Iterator[ContentFault]:
    is_body = "literal" in author.values
    for field in BODY if is_body else PERSON:
        if field not in author.values:
            yield author.fault(field, "is missing")
        elif author.values[field] is None:
            yield author.fault(field, "is empty, expected a text")
    for field in PERSON:
        if is_body and field in author.values:
            yield author.fault(field, "is for a person, but literal names a body")
