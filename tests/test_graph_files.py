"""The network as files, read back by independent programs."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO, StringIO
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
CEREBLON = "/v1/mechanisms/cereblon-loss-resistance/graph?"
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


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_table_has_one_step_a_row(client: TestClient, address: str) -> None:
    answer = client.get(address).json()

    read = list(csv.DictReader(StringIO(content(client, address, "tsv").decode()), delimiter="\t"))

    found = {row["id"]: (row["source"], row["target"], row["sign"]) for row in read}
    assert found == steps_of(answer)
    assert len(found) == len(read)


def test_a_table_has_what_the_default_form_has(client: TestClient) -> None:
    graph = client.get("/v1/graph").json()
    cited = {one["id"]: one["reference"]["pmid"] for one in claims(client)}
    text = content(client, "/v1/graph?", "tsv").decode()
    read = {row["id"]: row for row in csv.DictReader(StringIO(text), delimiter="\t")}
    nodes = {node["id"]: node for node in graph["nodes"]}

    for edge in some(graph["edges"]):
        row = read[edge["id"]]
        for name in ("relation", "type", "basis", "origin"):
            assert row[name] == edge[name]
        assert (row["cell"], row["level"]) == (edge["cell"]["id"], edge["level"] or "")
        assert row["claims"] == str(edge["evidence_counts"]["total"])
        for name in ("mechanisms", "evidence", "pmids"):
            assert row[name] == "|".join(edge[name])
        assert set(edge["pmids"]) == {cited[claim] for claim in edge["evidence"]} - {None}
        for end in ("source", "target"):
            node = nodes[edge[end]]
            assert row[f"{end}_symbol"] == (node["symbol"] or "")
            accessions = [one for one in node["xrefs"] if one.startswith("uniprot:")]
            assert row[f"{end}_uniprot"] == "|".join(accessions).replace("uniprot:", "")


def claims(client: TestClient) -> Iterator[Any]:
    address = "/v1/evidence?limit=200"
    while address:
        page = client.get(address).json()
        yield from page["items"]
        address = page["next"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_sif_is_the_bare_steps(client: TestClient, address: str) -> None:
    steps = {
        (source, target) for source, target, _ in steps_of(client.get(address).json()).values()
    }

    lines = [line.split("\t") for line in content(client, address, "sif").decode().splitlines()]

    assert {(line[0], line[2]) for line in lines if len(line) == 3} == steps
    assert {len(line) for line in lines} <= {1, 3}


def test_cytoscape_finds_what_it_looks_for(client: TestClient) -> None:
    read = read_cx2(content(client, "/v1/graph?", "cx2"))
    nodes = {node["v"]["id"]: node["v"] for node in read.get_nodes().values()}

    assert nodes["crbn"]["represents"].startswith("uniprot:")
    for edge in some(list(read.get_edges().values())):
        assert edge["v"]["interaction"] == edge["v"]["relation"]
        assert all(one.isdigit() for one in edge["v"]["pmids"])


def test_files_say_of_what_a_node_is_which_state(client: TestClient) -> None:
    graphml = read_graphml(content(client, CEREBLON, "graphml"))
    cx2 = read_cx2(content(client, CEREBLON, "cx2"))

    in_cx2 = {node["v"]["id"]: node["v"] for node in cx2.get_nodes().values()}
    for node in (graphml.nodes["crbn-loss"], in_cx2["crbn-loss"]):
        assert (node["state_of"], node["state"]) == ("crbn", "decreased")
    assert "state_of" not in graphml.nodes["crbn"]


# --- one node for each cell ----------------------------------------------------------------------

MAX_STEPS = 8


def read_json(content: bytes) -> Any:
    return nx.node_link_graph(json.loads(content))


READERS = {"json": read_json, "graphml": read_graphml}


def naive_paths(graph: Any, source: str, target: str) -> list[tuple[str, ...]]:
    """The edges of each path that networkx finds, which knows nothing of cells.

    The shipped network has no loop, so no path meets an entity twice.
    """
    ends = [node for node, entity in graph.nodes(data="entity") if entity == target]
    chains = nx.all_simple_edge_paths(graph, source, ends, cutoff=MAX_STEPS)
    return sorted(tuple(graph.edges[step]["edge"] for step in chain) for chain in chains)


def listed_paths(client: TestClient, source: str, target: str, question: str) -> Any:
    answer = client.get(
        f"/v1/graph/paths?source={source}&target={target}&max_steps={MAX_STEPS}&limit=100&{question}"
    ).json()
    assert not answer["truncated"]
    return sorted(tuple(step["id"] for step in path["steps"]) for path in answer["items"])


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.full
@pytest.mark.parametrize(
    ("form", "source", "question"),
    [
        ("json", "lenalidomide", "basis=evidence"),
        ("graphml", "lenalidomide", "basis=evidence"),
        ("graphml", "lenalidomide", "native=true"),
        ("json", "ibrutinib", "basis=textbook"),
        ("json", "crbn", "cell=t-cell&cell=tumour-b-cell"),
    ],
)
def test_a_path_search_that_knows_no_cells_finds_the_paths_of_the_api(
    client: TestClient, form: str, source: str, question: str
) -> None:
    address = f"/v1/graph?nodes=per-cell&{question}"
    graph = READERS[form](content(client, address, form))
    entities = {entity for _, entity in graph.nodes(data="entity")} - {source}

    found = {entity: naive_paths(graph, source, entity) for entity in entities}

    assert found == {
        entity: listed_paths(client, source, entity, question) for entity in some(entities)
    }
    assert sum(map(len, found.values())) > 10


def test_the_same_search_over_entities_finds_paths_that_break_the_rule(client: TestClient) -> None:
    graph = read_json(content(client, "/v1/graph?", "json"))

    naive = naive_paths(graph, "lenalidomide", "tumour-cell-death")

    assert set(naive) > set(listed_paths(client, "lenalidomide", "tumour-cell-death", ""))


def test_every_form_has_the_same_nodes_for_each_cell(client: TestClient) -> None:
    address = "/v1/graph?nodes=per-cell"
    plain = client.get(address).json()
    graphml = read_graphml(content(client, address, "graphml"))
    cx2 = read_cx2(content(client, address, "cx2"))

    in_cx2 = {node["v"]["id"]: node["v"] for node in cx2.get_nodes().values()}
    assert len(plain["nodes"]) == len(graphml) == len(in_cx2)
    for node in some(plain["nodes"]):
        for read in (graphml.nodes[node["id"]], in_cx2[node["id"]]):
            assert (read["entity"], read["cell"]) == (node["entity"], node["cell"]["id"])
            assert read["label"] == node["label"]
        alone = node["cell"]["id"] == "any-cell"
        assert (node["id"] == node["entity"]) is alone
        assert alone or not node["crosses_cells"]
    assert [edge["edge"] for edge in plain["edges"]] == [
        edge["v"]["edge"] for edge in cx2.get_edges().values()
    ]
    keys = [edge["id"] for edge in plain["edges"]]
    assert sorted(keys) == sorted(key for *_, key in graphml.edges(keys=True))
    assert len(set(keys)) == len(keys)


def test_every_causal_step_and_no_other_is_there_for_each_cell(client: TestClient) -> None:
    edges = client.get("/v1/graph").json()["edges"]

    split = client.get("/v1/graph?nodes=per-cell").json()["edges"]

    types = {edge["type"] for edge in edges}
    assert {edge["edge"] for edge in split} == {
        edge["id"] for edge in edges if edge["type"] == "causal"
    }
    assert types == {"causal", "synergy"}
    rows = {edge["id"]: edge for edge in edges}
    for edge in some(split):
        for same in ("relation", "sign", "cell", "contact_with", "evidence", "mechanisms"):
            assert edge[same] == rows[edge["edge"]][same]


@pytest.mark.parametrize("nodes", ["per-entity", "per-cell"])
def test_every_form_states_the_cell_rule(client: TestClient, nodes: str) -> None:
    for address in (f"/v1/graph?nodes={nodes}", f"{CEREBLON}nodes={nodes}"):
        about = client.get(address).json()["graph"]
        graphml = read_graphml(content(client, address, "graphml")).graph
        cx2 = read_cx2(content(client, address, "cx2")).get_network_attributes()

        assert about["nodes"] == graphml["nodes"] == cx2["nodes"] == nodes
        assert about["cell_rule"] == graphml["cell_rule"] == cx2["cell_rule"]
        assert about["cell_rule"].startswith("A path changes cell only at an entity")


def test_a_mechanism_has_a_node_for_each_cell(client: TestClient) -> None:
    whole = client.get(CEREBLON).json()

    split = client.get(f"{CEREBLON}nodes=per-cell").json()

    assert {edge["edge"] for edge in split["edges"]} == {edge["id"] for edge in whole["edges"]}
    assert {node["entity"] for node in split["nodes"]} == {node["id"] for node in whole["nodes"]}
    assert "crbn-loss.tumour-b-cell" in [node["id"] for node in split["nodes"]]


@pytest.mark.parametrize("wrong", ["per-cells", "cell", ""])
def test_nodes_of_another_kind_are_refused(client: TestClient, wrong: str) -> None:
    assert client.get(f"/v1/graph?nodes={wrong}").status_code == 422


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


@pytest.mark.slow
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
        client.get(f"{address}&format=xgmml"),
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
