"""Rules for references.yaml: one row for each source, with persons or bodies as authors."""

from collections.abc import Iterator

from app.write.known import Known, shared
from app.write.record import ContentFault, Record

IDENTIFIERS = ("doi", "pmid", "pmcid")
PERSON = ("family", "given")
BODY = ("literal",)
STATED = {"source_kind": "source_kinds", "verified": "verified"}
"""Fields every reference must state; null occurs only in databases of earlier releases."""


def one(reference: Record, known: Known) -> Iterator[ContentFault]:
    """Check title, citation and authors, and that no other row is the same source."""
    for field in IDENTIFIERS:
        yield from shared(known, "references", field, reference)
    for author in reference.records("authors"):
        yield from _author(author)
    yield from shared(known, "references", "citation", reference)
    journal = reference.text("container-title")
    if journal and reference.text("citation").startswith(journal):
        yield reference.fault("citation", "opens with the journal, expected authors or the title")
    for field, words in STATED.items():
        if field in reference.values and reference.values[field] is None:
            yield reference.fault(field, f"is empty, expected a word of {words}")
    if reference.text("title").startswith("("):
        yield reference.fault("title", "is in parentheses, expected the title itself")


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
