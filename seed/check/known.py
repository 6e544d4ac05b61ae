"""What the content knows: every row by its id, and the words that a field may take."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seed.check.fields import TERM_LISTS
from seed.content import VOCABULARY, Content, ContentEntry, ContentFault, file_of, shown

SUGGESTIONS = 3


@dataclass(frozen=True)
class Known:
    """The rows in order, the vocabulary, and every list of ids with what messages call it."""

    rows: Mapping[str, Sequence[ContentEntry]]
    vocabulary: ContentEntry
    ids: Mapping[str, Mapping[str, ContentEntry]]
    phrases: Mapping[str, str]
    unread: frozenset[str]

    def unknown(
        self, entry: ContentEntry, field: str, value: str, among: str
    ) -> Iterator[ContentFault]:
        """Refuse a value that is not in a list, unless that list could not be read."""
        choices = self.ids[among]
        if value not in choices and among not in self.unread:
            yield entry.fault(field, expected(value, self.phrases[among], choices))


def known(content: Content) -> Known:
    """Look through the content once."""
    ids = {name: _by_id(rows) for name, rows in content.rows.items()}
    phrases = {name: f"an id in {file_of(name)}" for name in ids}
    for name in TERM_LISTS:
        ids[name] = _by_id(content.vocabulary.entries(name))
        phrases[name] = f"an id of {name} in {file_of(VOCABULARY)}"
    unread = {name for name in ids if not ids[name]}
    entities = content.rows["entities"]
    ids["cells"] = _by_id(entity for entity in entities if entity.text("kind") == "cell")
    phrases["cells"] = "an entity of kind cell"
    ids["figure1_terms"] = {
        entity.text("figure1_term"): entity for entity in entities if entity.text("figure1_term")
    }
    phrases["figure1_terms"] = "the figure1_term of an entity"
    if "entities" in unread:
        unread |= {"cells", "figure1_terms"}
    return Known(content.rows, content.vocabulary, ids, phrases, frozenset(unread))


def expected(value: str, phrase: str, choices: Iterable[str]) -> str:
    """Say that a value is unknown, and which known ones are nearest to it."""
    return f"is {shown(value)}, expected {phrase}{nearest(value, choices)}"


def nearest(value: str, choices: Iterable[str]) -> str:
    """List the known values that look most like this one, as the end of a message."""
    # Loaded at the first slip only, for `serve` loads this module too.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    likest = process.extract(value, list(choices), scorer=fuzz.ratio, limit=SUGGESTIONS)
    named = ", ".join(shown(choice) for choice, *_ in likest)
    return f"; nearest: {named}" if named else ""


def _by_id(rows: Iterable[ContentEntry]) -> dict[str, ContentEntry]:
    return {row.id: row for row in rows if row.id}
