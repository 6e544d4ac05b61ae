"""A row is found by any identifier in any common spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.schema.identifiers import normal, spellings
from tests.conftest import SQLITE_FIRST
from tests.looking import pages, some


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "spelling", "found"),
    [
        ("entities", "HGNC:30185", "crbn"),
        ("entities", "hgnc:30185", "crbn"),
        ("entities", "CRBN", "crbn"),
        ("entities", "cereblon", "crbn"),
        ("entities", "Q96SW2", "crbn"),
        ("entities", "uniprot:q96sw2", "crbn"),
        ("entities", "https://identifiers.org/HGNC:30185", "crbn"),
        ("entities", "Revlimid", "lenalidomide"),
        ("entities", "CHEBI_63791", "lenalidomide"),
        ("references", "24292623", "lu-2014"),
        ("references", "PMID:24292623", "lu-2014"),
        ("references", "https://pubmed.ncbi.nlm.nih.gov/24292623/", "lu-2014"),
        ("references", "10.1126/science.1244917", "lu-2014"),
        ("references", "https://doi.org/10.1126/SCIENCE.1244917", "lu-2014"),
        ("references", "PMC5320950", "gribben-2015"),
        ("subtypes", "http://purl.obolibrary.org/obo/MONDO_0018906", "follicular-lymphoma"),
        ("subtypes", "FL", "follicular-lymphoma"),
        ("partners", "DB00073", "rituximab"),
        ("trials", "nct01938001", "augment"),
        ("trials", "AUGMENT", "augment"),
        ("trials", "https://clinicaltrials.gov/ct2/show/NCT01938001", "augment"),
        ("trials", "clinicaltrials:NCT01938001", "augment"),
        ("entities", "UniProtKB:Q96SW2", "crbn"),
        ("entities", "hgnc:HGNC:30185", "crbn"),
        ("entities", "http://identifiers.org/hgnc/30185", "crbn"),
        ("entities", "NCIT_C2668", "lenalidomide"),
        ("entities", "ENSG00000173039.15", "rela"),
        ("references", "PMID: 24292623", "lu-2014"),
        ("references", "pubmed:24292623", "lu-2014"),
        ("references", "http://www.doi.org/10.1126/science.1244917", "lu-2014"),
        ("references", "https://pmc.ncbi.nlm.nih.gov/articles/PMC5320950/", "gribben-2015"),
        ("references", "http://www.ncbi.nlm.nih.gov/pmc/articles/PMC5320950", "gribben-2015"),
        ("entities", "https://www.uniprot.org/uniprotkb/Q96SW2/entry", "crbn"),
        ("entities", "https://www.proteinatlas.org/ENSG00000113851-CRBN", "crbn"),
        ("entities", "https://www.ebi.ac.uk/chebi/searchId.do?chebiId=CHEBI:63791", "lenalidomide"),
        ("entities", "https://go.drugbank.com/drugs/DB00480", "lenalidomide"),
        ("entities", "https://amigo.geneontology.org/amigo/term/GO:0006915", "apoptosis"),
        ("references", "https://www.science.org/doi/10.1126/science.1244917?rss=1", "lu-2014"),
        ("references", "https://www.science.org/doi/full/10.1126/science.1244917", "lu-2014"),
        ("references", "https://www.science.org/doi/10.1126/science.1244917/full", "lu-2014"),
        ("references", "https://doi.org/10.1126/science.1244917#sec-2", "lu-2014"),
        ("references", "https://x.org/?doi=10.1126%2Fscience.1244917&x=1", "lu-2014"),
        ("references", "https://pubmed.ncbi.nlm.nih.gov/24292623/?dopt=Abstract", "lu-2014"),
        ("trials", "https://clinicaltrials.gov/ct2/show/results/NCT01938001", "augment"),
        ("references", "https://europepmc.org/abstract/MED/24292623", "lu-2014"),
        ("trials", "https://clinicaltrials.gov/study/NCT01938001?tab=results", "augment"),
        ("entities", "TNF-\u03b1", "tnf"),
        ("entities", "IL\u20112", "il2"),
        ("entities", "PDL1", "cd274"),
        ("entities", "CC5013", "lenalidomide"),
        ("entities", "tumor cell death", "tumour-cell-death"),
        ("entities", "T cells", "t-cell"),
        ("partners", "Velcade", "bortezomib"),
    ],
)
def test_a_spelling_finds_its_row(client: TestClient, kind: str, spelling: str, found: str) -> None:
    items = client.get(f"/v1/{kind}", params={"xref": spelling}).json()["items"]

    assert [item["id"] for item in items] == [found]


@pytest.mark.parametrize(
    ("address", "identifier"),
    [
        ("https://x.org/doi/full/10.1126/science.1244917.pdf?rss=1", "10.1126/science.1244917"),
        ("https://doi.org/10.1126/science.1244917#sec-2", "doi:10.1126/science.1244917"),
        ("https://clinicaltrials.gov/ct2/show/results/NCT01938001", "NCT01938001"),
        ("https://www.uniprot.org/uniprotkb/Q96SW2/entry", "uniprot:Q96SW2"),
        ("https://x.org/term/GO%3A0006915", "GO:0006915"),
        ("https://x.org/nothing", "x.org/nothing"),
    ],
)
def test_an_address_of_any_site_shows_its_identifier(address: str, identifier: str) -> None:
    assert normal(address) == normal(identifier)


@pytest.mark.aside
@pytest.mark.parametrize("client", SQLITE_FIRST, indirect=True)
def test_every_name_of_a_drug_finds_the_partner(client: TestClient) -> None:
    drugs = {one["id"]: one for one in pages(client, "/v1/entities?kind=drug&limit=200")}
    partners = [one for one in pages(client, "/v1/partners?limit=200") if one["entity"]]
    for partner in some([one for one in partners if one["entity"]["id"] in drugs]):
        drug = drugs[partner["entity"]["id"]]
        names = [drug["name"], *drug["synonyms"], *drug["xrefs"]]
        for at in range(0, len(names), 3):
            answer = client.get("/v1/partners", params={"xref": names[at : at + 3]}).json()
            found = [one["id"] for one in answer["items"]]
            assert (found, answer["unmatched"]) == ([partner["id"]], []), names[at : at + 3]


def test_several_identifiers_and_one_that_nobody_has(client: TestClient) -> None:
    address = "/v1/entities?xref=CRBN&xref=HGNC:13176&xref=HGNC:0"

    found = [item["id"] for item in client.get(address).json()["items"]]

    assert found == ["crbn", "ikzf1"]


@given(st.text())
def test_a_spelling_is_kept_as_it_is_looked_up(text: str) -> None:
    assert normal(text) in spellings(text)


def test_an_address_elsewhere_is_no_identifier(client: TestClient) -> None:
    assert client.get("/v1/entities?xref=https://example.org/crbn").json()["items"] == []
