"""What a single value must be: each function gives the expectation that a value misses, if any."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from seed.content import LONGEST_ID, NUMBER_LIMIT

Expectation = Callable[[object], str]

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
SMALLEST = 1e-4
MOST_DIGITS = 12
FIRST_YEAR = 1950
LAST_YEAR = 2030
CODES = {
    "ATC": r"[A-Z]\d\d[A-Z]{2}\d\d",
    "CHEBI": r"\d+",
    "CL": r"\d{7}",
    "DOID": r"\d+",
    "GO": r"\d{7}",
    "HGNC": r"\d+",
    "MONDO": r"\d{7}",
    "NCBIGene": r"\d+",
    "NCIT": r"C\d+",
    "chembl.compound": r"CHEMBL\d+",
    "drugbank": r"DB\d{5}",
    "ensembl": r"ENSG\d{11}",
    "icdo": r"\d{4}/\d",
    "mesh": r"[A-Z]\d+",
    "orphanet": r"\d+",
    "uniprot": r"[A-Z0-9]{6,10}",
}


def text(value: object) -> str:
    """Expect some words."""
    if not isinstance(value, str):
        unquoted = isinstance(value, bool | int | float | date)
        return "a text; put it in quotes" if unquoted else "a text"
    if not value.strip():
        return "a text that is not blank"
    if UNSTORABLE.search(value):
        return "a text without NUL and lone surrogates"
    return ""


def flag(value: object) -> str:
    """Expect yes or no."""
    return "" if isinstance(value, bool) else "true or false"


def number(value: object) -> str:
    """Expect a number that every database keeps as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "a number"
    if value and not SMALLEST <= value < NUMBER_LIMIT:
        return "0 or a number from 0.0001 to below 1e15"
    if len(Decimal(str(value)).normalize().as_tuple().digits) > MOST_DIGITS:
        return f"a number of at most {MOST_DIGITS} significant digits"
    return ""


def count(value: object) -> str:
    """Expect a whole number above zero."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        return "a whole number above 0"
    return number(value)


def year(value: object) -> str:
    """Expect a year in which a source can have appeared."""
    if isinstance(value, bool) or not isinstance(value, int):
        return "a year"
    return "" if FIRST_YEAR <= value <= LAST_YEAR else f"a year from {FIRST_YEAR} to {LAST_YEAR}"


def slug(value: object) -> str:
    """Expect an id: it stands in addresses, so its letters are few."""
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        return "lower-case letters and digits in words joined by single hyphens"
    return "" if len(value) <= LONGEST_ID else f"at most {LONGEST_ID} characters"


def code(value: object) -> str:
    """Expect a code of a database or ontology, with its prefix."""
    if not isinstance(value, str):
        return "a text such as CHEBI:63791"
    prefix, _, rest = value.partition(":")
    if prefix not in CODES:
        return f"a code with one of the prefixes {', '.join(CODES)}"
    return "" if re.fullmatch(CODES[prefix], rest, re.ASCII) else f"a code that {prefix} can give"


def matching(pattern: str, expected: str) -> Expectation:
    """Expect a text of one form, such as an identifier."""
    form = re.compile(pattern, re.ASCII)

    def expectation(value: object) -> str:
        return "" if isinstance(value, str) and form.fullmatch(value) else expected

    return expectation


doi = matching(r"10\.\d{4,9}/\S+", "a DOI such as 10.1200/JCO.2014.59.5363")
pmid = matching(r"[1-9]\d{0,8}", "a PubMed number in quotes such as '26195701'")
pmcid = matching(r"PMC\d{1,9}", "a PubMed Central number such as PMC5320950")
nct = matching(r"NCT\d{8}", "a registry number such as NCT01938001")
url = matching(r"https?://\S+", "an address that starts with http:// or https://")
eco = matching(r"ECO:\d{7}", "a code such as ECO:0000033")
p_value = matching(
    r"[<>]?0?\.\d+( \(one-sided\))?",
    "a p value in quotes such as '0.03', '<0.001' or '.05 (one-sided)'",
)
