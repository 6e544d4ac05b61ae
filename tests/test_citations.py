"""References as files, read back by programs of others, and exactly those behind an answer."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import rispy  # type: ignore[import-untyped]  # it has no types
from bibtexparser.entrypoint import parse_string
from starlette.testclient import TestClient

from app.citations import CITATIONS
from app.resources.references import ReferenceWrite
from app.schema.forms import CITATION_FORMS
from app.settings import Settings
from app.write.rebuild import differing, rebuild
from app.write.store import put
from tests.changing import changing, table
from tests.conftest import SQLITE_FIRST
from tests.looking import pages
from tests.writing import documents, entry, record

HARD = 'a{b}c\\d~e^f&g%h$i#j_k "q", \u2013 é NF-κB <i>x</i> @article{ , = \'s \\textbf{x} }{ ER - '
COMMANDS = {
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\&": "&",
    r"\%": "%",
    r"\$": "$",
    r"\#": "#",
    r"\_": "_",
    r"\textbackslash{}": "\\",
}
COMMAND = re.compile("|".join(map(re.escape, COMMANDS)))

Fields = dict[str, Any]


def printed(value: str) -> str:
    """What LaTeX prints of a value: first without the braces that keep capitals."""
    bare = re.sub(r"(?<![\w}])\{(\S*?)\}(?= |$)", r"\1", value)
    return COMMAND.sub(lambda command: COMMANDS[command[0]], bare)


def bibtex(text: str) -> dict[str, Fields]:
    library = parse_string(text)
    assert not library.failed_blocks
    return {
        one.key: {field.key: field.value for field in one.fields} | {"type": one.entry_type}
        for one in library.entries
    }


def ris(text: str) -> dict[str, Fields]:
    return {one["id"]: one for one in rispy.loads(text)}


def csl(text: str) -> dict[str, Fields]:
    return {one["id"]: one for one in json.loads(text)}


def written(**fields: Any) -> ReferenceWrite:
    """A document with these fields; all others are as bare as they may be."""
    plain: Fields = {
        "id": "one-2015",
        "type": "article-journal",
        "citation": "One 2015",
        "title": "One",
        "title_certain": True,
        "authors": [],
        "authors_complete": True,
        "container-title": None,
        "year": None,
        "source_kind": "paper",
        "verified": "abstract",
        "role": None,
        "listed_as": None,
    }
    empty = ("volume", "issue", "page", "doi", "pmid", "pmcid", "nct", "url")
    return ReferenceWrite.model_validate(dict.fromkeys(empty) | plain | fields)


def test_hard_characters_survive_every_form() -> None:
    document = written(
        title=HARD,
        doi="10.1000/a_b%7e&{c}",
        url="https://example.org/_~#%7E{",
        authors=[{"family": "de la O'Né", "given": "AL 3rd"}, {"literal": "A & B, and C"}],
        **{"container-title": HARD},
    )
    text = HARD.strip()

    found = bibtex(CITATIONS["bibtex"]([document, document.model_copy(update={"id": "b"})]))
    assert list(found) == ["one-2015", "b"]
    one = found["one-2015"]
    assert printed(one["title"]) == printed(one["journal"]) == text
    assert (one["doi"], one["url"]) == (
        "10.1000/a_b%7e&%7Bc%7D",
        "https://example.org/_~#%7E%7B",
    )
    assert one["author"] == r"{de la O'Né}, 3rd, A. L. and {A \& B, and C}"

    found = ris(CITATIONS["ris"]([document, document.model_copy(update={"id": "b"})]))
    assert list(found) == ["one-2015", "b"]
    assert found["b"]["title"] == found["b"]["secondary_title"] == text
    assert found["b"]["doi"] == document.doi
    assert found["b"]["authors"] == ["de la O'Né, A. L., 3rd", "A & B, and C"]

    (item,) = json.loads(CITATIONS["csl-json"]([document]))
    assert (item["title"], item["DOI"], item["URL"]) == (HARD, document.doi, document.url)
    assert item["author"][0] == {"family": "de la O'Né", "given": "A. L.", "suffix": "3rd"}
    assert item["author"][1] == {"literal": "A & B, and C"}
    assert CITATIONS["vancouver"]([document]).count("\n") == 1


def test_a_whole_reference_reads_as_the_national_library_of_medicine_writes_it() -> None:
    authors = [{"family": name, "given": "Ann-Lee B."} for name in "ABCDEFG"]
    article = {"container-title": "Lancet", "year": 2012, "volume": "380", "issue": "9"}
    identifiers = {"doi": "10.1016/x", "pmid": "123", "pmcid": "PMC9", "nct": "NCT01234567"}
    many = written(title="Is it?", authors=authors, page="848\u201357", **article, **identifiers)
    few = written(
        authors=authors[:1], authors_complete=False, title_certain=False, year=2012, page="e42"
    )

    place = "2012;380(9):848\u201357. doi:10.1016/x; PMID: 123; PMCID: PMC9; NCT01234567"
    lines = CITATIONS["vancouver"]([many, few, written(url="https://example.org")])
    assert lines.split("\n") == [
        f"A ALB, B ALB, C ALB, D ALB, E ALB, F ALB, et al. Is it? Lancet. {place}",
        "A ALB, et al. One. 2012;e42.",
        "One. Available from: https://example.org",
        "",
    ]
    found = bibtex(CITATIONS["bibtex"]([many, few.model_copy(update={"id": "few"})]))
    assert (found["one-2015"]["pages"], found["few"]["pages"]) == ("848--857", "e42")
    assert found["few"]["author"] == "A, Ann-Lee B. and others"
    assert found["few"]["note"] == (
        "Part of the title was inferred. There are more authors than are listed."
    )
    assert found["one-2015"]["note"] == "Registry number: NCT01234567."
    found = ris(CITATIONS["ris"]([many]))
    assert (found["one-2015"]["start_page"], found["one-2015"]["end_page"]) == ("848", "857")
    assert "url" not in found["one-2015"]


def test_a_registry_entry_without_address_leads_to_the_registry() -> None:
    entry = written(type="webpage", nct="NCT01234567", title="eIF4A in B cells")

    (item,) = json.loads(CITATIONS["csl-json"]([entry]))
    assert item["URL"] == "https://clinicaltrials.gov/study/NCT01234567"
    found = bibtex(CITATIONS["bibtex"]([entry]))["one-2015"]
    assert (found["type"], found["title"]) == ("misc", "{eIF4A} in {B} cells")


def test_every_reference_is_read_back_from_every_form(client: TestClient) -> None:
    listed = pages(client, "/v1/references?limit=200")
    assert len(listed) > 200

    for form, read in (("bibtex", bibtex), ("ris", ris), ("csl-json", csl)):
        answer = client.get(f"/v1/references?format={form}")
        assert answer.headers["content-type"] == CITATION_FORMS[form]
        found = read(answer.text)
        assert list(found) == [one["id"] for one in listed]
        for one in listed:
            title, doi = found[one["id"]]["title"], found[one["id"]].get("doi")
            assert (printed(title) if form == "bibtex" else title) == one["title"]
            assert form == "csl-json" or doi == one["doi"]
            assert len(found[one["id"]].get("authors", [])) in (0, len(one["authors"]))

    lines = client.get("/v1/references?format=vancouver").text
    assert lines == "".join(f"{one['cite']}\n" for one in listed)


def cited_in(answer: Any) -> Iterator[str]:
    """All references that an answer names."""
    if isinstance(answer, dict):
        if {"citation", "doi", "pmid"} <= answer.keys():
            yield answer["id"]
        for one in answer.values():
            yield from cited_in(one)
    elif isinstance(answer, list):
        for one in answer:
            yield from cited_in(one)


def given(client: TestClient, address: str) -> set[str]:
    """The references that an address gives, each once and the same in every form."""
    start = f"{address}{'&' if '?' in address else '?'}format="
    read = {"bibtex": bibtex, "ris": ris, "csl-json": csl}
    found = {form: list(read[form](client.get(start + form).text)) for form in read}
    assert found["bibtex"] == found["ris"] == found["csl-json"]
    assert client.get(f"{start}vancouver").text.count("\n") == len(found["ris"])
    assert len(set(found["ris"])) == len(found["ris"])
    return set(found["ris"])


LISTS = [
    "/v1/evidence?mechanism=adcc-enhancement",
    "/v1/evidence?q=cereblon",
    "/v1/subtypes/mantle-cell-lymphoma/evidence",
    "/v1/outcomes?trial=augment",
]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_gives_the_references_of_its_rows(client: TestClient, address: str) -> None:
    join = "&" if "?" in address else "?"
    expected = set(cited_in(pages(client, f"{address}{join}limit=200")))
    assert expected

    assert given(client, address) == expected


@pytest.mark.parametrize(
    "address",
    [
        "/v1/mechanisms/adcc-enhancement",
        "/v1/subtypes/mantle-cell-lymphoma",
        "/v1/partners/ibrutinib",
        "/v1/entities/crbn",
        "/v1/trials/augment",
        "/v1/conflicts/cereblon-need",
        "/v1/evidence/a051103-orr",
        "/v1/references/gribben-2015",
    ],
)
def test_a_row_gives_what_it_names_and_the_sources_of_its_claims(
    client: TestClient, address: str
) -> None:
    kind, row_id = address.split("/")[2:]
    if kind == "conflicts":
        row_id = client.get("/v1/conflicts?limit=1").json()["items"][0]["id"]
        address = f"/v1/conflicts/{row_id}"
    row = client.get(address).json()
    claims = [] if kind == "evidence" else pages(client, f"{address}/evidence?limit=200")
    expected = set(cited_in([row, claims]))
    assert expected

    assert given(client, address) == expected


@pytest.mark.parametrize(
    "address",
    [
        "/v1/graph/paths?source=lenalidomide&target=irf4",
        "/v1/graph/paths?source=lenalidomide&target=crbn",
        "/v1/partners/rituximab/rationale",
    ],
)
def test_paths_and_reasons_give_the_references_of_their_proofs(
    client: TestClient, address: str
) -> None:
    expected = set(cited_in(client.get(address).json()))
    assert expected

    assert given(client, address) == expected


@pytest.mark.parametrize("address", ["/v1/graph", "/v1/mechanisms/adcc-enhancement/graph"])
def test_a_network_gives_the_references_of_its_steps(client: TestClient, address: str) -> None:
    claims = {one["id"]: one for one in pages(client, "/v1/evidence?limit=200")}
    edges = client.get(address).json()["edges"]
    expected = {claims[one]["reference"]["id"] for edge in edges for one in edge["evidence"]}
    assert expected

    assert given(client, address) == expected


def test_a_cell_of_the_matrix_gives_the_references_behind_its_number(client: TestClient) -> None:
    cell = client.get("/v1/matrix?rows=mechanism&columns=subtype").json()["cells"][0]
    expected = set(cited_in(pages(client, cell["evidence"])))
    assert expected

    assert given(client, cell["evidence"]) == expected


def test_nothing_found_is_an_empty_file(client: TestClient) -> None:
    assert given(client, "/v1/evidence?origin=stated&level=A&subtype=burkitt-lymphoma") == set()


def test_a_page_of_references_leads_to_the_next(client: TestClient) -> None:
    address = "/v1/references?format=ris&limit=3"
    first = client.get(address)
    following = client.get(first.links["next"]["url"])

    expected = [one["id"] for one in client.get("/v1/references?limit=6").json()["items"]]
    assert [*ris(first.text), *ris(following.text)] == expected


def test_files_of_references_are_kept_and_named(client: TestClient) -> None:
    address = "/v1/mechanisms/adcc-enhancement"
    answer = client.get(address, headers={"Accept": "application/x-bibtex"})

    assert answer.text == client.get(f"{address}?format=bibtex").text
    assert answer.headers["content-disposition"] == 'inline; filename="references.bib"'
    known = {"If-None-Match": answer.headers["etag"]}
    again = client.get(f"{address}?format=bibtex", headers=known)
    assert again.status_code == 304


def test_a_claim_is_cited_by_the_line_of_its_reference(client: TestClient) -> None:
    lines = {one["id"]: one["cite"] for one in pages(client, "/v1/references?limit=200")}
    claims = pages(client, "/v1/evidence?limit=200")

    assert {one["id"]: one["cite"] for one in claims} == {
        one["id"]: lines[one["reference"]["id"]] for one in claims
    }
    assert min(map(len, lines.values())) > 20


def test_a_changed_reference_changes_the_line_of_its_claims(copy: Settings) -> None:
    values = entry(documents(), "references", "gribben-2015") | {"title": "Another"}
    with changing(copy) as connection:
        put(connection, record("references", values))
        claim, reference = table("evidence"), table("reference")
        claims = claim.select().where(claim.c.reference_id == "gribben-2015")
        lines = {row.cite for row in connection.execute(claims)}
        stored = connection.execute(reference.select().where(reference.c.id == "gribben-2015"))
        (line,) = [row.cite for row in stored]

    assert lines == {line}
    assert "Another. Journal of Clinical Oncology. 2015;33(25)" in line


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@pytest.mark.slow
def test_a_wrong_line_is_found_and_made_again(copy: Settings) -> None:
    with changing(copy) as connection:
        claim = table("evidence")
        right = {row.id: row.cite for row in connection.execute(claim.select())}
        connection.execute(claim.update().values(cite=""))
        assert differing(connection) == ["evidence"]

        assert rebuild(connection) == ["evidence"]
        assert {row.id: row.cite for row in connection.execute(claim.select())} == right
