"""Edits of a graph that was read: what they do, what they refuse, and that they can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch_tui.plan.assigning import check_value
from orch_tui.plan.dag import Graph
from orch_tui.plan.edit_words import all_words
from orch_tui.plan.edits import AddEdge, AddNote, Assign, DropEdge, Edit, Exclude, Include, MarkDone, Mend, ReverseEdge
from orch_tui.plan.mending import Bench, Mended, mended
from orch_tui.plan.model import Dependency, Evidence


@dataclass(frozen=True)
class Part:
    id: str
    lines: tuple[int, int]
    done: bool = False

    @property
    def title(self) -> str:
        return f"Title {self.id}"


def parts(*names: str, done: str = "") -> list[Part]:
    return [Part(id=name, lines=(10 * at, 10 * at + 5), done=name in done) for at, name in enumerate(names, 1)]


def refusal(known: Sequence[Part], there: Sequence[Dependency], after: Sequence[Mend], edits: Sequence[Edit]) -> str:
    bench = Bench(known, tuple(there))
    for one in after:
        bench.mend(one)
    return bench.refusal(edits)


def edges(*pairs: str) -> list[Dependency]:
    """ "AB": B waits for A."""
    return [
        Dependency(upstream=up, downstream=down, kind="stated", evidence=Evidence(line=7, quote=f"{down} after {up}"))
        for up, down in pairs
    ]


def mend(*edits: Edit, why: str = "", by: str = "kim", at: float = 5.0) -> Mend:
    return Mend(edits=edits, by=by, at=at, why=why)


def chain(*mends: Mend) -> Mended:
    """A <- B <- C, and D by itself."""
    return mended(parts(*"ABCD"), edges("AB", "BC"), mends)


def pairs(found: Mended) -> list[str]:
    return [edge.upstream + edge.downstream for edge in found.dependencies]


def refused(*edits: Edit, after: tuple[Mend, ...] = ()) -> str:
    return refusal(parts(*"ABCD", done="D"), edges("AB", "BC"), after, edits)


# --- edges ---


def test_nothing_mended_is_what_was_read():
    assert chain() == Mended(
        dependencies=tuple(edges("AB", "BC")), left_out={}, done={}, assigned={}, notes={}, graph=Graph((), ())
    )


def test_an_added_edge_says_who_when_and_why():
    found = chain(mend(AddEdge(upstream="C", downstream="D", needs="the schema"), why="D reads it"))
    assert found.dependencies[-1] == Dependency(
        upstream="C",
        downstream="D",
        kind="mended",
        evidence=Evidence(line=0, quote="D reads it", by="kim", at=5.0),
        needs_text="the schema",
    )


def test_a_dropped_edge_is_gone_and_may_come_back_as_a_persons_own():
    assert pairs(chain(mend(DropEdge(upstream="A", downstream="B")))) == ["BC"]
    found = chain(mend(DropEdge(upstream="A", downstream="B")), mend(AddEdge(upstream="A", downstream="B")))
    assert [(edge.upstream, edge.kind) for edge in found.dependencies] == [("B", "stated"), ("A", "mended")]


def test_an_edge_that_was_read_twice_is_dropped_at_once():
    found = mended(parts("A", "B"), edges("AB", "AB"), [mend(DropEdge(upstream="A", downstream="B"))])
    assert found.dependencies == ()


def test_a_reversed_edge_is_a_mend():
    found = chain(mend(ReverseEdge(upstream="A", downstream="B")))
    assert [(e.upstream + e.downstream, e.kind, e.evidence.by) for e in found.dependencies] == [
        ("BC", "stated", ""),
        ("BA", "mended", "kim"),
    ]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (AddEdge(upstream="A", downstream="A"), "section 'A' cannot wait for itself"),
        (AddEdge(upstream="A", downstream="B"), "section 'B' waits for 'A' already (line 7)"),
        (AddEdge(upstream="Q", downstream="B"), "no section 'Q'; there are A, B, C, D"),
        (AddEdge(upstream="A", downstream="q"), "no section 'q'"),
        (DropEdge(upstream="A", downstream="C"), "section 'C' does not wait for 'A'"),
        (DropEdge(upstream="B", downstream="A"), "section 'A' does not wait for 'B' (it is the other way round)"),
        (ReverseEdge(upstream="B", downstream="A"), "section 'A' does not wait for 'B'"),
        (Include(section="A"), "section 'A' is not left out"),
        (Exclude(section="D"), "section 'D' is done already"),
        (MarkDone(section="D"), "section 'D' is done already"),
        (MarkDone(section="A", done=False), "section 'A' is not marked as done"),
        (
            Assign(section="A", what="budget", value="much"),
            "a budget is a number of US dollars such as 2.50, not 'much'",
        ),
        (Assign(section="A", what="model", value=""), "no model was assigned to section 'A'"),
        (AddNote(section="A", text="  "), "an empty note says nothing"),
        (AddNote(section="A", text="x" * 10_001), "the note has 10001 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_words(edit: Edit, words: str):
    assert words in refused(edit)


def test_nothing_to_change_is_refused():
    assert refusal(parts("A"), [], [], []) == "there is nothing to change in it"


def test_a_circle_is_refused_and_shown_with_its_lines():
    words = refused(AddEdge(upstream="C", downstream="A"))
    assert words == (
        "that closes a circle: A (line 10) -> B (line 20) -> C (line 30) -> A; each would wait for the one before"
    )


def test_a_reversal_that_closes_a_circle_is_refused():
    found = refusal(parts(*"ABC"), edges("AB", "BC", "AC"), [], [ReverseEdge(upstream="A", downstream="C")])
    assert "closes a circle: A (line 10) -> B (line 20) -> C (line 30) -> A" in found


def test_edits_made_in_one_go_are_looked_at_together():
    turned = (DropEdge(upstream="A", downstream="B"), AddEdge(upstream="C", downstream="A"))
    assert refused(*turned) == ""
    assert refused(*reversed(turned)) == ""


def test_a_circle_of_the_plan_itself_is_no_reason_against_an_edge_beside_it():
    tangled = edges("AB", "BA")
    assert refusal(parts(*"ABCD"), tangled, [], [AddEdge(upstream="C", downstream="D")]) == ""
    assert refusal(parts(*"ABCD"), tangled, [], [DropEdge(upstream="B", downstream="A")]) == ""
    assert "wait for each other" in refusal(parts(*"AB"), tangled, [], [ReverseEdge(upstream="B", downstream="A")])


# --- sections ---


def test_left_out_alone_or_with_what_waits_for_it():
    assert chain(mend(Exclude(section="A"), why="later")).left_out == {"A": "left out by kim: later"}
    assert chain(mend(Exclude(section="A", dependants="exclude"))).left_out == {
        "A": "left out by kim",
        "B": "left out with 'A', which it waits for, by kim",
        "C": "left out with 'A', which it waits for, by kim",
    }


def test_a_section_that_is_done_stops_what_is_left_out_with_another():
    found = mended(parts(*"ABC", done="B"), edges("AB", "BC"), [mend(Exclude(section="A", dependants="exclude"))])
    assert set(found.left_out) == {"A"}


def test_an_edge_dropped_later_brings_a_section_back():
    found = chain(mend(Exclude(section="A", dependants="exclude")), mend(DropEdge(upstream="B", downstream="C")))
    assert set(found.left_out) == {"A", "B"}


def test_included_again_with_all_that_was_left_out_because_of_it():
    assert chain(mend(Exclude(section="A", dependants="exclude")), mend(Include(section="A"))).left_out == {}


def test_one_of_those_left_out_with_another_is_carried_out_after_all_and_what_waits_for_it():
    out = mend(Exclude(section="A", dependants="exclude"))
    assert set(chain(out, mend(Include(section="B"))).left_out) == {"A"}
    again = mend(Exclude(section="A", dependants="release")), mend(Exclude(section="A", dependants="exclude"))
    assert set(chain(out, mend(Include(section="B")), *again).left_out) == {"A", "B", "C"}


def test_done_by_a_person_or_not_done_whatever_the_plan_says():
    assert chain(mend(MarkDone(section="A"))).done == {"A": "kim"}
    found = mended(parts("A", "B", done="A"), [], [mend(MarkDone(section="A", done=False))])
    assert found.done == {}


def test_assignments_are_taken_back_with_an_empty_value():
    twice = mend(Assign(section="A", what="agent", value="claude"), Assign(section="A", what="priority", value="-3"))
    assert chain(twice).assigned == {"A": {"agent": "claude", "priority": "-3"}}
    assert chain(twice, mend(Assign(section="A", what="agent", value=""))).assigned == {"A": {"priority": "-3"}}


@pytest.mark.parametrize(
    ("what", "good", "bad"),
    [
        ("budget", ["1", "0.05", "1e2"], ["0", "-1", "nan", "inf", "1,50", "$3", "100001"]),
        ("priority", ["0", "-1000", "1000"], ["1.5", "1001", "high"]),
        ("merge", ["merge", "squash", "rebase", ""], ["ff", "Squash", "octopus"]),
        ("effort", ["low", "max"], ["2/5", "LOW", "hard"]),
        ("agent", ["claude", "my-agent"], [" claude", "a\nb", "x" * 201, "\x1b[31m"]),
        ("model", ["opus", "openai/gpt-5 (high)"], ["a\tb"]),
    ],
)
def test_values_that_mean_nothing_are_refused(what: str, good: list[str], bad: list[str]):
    assert [value for value in good if check_value(what, value)] == []  # type: ignore[arg-type]
    assert [value for value in bad if not check_value(what, value)] == []  # type: ignore[arg-type]


def test_notes_gather_in_order():
    found = chain(mend(AddNote(section="A", text="one")), mend(AddNote(section="A", text="two"), by="lu"))
    assert [(note.text, note.by) for note in found.notes["A"]] == [("one", "kim"), ("two", "lu")]


# --- another text ---


def test_edits_that_no_longer_fit_are_told_and_the_others_stay():
    stale = mend(AddEdge(upstream="Q", downstream="A"), Exclude(section="D"))
    found = chain(stale)
    assert set(found.left_out) == {"D"}
    assert [(left.edit, left.reason) for left in found.unapplied] == [
        (AddEdge(upstream="Q", downstream="A"), "no section 'Q'; there are A, B, C, D")
    ]


def test_a_mend_that_now_closes_a_circle_is_told_and_not_made():
    found = chain(mend(AddEdge(upstream="C", downstream="A")), mend(AddEdge(upstream="C", downstream="D")))
    assert pairs(found) == ["AB", "BC", "CD"]
    assert "closes a circle" in found.unapplied[0].reason


# --- whatever people do ---

NAMES = "ABCDE"
name = st.sampled_from(NAMES)
edit = st.one_of(
    st.builds(AddEdge, upstream=name, downstream=name),
    st.builds(DropEdge, upstream=name, downstream=name),
    st.builds(ReverseEdge, upstream=name, downstream=name),
    st.builds(Exclude, section=name, dependants=st.sampled_from(["release", "exclude"])),
    st.builds(Include, section=name),
    st.builds(MarkDone, section=name, done=st.booleans()),
    st.builds(Assign, section=name, what=st.just("priority"), value=st.sampled_from(["", "1", "2"])),
)


@given(st.lists(edit, max_size=30))
def test_what_is_not_refused_applies_and_never_tangles_the_graph(edits: list[Edit]):
    made: list[Mend] = []
    for one in edits:
        if not refusal(parts(*NAMES), edges("AB", "BC", "CD"), made, [one]):
            made.append(mend(one))
    found = mended(parts(*NAMES), edges("AB", "BC", "CD"), made)
    assert found.unapplied == ()
    assert Graph(NAMES, ((e.upstream, e.downstream) for e in found.dependencies)).cycles() == []
    assert not set(found.left_out) & set(found.done)


@given(st.lists(edit, max_size=30))
def test_any_mends_over_any_text_give_a_graph_without_a_circle_of_theirs(edits: list[Edit]):
    found = mended(parts(*NAMES), edges("AB", "BC"), [mend(one) for one in edits])
    assert Graph(NAMES, ((e.upstream, e.downstream) for e in found.dependencies)).cycles() == []
    assert set(found.left_out) <= set(NAMES)


def test_what_is_set_of_many_sections_alike_is_said_once():
    edits = [Assign(section=name, what=what, value="x") for name in "BC" for what in ("model", "workflow")]
    assert all_words([*edits, Assign(section="D", what="model", value="")]) == (
        "model of 'B', 'C': x; workflow of 'B', 'C': x; model of 'D': as the plan says"
    )
