"""Rules of references.yaml: one row for each source."""

from collections.abc import Iterator
from functools import partial

from seed.check import doubles
from seed.check.known import Known
from seed.content import ContentEntry, ContentFault

IDENTIFIERS = ("doi", "pmid", "pmcid")


def faults(known: Known) -> Iterator[ContentFault]:
    """Check that titles are whole, and that no identifier stands in two rows."""
    rows = known.rows["references"]
    for field in IDENTIFIERS:
        yield from doubles.shared(rows, field, partial(_identifier, field))
    for reference in rows:
        if reference.text("title").startswith("("):
            yield reference.fault("title", "stands in parentheses, expected the title itself")


def _identifier(field: str, reference: ContentEntry) -> list[str]:
    return [reference.text(field)] if reference.text(field) else []
