"""Rules of vocabulary.yaml beyond the fields of its terms."""

from collections.abc import Iterator

from seed.check.evidence import LINKED
from seed.check.known import Known
from seed.content import VOCABULARY, Fault, file_of, shown


def faults(known: Known) -> Iterator[Fault]:
    """Check that the link types are those to which a link can lead."""
    if set(known.ids["link_types"]) != set(LINKED):
        given = ", ".join(map(shown, known.ids["link_types"]))
        message = f"holds {given}, expected {', '.join(map(shown, LINKED))}"
        yield Fault(file_of(VOCABULARY), "", "link_types", message)
