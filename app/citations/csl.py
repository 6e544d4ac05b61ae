"""Items of CSL-JSON, which citation processors read.

https://docs.citationstyles.org/en/stable/specification.html
"""

import json
from collections.abc import Iterable, Mapping

from app.citations.document import CitedDocument, Person, address_of, given_names, remarks

Value = str | list[Mapping[str, str]] | Mapping[str, list[list[int]]]


def csl_items(documents: Iterable[CitedDocument]) -> str:
    """The text of a CSL-JSON file, with an item for each document."""
    items = [_item(one) for one in documents]
    return json.dumps(items, ensure_ascii=False, separators=(",", ":"))


def _item(document: CitedDocument) -> Mapping[str, Value]:
    values: dict[str, Value | None] = {
        "id": document.id,
        "type": document.type,
        "title": document.title,
        "author": [_name(one) for one in document.authors],
        "container-title": document.container_title,
        "issued": {"date-parts": [[document.year]]} if document.year else None,
        "volume": document.volume,
        "issue": document.issue,
        "page": document.page,
        "DOI": document.doi,
        "PMID": document.pmid,
        "PMCID": document.pmcid,
        "URL": address_of(document),
        "note": remarks(document),
    }
    return {name: value for name, value in values.items() if value}


def _name(person: Person) -> Mapping[str, str]:
    if person.literal:
        return {"literal": person.literal}
    given, suffix = given_names(person)
    names = {"family": person.family or "", "given": given, "suffix": suffix}
    return {name: value for name, value in names.items() if value}
