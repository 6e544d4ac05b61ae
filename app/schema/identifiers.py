"""Spellings of identifiers and names: one normal form, for storing and for searching."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

# Registries whose accessions are unambiguous without a prefix, and bibliographic numbers.
BARE = ("chembl.compound", "drugbank", "atc", "uniprot", "ensembl", "mesh", "doi", "pmid", "pmcid")
ADDRESSES = (
    "https://doi.org/",
    "http://dx.doi.org/",
    "https://identifiers.org/",
    "http://purl.obolibrary.org/obo/",
    "https://pubmed.ncbi.nlm.nih.gov/",
    "https://clinicaltrials.gov/study/",
)
UNDERSCORED = re.compile(r"^([a-z]+)_(\d+)$")


def normal(identifier: str) -> str:
    """Return the normal form of an identifier: lower case, `prefix:number`, no address."""
    text = identifier.strip().lower().rstrip("/")
    for address in ADDRESSES:
        text = text.removeprefix(address)
    return UNDERSCORED.sub(r"\1:\2", text)


def spellings(identifier: str) -> list[str]:
    """Return the spellings to store; one without prefix too where that is unambiguous."""
    text = normal(identifier)
    prefix, colon, rest = text.partition(":")
    return [text, rest] if colon and prefix in BARE else [text]


Identifier = Annotated[
    str,
    Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(normal),
]
