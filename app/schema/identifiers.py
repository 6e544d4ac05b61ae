"""Reduce all spellings of identifiers and names to one form, for storing and searching.

That form is `prefix:number`, whatever address, prefix or case the identifier was written with.
"""

import re
from typing import Annotated
from urllib.parse import unquote

from pydantic import AfterValidator, Field

from app.spelling import key

# Registries whose accessions are unambiguous without a prefix, and bibliographic numbers.
BARE = ("chembl.compound", "drugbank", "atc", "uniprot", "ensembl", "mesh", "doi", "pmid", "pmcid")
PREFIXES = {
    "chembl": "chembl.compound",
    "chembl.compound": "chembl.compound",
    "entrez": "ncbigene",
    "geneid": "ncbigene",
    "orpha": "orphanet",
    "orphanet.ordo": "orphanet",
    "pmc": "pmcid",
    "pubmed": "pmid",
    "uniprotkb": "uniprot",
    # A registry number needs no prefix: it contains one (NCT).
    "clinicaltrials": "",
    "nct": "",
    **{
        one: one
        for one in (
            *("atc", "chebi", "cl", "doi", "doid", "drugbank", "ensembl", "go", "hgnc", "icdo"),
            *("mesh", "mondo", "ncbigene", "ncit", "orphanet", "pmcid", "pmid", "uniprot"),
        )
    },
}
"""Prefixes as others write them, each with the one used here."""
ADDRESSES = {
    "doi.org/": "doi:",
    "dx.doi.org/": "doi:",
    "identifiers.org/": "",
    "bioregistry.io/": "",
    "purl.obolibrary.org/obo/": "",
    "pubmed.ncbi.nlm.nih.gov/": "pmid:",
    "ncbi.nlm.nih.gov/pubmed/": "pmid:",
    "ncbi.nlm.nih.gov/pmc/articles/": "pmcid:",
    "pmc.ncbi.nlm.nih.gov/articles/": "pmcid:",
    "europepmc.org/article/med/": "pmid:",
    "europepmc.org/abstract/med/": "pmid:",
    "ncbi.nlm.nih.gov/gene/": "ncbigene:",
    "clinicaltrials.gov/study/": "clinicaltrials:",
    "clinicaltrials.gov/show/": "clinicaltrials:",
    "clinicaltrials.gov/ct2/show/": "clinicaltrials:",
    "uniprot.org/uniprot/": "uniprot:",
    "uniprot.org/uniprotkb/": "uniprot:",
    "rest.uniprot.org/uniprotkb/": "uniprot:",
    "genenames.org/data/gene-symbol-report/#!/hgnc_id/": "",
}
"""Web addresses of identifiers, without `https://` and `www.`, each with the prefix it means."""
WEB = re.compile(r"https?://(?:www\.)?")
AFTER_NUMBER, AFTER_DOI = re.compile(r"[/?#&].*"), re.compile(r"[?#&].*")
OF_DOI = re.compile(r"(?:/(?:abstract|e?pdf|full|fulltext|full-text|html|meta|summary)|\.e?pdf)$")
"""What sites add to the DOI of an article in the addresses of its parts."""
BEFORE = "(?<![a-z0-9])"
IN_ADDRESS = re.compile(
    rf"{BEFORE}10\.\d{{4,9}}/[^?#&]+"
    rf"|{BEFORE}(?:{'|'.join(map(re.escape, filter(None, PREFIXES)))})[:_]\w+"
    rf"|{BEFORE}(?:nct\d{{8}}|ensg\d{{11}}|chembl\d+|db\d{{5}}|pmc\d{{5,}})(?![a-z0-9])"
)
"""An identifier that tells what it is, in the address of any site."""
PREFIXED = re.compile(r"([a-z][a-z.]*?)\s*[:_/]\s*(.+)")
VERSION = re.compile(r"(ensg\d+)\.\d+")


def canonical(identifier: str) -> str:
    """The canonical form of an identifier, `prefix:number`; names are only put in lower case."""
    text = identifier.strip().lower().rstrip("/")
    if web := WEB.match(text):
        text = _in_address(unquote(text[web.end() :]))
    prefix = ""
    while (found := PREFIXED.fullmatch(text)) and found[1] in PREFIXES:
        # A prefix may be doubled, as in `hgnc:HGNC:30185`.
        prefix, text = PREFIXES[found[1]], found[2]
    text = VERSION.sub(r"\1", text)
    return f"{prefix}:{text}" if prefix else text


def _in_address(text: str) -> str:
    """The identifier that a web address leads to; the address itself if it shows none."""
    for address, prefix in ADDRESSES.items():
        if not text.startswith(address):
            continue
        number = text.removeprefix(address)
        if prefix not in ("", "doi:"):
            number = AFTER_NUMBER.sub("", number)
        if any(map(str.isdigit, number)):
            return _doi(prefix + number) if prefix in ("", "doi:") else prefix + number
    found = IN_ADDRESS.findall(text)
    return _doi(found[-1]) if found else text


def _doi(text: str) -> str:
    """A DOI without what sites add to it; another identifier without a query."""
    return OF_DOI.sub("", AFTER_DOI.sub("", text))


def normal(identifier: str) -> str:
    """The form that all spellings of an identifier or a name have in common."""
    return key(canonical(identifier)) or identifier.strip().lower()


def spellings(identifier: str) -> list[str]:
    """The forms to store, including one without prefix where that is unambiguous."""
    prefix, colon, rest = canonical(identifier).partition(":")
    forms = [normal(identifier)]
    return [*forms, key(rest)] if colon and prefix in BARE else forms


Identifier = Annotated[
    str,
    Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(normal),
]
