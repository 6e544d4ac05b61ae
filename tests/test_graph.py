"""The network over HTTP, on both databases."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import Any

import networkx as nx
import pytest
from sqlalchemy import Engine, event, insert, select, update
from starlette.testclient import TestClient

from app.db import Database
from app.graph.load import CurrentNetwork
from app.main import create_app
from app.settings import Settings
from tests.bench.servers import service
from tests.changing import STAMP, changing, table
from tests.conftest import SQLITE_FIRST, Clients
from tests.examples import ids
from tests.limits import SECONDS
from tests.looking import some

DEATH = "source=lenalidomide&target=tumour-cell-death"


def get(client: TestClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_of(client: TestClient, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        page = get(client, following)
        found += page["items"]
        following = page["next"]
    return found


def edges_of(client: TestClient, question: str) -> list[str]:
    return [edge["id"] for edge in get(client, f"/v1/graph?{question}")["edges"]]


# --- the graph ---------------------------------------------------------------------------------


def test_the_graph_has_every_edge_with_evidence_and_the_nodes_it_touches(
    client: TestClient,
) -> None:
    listed = all_of(client, "/v1/edges?basis=evidence&limit=200")

    graph = get(client, "/v1/graph")

    assert [edge["id"] for edge in graph["edges"]] == [edge["id"] for edge in listed]
    for shown, edge in some(zip(graph["edges"], listed, strict=True)):
        assert (shown["source"], shown["target"]) == (edge["source"]["id"], edge["target"]["id"])
        for same in ("relation", "sign", "cell", "contact_with", "type", "basis", "evidence"):
            assert shown[same] == edge[same]
        assert shown["evidence_counts"] | {"own": len(edge["evidence"])} == edge["evidence_counts"]
        assert shown["mechanisms"] == [
            mechanism["id"]
            for mechanism in get(client, f"/v1/mechanisms?entity={shown['source']}")["items"]
            if shown["id"] in [step["id"] for step in mechanism["steps"]]
        ]
    touched = {end["id"] for edge in listed for end in (edge["source"], edge["target"])}
    assert [node["id"] for node in graph["nodes"]] == sorted(touched)


def test_nodes_carry_their_names_and_identifiers(client: TestClient) -> None:
    nodes = {node["id"]: node for node in get(client, "/v1/graph?entity=crbn")["nodes"]}

    entity = get(client, "/v1/entities/crbn")
    assert nodes["crbn"] == {
        name: entity[name] for name in nodes["crbn"].keys() & entity.keys()
    } | {
        "entity": "crbn",
        "cell": None,
    }
    assert "hgnc:30185" in [xref.lower() for xref in nodes["crbn"]["xrefs"]]


def test_nodes_say_of_what_they_are_which_state(client: TestClient) -> None:
    states = {
        entity["id"]: (entity["state_of"]["id"], entity["state"])
        for entity in all_of(client, "/v1/entities?in_network=true&limit=200")
        if entity["state_of"]
    }
    nodes = get(client, "/v1/graph?basis=textbook")["nodes"]

    assert states["crbn-loss"] == ("crbn", "decreased")
    for node in some(nodes):
        assert (node["state_of"], node["state"]) == states.get(node["id"], (None, None))
    assert states.keys() <= {node["id"] for node in nodes}


def test_resistance_by_loss_of_cereblon_shows_the_loss_and_the_resistance(
    client: TestClient,
) -> None:
    graph = get(client, "/v1/mechanisms/cereblon-loss-resistance/graph")

    nodes = {node["id"]: node for node in graph["nodes"]}
    assert {"crbn-loss", "lenalidomide-resistance"} <= nodes.keys()
    assert (nodes["crbn-loss"]["state_of"], nodes["crbn-loss"]["state"]) == ("crbn", "decreased")
    assert ("crbn-loss", "lenalidomide-resistance", "+") in [
        (edge["source"], edge["target"], edge["sign"]) for edge in graph["edges"]
    ]


@pytest.mark.aside
@pytest.mark.parametrize(
    "question",
    [
        *("native=true", "native=false", "origin=stated", "origin=borrowed&origin=mixed"),
        *("level=A", "level=C", "level=E", "in_review=true", "in_review=false"),
        *("known_by=2010", "known_by=2015", "context=b-cell-nhl", "context=cll-sll"),
        *("subtype=follicular-lymphoma", "subtype=aggressive-b-cell-lymphoma"),
        "subtype=aggressive-b-cell-lymphoma&rollup=exact",
        "native=true&level=D&known_by=2014",
    ],
)
def test_an_edge_stays_while_one_of_its_claims_passes(client: TestClient, question: str) -> None:
    passing = {row["id"] for row in all_of(client, f"/v1/evidence?{question}&limit=200")}
    edges = all_of(client, "/v1/edges?basis=evidence&limit=200")

    shown = get(client, f"/v1/graph?{question}")["edges"]

    expected = {edge["id"]: [row for row in edge["evidence"] if row in passing] for edge in edges}
    assert {edge["id"]: edge["evidence"] for edge in shown} == {
        edge: rows for edge, rows in expected.items() if rows
    }


@pytest.mark.parametrize(
    "question",
    [
        *("mechanism=adcc-enhancement", "entity=irf4", "entity=irf4&entity=myc"),
        *("cell=t-cell&rollup=exact", "cell=tumour-b-cell&cell=nk-cell&rollup=exact"),
        *("sign=%2B", "sign=-", "sign=-&entity=myc"),
    ],
)
def test_edges_are_chosen_as_the_list_of_edges_chooses_them(
    client: TestClient, question: str
) -> None:
    listed = all_of(client, f"/v1/edges?{question}&basis=evidence&limit=200")

    assert edges_of(client, question) == [edge["id"] for edge in listed]


def test_a_cell_stands_for_those_below_it_and_has_what_happens_in_any_cell(
    client: TestClient,
) -> None:
    parents = {
        cell["id"]: cell["parent"] and cell["parent"]["id"]
        for cell in all_of(client, "/v1/entities?kind=cell&limit=200")
    }
    everywhere = {edge["cell"]["id"] for edge in get(client, "/v1/graph")["edges"]}

    shown = get(client, "/v1/graph?cell=t-cell")["edges"]

    meant = {cell for cell in parents if "t-cell" in (cell, parents[cell])} | {"any-cell"}
    assert {edge["cell"]["id"] for edge in shown} == meant & everywhere
    assert len(meant & everywhere) > 2


def test_textbook_edges_are_shown_only_when_asked_for(client: TestClient) -> None:
    textbook = [edge["id"] for edge in all_of(client, "/v1/edges?basis=textbook&limit=200")]
    evidence = edges_of(client, "basis=evidence")

    with_textbook = get(client, "/v1/graph?basis=textbook")["edges"]

    assert evidence == edges_of(client, "")
    assert [edge["id"] for edge in with_textbook] == sorted([*evidence, *textbook])
    marks = {
        (edge["basis"], edge["origin"] == "none", edge["level"] is None) for edge in with_textbook
    }
    assert marks == {("textbook", True, True), ("evidence", False, False)}


def test_networkx_reads_the_default_form(client: TestClient) -> None:
    graph = get(client, "/v1/graph?basis=textbook")

    read = nx.node_link_graph(graph)

    assert isinstance(read, nx.MultiDiGraph)
    assert read.number_of_edges() == len(graph["edges"])
    assert read.nodes["crbn"]["label"] == "CRBN"
    key = "lenalidomide-decreases-irf4-in-tumour-b-cell"
    assert read.edges["lenalidomide", "irf4", key]["sign"] == "-"
    assert read.graph["licence"] == "CC-BY-4.0"


def test_nothing_left_is_an_empty_graph(client: TestClient) -> None:
    graph = get(client, "/v1/graph?level=A&known_by=1999")

    assert (graph["nodes"], graph["edges"]) == ([], [])


@pytest.mark.aside
def test_a_mechanism_has_its_own_steps(client: TestClient) -> None:
    shown = 0
    for mechanism in ids("mechanism"):
        steps = [step["id"] for step in get(client, f"/v1/mechanisms/{mechanism}")["steps"]]
        graph = get(client, f"/v1/mechanisms/{mechanism}/graph")

        assert [edge["id"] for edge in graph["edges"]] == sorted(steps)
        assert graph["graph"]["name"] == get(client, f"/v1/mechanisms/{mechanism}")["name"]
        shown += len(steps)
    assert shown


# --- paths -------------------------------------------------------------------------------------


def test_a_path_comes_with_its_proof(client: TestClient) -> None:
    answer = get(client, f"/v1/graph/paths?{DEATH}&native=true")

    first = answer["items"][0]
    assert answer["cell_rule"] is True
    assert answer["why"] is None
    assert answer["total"] == len(answer["items"])
    assert (first["sign"], first["origin"], first["level"]) == ("+", "native", "D")
    assert first["contexts"] == ["b-cell-nhl"]
    assert first["sentence"] == (
        "In the NK cell, lenalidomide increases ADCC, "
        "which in the tumour B cell at contact with the NK cell increases tumour cell death; "
        "overall, lenalidomide raises tumour cell death."
    )
    for step in some(first["steps"]):
        edge = get(client, f"/v1/edges/{step['id']}")
        assert step["source"] == edge["source"]
        assert step["cell"] == edge["cell"]
        for claim in some(step["evidence"]):
            row = get(client, f"/v1/evidence/{claim['id']}")
            assert claim == {name: row[name] for name in claim}
            assert claim["origin"] == "native"


def test_lenalidomide_reaches_cereblon_with_proof(client: TestClient) -> None:
    answer = get(client, "/v1/graph/paths?source=lenalidomide&target=crbn")

    (step,) = answer["items"][0]["steps"]
    assert (step["source"]["id"], step["relation"], step["target"]["id"]) == (
        *("lenalidomide", "binds"),
        "crbn",
    )
    for claim in some(step["evidence"]):
        row = get(client, f"/v1/evidence/{claim['id']}")
        assert step["id"] in row["edges"]
        assert claim == {name: row[name] for name in claim}
    assert answer["why"] is None


CELLS = "cell=nk-cell&cell=tumour-b-cell"


def test_paths_run_in_the_graph_that_the_same_filters_leave(client: TestClient) -> None:
    for question in ("native=true", CELLS, "known_by=2012", "origin=stated"):
        edges = set(edges_of(client, question))
        for path in some(get(client, f"/v1/graph/paths?{DEATH}&{question}")["items"]):
            assert {step["id"] for step in some(path["steps"])} <= edges


def test_a_limit_is_told(client: TestClient) -> None:
    answer = get(client, f"/v1/graph/paths?{DEATH}&limit=3")

    assert (len(answer["items"]), answer["truncated"], answer["stopped_by"]) == (3, True, "limit")
    assert not get(client, f"/v1/graph/paths?{DEATH}&limit=100")["truncated"]


def test_the_cell_rule_can_be_lifted(client: TestClient) -> None:
    kept = get(client, f"/v1/graph/paths?{DEATH}&limit=100")
    lifted = get(client, f"/v1/graph/paths?{DEATH}&limit=100&cells=any")

    assert (kept["cell_rule"], lifted["cell_rule"]) == (True, False)
    kept_ways, lifted_ways = (
        [[step["id"] for step in path["steps"]] for path in answer["items"]]
        for answer in (kept, lifted)
    )
    assert kept_ways == [way for way in lifted_ways if way in kept_ways]
    assert len(kept_ways) < len(lifted_ways) < 100


@pytest.mark.parametrize(
    ("question", "kind", "by", "sentence"),
    [
        (
            "source=irf4&target=lenalidomide",
            "not-connected",
            [],
            "No chain of causal steps leads from IRF4 to lenalidomide.",
        ),
        (
            "source=rituximab&target=cd20",
            "filter",
            ["basis"],
            "Every path has a textbook step that no claim supports; `basis=textbook` allows that.",
        ),
        (
            "source=lenalidomide&target=crbn&native=true",
            "filter",
            ["native"],
            "The filter `native` removes the last path.",
        ),
        (
            "source=lenalidomide&target=nf-kb-activity&max_steps=2",
            "max-steps",
            ["max_steps"],
            "The shortest path has 3 steps; raise `max_steps`.",
        ),
        (
            "source=lenalidomide&target=venetoclax",
            "target-not-in-network",
            [],
            "No curated step starts or ends at venetoclax.",
        ),
        (
            "source=venetoclax&target=lenalidomide",
            "source-not-in-network",
            [],
            "No curated step starts or ends at venetoclax.",
        ),
        ("source=irf4&target=irf4", "same-node", [], "Source and target are the same."),
    ],
)
def test_an_empty_answer_says_why(
    client: TestClient, question: str, kind: str, by: list[str], sentence: str
) -> None:
    answer = get(client, f"/v1/graph/paths?{question}")

    why = answer["why"]
    assert answer["items"] == []
    assert (why["kind"], why["by"]) == (kind, by)
    assert f"{why['sentence']} ".startswith(f"{sentence} ")
    assert (why["path"] is not None) == bool(by)


@pytest.mark.parametrize(
    ("question", "by", "after", "sentence"),
    [
        (
            "target=adcc&native=true&in_review=true",
            ["native", "in_review"],
            [],
            "Lifting any one of the filters `native`, `in_review` gives a path.",
        ),
        (
            "target=il2&native=true&context=b-cell-nhl&known_by=2010",
            ["native"],
            ["context"],
            "With `context` in force: the filter `native` removes the last path.",
        ),
    ],
)
def test_filters_that_together_remove_all_are_told(
    client: TestClient, question: str, by: list[str], after: list[str], sentence: str
) -> None:
    why = get(client, f"/v1/graph/paths?source=lenalidomide&{question}")["why"]

    assert (why["by"], why["after"]) == (by, after)
    assert why["sentence"].startswith(f"{sentence} ")


NO_PATH = [
    "source=crbn&target=lenalidomide",  # a chain leads the other way only
    "source=lenalidomide&target=crbn&native=true",
    "source=lenalidomide&target=tumour-flare&max_steps=1",
    "source=lenalidomide&target=tumour-cell-death&max_steps=1",
    "source=lenalidomide&target=venetoclax",
    "source=dexamethasone&target=lenalidomide",
    "source=crbn-loss&target=lenalidomide",
    "source=lenalidomide-resistance&target=crbn",
]
NEITHER = "source=cd20&target=venetoclax"


@pytest.mark.parametrize("question", [*NO_PATH, NEITHER])
def test_claims_that_name_both_ends_stand_in_for_a_path(client: TestClient, question: str) -> None:
    why = get(client, f"/v1/graph/paths?{question}")["why"]

    expected = naming_both(client, *(pair.split("=")[1] for pair in question.split("&")[:2]))
    assert why["claims"] == [{name: row[name] for name in why["claims"][0]} for row in expected]
    assert why["sentence"].endswith(counted(len(expected)))


def test_some_pairs_without_a_path_have_claims_and_others_none(client: TestClient) -> None:
    whys = [get(client, f"/v1/graph/paths?{question}")["why"] for question in NO_PATH[:2]]

    assert all(
        {"lenalidomide", "crbn"}
        <= {link["id"] for end in ("subject", "object") for link in claim[end]["links"]}
        for why in whys
        for claim in some(why["claims"])
    )
    assert get(client, f"/v1/graph/paths?{NEITHER}")["why"]["claims"] == []


def test_no_claims_are_sought_from_a_place_to_itself(client: TestClient) -> None:
    why = get(client, "/v1/graph/paths?source=crbn&target=crbn")["why"]

    assert (why["claims"], why["sentence"]) == ([], "Source and target are the same.")


def test_a_state_and_a_resistance_are_named_by_what_they_are_of(client: TestClient) -> None:
    why = get(client, "/v1/graph/paths?source=lenalidomide-resistance&target=crbn-loss")["why"]

    assert {"zhu-crbn-resist", "zhu-crbn-deletion"} <= {claim["id"] for claim in why["claims"]}


def naming_both(client: TestClient, source: str, target: str) -> list[dict[str, Any]]:
    """The claims with one as subject and the other as object, best level first."""
    rows = all_of(client, "/v1/evidence?limit=200")
    states: dict[tuple[str, str], set[str]] = {}
    for one in all_of(client, "/v1/entities?limit=200"):
        if one["state_of"]:
            states.setdefault((one["state_of"]["id"], one["state"]), set()).add(one["id"])
    found = []
    for row in some(rows):
        subject, object_ = (
            {link["id"] for link in row[end]["links"] if link["type"] == "entity"}.union(
                *(states.get((link["id"], link["state"]), ()) for link in row[end]["links"])
            )
            for end in ("subject", "object")
        )
        if row["relation"] == "confers_resistance_to":
            object_ |= {f"{one}-resistance" for one in object_}
        if (source in subject and target in object_) or (target in subject and source in object_):
            found.append(row)
    return sorted(found, key=lambda row: (row["level"], row["id"]))


def counted(claims: int) -> str:
    names = {0: " No claim names both ends.", 1: " One claim names both ends."}
    return names.get(claims, f" {claims} claims name both ends.")


def test_no_more_than_twenty_claims_are_given_and_all_are_counted(copy: Settings) -> None:
    link, subject = table("evidence_object_link"), table("evidence_subject_link")
    with changing(copy) as connection:
        about_it = select(subject.c.evidence_id).where(subject.c.entity_id == "lenalidomide")
        rows = connection.execute(about_it.order_by("evidence_id").distinct().limit(30)).scalars()
        connection.execute(
            insert(link),
            [{"evidence_id": row, "position": 90, "entity_id": "venetoclax"} for row in some(rows)],
        )
    with TestClient(create_app(copy)) as client:
        why = get(client, "/v1/graph/paths?source=venetoclax&target=lenalidomide")["why"]
        expected = naming_both(client, "venetoclax", "lenalidomide")

    assert len(expected) >= 30
    assert [claim["id"] for claim in why["claims"]] == [row["id"] for row in expected[:20]]
    assert why["sentence"].endswith(f" {len(expected)} claims name both ends; 20 are given.")


def test_a_jump_between_cells_is_shown_as_the_reason(copy: Settings) -> None:
    edge = table("edge")
    with changing(copy) as connection:
        connection.execute(
            update(edge).where(edge.c.relation == "degrades").values(cell_id="t-cell")
        )
    question = "source=crl4-crbn-neosubstrate-ubiquitination&target=irf4"

    with TestClient(create_app(copy)) as client:
        kept = get(client, f"/v1/graph/paths?{question}")
        lifted = get(client, f"/v1/graph/paths?{question}&cells=any")

    assert kept["why"]["kind"] == "cell-rule"
    assert kept["why"]["path"] == lifted["items"][0]
    assert kept["why"]["sentence"].startswith(
        "Every path changes cell inside a molecule; `cells=any` allows that. "
    )


@pytest.mark.aside
def test_a_change_of_the_data_is_seen(copy: Settings) -> None:
    entity = table("entity")
    with TestClient(create_app(copy)) as client:
        before = get(client, "/v1/graph?entity=crbn")
        with changing(copy, "next") as connection:
            connection.execute(update(entity).where(entity.c.id == "crbn").values(label="Cereblon"))

        after = get(client, "/v1/graph?entity=crbn")

    labels = [{node["id"]: node["label"] for node in graph["nodes"]} for graph in (before, after)]
    assert [each["crbn"] for each in labels] == ["CRBN", "Cereblon"]
    assert after["graph"]["revision"] == before["graph"]["revision"] + 1
    assert after["graph"]["release"] == "next"


@pytest.mark.parametrize(
    ("question", "parameter", "nearest"),
    [
        ("source=lenalidomid&target=irf4", "source", "lenalidomide"),
        ("source=lenalidomide&target=irf5", "target", "irf4"),
        ("source=lenalidomide&target=irf4&cell=t-cells", "cell", "t-cell"),
    ],
)
def test_unknown_ids_are_refused_with_those_that_look_alike(
    client: TestClient, question: str, parameter: str, nearest: str
) -> None:
    answer = client.get(f"/v1/graph/paths?{question}")

    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert fault["parameter"] == parameter
    assert nearest in fault["nearest"]


def test_unknown_ids_in_the_address_are_not_found(client: TestClient) -> None:
    answer = client.get("/v1/mechanisms/adcc-enhancemen/graph")

    assert answer.status_code == 404
    assert "adcc-enhancement" in answer.json()["nearest"]


@pytest.mark.parametrize(
    "wrong", ["celll=t-cell", "level=F", "native=1", "limit=3", "native=true&native=false"]
)
def test_what_is_no_filter_is_refused(client: TestClient, wrong: str) -> None:
    assert client.get(f"/v1/graph?{wrong}").status_code == 422


def test_both_databases_give_the_same_bytes(both: Clients) -> None:
    for address in ("/v1/graph?basis=textbook", f"/v1/graph/paths?{DEATH}"):
        sqlite, postgres = (client.get(address).content for client in both)
        assert sqlite == postgres


def test_a_change_while_the_network_is_read_does_not_mix_old_and_new(copy: Settings) -> None:
    entity = table("entity")
    changes = iter([True])

    def change_once(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "conflict_edge" in statement and next(changes, False):
            with changing(copy, "next") as connection:
                connection.execute(
                    update(entity).where(entity.c.id == "crbn").values(label="Cereblon")
                )

    with TestClient(create_app(copy)) as client:
        event.listen(Engine, "after_cursor_execute", change_once)
        during = get(client, "/v1/graph?entity=crbn")
        after = get(client, "/v1/graph?entity=crbn&basis=evidence")
        event.remove(Engine, "after_cursor_execute", change_once)

    found = [
        (graph["graph"]["release"] == "next", node["label"])
        for graph in (during, after)
        for node in graph["nodes"]
        if node["id"] == "crbn"
    ]
    assert found[0] in [(False, "CRBN"), (True, "Cereblon")]
    assert found[1] == (True, "Cereblon")


def test_the_network_is_built_once_for_all_who_wait(copy: Settings) -> None:
    reads = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "conflict_edge" in statement:
            reads.append(statement)

    with TestClient(create_app(copy)) as client, ThreadPoolExecutor(8) as threads:
        event.listen(Engine, "after_cursor_execute", note)
        addresses = [f"/v1/graph?known_by={year}" for year in range(2000, 2016)]
        answers = list(threads.map(client.get, addresses))
        event.remove(Engine, "after_cursor_execute", note)

    assert {answer.status_code for answer in answers} == {200}
    assert len(reads) == 1


def test_readings_of_the_state_before_do_not_wait_for_the_next(copy: Settings) -> None:
    building, done = Event(), Event()

    def hold(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "conflict_edge" in statement:
            building.set()
            assert done.wait(SECONDS)

    db, network = Database(copy), CurrentNetwork()

    def build() -> int:
        with db.read() as reading:
            return network.of(reading).revision

    with closing(db), ThreadPoolExecutor() as threads, db.read() as earlier:
        before = network.of(earlier)
        with changing(copy, "next"):
            pass
        event.listen(Engine, "after_cursor_execute", hold)
        later = threads.submit(build)
        assert building.wait(SECONDS)
        assert network.of(earlier) is before
        done.set()
        assert later.result() == before.revision + 1
        event.remove(Engine, "after_cursor_execute", hold)


# --- many searches at once -----------------------------------------------------------------------

NODES, EDGES = 2_000, 20_000
TARGETS = range(3, 15)


def fill_densely(settings: Settings) -> None:
    """Every node leads to ten others, and the last step of each path clashes with its first."""
    entities = [
        {"id": f"dense-{number}", "kind": "protein", "name": f"D{number}", "label": f"D{number}"}
        | {"in_network": True, "crosses_cells": False}
        | STAMP
        for number in range(NODES)
    ]
    edges = [dense_edge(number) for number in range(EDGES)]
    with changing(settings) as connection:
        connection.execute(insert(table("entity")), entities)
        connection.execute(insert(table("edge")), edges)


def dense_edge(number: int) -> dict[str, Any]:
    source, target = number % NODES, (number % NODES * 7 + number // NODES * 131 + 1) % NODES
    cell = "nk-cell" if target in TARGETS else "t-cell" if source == 0 else "any-cell"
    return (
        {"id": f"dense-edge-{number}", "relation": "increases", "sign": "+", "type": "causal"}
        | {"source_id": f"dense-{source}", "target_id": f"dense-{target}"}
        | {"cell_id": cell, "basis": "textbook"}
        | STAMP
    )


def test_an_application_that_is_served_again_searches_again(urls: dict[str, str]) -> None:
    app = create_app(Settings(database_url=urls["sqlite"]))
    path = "/v1/graph/paths?source=lenalidomide&target=irf4"

    for _ in range(2):
        with TestClient(app) as client:
            assert client.get(path).status_code == 200
    assert TestClient(app).get(path).status_code == 200


@pytest.mark.slow
@pytest.mark.covering
@pytest.mark.parametrize("copy", SQLITE_FIRST, indirect=True)
def test_searches_without_end_are_cut_short_and_leave_room_for_others(copy: Settings) -> None:
    fill_densely(copy)
    question = "/v1/graph/paths?basis=textbook&max_steps=12&limit=100&source=dense-0&target=dense-"
    waits = []

    # A separate process: here, callers and service would share one interpreter.
    with service(copy.database_url) as server, ThreadPoolExecutor(len(TARGETS)) as threads:
        near = json.loads(server.get("/v1/graph?basis=textbook&entity=dense-1").body)
        assert len(near["edges"]) >= 10
        searches = [threads.submit(server.get, f"{question}{number}") for number in TARGETS]
        while not all(search.done() for search in searches):
            started = time.monotonic()
            assert json.loads(server.get("/livez").body) == {"status": "ok"}
            waits.append(time.monotonic() - started)
        answers = [search.result() for search in searches]

    answered = [json.loads(answer.body) for answer in answers if answer.status == 200]
    assert {answer.status for answer in answers} <= {200, 503}
    assert answered
    assert all(answer["truncated"] for answer in answered)
    slowest = sorted(waits)[len(waits) * 99 // 100]
    print(f"livez under {len(TARGETS)} searches: asked {len(waits)} times, p99 {slowest:.3f} s")
