"""CX2 and GraphML against the default form: every node, step and field, and how they look."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.formats.cx2 import SIGNS
from app.main import create_app
from app.settings import Settings
from tests.conftest import SQLITE_FIRST
from tests.looking import some
from tests.test_graph_files import content, read_cx2, read_graphml

WHOLE = "/v1/graph?basis=evidence&basis=textbook"
VIEWS = [WHOLE, f"{WHOLE}&nodes=per-cell", "/v1/mechanisms/adcc-enhancement/graph?"]
DRAWN = re.compile(
    r'/v1/entities/([a-z0-9-]+)".*?<rect [^>]*?x="(-?[\d.]+)" y="(-?[\d.]+)" width="([\d.]+)" '
    r'height="([\d.]+)"'
)

Fields = dict[str, Any]


def known(values: Fields) -> Fields:
    return {name: value for name, value in values.items() if value is not None}


def expected_nodes(graph: Any) -> Iterator[tuple[str, Fields]]:
    for node in some(graph["nodes"]):
        same = ("name", "label", "kind", "entity", "symbol", "state_of", "state", "xrefs")
        cell = node["cell"] or {}
        yield (
            node["id"],
            known(
                {name: node[name] for name in (*same, "crosses_cells")}
                | {"cell": cell.get("id"), "cell_label": cell.get("label")}
            ),
        )


def expected_edges(graph: Any) -> Iterator[tuple[tuple[str, str, str], Fields]]:
    labels = {node["id"]: node["label"] for node in graph["nodes"]}
    for edge in some(graph["edges"]):
        same = ("edge", "relation", "sign", "type", "basis", "origin", "level", "evidence")
        counts, contact = edge["evidence_counts"], edge["contact_with"] or {}
        source, target = labels[edge["source"]], labels[edge["target"]]
        yield (
            (edge["id"], edge["source"], edge["target"]),
            known(
                {name: edge[name] for name in (*same, "pmids", "publications", "mechanisms")}
                | {"interaction": edge["relation"]}
                | {"name": f"{source} {edge['relation'].replace('_', ' ')} {target}"}
                | {"cell": edge["cell"]["id"], "cell_label": edge["cell"]["label"]}
                | {"contact_with": contact.get("id"), "contact_with_label": contact.get("label")}
                | {"evidence_total": counts["total"]}
                | {f"evidence_{name}": count for name, count in counts["level"].items()}
                | {f"evidence_{name}": count for name, count in counts["origin"].items()}
            ),
        )


def without_identifier(values: Fields) -> Fields:
    """The rest of a node: what `represents` it is one of its identifiers, or nothing."""
    rest = dict(values)
    assert rest.pop("represents", None) in [*rest["xrefs"], None]
    return rest


def plain(values: Fields) -> Fields:
    """As GraphML has them: lists are joined."""
    return {
        name: "|".join(value) if isinstance(value, list) else value
        for name, value in values.items()
    }


@pytest.mark.parametrize("address", VIEWS)
def test_cx2_has_every_field_and_no_other(client: TestClient, address: str) -> None:
    graph = client.get(address).json()

    read = read_cx2(content(client, address, "cx2"))

    nodes = {node["v"].pop("id"): node["v"] for node in read.get_nodes().values()}
    ids = dict(zip(read.get_nodes(), nodes, strict=True))
    assert {name: without_identifier(values) for name, values in nodes.items()} == dict(
        expected_nodes(graph)
    )
    assert {
        (edge["v"].pop("id"), ids[edge["s"]], ids[edge["t"]]): edge["v"]
        for edge in read.get_edges().values()
    } == dict(expected_edges(graph))
    assert read.get_network_attributes() == graph["graph"]


@pytest.mark.parametrize("address", VIEWS)
def test_graphml_has_every_field_and_no_other(client: TestClient, address: str) -> None:
    graph = client.get(address).json()

    read = read_graphml(content(client, address, "graphml"))

    nodes = {name: {"xrefs": "", **values} for name, values in read.nodes(data=True)}
    for values in nodes.values():
        values.pop("represents", None)
    assert nodes == {name: plain(values) for name, values in expected_nodes(graph)}
    assert {
        (key, source, target): values
        for source, target, key, values in read.edges(keys=True, data=True)
    } == {
        (key, source, target): plain(values)
        for (key, source, target), values in expected_edges(graph)
    }
    about = {name: read.graph[name] for name in graph["graph"]}
    assert about == graph["graph"]


def test_nodes_stand_where_the_picture_has_them(client: TestClient) -> None:
    read = read_cx2(content(client, "/v1/graph?", "cx2"))
    drawn: dict[str, set[tuple[float, float]]] = {}
    for name, *numbers in DRAWN.findall(content(client, "/v1/graph?", "svg").decode()):
        x, y, width, height = map(float, numbers)
        drawn.setdefault(name, set()).add((x + width / 2, y + height / 2))

    nodes = some(list(read.get_nodes().values()))
    for node in nodes:
        assert any(
            abs(node["x"] - x) < 0.3 and abs(node["y"] - y) < 0.3 for x, y in drawn[node["v"]["id"]]
        ), node["v"]["id"]
    assert len({(node["x"], node["y"]) for node in nodes}) == len(nodes)


def test_split_nodes_have_places_too(client: TestClient) -> None:
    read = read_cx2(content(client, VIEWS[1], "cx2"))

    places = {(node["x"], node["y"]) for node in some(list(read.get_nodes().values()))}
    assert len(places) == len(read.get_nodes())


def test_kinds_have_colours_and_signs_have_lines(client: TestClient) -> None:
    read = read_cx2(content(client, WHOLE, "cx2"))
    looks = read.get_visual_properties()

    fills = looks["nodeMapping"]["NODE_BACKGROUND_COLOR"]["definition"]
    kinds = {node["v"]["kind"] for node in read.get_nodes().values()}
    assert fills["attribute"] == "kind"
    assert {one["v"] for one in fills["map"]} <= kinds
    for name, part in (("EDGE_TARGET_ARROW_SHAPE", 0), ("EDGE_LINE_COLOR", 1)):
        mapping = looks["edgeMapping"][name]["definition"]
        assert mapping["attribute"] == "sign"
        assert {one["v"]: one["vp"] for one in mapping["map"]} == {
            sign: look[part] for sign, look in SIGNS.items()
        }
    other = [number for number, edge in read.get_edges().items() if edge["v"]["type"] != "causal"]
    assert set(read.get_edge_bypasses()) == set(some(other))


@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
@pytest.mark.parametrize(
    ("program", "policy"),
    [("/no/such/program", "public, max-age=0, must-revalidate"), ("/bin/false", "no-store")],
)
def test_a_file_without_places_is_better_than_none(
    copy: Settings, program: str, policy: str
) -> None:
    settings = copy.model_copy(update={"dot": program})
    with TestClient(create_app(settings)) as client:
        answer = client.get("/v1/graph?format=cx2")

    (nodes,) = [aspect["nodes"] for aspect in answer.json() if "nodes" in aspect]
    assert all("x" not in node and "y" not in node for node in some(nodes))
    # What may be different at the next time is not kept.
    assert answer.headers["cache-control"] == policy
