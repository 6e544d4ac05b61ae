"""What the shipped content says, checked by hand and against a search that leaves nothing out."""

import pathlib
from collections.abc import Collection, Sequence
from typing import Any

import networkx as nx
import pytest
import yaml

from app.graph.sentences import path_sentence
from app.network import (
    EVIDENCE_ONLY,
    Cell,
    Filter,
    Meeting,
    Network,
    Node,
    Path,
    Proof,
    Rules,
    Step,
    find_paths,
    meetings,
)
from tests.looking import some

DATA = pathlib.Path(__file__).parent.parent / "seed" / "data"
NATIVE = Filter("native", row=lambda row: row.origin == "native")


def load(name: str) -> list[dict[str, Any]]:
    text = (DATA / f"{name}.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.load(text, yaml.CSafeLoader)
    return rows


@pytest.fixture(scope="module")
def net() -> Network:
    rows = {
        row["id"]: Proof(
            id=row["id"],
            statement=row["statement"],
            level=row["level"],
            origin=row["origin"],
            contexts=tuple(row["contexts"]),
            citation=row["reference"],
        )
        for row in load("evidence")
    }
    edges = [
        Step(
            id=edge["id"],
            source=edge["source"],
            relation=edge["relation"],
            sign=edge["sign"],
            target=edge["target"],
            cell=edge["cell"],
            contact_with=edge["contact_with"],
            type=edge["type"],
            basis=edge["basis"],
            evidence=tuple(rows[row] for row in edge["evidence"]),
        )
        for edge in load("edges")
    ]
    entities = load("entities")
    nodes = [
        Node(each["id"], each["label"], each["kind"], each["crosses_cells"])
        for each in entities
        if each["in_network"]
    ]
    cells = [
        Cell(each["id"], each["label"], each["parent"])
        for each in entities
        if each["kind"] == "cell"
    ]
    return Network(nodes, edges, cells)


@pytest.fixture(scope="module")
def entries() -> dict[str, list[str]]:
    """Where each partner enters the network."""
    return {
        each["id"]: [
            name for name in (each["entity"], *each["components"], *each["members"]) if name
        ]
        for each in load("partners")
    }


def paths_to(net: Network, target: str, filters: Sequence[Filter] = ()) -> tuple[Path, ...]:
    rules = Rules(limit=1000)
    answer = find_paths(net, ("lenalidomide", target), [EVIDENCE_ONLY, *filters], rules)
    assert not answer.truncated
    return answer.paths


def every_path(
    net: Network, source: str, avoid: Collection[str] = (), *, cell_rule: bool = True
) -> dict[str, list[Path]]:
    """The paths to each node in order: every chain is tried, those that break the rule dropped."""
    graph: Any = nx.MultiDiGraph()
    graph.add_nodes_from(net.nodes)
    for edge in net.edges.values():
        if edge.type == "causal" and not {edge.source, edge.target} & set(avoid):
            graph.add_edge(edge.source, edge.target, key=edge.id)
    targets = set(graph) - {source}
    found: dict[str, list[Path]] = {node: [] for node in graph}
    for chain in nx.all_simple_edge_paths(graph, source, targets, cutoff=Rules().max_steps):
        path = Path(tuple(net.edges[step[-1]] for step in chain))
        if not cell_rule or keeps_cells(net, path):
            found[path.nodes[-1]].append(path)
    return {node: sorted(paths, key=lambda path: path.order) for node, paths in found.items()}


def keeps_cells(net: Network, path: Path) -> bool:
    """Whether the cells of each stretch lie on one line of the tree of cells."""
    stretches: list[list[str]] = [[]]
    for step in path.steps:
        stretches[-1].append(step.cell)
        if net.nodes[step.target].crosses_cells:
            stretches.append([])
    return all(
        one in wider(net, other) or other in wider(net, one)
        for stretch in stretches
        for one in stretch
        for other in stretch
    )


def wider(net: Network, cell: str) -> set[str]:
    """A cell, the kinds above it, and any cell."""
    found = {"any-cell"}
    while cell in net.cells:
        found.add(cell)
        cell = net.cells[cell].parent or ""
    return found


@pytest.mark.slow
def test_the_search_finds_the_paths_that_trying_every_chain_finds(net: Network) -> None:
    kept = net.keep([EVIDENCE_ONLY])
    expected = every_path(kept, "lenalidomide")
    without = every_path(kept, "lenalidomide", cell_rule=False)

    for node, paths in some(expected.items()):
        assert list(paths_to(net, node)) == paths
    dropped = [node for node, paths in expected.items() if len(paths) < len(without[node])]
    assert {"irf4", "tumour-cell-death"} <= set(dropped)


def test_lenalidomide_lowers_irf4_in_these_ways_among_others(net: Network) -> None:
    paths = paths_to(net, "irf4")

    assert {path.sign for path in paths} == {"-"}
    assert (paths[0].nodes[1:], paths[0].origin) == (("irf4",), "native")
    assert {
        ("cebpb", "irf4"),
        ("crl4-crbn-neosubstrate-ubiquitination", "ikzf1", "irf4"),
        ("crl4-crbn-neosubstrate-ubiquitination", "ikzf3", "irf4"),
    } <= {path.nodes[1:] for path in paths}
    assert {step.cell for path in paths for step in path.steps} == {"any-cell", "tumour-b-cell"}


def test_ikaros_lost_in_a_t_cell_lowers_irf4_in_a_tumour_cell_only_without_the_rule(
    net: Network,
) -> None:
    in_t_cells = net.keep(
        [Filter("cell", edge=lambda edge: edge.relation != "degrades" or edge.cell == "t-cell")]
    )

    why = find_paths(in_t_cells, ("crl4-crbn-neosubstrate-ubiquitination", "irf4")).why

    assert why is not None
    assert why.kind == "cell-rule"
    assert why.path is not None
    assert path_sentence(in_t_cells, why.path) == (
        "In the T cell, CRL4-CRBN neosubstrate ubiquitination degrades IKZF1, "
        "which in the tumour B cell increases IRF4; "
        "overall, CRL4-CRBN neosubstrate ubiquitination lowers IRF4."
    )


def test_every_way_to_tumour_cell_death_raises_it(net: Network) -> None:
    paths = paths_to(net, "tumour-cell-death")

    assert {path.sign for path in some(paths)} == {"+"}
    assert ("adcc", "tumour-cell-death") in [path.nodes[1:] for path in paths]


def test_the_native_route_to_tumour_cell_death_is_told(net: Network) -> None:
    paths = paths_to(net, "tumour-cell-death", [NATIVE])

    first = paths[0]
    assert (first.origin, first.level, first.contexts) == ("native", "D", ("b-cell-nhl",))
    assert path_sentence(net, first) == (
        "In the NK cell, lenalidomide increases ADCC, "
        "which in the tumour B cell at contact with the NK cell increases tumour cell death; "
        "overall, lenalidomide raises tumour cell death."
    )
    assert {path.origin for path in paths} == {"native"}


def test_contradictory_sources_leave_cd20_unclear(net: Network) -> None:
    (path,) = find_paths(net, ("lenalidomide", "cd20"), [EVIDENCE_ONLY]).paths

    assert path.sign == "?"
    assert path_sentence(net, path) == (
        "In the tumour B cell, lenalidomide modulates CD20; the overall direction is unclear."
    )


@pytest.mark.parametrize(
    ("ends", "filters", "rules", "kind", "by"),
    [
        (("irf4", "lenalidomide"), (), Rules(), "not-connected", ()),
        (("rituximab", "cd20"), (EVIDENCE_ONLY,), Rules(), "filter", ("basis",)),
        (("lenalidomide", "gata1"), (NATIVE,), Rules(), "filter", ("native",)),
        (("lenalidomide", "nf-kb-activity"), (), Rules(2), "max-steps", ("max_steps",)),
        (("lenalidomide", "venetoclax"), (), Rules(), "target-not-in-network", ()),
    ],
)
def test_an_empty_answer_has_its_reason(
    net: Network,
    ends: tuple[str, str],
    filters: Sequence[Filter],
    rules: Rules,
    kind: str,
    by: tuple[str, ...],
) -> None:
    why = find_paths(net, ends, filters, rules).why

    assert why is not None
    assert (why.kind, why.by) == (kind, by)


def meet(net: Network, entries: Sequence[str]) -> tuple[Meeting, ...]:
    answer = meetings(net, "lenalidomide", entries, Rules(limit=1000))
    assert answer.curated
    assert not answer.truncated
    return answer.meetings


def test_partners_meet_lenalidomide_where_the_paths_of_both_end(
    net: Network, entries: dict[str, list[str]]
) -> None:
    met = 0
    for ends in some(entries.values()):
        starts = [each for each in ends if each in net.nodes]
        of_drug = every_path(net, "lenalidomide", starts)
        of_partner = [every_path(net, start, ["lenalidomide"]) for start in starts]
        expected = [
            Meeting(node, of_drug[node][0], min(theirs, key=lambda path: path.order))
            for node in net.nodes
            if (theirs := [path for paths in of_partner for path in paths[node]]) and of_drug[node]
        ]

        found = meetings(net, "lenalidomide", ends, Rules(limit=1000)).meetings

        assert list(found) == sorted(expected, key=lambda each: (each.steps, each.node))
        met += len(found)
    assert met


@pytest.mark.parametrize(
    ("partner", "node", "agreement"),
    [
        ("rituximab", "adcc", "agree"),
        ("rituximab", "cd20", "unclear"),
        ("rituximab", "nk-cell-immune-synapse", "agree"),
        ("dexamethasone", "t-cell-cytokine-production", "oppose"),
        ("dexamethasone", "nk-cell-activation", "oppose"),
        ("dexamethasone", "tumour-cell-death", "agree"),
        ("bortezomib", "tumour-cell-death", "agree"),
        ("ibrutinib", "irf4", "agree"),
        ("tafasitamab", "adcc", "agree"),
        ("r-chop", "tumour-cell-death", "agree"),
    ],
)
def test_a_partner_meets_lenalidomide(
    net: Network, entries: dict[str, list[str]], partner: str, node: str, agreement: str
) -> None:
    assert (node, agreement) in [
        (each.node, each.agreement) for each in meet(net, entries[partner])
    ]


def test_rituximab_and_lenalidomide_meet_in_adcc_with_proof(
    net: Network, entries: dict[str, list[str]]
) -> None:
    first = meet(net, entries["rituximab"])[0]

    assert first.node == "adcc"
    assert (first.drug_path.origin, first.partner_path.origin) == ("native", "native")
    assert all(step.evidence for step in (*first.drug_path.steps, *first.partner_path.steps))


def test_what_lies_beyond_adcc_says_so(net: Network, entries: dict[str, list[str]]) -> None:
    death = meet(net, entries["tafasitamab"])[-1]

    assert (death.node, death.met_before) == ("tumour-cell-death", ("adcc",))
    assert death.partner_path.origin == "none"


def test_r_chop_enters_through_its_components(net: Network, entries: dict[str, list[str]]) -> None:
    by_node = {each.node: each.partner_path for each in meet(net, entries["r-chop"])}

    assert by_node["adcc"].nodes == ("rituximab", "adcc")
    assert by_node["tumour-cell-death"].nodes == ("r-chop", "tumour-cell-death")


def test_a_class_enters_through_its_members(net: Network, entries: dict[str, list[str]]) -> None:
    first = meet(net, entries["bcr-signalling-inhibitors"])[0]

    assert first.partner_path.nodes == ("ibrutinib", "irf4")


def test_agents_that_are_not_named_have_no_entry(
    net: Network, entries: dict[str, list[str]]
) -> None:
    answer = meetings(net, "lenalidomide", entries["other-agents"])

    assert (answer.meetings, answer.curated) == ((), False)
