"""Entries for BibTeX, in UTF-8; every value is in braces.

The ten characters that LaTeX reads as commands are escaped in texts, but not in `doi` and `url`,
which styles print as they are. Braces are written as commands, because BibTeX counts literal ones.
Words with capitals have braces of their own, or a style would set them in lower case.
"""

import re
from collections.abc import Iterable

from app.citations.document import (
    CitedDocument,
    Person,
    address_of,
    given_names,
    one_line,
    pages,
    remarks,
)

ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
    }
)
# A brace in an address would end the value, or never let it end.
IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D"})
TYPES = {"article-journal": "article", "report": "techreport"}
OTHER = "misc"
CONTAINERS = {"article": "journal", "techreport": "institution", OTHER: "howpublished"}


def bibtex_entries(documents: Iterable[CitedDocument]) -> str:
    """The text of a BibTeX file, with an entry for each document."""
    return "\n".join(_entry(one) for one in documents)


def _entry(document: CitedDocument) -> str:
    kind = TYPES.get(document.type, OTHER)
    container = document.container_title
    first, last = pages(document)
    values = {
        "author": _authors(document),
        "title": _title(document.title),
        CONTAINERS[kind]: container and escaped(container),
        "year": document.year and str(document.year),
        "volume": document.volume and escaped(document.volume),
        "number": document.issue and escaped(document.issue),
        "pages": escaped(f"{first}--{last}" if last else first),
        "doi": document.doi and document.doi.translate(IN_ADDRESS),
        "pmid": document.pmid,
        "pmcid": document.pmcid,
        "url": (address_of(document) or "").translate(IN_ADDRESS),
        "note": escaped(remarks(document)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    return "\n".join([f"@{kind}{{{document.id},", *lines, "}\n"])


def escaped(text: str) -> str:
    """A text that LaTeX prints as it is."""
    return one_line(text).translate(ESCAPES)


def _title(title: str) -> str:
    """A title whose capitals a style leaves as they are."""
    first, *rest = one_line(title).split(" ")
    inside = re.search(r"[^\W\d_]", first)
    later = first[inside.end() :] if inside else ""
    words = [_kept(first, capital=later != later.lower())]
    return " ".join([*words, *(_kept(one, capital=one != one.lower()) for one in rest)])


def _kept(word: str, *, capital: bool) -> str:
    return f"{{{escaped(word)}}}" if capital else escaped(word)


def _authors(document: CitedDocument) -> str:
    names = [_name(one) for one in document.authors]
    if names and not document.authors_complete:
        names.append("others")
    return " and ".join(names)


def _name(person: Person) -> str:
    if person.literal:
        return f"{{{escaped(person.literal)}}}"
    given, suffix = given_names(person)
    family = escaped(person.family or "")
    family = f"{{{family}}}" if " " in family or "," in family else family
    return ", ".join(filter(None, (family, escaped(suffix), escaped(given))))
