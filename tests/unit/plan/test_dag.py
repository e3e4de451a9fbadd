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


@given(st.data())
def test_a_graph_with_some_edges_changed_is_the_graph_made_anew(data: st.DataObject) -> None:
    pairs = st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")), max_size=9)
    before, added = data.draw(pairs), data.draw(pairs)
    dropped = data.draw(st.lists(st.sampled_from(before), unique=True)) if before else []
    after = [*(pair for pair in before if pair not in dropped), *added]
    changed, anew = Graph("ABCDE", before).changed(added, dropped), Graph("ABCDE", after)
    assert [(changed.upstreams(node), changed.downstreams(node)) for node in "ABCDE"] == [
        (anew.upstreams(node), anew.downstreams(node)) for node in "ABCDE"
    ]
    assert (changed.order(), changed.acyclic, changed.tangles()) == (anew.order(), not anew.cycles(), anew.tangles())
    assert changed.differing(Graph("ABCDE", before)) == {
        node
        for node in "ABCDE"
        for old in [Graph("ABCDE", before)]
        if (old.upstreams(node), old.downstreams(node)) != (anew.upstreams(node), anew.downstreams(node))
    }


@given(
    st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")), max_size=9),
    st.sets(st.sampled_from("ABCXY")),
)
def test_a_graph_without_some_nodes_is_that_of_the_others(pairs: list[tuple[str, str]], gone: set[str]) -> None:
    left = [node for node in "ABCDE" if node not in gone]
    without, anew = Graph("ABCDE", pairs).without(gone), Graph(left, pairs)
    assert without.nodes == anew.nodes
    assert [(without.upstreams(node), without.downstreams(node)) for node in left] == [
        (anew.upstreams(node), anew.downstreams(node)) for node in left
    ]
    assert without.order() == anew.order()


EITHER = Graph(
    "XABCST",
    [("X", "A"), ("A", "S"), ("B", "S"), ("C", "S"), ("S", "T")],
    {"S": ((("A",), ("B", "C")),)},
)


def test_a_section_with_a_choice_is_in_the_wave_behind_the_option_that_is_there_first() -> None:
    assert EITHER.waves() == [["X", "B", "C"], ["A", "S"], ["T"]]
    assert EITHER.deciding("S", {"A": 1, "B": 0, "C": 0}) == ("B", "C")
    assert EITHER.deciding("S", {"A": 1, "B": 2, "C": 0}) == ("A",)


def test_the_critical_path_goes_through_the_option_that_is_there_first() -> None:
    assert EITHER.critical_path() == ["B", "S", "T"]
    assert EITHER.critical_path({"C": 3}) == ["X", "A", "S", "T"]
    assert EITHER.critical_path({"B": 9}) == ["B"]


def test_a_section_is_ready_when_all_of_one_option_is_done() -> None:
    assert "S" not in EITHER.ready({"B"})
    assert "S" in EITHER.ready({"B", "C"})
    assert "S" in EITHER.ready({"A"})


@pytest.mark.parametrize(
    ("done", "left_out", "upstreams", "either"),
    [
        ("", "", "ABC", True),
        ("A", "", "A", False),
        ("BC", "", "BC", False),
        ("B", "", "ABC", True),
        ("", "A", "BC", False),
        ("", "B", "ABC", True),
        ("", "BC", "A", False),
        ("", "ABC", "ABC", True),
        ("A", "BC", "A", False),
    ],
)
def test_of_a_choice_only_what_matters_is_left(done: str, left_out: str, upstreams: str, either: bool) -> None:
    chosen = EITHER.chosen(set(done), set(left_out))
    assert "".join(chosen.upstreams("S")) == upstreams
    assert bool(chosen.either) == either


def test_what_is_needed_because_one_choice_has_come_to_it_is_no_choice_elsewhere() -> None:
    two = Graph("ABCS", [("A", "S"), ("B", "S"), ("C", "S")], {"S": ((("A",), ("B",)), (("B",), ("C",)))})
    chosen = two.chosen((), {"A"})
    assert chosen.either == {"S": (((), ("C",)),)}
    assert chosen.upstreams("S") == ("B", "C")
    assert chosen.deciding("S", {"B": 0, "C": 5}) == ("B",)
    assert two.without({"A"}).either == {"S": (((), ("B",)), (("B",), ("C",)))}


@pytest.mark.parametrize(("out", "held"), [("A", False), ("B", False), ("AB", True), ("BC", False), ("X", False)])
def test_what_is_out_holds_a_section_back_when_no_option_is_left(out: str, held: bool) -> None:
    assert EITHER.holds_back("S", set(out)) == held
    assert EITHER.holds_back("T", {"S"})
