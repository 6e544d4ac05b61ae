"""The spellings under which a row is found by an identifier or a name."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

# Registries whose accessions say enough without a prefix, and bibliographic numbers.
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
    """One spelling for all common ones: lower case, no address around it, `prefix:number`."""
    text = identifier.strip().lower().rstrip("/")
    for address in ADDRESSES:
        text = text.removeprefix(address)
    return UNDERSCORED.sub(r"\1:\2", text)


def spellings(identifier: str) -> list[str]:
    """The spellings under which an identifier is kept; without prefix where that is clear."""
    text = normal(identifier)
    prefix, colon, rest = text.partition(":")
    return [text, rest] if colon and prefix in BARE else [text]


Identifier = Annotated[
    str,
    Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(normal),
]
