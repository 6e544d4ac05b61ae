"""The network gives the same answers as a naive search that applies each rule from scratch."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.graph.sentences import path_sentence
from app.network import (
    ANY_CELL,
    EVIDENCE_ONLY,
    Budget,
    Cell,
    Filter,
    Network,
    Node,
    Path,
    Proof,
    Rules,
    Step,
    find_paths,
    meetings,
    moves,
)

Steps = tuple[Step, ...]

PARENTS = {
    ANY_CELL: None,
    "immune": None,
    "tumour": None,
    "t": "immune",
    "treg": "t",
    "nk": "immune",
}
CELLS = [Cell(cell, f"{cell} cell", parent) for cell, parent in PARENTS.items()]
NAMES = ["a", "b", "c", "d", "e", "f"]
ENDS = NAMES[:5]  # f stays alone


def row(
    name: str, level: str = "D", origin: str = "native", contexts: Sequence[str] = ("nhl",)
) -> Proof:
    return Proof(name, f"Says {name}.", level, origin, tuple(contexts), "Author 2015")


def edge(
    source: str,
    target: str,
    sign: str = "+",
    cell: str = ANY_CELL,
    rows: Sequence[Proof] | None = None,
) -> Step:
    relation = {"+": "increases", "-": "decreases", "?": "modulates"}[sign]
    name = f"{source}-{relation}-{target}-in-{cell}"
    evidence = (row(name),) if rows is None else tuple(rows)
    basis = "evidence" if evidence else "textbook"
    return Step(name, source, relation, sign, target, cell, None, "causal", basis, evidence)


def network(*edges: Step, crossing: Sequence[str] = ()) -> Network:
    names = sorted({*NAMES, *(end for each in edges for end in (each.source, each.target))})
    return Network([Node(name, name, "protein", name in crossing) for name in names], edges, CELLS)


# The oracle: no pruning, nothing shared with the code under test.


def all_steps(
    edges: Sequence[Step], source: str, target: str, so_far: Steps = ()
) -> Iterator[Steps]:
    met = {source, *(step.source for step in so_far)}
    for step in edges:
        if step.type == "causal" and step.source == source and step.target not in met:
            if step.target == target:
                yield (*so_far, step)
            else:
                yield from all_steps(edges, step.target, target, (*so_far, step))


def above(cell: str) -> list[str]:
    parent = PARENTS[cell]
    return [cell] if parent is None else [cell, *above(parent)]


def keeps_to_cells(net: Network, steps: Steps) -> bool:
    stretches: list[list[str]] = [[]]
    for step in steps:
        stretches[-1].append(step.cell)
        if net.nodes[step.target].crosses_cells:
            stretches.append([])
    return all(
        ANY_CELL in (one, other) or one in above(other) or other in above(one)
        for stretch in stretches
        for one, other in itertools.combinations(stretch, 2)
    )


def expected_sign(steps: Steps) -> str:
    product = 1
    for step in steps:
        product *= {"+": 1, "-": -1, "?": 0}[step.sign]
    return {1: "+", -1: "-", 0: "?"}[product]


def best_of(edge_: Step, scale: str, of: Callable[[Proof], str]) -> int:
    return min([scale.index(of(each)[0]) for each in edge_.evidence] or [len(scale)])


def expected_origin(steps: Steps) -> str:
    worst = max(best_of(step, "nmbs", lambda each: each.origin) for step in steps)
    return ["native", "mixed", "borrowed", "stated", "none"][worst]


def expected_weakness(steps: Steps) -> int:
    return max(best_of(step, "ABCDE", lambda each: each.level) for step in steps)


def expected_order(steps: Steps) -> tuple[int, int, list[str]]:
    return len(steps), expected_weakness(steps), [step.id for step in steps]


def narrowed(edges: Sequence[Step], filters: Sequence[Filter]) -> list[Step]:
    kept = []
    for each in edges:
        rows = tuple(one for one in each.evidence if all(f.row(one) for f in filters))
        if all(f.edge(each) for f in filters) and (rows or not each.evidence):
            kept.append(replace(each, evidence=rows))
    return kept


def expected_paths(
    net: Network,
    ends: tuple[str, str],
    filters: Sequence[Filter] = (),
    rules: Rules | None = None,
    avoid: Sequence[str] = (),
) -> list[Steps]:
    rules = rules or Rules()
    edges = [
        each for each in narrowed(list(net.edges.values()), filters) if each.target not in avoid
    ]
    found = [] if ends[0] == ends[1] else list(all_steps(edges, *ends))
    kept = [
        steps
        for steps in found
        if len(steps) <= rules.max_steps and (not rules.cell_rule or keeps_to_cells(net, steps))
    ]
    return sorted(kept, key=expected_order)


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(["r1", "r2", "r3"]),
        st.sampled_from("ABCDE"),
        st.sampled_from(["native", "mixed", "borrowed", "stated"]),
        st.lists(st.sampled_from(["nhl", "cll", "myeloma"]), max_size=2),
    ),
    max_size=2,
)
EDGES = st.lists(
    st.builds(
        edge,
        st.sampled_from(ENDS),
        st.sampled_from(ENDS),
        st.sampled_from("++-?"),
        st.sampled_from([ANY_CELL, ANY_CELL, "immune", "t", "treg", "nk", "tumour"]),
        ROWS,
    ),
    min_size=6,
    max_size=18,
    unique_by=lambda each: each.id,
)
FILTERS = st.lists(
    st.sampled_from(
        [
            EVIDENCE_ONLY,
            Filter("native", row=lambda each: each.origin == "native"),
            Filter("level", row=lambda each: each.level <= "C"),
            Filter("context", row=lambda each: "nhl" in each.contexts),
            Filter("cell", edge=lambda each: each.cell in (ANY_CELL, "tumour", "t")),
        ]
    ),
    max_size=3,
    unique_by=lambda each: each.name,
)
RULES = st.builds(Rules, st.integers(0, 5), st.integers(1, 6), st.booleans())


@st.composite
def networks(draw: st.DrawFn) -> Network:
    edges: list[Step] = draw(EDGES)
    if draw(st.booleans()):
        edges = [replace(each, type="synergy") for each in edges[:1]] + edges[1:]
    return network(*edges, crossing=draw(st.lists(st.sampled_from(NAMES), max_size=4)))


@settings(max_examples=80)
@given(networks(), FILTERS, RULES)
def test_paths_are_those_of_a_naive_search(
    net: Network, filters: list[Filter], rules: Rules
) -> None:
    expected = expected_paths(net, ("a", "b"), filters, rules)

    answer = find_paths(net, ("a", "b"), filters, rules)

    assert [path.steps for path in answer.paths] == expected[: rules.limit]
    assert answer.truncated == (len(expected) > rules.limit)
    assert (answer.why is None) == bool(expected)


def paths_over_places(net: Network, source: str, target: str) -> list[Steps]:
    """The paths from place to place that networkx finds; it knows nothing of cells."""
    graph: Any = nx.MultiDiGraph()
    graph.add_node((source, ANY_CELL))
    for move in moves(net):
        graph.add_edge(move.source, move.target, key=move.step)
    ends = [place for place in graph if place[0] == target]
    chains = nx.all_simple_edge_paths(graph, (source, ANY_CELL), ends)
    return [tuple(move[-1] for move in chain) for chain in chains]


@settings(max_examples=80)
@given(networks())
def test_paths_over_places_that_meet_no_node_twice_are_the_paths(net: Network) -> None:
    found = paths_over_places(net, "a", "b")

    once = [steps for steps in found if len({"a", *(each.target for each in steps)}) > len(steps)]
    assert sorted(once, key=expected_order) == expected_paths(net, ("a", "b"))


def test_a_node_met_in_two_cells_makes_a_path_over_places_that_is_none() -> None:
    loop = [edge("a", "c"), edge("c", "d", cell="t"), edge("d", "c"), edge("c", "b")]
    net = network(*loop)

    found = paths_over_places(net, "a", "b")

    assert sorted(map(len, found)) == [2, 4]
    assert [path.steps for path in find_paths(net, ("a", "b")).paths] == [min(found, key=len)]


@settings(max_examples=100)
@given(net=networks(), cell_rule=st.booleans())
def test_a_path_sums_up_its_steps(net: Network, *, cell_rule: bool) -> None:
    answer = find_paths(net, ("a", "b"), rules=Rules(limit=100, cell_rule=cell_rule))

    assume(answer.paths)
    for path in answer.paths:
        weakness = expected_weakness(path.steps)
        assert path.sign == expected_sign(path.steps)
        assert path.origin == expected_origin(path.steps)
        assert path.level == (None if weakness == 5 else "ABCDE"[weakness])
        contexts = {c for step in path.steps for one in step.evidence for c in one.contexts}
        assert set(path.contexts) == contexts
        assert list(path.contexts) == sorted(contexts)
        assert path.nodes == ("a", *(step.target for step in path.steps))
        assert path.sign != "?" or "direction is unclear" in path_sentence(net, path)


def tried(
    net: Network, filters: Sequence[Filter], rules: Rules, held: Sequence[str]
) -> list[Steps]:
    """The paths when only the named conditions are in force."""
    chosen = [each for each in filters if each.name in held]
    steps = rules.max_steps if "max_steps" in held else 99
    return expected_paths(net, ("a", "b"), chosen, Rules(steps, cell_rule="cells" in held))


def expected_why(
    net: Network, filters: Sequence[Filter], rules: Rules
) -> tuple[str, tuple[str, ...], tuple[str, ...], Steps | None]:
    names = [each.name for each in filters]
    cells = ["cells"] if rules.cell_rule else []
    kinds = {**dict.fromkeys(names, "filter"), "cells": "cell-rule", "max_steps": "max-steps"}
    if not tried(net, filters, rules, []):
        return "not-connected", (), (), None
    everything = [*names, *cells, "max_steps"]
    lifted = {
        out: tried(net, filters, rules, [n for n in everything if n != out]) for out in everything
    }
    for group in (names, ["max_steps"], cells):
        enough = tuple(name for name in group if lifted[name])
        if enough:
            return kinds[enough[0]], enough, (), lifted[enough[0]][0]
    count = next(n for n in itertools.count() if not tried(net, filters, rules, everything[:n]))
    last = everything[count - 1]
    before = tuple(everything[: count - 1])
    return kinds[last], (last,), before, tried(net, filters, rules, before)[0]


@settings(max_examples=100)
@given(networks(), FILTERS, st.builds(Rules, st.integers(0, 3), st.just(5), st.booleans()))
def test_an_empty_answer_says_what_removed_the_last_path(
    net: Network, filters: list[Filter], rules: Rules
) -> None:
    why = find_paths(net, ("a", "b"), filters, rules).why

    if why is not None:
        removed = why.path and why.path.steps
        assert (why.kind, why.by, why.after, removed) == expected_why(net, filters, rules)


@settings(max_examples=100)
@given(networks(), st.sets(st.sampled_from(["b", "c", "a", "elsewhere"])), RULES)
def test_two_drugs_meet_where_a_naive_search_finds_it(
    net: Network, entries: set[str], rules: Rules
) -> None:
    starts = sorted(entries & {"b", "c"})
    expected = []
    for node in NAMES:
        ours = expected_paths(net, ("a", node), (), rules, avoid=starts)
        theirs = [
            steps
            for start in starts
            for steps in expected_paths(net, (start, node), (), rules, avoid=["a"])
        ]
        if ours and theirs:
            best = min(theirs, key=expected_order)
            expected.append((len(ours[0]) + len(best), node, ours[0], best))
    expected.sort(key=lambda each: each[:2])

    answer = meetings(net, "a", entries, rules)

    assert [
        (each.steps, each.node, each.drug_path.steps, each.partner_path.steps)
        for each in answer.meetings
    ] == expected[: rules.limit]
    assert answer.truncated == (len(expected) > rules.limit)
    assert answer.curated == any(
        each.source in starts and each.type == "causal" for each in net.edges.values()
    )


# By hand.


def only_path(net: Network, source: str, target: str, *, cell_rule: bool = True) -> Path:
    (path,) = find_paths(net, (source, target), rules=Rules(cell_rule=cell_rule)).paths
    return path


def test_a_path_does_not_jump_between_cells_inside_a_molecule() -> None:
    net = network(edge("a", "b", "-", "t"), edge("b", "c", "+", "tumour"))

    answer = find_paths(net, ("a", "c"))

    assert answer.paths == ()
    assert answer.why is not None
    assert answer.why.kind == "cell-rule"
    assert answer.why.path == only_path(net, "a", "c", cell_rule=False)


def test_a_path_may_cross_cells_at_a_node_that_crosses() -> None:
    net = network(edge("a", "b", "-", "t"), edge("b", "c", "+", "tumour"), crossing=["b"])

    assert only_path(net, "a", "c").sign == "-"


@pytest.mark.parametrize(
    ("cells", "fits"),
    [
        (["t", "treg", "immune"], True),
        (["treg", ANY_CELL, "t"], True),
        (["immune", "t", "nk"], False),
        (["t", ANY_CELL, "nk"], False),
        (["treg", "tumour", "treg"], False),
        (["treg", "immune", "nk"], False),
    ],
)
def test_a_wider_cell_does_not_join_two_narrower_ones(cells: list[str], *, fits: bool) -> None:
    first, second, third = cells
    net = network(
        edge("a", "b", cell=first), edge("b", "c", cell=second), edge("c", "d", cell=third)
    )

    assert bool(find_paths(net, ("a", "d")).paths) == fits


def test_a_textbook_step_is_weaker_than_a_review() -> None:
    review = edge("a", "b", rows=[row("r", "E", "stated")])
    textbook = edge("a", "b", "-", rows=[])
    net = network(textbook, review)

    first, second = find_paths(net, ("a", "b")).paths

    assert (first.steps, first.level, first.origin) == ((review,), "E", "stated")
    assert (second.steps, second.level, second.origin) == ((textbook,), None, "none")


def test_a_filter_takes_rows_and_an_edge_without_rows_disappears() -> None:
    strong, weak = row("strong", "A", "borrowed"), row("weak", "E", "native")
    net = network(edge("a", "b", rows=[strong, weak]), edge("b", "c", rows=[weak]))

    kept = net.keep([Filter("level", row=lambda each: each.level == "A")])

    (only,) = kept.edges.values()
    assert (only.evidence, only.origin, only.level) == ((strong,), "borrowed", "A")
    assert kept.nodes == net.nodes


def test_textbook_edges_are_steps_unless_evidence_is_asked_for() -> None:
    net = network(edge("a", "b", rows=[]))

    why = find_paths(net, ("a", "b"), [EVIDENCE_ONLY]).why

    assert why is not None
    assert (why.kind, why.by, why.path) == ("filter", ("basis",), only_path(net, "a", "b"))


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        ("nowhere", "a", "source-not-in-network"),
        ("a", "nowhere", "target-not-in-network"),
        ("a", "a", "same-node"),
        ("b", "a", "not-connected"),
    ],
)
def test_ends_without_a_path_are_explained(source: str, target: str, kind: str) -> None:
    why = find_paths(network(edge("a", "b")), (source, target)).why

    assert why is not None
    assert (why.kind, why.path) == (kind, None)


def test_a_longer_path_is_shown_when_the_steps_do_not_reach() -> None:
    net = network(edge("a", "b"), edge("b", "c"), edge("c", "d"))

    why = find_paths(net, ("a", "d"), rules=Rules(max_steps=2)).why

    assert why is not None
    assert (why.kind, why.path) == ("max-steps", only_path(net, "a", "d"))


def test_a_longer_path_is_a_better_reason_than_a_jump_between_cells() -> None:
    jump = [edge("a", "b", cell="t"), edge("b", "c", cell="tumour")]
    detour = [edge("a", "d"), edge("d", "e"), edge("e", "c")]

    why = find_paths(network(*jump, *detour), ("a", "c"), rules=Rules(max_steps=2)).why

    assert why is not None
    assert (why.kind, why.path) == ("max-steps", Path(tuple(detour)))


STRONG = Filter("level", row=lambda each: each.level == "A")
NATIVE = Filter("native", row=lambda each: each.origin == "native")
CLL = Filter("context", row=lambda each: "cll" in each.contexts)


def test_each_filter_that_alone_can_be_lifted_is_named() -> None:
    borrowed = edge("a", "b", "+", rows=[row("r1", "A", "borrowed")])
    weak = edge("a", "b", "-", rows=[row("r2", "E", "native")])

    why = find_paths(network(borrowed, weak), ("a", "b"), [STRONG, NATIVE]).why

    assert why is not None
    assert (why.kind, why.by, why.after) == ("filter", ("level", "native"), ())
    assert why.path == Path((weak,))


def test_when_no_filter_alone_is_to_blame_the_one_that_took_the_last_path_is_named() -> None:
    borrowed = edge("a", "b", "+", rows=[row("r1", "A", "borrowed")])
    weak = edge("a", "b", "-", rows=[row("r2", "E", "native")])

    why = find_paths(network(borrowed, weak), ("a", "b"), [STRONG, NATIVE, CLL]).why

    assert why is not None
    assert (why.kind, why.by, why.after) == ("filter", ("native",), ("level",))
    assert why.path == Path((borrowed,))


def test_a_path_that_is_too_long_and_jumps_between_cells_is_put_down_to_the_cell_rule() -> None:
    strong = [row("r", "A")]
    first, second = edge("a", "b", "+", "t", strong), edge("b", "c", "+", "tumour", strong)

    why = find_paths(network(first, second), ("a", "c"), [STRONG], Rules(max_steps=1)).why

    assert why is not None
    assert (why.kind, why.by, why.after) == ("cell-rule", ("cells",), ("level",))
    assert why.path == Path((first, second))


def test_an_edge_needs_both_ends_and_its_cells() -> None:
    nodes = [Node("a", "a", "drug", crosses_cells=True), Node("b", "b", "drug", crosses_cells=True)]

    with pytest.raises(ValueError, match="an end of the edge"):
        Network(nodes, [edge("a", "c")], CELLS)
    with pytest.raises(ValueError, match="a cell of the edge"):
        Network(nodes, [edge("a", "b", cell="nowhere")], CELLS)


def test_a_ring_of_cells_does_not_hang() -> None:
    ring = [Cell("x", "x", "y"), Cell("y", "y", "x")]
    nodes = [Node(name, name, "protein", crosses_cells=False) for name in "abc"]
    net = Network(nodes, [edge("a", "b", cell="x"), edge("b", "c", cell="y")], ring)

    assert len(find_paths(net, ("a", "c")).paths) == 1


def test_two_drugs_agree_oppose_or_stay_unclear() -> None:
    net = network(
        edge("a", "c", "-"),
        edge("b", "c", "-"),
        edge("a", "d", "+"),
        edge("b", "d", "-"),
        edge("a", "e", "?"),
        edge("b", "e", "+"),
        edge("c", "f", "-"),
    )

    answer = meetings(net, "a", ["b"])

    assert [(each.node, each.agreement, each.met_before) for each in answer.meetings] == [
        ("c", "agree", ()),
        ("d", "oppose", ()),
        ("e", "unclear", ()),
        ("f", "agree", ("c",)),
    ]


def test_neither_path_runs_through_the_other_drug() -> None:
    ours = [edge("a", "c"), edge("c", "d"), edge("d", "f")]
    theirs = [edge("b", "e"), edge("e", "d")]
    through = [edge("a", "b"), edge("b", "a")]

    only = meetings(network(*ours, *theirs, *through), "a", ["b"]).meetings[0]

    assert (only.node, only.drug_path.steps, only.partner_path.steps) == (
        "d",
        tuple(ours[:2]),
        tuple(theirs),
    )
    assert meetings(network(*through, edge("b", "c")), "a", ["b"]).meetings == ()


def test_a_meeting_has_its_place_by_the_paths_that_keep_to_the_cells() -> None:
    jump = [edge("a", "e", cell="t"), edge("e", "c", cell="tumour")]
    detour = [edge("a", "d"), edge("d", "f"), edge("f", "c")]

    answer = meetings(network(*jump, *detour, edge("b", "c"), edge("b", "f")), "a", ["b"])

    assert [(each.node, each.steps) for each in answer.meetings] == [("f", 3), ("c", 4)]


def test_more_meetings_than_asked_for_are_cut_off() -> None:
    net = network(edge("a", "c"), edge("b", "c"), edge("c", "d"))

    answer = meetings(net, "a", ["b"], Rules(limit=1))

    assert [each.node for each in answer.meetings] == ["c"]
    assert answer.stopped_by == "limit"


def test_a_partner_without_edges_is_not_curated() -> None:
    net = network(edge("a", "c"))

    assert not meetings(net, "a", ["b", "elsewhere"]).curated


# Bounds.


@pytest.fixture(scope="module")
def dense() -> Network:
    """2,000 nodes and 20,000 edges in which simple paths of eight steps abound."""
    pick = random.Random(7)  # noqa: S311 - the same network each time
    names = [f"n{number:04}" for number in range(2000)]
    nodes = [Node(name, name, "protein", pick.random() < 0.5) for name in names]
    edges: dict[str, Step] = {}
    while len(edges) < 20_000:
        source, target = pick.sample(names, 2)
        rows = [row("r", pick.choice("ABCDE"), pick.choice(["native", "borrowed"]))]
        one = edge(source, target, pick.choice("+-?"), pick.choice(list(PARENTS)), rows)
        edges[one.id] = one
    return Network(nodes, edges.values(), CELLS)


@pytest.mark.slow
def test_a_search_that_would_explode_stops_and_says_so(dense: Network) -> None:
    budget = Budget(expansions=50_000, seconds=1e9)

    answer = find_paths(dense, ("n0000", "n0001"), rules=Rules(12, 1_000_000), budget=budget)

    assert answer.truncated
    assert answer.stopped_by == "expansions"
    assert answer.expansions == 50_001
    assert answer.paths == tuple(sorted(answer.paths, key=lambda path: path.order))


def test_the_limit_stops_a_dense_search_early(dense: Network) -> None:
    budget = Budget(expansions=200_000, seconds=1e9)

    few = find_paths(dense, ("n0000", "n0001"), rules=Rules(12, 5), budget=budget)
    more = find_paths(dense, ("n0000", "n0001"), rules=Rules(12, 50), budget=Budget(seconds=1e9))

    assert (len(few.paths), few.stopped_by) == (5, "limit")
    assert few.paths == more.paths[:5]
    assert few.expansions < 50_000


def test_meetings_in_a_dense_network_stay_in_bounds(dense: Network) -> None:
    budget = Budget(expansions=100_000, seconds=1e9)

    answer = meetings(dense, "n0000", ["n0001", "n0002"], Rules(limit=1_000), budget)

    assert answer.stopped_by == "expansions"
    assert answer.meetings
    assert answer.expansions < 110_000


def test_the_clock_stops_a_search(dense: Network) -> None:
    ticks = itertools.count()  # one for the start, then one for each look
    budget = Budget(10**9, 3, lambda: next(ticks))

    answer = find_paths(dense, ("n0000", "n0001"), rules=Rules(12, 1_000_000), budget=budget)

    assert answer.stopped_by == "time"
    assert answer.expansions == len(dense.distances_to("n0001")) + 2 * 256


def test_a_search_is_not_carried_on_beyond_its_target() -> None:
    ways = [edge("a", "b"), edge("a", "c"), edge("c", "b")]
    beyond = [edge("b", name) for name in "def"] + [edge(name, "b") for name in "def"]

    answer = find_paths(network(*ways, *beyond), ("a", "b"))

    # Six nodes; then a-b and a-c for paths of one step, and these and c-b for paths of two.
    assert answer.expansions == 6 + 2 + 3


def test_a_node_is_not_sought_from_itself() -> None:
    answer = find_paths(network(edge("a", "b"), edge("b", "a")), ("a", "a"))

    assert (answer.expansions, answer.truncated) == (0, False)


def test_looking_for_the_reason_is_counted() -> None:
    net = network(edge("a", "b", cell="t"), edge("b", "c", cell="tumour"))

    # Three nodes and two steps for the search; the same again without a bound on steps and
    # without the cell rule.
    assert find_paths(net, ("a", "c")).expansions == 3 * 5


def test_no_other_reason_is_given_for_a_search_that_stopped() -> None:
    layers = [("a", "a"), *((f"x{n}", f"y{n}") for n in range(7))]
    rungs = itertools.chain.from_iterable(
        itertools.product(one, other) for one, other in itertools.pairwise(layers)
    )
    jumps = [edge(source, "b", cell="tumour") for source in layers[-1]]
    climbs = [edge(source, target, cell="t") for source, target in sorted(set(rungs))]

    answer = find_paths(network(*climbs, *jumps), ("a", "b"), budget=Budget(300))

    assert answer.why is not None
    assert answer.why.kind == "search-stopped"


def test_a_search_that_stops_before_the_first_path_gives_no_other_reason() -> None:
    net = network(edge("a", "b"), edge("b", "c"))

    answer = find_paths(net, ("a", "c"), budget=Budget(expansions=4))

    assert answer.truncated
    assert answer.why is not None
    assert answer.why.kind == "search-stopped"


def test_a_reason_that_cannot_be_worked_out_in_time_is_not_guessed() -> None:
    net = network(edge("a", "b", cell="t"), edge("b", "c", cell="tumour"))
    times = iter([0.0])

    answer = find_paths(net, ("a", "c"), budget=Budget(seconds=1, clock=lambda: next(times, 2.0)))

    assert not answer.truncated
    assert answer.why is not None
    assert answer.why.kind == "search-stopped"


def test_a_reason_that_needs_too_many_steps_is_not_guessed() -> None:
    net = network(edge("a", "b", cell="t"), edge("b", "c", cell="tumour"))

    answer = find_paths(net, ("a", "c"), budget=Budget(expansions=8))

    assert answer.why is not None
    assert answer.why.kind == "search-stopped"


# Sentences.


def test_a_sentence_names_cells_contacts_and_textbook_steps() -> None:
    labels = {"a": "lenalidomide", "b": "CD200, PD-L1", "c": "T-cell immune synapse", "d": "p21"}
    nodes = [Node(name, label, "protein", crosses_cells=True) for name, label in labels.items()]
    lowers = edge("a", "b", "-", "tumour")
    blocks = replace(edge("b", "c", "-", "t"), relation="inhibits", contact_with="tumour")
    raises = replace(edge("c", "d", "+", "t", []), relation="activates", contact_with="tumour")
    starts = replace(edge("d", "a", "-"), relation="turns off")
    net = Network(nodes, [lowers, blocks, raises, starts], CELLS)

    assert path_sentence(net, Path((lowers, blocks, raises))) == (
        "In the tumour cell, lenalidomide decreases CD200, PD-L1, "
        "which in the t cell at contact with the tumour cell inhibit T-cell immune synapse, "
        "which activates p21 (textbook knowledge); overall, lenalidomide raises p21."
    )
    assert path_sentence(net, Path((starts,))) == "p21 turns off lenalidomide."


@pytest.mark.parametrize(
    ("label", "relation", "words"),
    [
        ("BCR inhibitors", "binds", "BCR inhibitors bind x."),
        ("lymphangiogenesis", "activates", "Lymphangiogenesis activates x."),
        ("CRBN", "required_for", "CRBN is required for x."),
        ("stress", "inhibits", "Stress inhibits x."),
    ],
)
def test_the_verb_agrees_with_the_label(label: str, relation: str, words: str) -> None:
    step = replace(edge("a", "b"), relation=relation)
    nodes = [
        Node("a", label, "drug", crosses_cells=True),
        Node("b", "x", "drug", crosses_cells=True),
    ]

    assert path_sentence(Network(nodes, [step], CELLS), Path((step,))) == words


def test_a_path_that_ends_in_binding_does_not_claim_a_higher_level() -> None:
    first, last = edge("a", "b", "-"), replace(edge("b", "c"), relation="binds")
    net = network(first, last)

    assert (
        path_sentence(net, Path((first, last)))
        == "A decreases b, which binds c; overall, a hinders binding to c."
    )
