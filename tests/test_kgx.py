"""The network in the words of the Biolink Model, read back as tables and by its own library."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import ROOT, Settings
from tests.changing import add_edge, add_entity, changing
from tests.conftest import SQLITE_FIRST
from tests.looking import some
from tests.test_graph_files import ADDRESSES, steps_of

READERS = ROOT / "tests" / "readers"
OWN = "lenalidomide-moa:"
# From the release 4.4.6 of the model (PyPI: biolink-model); the whole is asked in the full column.
CATEGORIES = {
    *("biolink:Drug", "biolink:Protein", "biolink:MacromolecularComplex", "biolink:Cell"),
    *("biolink:ProteinFamily", "biolink:BiologicalProcessOrActivity", "biolink:PhenotypicFeature"),
    "biolink:NamedThing",
}
PREDICATES = {
    *("biolink:affects", "biolink:directly_physically_interacts_with", "biolink:interacts_with"),
}
QUALIFIED = {"biolink:causes", "biolink:contributes_to", ""}
ASPECTS = {"activity", "abundance", "activity_or_abundance", ""}
PLAIN = "biolink:Association"
# What has the cell in which it holds beside the qualifiers of its object, and what has not.
IN_A_CELL = {
    "biolink:ChemicalAffectsBiologicalEntityAssociation",
    "biolink:ChemicalAffectsGeneAssociation",
    "biolink:ChemicalGeneInteractionAssociation",
    "biolink:EntityToPhenotypicFeatureAssociation",
    "biolink:GeneToPhenotypicFeatureAssociation",
}
OF_GENES = {"biolink:GeneToGeneAssociation"}
DIRECTIONS = {"+": "increased", "-": "decreased", "?": ""}

Rows = list[dict[str, str]]


def unpacked(body: bytes) -> tuple[Rows, Rows]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.namelist() == ["nodes.tsv", "edges.tsv"]
        texts = [archive.read(name).decode() for name in archive.namelist()]
    nodes, edges = (
        list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
        for text in texts
    )
    return nodes, edges


def tables(client: TestClient, address: str) -> tuple[Rows, Rows]:
    answer = client.get(f"{address}&format=kgx")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    return unpacked(answer.content)


@pytest.mark.parametrize("address", ADDRESSES)
def test_networkx_finds_every_step(client: TestClient, address: str) -> None:
    nodes, edges = tables(client, address)
    ids = {node["id"]: node["node"] for node in nodes}
    graph: Any = nx.MultiDiGraph()
    graph.add_nodes_from(ids)
    for edge in some(edges):
        graph.add_edge(edge["subject"], edge["object"], edge["id"], **edge)

    assert len(ids) == len(nodes) == len(graph)
    assert {
        key.removeprefix(OWN): (ids[start], ids[end], row["sign"])
        for start, end, key, row in graph.edges(keys=True, data=True)
    } == steps_of(client.get(address).json())


def test_it_has_what_the_default_form_has(client: TestClient) -> None:
    graph = client.get("/v1/graph?basis=evidence&basis=textbook").json()
    nodes, edges = tables(client, "/v1/graph?basis=evidence&basis=textbook")

    rows = {node["node"]: node for node in nodes}
    for node in some(graph["nodes"]):
        row = rows[node["id"]]
        for name in ("name", "label", "kind", "entity", "symbol", "state_of", "state"):
            assert row[name] == (node[name] or ""), (node["id"], name)
        assert len([one for one in row["xref"].split("|") if one]) == len(node["xrefs"])
        assert row["crosses_cells"] == str(node["crosses_cells"]).lower()
    assert len(edges) == len(graph["edges"])
    for edge, row in zip(graph["edges"], edges, strict=True):
        for name in ("edge", "relation", "sign", "type", "basis", "origin"):
            assert row[name] == edge[name]
        assert (row["level"], row["cell"]) == (edge["level"] or "", edge["cell"]["id"])
        assert row["contact_with"] == (edge["contact_with"] or {"id": ""})["id"]
        assert row["mechanisms"] == "|".join(edge["mechanisms"])
        assert row["publications"] == "|".join(edge["publications"])
        assert row["has_evidence"].replace(OWN, "") == "|".join(edge["evidence"])
        assert row["evidence_count"] == str(edge["evidence_counts"]["total"])


def test_every_word_is_one_of_the_model(client: TestClient) -> None:
    nodes, edges = tables(client, "/v1/graph?basis=evidence&basis=textbook")

    assert {node["category"] for node in nodes} == CATEGORIES
    assert {edge["predicate"] for edge in edges} == PREDICATES
    assert {edge["qualified_predicate"] for edge in edges} == QUALIFIED
    assert {edge["object_aspect_qualifier"] for edge in edges} == ASPECTS
    assert {edge["category"] for edge in edges} == IN_A_CELL | OF_GENES | {PLAIN}
    kinds = {node["id"]: node["category"] for node in nodes}
    for edge in some(edges):
        assert edge["knowledge_level"] == "knowledge_assertion"
        assert edge["agent_type"] == "not_provided"
        assert edge["primary_knowledge_source"] == "infores:lenalidomide-moa"
        context = edge["anatomical_context_qualifier"]
        found = edge["cell_term"] or OWN + edge["cell"]
        assert context == (found if edge["category"] in IN_A_CELL else "")
        causal = edge["predicate"] == "biolink:affects" and edge["category"] != PLAIN
        expected = DIRECTIONS[edge["sign"]] if causal else ""
        assert edge["object_direction_qualifier"] == expected
        assert (edge["publications"] == "") == (edge["basis"] == "textbook")
        molecule = kinds[edge["object"]] in ("biolink:Protein", "biolink:Drug")
        assert (edge["object_aspect_qualifier"] != "") == (causal and molecule)


def test_things_go_by_the_identifiers_that_others_use(client: TestClient) -> None:
    nodes, edges = tables(client, "/v1/graph?")
    found = {node["node"]: node["id"] for node in nodes}

    crbn = client.get("/v1/entities/crbn").json()["xrefs"]
    (accession,) = [one for one in crbn if one.startswith("uniprot:")]
    assert found["crbn"] == accession.replace("uniprot:", "UniProtKB:")
    assert found["lenalidomide"].startswith("CHEBI:")
    # A state of a protein is not that protein.
    assert found["crbn-loss"] == f"{OWN}crbn-loss"
    assert {node["category"] for node in nodes if node["node"] == "crbn-loss"} == {
        "biolink:NamedThing"
    }
    cells = {edge["cell"]: edge["cell_term"] for edge in edges}
    codes = client.get("/v1/entities/nk-cell").json()["xrefs"]
    assert cells["nk-cell"] in codes


def test_split_nodes_stay_apart(client: TestClient) -> None:
    nodes, edges = tables(client, "/v1/graph?nodes=per-cell")
    graph = client.get("/v1/graph?nodes=per-cell").json()

    assert len({node["id"] for node in nodes}) == len(nodes) == len(graph["nodes"])
    assert len({edge["id"] for edge in edges}) == len(edges) == len(graph["edges"])
    assert [node["cell"] for node in nodes] == [node["cell"]["id"] for node in graph["nodes"]]


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_odd_names_and_new_words_break_no_row(copy: Settings) -> None:
    name = 'a\tb\nc\r"d" | =1+1 \u2028 é'
    with changing(copy) as connection:
        add_entity(connection, "odd", name=name, label="'odd")
        add_edge(connection, "odd-edge", ("lenalidomide", "odd"), relation="mediates")
    with TestClient(create_app(copy)) as client:
        nodes, edges = tables(client, "/v1/graph?basis=textbook")
        nothing = tables(client, "/v1/graph?level=A&known_by=1999")

    (odd,) = [node for node in nodes if node["node"] == "odd"]
    assert odd["name"] == 'a b c "d" | =1+1   é'
    assert odd["label"] == "'odd"
    (edge,) = [edge for edge in edges if edge["edge"] == "odd-edge"]
    # A relation that the model is not known to have is only that the two are related.
    assert (edge["predicate"], edge["relation"]) == ("biolink:related_to", "mediates")
    assert nothing == ([], [])


@pytest.mark.aside
def test_the_same_data_give_the_same_bytes(apps: dict[str, TestClient]) -> None:
    answers = [app.get("/v1/graph?format=kgx") for app in apps.values()]

    assert answers[0].content == answers[1].content
    tag = answers[0].headers["etag"]
    for app in apps.values():
        again = app.get("/v1/graph", headers={"Accept": "application/zip", "If-None-Match": tag})
        assert again.status_code == 304
        head = app.head("/v1/graph?format=kgx")
        assert head.headers["content-length"] == str(len(answers[0].content))
        assert head.headers["content-disposition"].endswith('.kgx.zip"')
        assert "content-encoding" not in head.headers


@pytest.mark.full
def test_the_library_of_the_model_knows_every_word(
    apps: dict[str, TestClient], tmp_path: Path
) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    lock = str(READERS / "biolink.lock")
    install = [str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", lock]
    if subprocess.run(install, check=False).returncode:
        pytest.skip("bmt is missing: pip cannot install it")
    answer = apps["sqlite"].get("/v1/graph?basis=evidence&basis=textbook&format=kgx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)

    done = subprocess.run(
        [python, READERS / "biolink.py", tmp_path], check=True, capture_output=True
    )

    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert (found["version"], found["edges"] > 100) == ("4.4.6", True)
