"""Broken rules of references, and how each is reported."""

from tests.seed.documents import Cases, put

REVIEW = "Gribben et al. 2015, Journal of Clinical Oncology"

CASES: Cases = {
    "an author has no given name": (
        put("references", "gribben-2015", "authors", 0, to={"family": "Gribben"}),
        "references.yaml: gribben-2015: authors 1 (Gribben): given: is missing",
    ),
    "a group has an empty name": (
        put("references", "gribben-2015", "authors", 0, to={"literal": ""}),
        (
            "references.yaml: gribben-2015: authors 1: literal: is '', expected a text that "
            "is not blank"
        ),
    ),
    "a year is a text": (
        put("references", "gribben-2015", "year", to="2015"),
        (
            "references.yaml: gribben-2015: year: is '2015', expected a whole number; take it "
            "out of quotes"
        ),
    ),
    "a year is too early": (
        put("references", "gribben-2015", "year", to=1949),
        "references.yaml: gribben-2015: year: is 1949, expected 1950 or more",
    ),
    "a DOI has a prefix": (
        put("references", "gribben-2015", "doi", to="doi:10.1200/x"),
        (
            "references.yaml: gribben-2015: doi: is 'doi:10.1200/x', expected a DOI such as "
            "10.1200/JCO.2014.59.5363"
        ),
    ),
    "a PMID is a number": (
        put("references", "gribben-2015", "pmid", to=26195701),
        (
            "references.yaml: gribben-2015: pmid: is 26195701, expected a PubMed number in "
            "quotes such as '26195701'"
        ),
    ),
    "a PMCID lacks its letters": (
        put("references", "gribben-2015", "pmcid", to="5320950"),
        (
            "references.yaml: gribben-2015: pmcid: is '5320950', expected a PubMed Central "
            "number such as PMC5320950"
        ),
    ),
    "a registry number is short": (
        put("references", "gribben-2015", "nct", to="NCT1"),
        (
            "references.yaml: gribben-2015: nct: is 'NCT1', expected a registry number such "
            "as NCT01938001"
        ),
    ),
    "an address lacks its scheme": (
        put("references", "gribben-2015", "url", to="www.x.org"),
        (
            "references.yaml: gribben-2015: url: is 'www.x.org', expected an address that "
            "starts with http:// or https://"
        ),
    ),
    "a place in the list is zero": (
        put("references", "armitage-1998", "listed_as", to=0),
        "references.yaml: armitage-1998: listed_as: is 0, expected a whole number above 0",
    ),
    "a reference has an unknown role": (
        put("references", "armitage-1998", "role", to="listed"),
        (
            "references.yaml: armitage-1998: role: is 'listed', expected an id of "
            "reference_roles in vocabulary.yaml; nearest: 'listed in the review', "
            "'the review'"
        ),
    ),
    "a reference has an unknown type": (
        put("references", "armitage-1998", "type", to="journal"),
        (
            "references.yaml: armitage-1998: type: is 'journal', expected an id of "
            "reference_types in vocabulary.yaml; nearest: 'article-journal', 'report', "
            "'webpage'"
        ),
    ),
    "a citation is shared": (
        put("references", "armitage-1998", "citation", to=REVIEW),
        f"references.yaml: gribben-2015: citation: '{REVIEW}' also appears in armitage-1998",
    ),
    "a citation opens with the journal": (
        put("references", "gribben-2015", "citation", to="Journal of Clinical Oncology 2015"),
        (
            "references.yaml: gribben-2015: citation: opens with the journal, expected authors "
            "or the title"
        ),
    ),
    "a reference does not say how it was seen": (
        put("references", "gribben-2015", "verified", to=None),
        "references.yaml: gribben-2015: verified: is empty, expected a word of verified",
    ),
    "a reference does not say what it is": (
        put("references", "gribben-2015", "source_kind", to=None),
        "references.yaml: gribben-2015: source_kind: is empty, expected a word of source_kinds",
    ),
    "a title stands in parentheses": (
        put("references", "armitage-1998", "title", to="(a guess)"),
        "references.yaml: armitage-1998: title: is in parentheses, expected the title itself",
    ),
    "a DOI is shared": (
        put("references", "armitage-1998", "doi", to="10.1200/JCO.2014.59.5363"),
        (
            "references.yaml: gribben-2015: doi: '10.1200/JCO.2014.59.5363' also appears in "
            "armitage-1998"
        ),
    ),
    "a PMID is shared": (
        put("references", "armitage-1998", "pmid", to="26195701"),
        "references.yaml: gribben-2015: pmid: '26195701' also appears in armitage-1998",
    ),
    "a PMCID is shared": (
        put("references", "armitage-1998", "pmcid", to="PMC5320950"),
        "references.yaml: gribben-2015: pmcid: 'PMC5320950' also appears in armitage-1998",
    ),
}
