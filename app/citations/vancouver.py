"""One line for a list of references, as the ICMJE and the National Library of Medicine write it.

https://www.nlm.nih.gov/bsd/uniform_requirements.html
"""

import re

from app.citations.document import CitedDocument, Person, given_names, one_line

MOST_AUTHORS = 6


def vancouver_line(document: CitedDocument) -> str:
    """The reference in one line."""
    parts = [_authors(document), one_line(document.title), _place(document)]
    return " ".join([*(_ended(part) for part in parts if part), *_identifiers(document)])


def _authors(document: CitedDocument) -> str:
    """The first six authors, and `et al.` if there are more."""
    names = [_name(one) for one in document.authors[:MOST_AUTHORS]]
    if names and (len(document.authors) > MOST_AUTHORS or not document.authors_complete):
        names.append("et al")
    return ", ".join(names)


def _name(person: Person) -> str:
    if person.literal:
        return one_line(person.literal)
    given, suffix = given_names(person)
    initials = "".join(word[0].upper() for word in re.split(r"[\s.\-]+", given) if word)
    return " ".join(filter(None, (one_line(person.family or ""), initials, suffix)))


def _place(document: CitedDocument) -> str:
    """Where and when it appeared: `Lancet. 2012;380(9844):848-57`."""
    issue = f"({document.issue})" if document.issue else ""
    number = f"{document.volume or ''}{issue}"
    page = f":{one_line(document.page)}" if document.page else ""
    within = f"{number}{page}".removeprefix(":")
    when = ";".join(filter(None, (str(document.year or ""), within)))
    container = f"{one_line(document.container_title)}." if document.container_title else ""
    return " ".join(filter(None, (container, when)))


def _identifiers(document: CitedDocument) -> list[str]:
    found = {"doi:": document.doi, "PMID: ": document.pmid, "PMCID: ": document.pmcid}
    numbers = [f"{name}{value}" for name, value in found.items() if value]
    if document.nct:
        numbers.append(document.nct)
    if document.url and not document.doi:
        numbers.append(f"Available from: {document.url}")
    return ["; ".join(numbers)] if numbers else []


def _ended(part: str) -> str:
    """A part with a full stop at its end, unless it ends with another mark."""
    return part if part.endswith((".", "?", "!")) else f"{part}."
