"""Each mend changes what was laid out before it; the outcome is the same as if all of it were laid out anew."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st
from scene import Scene, plan

from orch_tui.core.codec import encode_state
from orch_tui.core.commands import MendPlan, Remend, Unmend
from orch_tui.core.edition import Edition
from orch_tui.core.graph import lay_out
from orch_tui.core.settling import count_all, ready_key
from orch_tui.plan.edits import AddEdge, AddNote, Assign, DropEdge, Exclude, Include, MarkDone, ReverseEdge

NAMES = "ABCDEF"
names = st.sampled_from(NAMES)
edits = st.one_of(
    st.builds(AddEdge, upstream=names, downstream=names),
    st.builds(DropEdge, upstream=names, downstream=names),
    st.builds(ReverseEdge, upstream=names, downstream=names),
    st.builds(Exclude, section=names, dependants=st.sampled_from(["release", "exclude"])),
    st.builds(Include, section=names),
    st.builds(MarkDone, section=names, done=st.booleans()),
    st.builds(Assign, section=names, what=st.sampled_from(["model", "priority"]), value=st.sampled_from(["", "3"])),
    st.builds(AddNote, section=names, text=st.just("mind the gap")),
)
steps = st.lists(
    st.one_of(
        st.builds(MendPlan, edits=st.lists(edits, min_size=1, max_size=2).map(tuple)),
        st.sampled_from([Unmend(), Unmend(), Remend()]),
    )
)


def reviewed() -> Scene:
    return Scene(plan("A", "B<-A", "C<-A", "D<-B,C", "E", "F<-E"))


@settings(max_examples=150)
@given(steps)
def test_a_mend_upon_what_was_laid_out_comes_to_the_same_as_laying_all_out(
    made: list[MendPlan | Unmend | Remend],
) -> None:
    scene = reviewed()
    for step in made:
        scene.when(step)
    state = scene.state
    assert state.edition is not None
    anew = Edition(read=state.edition.read, mends=list(state.edition.mends))
    laid = lay_out(anew)
    assert (state.edition.graph_sha, state.edition.findings) == (anew.graph_sha, anew.findings)
    assert state.edition.dependencies == anew.dependencies
    assert list(laid) == list(state.sections)
    again = deepcopy(state)
    again.sections = laid
    count_all(again)
    assert encode_state(again) == encode_state(state)
    for section in state.sections.values():
        above = [state.sections[name] for name in section.upstream]
        open_ones = [up for up in above if not up.verdict or (up.verdict == "skipped" and up.unmet and not up.loose)]
        assert section.unmet == len(open_ones)
        assert (ready_key(section) in state.ready) == (not section.verdict and not open_ones)
    assert state.ready == sorted(state.ready)


def test_a_mend_leaves_alone_the_sections_it_does_not_touch() -> None:
    scene = reviewed()
    before = dict(scene.state.sections)
    scene.when(MendPlan(edits=(Assign(section="B", what="model", value="haiku"),)))
    after = dict(scene.state.sections)
    assert [name for name in NAMES if after[name] is not before[name]] == ["B"]
    scene.when(MendPlan(edits=(AddEdge(upstream="D", downstream="F"),)))
    last = scene.state.sections
    assert [name for name in NAMES if last[name] is after[name]] == ["E"]
    assert (last["F"].upstream, last["F"].unmet) == (["D", "E"], 2)


def test_sections_that_run_are_not_those_of_the_next_layout() -> None:
    scene = reviewed()
    scene.approve()
    assert scene.state.edition is not None
    assert lay_out(scene.state.edition)["A"] is not scene.state.sections["A"]
