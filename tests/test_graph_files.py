"""The network as files, read back by independent programs."""

import json
import subprocess
import sys
from io import BytesIO
from typing import Any

import networkx as nx
import pytest
from ndex2.cx2 import CX2Network, RawCX2NetworkFactory  # type: ignore[import-untyped]
from sqlalchemy import insert
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.changing import add_edge, add_entity, allow_odd_ids, changing, table
from tests.looking import some

ADDRESSES = [
    "/v1/graph?basis=textbook",
    "/v1/graph/paths?source=lenalidomide&target=tumour-cell-death",
    "/v1/partners/rituximab/rationale?limit=5",
    "/v1/mechanisms/adcc-enhancement/graph?",
]
ODD = "a;b,c\td\"e'f<g>&h é|Ω日本\U0001f9ec]]>"


def content(client: TestClient, address: str, form: str) -> bytes:
    answer = client.get(f"{address}&format={form}")
    assert answer.status_code == 200, answer.text
    return answer.content


def read_graphml(content: bytes) -> Any:
    return nx.read_graphml(BytesIO(content), force_multigraph=True)


def read_cx2(content: bytes) -> CX2Network:
    network: CX2Network = RawCX2NetworkFactory().get_cx2network(json.loads(content))
    return network


def steps_of(answer: Any) -> dict[str, tuple[str, ...]]:
    """The steps that a JSON answer shows, whichever of the four it is."""
    if "edges" in answer:
        return {
            edge["id"]: (edge["source"], edge["target"], edge["sign"]) for edge in answer["edges"]
        }
    paths = answer.get("items") or [
        meeting[path] for meeting in answer["meetings"] for path in ("drug_path", "partner_path")
    ]
    return {
        step["id"]: (step["source"]["id"], step["target"]["id"], step["sign"])
        for path in paths
        for step in path["steps"]
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_graphml_is_what_networkx_reads(client: TestClient, address: str) -> None:
    expected = steps_of(client.get(address).json())

    read = read_graphml(content(client, address, "graphml"))

    assert read.is_directed()
    assert {key: (s, t, d["sign"]) for s, t, key, d in read.edges(keys=True, data=True)} == expected
    assert read.graph["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize("address", ADDRESSES)
def test_cx2_is_what_ndex_reads(client: TestClient, address: str) -> None:
    expected = steps_of(client.get(address).json())

    read = read_cx2(content(client, address, "cx2"))

    ids = {number: node["v"]["id"] for number, node in read.get_nodes().items()}
    assert {
        edge["v"]["id"]: (ids[edge["s"]], ids[edge["t"]], edge["v"]["sign"])
        for edge in read.get_edges().values()
    } == expected
    assert read.get_network_attributes()["licence"] == "CC-BY-4.0"


def test_files_have_what_the_default_form_has(client: TestClient) -> None:
    graph = client.get("/v1/graph").json()
    graphml = read_graphml(content(client, "/v1/graph?", "graphml"))
    cx2 = read_cx2(content(client, "/v1/graph?", "cx2"))

    for edge in some(graph["edges"]):
        read = graphml.edges[edge["source"], edge["target"], edge["id"]]
        assert read["evidence"] == "|".join(edge["evidence"])
        assert read["evidence_total"] == edge["evidence_counts"]["total"]
        assert read["evidence_native"] == edge["evidence_counts"]["origin"]["native"]
        assert (read["cell"], read.get("level")) == (edge["cell"]["id"], edge["level"])
    for node, read in some(zip(graph["nodes"], cx2.get_nodes().values(), strict=True)):
        assert read["v"]["xrefs"] == node["xrefs"]
        assert read["v"]["crosses_cells"] is node["crosses_cells"]
        assert graphml.nodes[node["id"]]["label"] == node["label"]


def test_odd_ids_and_names_survive(copy: Settings) -> None:
    with changing(copy) as connection:
        allow_odd_ids(connection)
        add_entity(connection, ODD, label=f"{ODD}\x01")
        add_edge(connection, f"edge {ODD}", ("lenalidomide", ODD))
        connection.execute(
            insert(table("entity_xref")), [{"entity_id": ODD, "position": 0, "curie": ODD}]
        )
    with TestClient(create_app(copy)) as client:
        graphml = read_graphml(content(client, "/v1/graph?basis=textbook", "graphml"))
        cx2 = read_cx2(content(client, "/v1/graph?basis=textbook", "cx2"))
        plain = client.get("/v1/graph?basis=textbook").json()

    # XML has no sign for \x01.
    assert graphml.nodes[ODD]["label"] == f"{ODD}\N{REPLACEMENT CHARACTER}"
    assert graphml.edges["lenalidomide", ODD, f"edge {ODD}"]["sign"] == "+"
    for nodes in (plain["nodes"], [node["v"] for node in cx2.get_nodes().values()]):
        (odd,) = [node for node in nodes if node["id"] == ODD]
        assert (odd["label"], odd["xrefs"]) == (f"{ODD}\x01", [ODD])


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_accept_header_chooses_and_the_parameter_wins(client: TestClient, address: str) -> None:
    for wanted in ("application/x-cx2+json", "application/graphml+xml", "image/svg+xml"):
        answer = client.get(address, headers={"Accept": f"{wanted}, application/json;q=0.5"})
        assert answer.headers["content-type"] == wanted
        assert answer.headers["content-disposition"].startswith("inline; filename=")
        other = client.get(f"{address}&format=json", headers={"Accept": wanted})
        assert other.headers["content-type"] == "application/json"


@pytest.mark.parametrize("address", ADDRESSES)
def test_other_forms_are_refused_with_those_there_are(client: TestClient, address: str) -> None:
    for answer in (
        client.get(f"{address}&format=sif"),
        client.get(address, headers={"Accept": "text/html"}),
    ):
        assert answer.status_code == 406
        assert "application/graphml+xml" in answer.json()["detail"]


def test_an_empty_graph_is_a_file_too(client: TestClient) -> None:
    nothing = "/v1/graph?level=A&known_by=1999"

    assert len(read_graphml(content(client, nothing, "graphml"))) == 0
    assert read_cx2(content(client, nothing, "cx2")).get_nodes() == {}


@pytest.mark.slow
def test_the_service_starts_without_the_library_of_pictures() -> None:
    program = "import sys, app.main; print({'networkx', 'graphviz'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.strip() == b"set()"
