"""The graph: small ones by hand, large ones for stamina, random ones against a slow definition."""

from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.plan.dag import Graph

DIAMOND = Graph("ABCDE", [("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")])


def test_a_diamond_runs_in_waves_and_its_ready_set_grows() -> None:
    assert DIAMOND.waves() == [["A", "E"], ["B", "C"], ["D"]]
    assert DIAMOND.order() == ["A", "B", "C", "D", "E"]
    assert DIAMOND.ready(()) == ["A", "E"]
    assert DIAMOND.ready({"A", "B"}) == ["C", "E"]
    assert DIAMOND.upstreams("D") == ("B", "C")
    assert DIAMOND.ancestors("D") == {"A", "B", "C"}
    assert DIAMOND.descendants("A") == {"B", "C", "D"}
    assert DIAMOND.cycles() == []


def test_the_critical_path_follows_the_weights() -> None:
    assert DIAMOND.critical_path() == ["A", "B", "D"]
    assert DIAMOND.critical_path({"C": 5}) == ["A", "C", "D"]
    assert DIAMOND.critical_path({"E": 50}) == ["E"]
    assert Graph([], []).critical_path() == []


def test_cycles_are_short_and_leave_out_what_only_waits_for_them() -> None:
    graph = Graph("ABCDE", [("A", "B"), ("B", "C"), ("C", "A"), ("B", "A"), ("C", "D")])
    assert graph.cycles() == [["A", "B"]]
    assert graph.waves() == [["E"]]
    assert graph.order() == ["E"]


def test_unknown_ends_and_loops_are_left_out() -> None:
    assert Graph("AB", [("A", "A"), ("X", "B"), ("A", "B"), ("A", "B")]).upstreams("B") == ("A",)


def test_a_chain_of_ten_thousand_needs_no_recursion() -> None:
    names = [str(at) for at in range(10_000)]
    line = Graph(names, pairwise(names))
    assert line.critical_path() == names
    assert len(line.waves()) == 10_000
    ring = Graph(names, [*pairwise(names), (names[-1], names[0])])
    assert [len(cycle) for cycle in ring.cycles()] == [10_000]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_order_respects_every_edge_and_cycles_hold_the_rest(pairs: list[tuple[int, int]]) -> None:
    graph = Graph([str(n) for n in range(10)], [(str(a), str(b)) for a, b in pairs])
    order = graph.order()
    place = {name: at for at, name in enumerate(order)}
    for name in order:
        assert all(place[up] < place[name] for up in graph.upstreams(name))
    assert sorted(chain.from_iterable(graph.waves())) == sorted(order)
    assert bool(graph.cycles()) == (len(order) < 10)
    for cycle in graph.cycles():
        assert all(cycle[at - 1] in graph.upstreams(name) for at, name in enumerate(cycle))
    for name in graph.nodes:
        if name not in place:
            assert any(set(cycle) & (graph.ancestors(name) | {name}) for cycle in graph.cycles())


@pytest.mark.parametrize("node", ["A", "D"])
def test_descendants_and_ancestors_mirror_each_other(node: str) -> None:
    assert all(node in DIAMOND.ancestors(other) for other in DIAMOND.descendants(node))
