"""What a citation is made from: the fields of a document, as a record or an answer holds them."""

import re
from collections.abc import Sequence
from typing import Protocol

SUFFIX = re.compile(r"[0-9]\w*|Jr\.?|Sr\.?|I{2,3}|IV")
MOST_INITIALS = 3


class Person(Protocol):
    """An author: a person by family and given name, or an organisation by its literal name."""

    @property
    def family(self) -> str | None:
        """The family name."""
        ...

    @property
    def given(self) -> str | None:
        """The given names, or their initials."""
        ...

    @property
    def literal(self) -> str | None:
        """The whole name of an organisation."""
        ...


class CitedDocument(Protocol):
    """A document with its fields in the terms of CSL."""

    id: str
    type: str
    title: str
    title_certain: bool
    authors_complete: bool
    container_title: str | None
    year: int | None
    volume: str | None
    issue: str | None
    page: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    nct: str | None
    url: str | None

    @property
    def authors(self) -> Sequence[Person]:
        """The authors, in the order of the document."""
        ...


def one_line(text: str) -> str:
    """A text on one line, with single blanks."""
    return " ".join(text.split())


def given_names(person: Person) -> tuple[str, str]:
    """The given names of a person, initials apart (`J. G.` for `JG`), and the suffix (`Jr`)."""
    names, suffix = [], ""
    for word in one_line(person.given or "").split():
        if SUFFIX.fullmatch(word):
            suffix = word
        elif word.isalpha() and word.isupper() and len(word) <= MOST_INITIALS:
            names += [f"{letter}." for letter in word]
        else:
            names.append(word)
    return " ".join(names), suffix


def pages(document: CitedDocument) -> tuple[str, str | None]:
    """The first and the last page of a document, the last in full."""
    return page_range(document.page or "")


def page_range(text: str) -> tuple[str, str | None]:
    """The first and the last page, the last in full (`2803` and `2811` for `2803-11`)."""
    first, _, last = re.sub(r"\s*[-\u2010-\u2015]+\s*", "-", text).partition("-")
    if last.isdigit() and first.isdigit() and len(last) < len(first):
        last = first[: -len(last)] + last
    return first, last or None


def address_of(document: CitedDocument) -> str | None:
    """Where the document is: its own address, or that of its entry in the trial registry."""
    if document.url or not document.nct or document.doi:
        return document.url
    return f"https://clinicaltrials.gov/study/{document.nct}"


def remarks(document: CitedDocument) -> str:
    """Notes for the reader of a citation: registry number, inferred title, missing authors."""
    notes = []
    if document.nct:
        notes.append(f"Registry number: {document.nct}.")
    if not document.title_certain:
        notes.append("Part of the title was inferred.")
    if document.authors and not document.authors_complete:
        notes.append("There are more authors than are listed.")
    return " ".join(notes)
