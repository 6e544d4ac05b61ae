"""Records in RIS, which reference managers read: one tag per line, UTF-8, CRLF."""

from collections.abc import Iterable, Iterator

from app.citations.document import (
    CitedDocument,
    Person,
    address_of,
    given_names,
    one_line,
    pages,
    remarks,
)

TYPES = {"article-journal": "JOUR", "report": "RPRT", "thesis": "THES"}
WEB_PAGE = "ELEC"
END = "\r\n"


def ris_records(documents: Iterable[CitedDocument]) -> str:
    """The text of a RIS file, with a record for each document."""
    return "".join(f"{_record(one)}{END}" for one in documents)


def _record(document: CitedDocument) -> str:
    lines = [f"{tag}  - {one_line(value)}{END}" for tag, value in _tags(document) if value]
    return "".join([*lines, f"ER  - {END}"])


def _tags(document: CitedDocument) -> Iterator[tuple[str, str | None]]:
    first, last = pages(document)
    yield "TY", TYPES.get(document.type, WEB_PAGE)
    yield "ID", document.id
    yield from (("AU", _name(one)) for one in document.authors)
    yield "TI", document.title
    yield "T2", document.container_title
    yield "PY", str(document.year or "")
    yield "VL", document.volume
    yield "IS", document.issue
    yield "SP", first
    yield "EP", last
    yield "DO", document.doi
    yield "AN", document.pmid
    yield "C2", document.pmcid
    yield "UR", address_of(document)
    yield "N1", remarks(document)


def _name(person: Person) -> str:
    given, suffix = given_names(person)
    return person.literal or ", ".join(filter(None, (person.family, given, suffix)))
