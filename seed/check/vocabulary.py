"""Rules of vocabulary.yaml beyond the fields of its terms."""

from collections.abc import Iterable, Iterator

from seed.check.evidence import LINKED
from seed.check.fields import TERM_LISTS
from seed.check.known import Known
from seed.content import VOCABULARY, ContentFault, file_of, shown


def faults(known: Known) -> Iterator[ContentFault]:
    """Check that every list has words, and that each type of link leads to a file."""
    for name in TERM_LISTS:
        if known.vocabulary.values.get(name) == []:
            yield ContentFault(file_of(VOCABULARY), "", name, "is an empty list, expected words")
    given = known.ids["link_types"]
    if given and set(given) != set(LINKED):
        message = f"holds {_listed(given)}, expected {_listed(LINKED)}"
        yield ContentFault(file_of(VOCABULARY), "", "link_types", message)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(map(shown, words))
