"""What the shipped content says, checked by hand against its edges and evidence."""

import pathlib
from collections.abc import Sequence
from typing import Any

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
    Proof,
    Rules,
    Step,
    find_paths,
    meetings,
)

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


def ways(net: Network, target: str, **rules: Any) -> list[tuple[str, ...]]:
    answer = find_paths(net, ("lenalidomide", target), [EVIDENCE_ONLY], Rules(limit=50, **rules))
    assert not answer.truncated
    return [path.nodes[1:] for path in answer.paths]


def test_lenalidomide_lowers_irf4_in_four_ways(net: Network) -> None:
    answer = find_paths(net, ("lenalidomide", "irf4"), [EVIDENCE_ONLY])

    assert [(path.nodes[1:], path.sign, path.origin, path.level) for path in answer.paths] == [
        (("irf4",), "-", "native", "D"),
        (("cebpb", "irf4"), "-", "borrowed", "D"),
        (("crl4-crbn-neosubstrate-ubiquitination", "ikzf1", "irf4"), "-", "stated", "E"),
        (("crl4-crbn-neosubstrate-ubiquitination", "ikzf3", "irf4"), "-", "stated", "E"),
    ]
    assert {step.cell for path in answer.paths for step in path.steps} == {
        "any-cell",
        "tumour-b-cell",
    }


def test_ikaros_lost_in_a_t_cell_lowers_irf4_in_a_tumour_cell_only_without_the_rule(
    net: Network,
) -> None:
    in_t_cells = net.keep(
        [Filter("cell", edge=lambda edge: edge.relation != "degrades" or edge.cell == "t-cell")]
    )

    why = find_paths(in_t_cells, ("crl4-crbn-neosubstrate-ubiquitination", "irf4")).why

    assert len(ways(net, "irf4", cell_rule=False)) == 6
    assert why is not None
    assert why.kind == "cell-rule"
    assert why.path is not None
    assert path_sentence(in_t_cells, why.path) == (
        "In the T cell, CRL4-CRBN neosubstrate ubiquitination degrades IKZF1, "
        "which in the tumour B cell increases IRF4; "
        "overall, CRL4-CRBN neosubstrate ubiquitination lowers IRF4."
    )


def test_every_way_to_tumour_cell_death_raises_it(net: Network) -> None:
    answer = find_paths(
        net, ("lenalidomide", "tumour-cell-death"), [EVIDENCE_ONLY], Rules(limit=50)
    )

    # Into ADCC 4 ways, NK cytotoxicity 6, IFN-beta 5, NF-kB 5, each from there to death.
    assert len(answer.paths) == 20
    assert {path.sign for path in answer.paths} == {"+"}
    assert [path.nodes[1:] for path in answer.paths[:3]] == [
        ("adcc", "tumour-cell-death"),
        ("nk-cell-activation", "adcc", "tumour-cell-death"),
        ("gzmb", "adcc", "tumour-cell-death"),
    ]
    assert [len(path.steps) for path in answer.paths] == [2] + [3] * 4 + [4] * 7 + [5] * 2 + [6] * 6


def test_without_the_cell_rule_there_are_more_ways_to_tumour_cell_death(net: Network) -> None:
    # Six ways to IRF4 and four to IL-2 through IKZF1 and IKZF3, instead of four and two.
    assert len(ways(net, "tumour-cell-death", cell_rule=False)) == 26


def test_the_native_route_to_tumour_cell_death_is_told(net: Network) -> None:
    answer = find_paths(net, ("lenalidomide", "tumour-cell-death"), [NATIVE, EVIDENCE_ONLY])

    first = answer.paths[0]
    assert (first.origin, first.level, first.contexts) == ("native", "D", ("b-cell-nhl",))
    assert path_sentence(net, first) == (
        "In the NK cell, lenalidomide increases ADCC, "
        "which in the tumour B cell increases tumour cell death; "
        "overall, lenalidomide raises tumour cell death."
    )
    assert {path.origin for path in answer.paths} == {"native"}


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
        (("lenalidomide", "myc"), (NATIVE,), Rules(), "filter", ("native",)),
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
    answer = meetings(net, "lenalidomide", entries)
    assert answer.curated
    assert not answer.truncated
    return answer.meetings


MEETINGS = {
    "rituximab": """
        adcc 2 agree
        cd20 2 unclear
        monocyte-adcc 2 agree
        nk-cell-activation 2 agree
        nk-cell-immune-synapse 2 agree
        nk-cell-mediated-cytotoxicity 4 agree
        tumour-cell-death 4 agree
    """,
    "dexamethasone": """
        t-cell-cytokine-production 2 oppose
        nk-cell-activation 3 oppose
        tumour-cell-death 3 agree
        adcc 4 oppose
        nf-kb-activity 4 agree
        nk-cell-mediated-cytotoxicity 5 oppose
    """,
    "bortezomib": """
        tumour-cell-death 3 agree
        nf-kb-activity 4 agree
    """,
    "ibrutinib": """
        irf4 2 agree
        bcr-dependent-nf-kb-activity 3 agree
        card11 4 agree
        irf7 4 agree
        ifnb1 6 agree
        nf-kb-activity 6 agree
        tumour-cell-death 6 agree
    """,
    "tafasitamab": """
        adcc 2 agree
        tumour-cell-death 4 agree
    """,
    "r-chop": """
        adcc 2 agree
        cd20 2 unclear
        monocyte-adcc 2 agree
        nk-cell-activation 2 agree
        nk-cell-immune-synapse 2 agree
        tumour-cell-death 3 agree
        nk-cell-mediated-cytotoxicity 4 agree
    """,
}


@pytest.mark.parametrize("partner", MEETINGS)
def test_a_partner_meets_lenalidomide(
    net: Network, entries: dict[str, list[str]], partner: str
) -> None:
    expected = [line.strip() for line in MEETINGS[partner].strip().splitlines()]

    found = meet(net, entries[partner])

    assert [f"{each.node} {each.steps} {each.agreement}" for each in found] == expected


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
