"""Checks run on what merging comes to before the integration branch moves: what follows from how they end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.core.attempt_events import AttemptIntended, AttemptLost
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.commands import Cancel, Pause, Resume, Retry, Skip, Stop
from orch_tui.core.run_events import RunStopped
from orch_tui.core.section_events import SectionNeedsAttention
from orch_tui.core.work_events import MergeIntended
from orch_tui.flow.workflow import AgentPhase, ScriptPhase, TerminalPhase, Workflow
from orch_tui.plan.model import Hints


def workflow(**arrows: str) -> Workflow:
    """Implement and merge with proof, with more arrows of the merge."""
    return Workflow(
        name="local",
        start="implement",
        phases={
            "implement": AgentPhase(to={"success": "merge"}, max_visits=3),
            "merge": ScriptPhase(do="merge", verify=True, to={"success": "done", **arrows}),
            "done": TerminalPhase(),
        },
    )


def merging(*sections: str, flow: Workflow | None = None, **settings: object) -> Scene:
    """A is about to be merged, and its checks are to run on the result."""
    scene = Scene(plan(*(sections or ("A",)), workflows=[flow or workflow()]), workflow="local", **settings).approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.compute("A")
    return scene


def red(scene: Scene, name: str = "A") -> None:
    """The checks do not pass on the merged result."""
    scene.start(name)
    scene.end(name, "failed", "script", message="block 1 ended with code 1", summary="2 of 5 fail", exit_code=1)


def last(scene: Scene, name: str = "A") -> AttemptIntended:
    """What was intended last of a section."""
    intended = scene.of(AttemptIntended)
    found = [one for one in intended if isinstance(one, AttemptIntended) and one.section == name]
    return found[-1]


def test_the_checks_run_in_a_checkout_of_the_merged_result_and_then_it_is_merged():
    scene = merging("A", "B<-A")
    assert (last(scene).phase, last(scene).proves, last(scene).tree) == ("merge", "m", 0)
    scene.start("A")
    assert len(scene.of(MergeIntended)) == 1
    scene.end("A")
    assert scene.of(MergeIntended)[1:] == [MergeIntended(section="A", attempt=2, phase="merge", visit=1)]
    assert scene.statuses() == {"A": "running", "B": "waiting"}
    scene.merge("A")
    assert scene.statuses() == {"A": "done", "B": "running"}


def test_what_is_red_after_merging_needs_a_person_with_what_was_printed():
    scene = merging("A", "B")
    scene.start("B")
    scene.end("B")
    scene.commit("B")
    red(scene)
    [told] = scene.of(SectionNeedsAttention)
    assert isinstance(told, SectionNeedsAttention)
    assert told.what == "merged with orch/run it is red"
    assert told.detail == "block 1 ended with code 1: 2 of 5 fail"
    assert scene.state.merging == "B", "the next one takes its turn"


def test_what_is_red_after_merging_goes_back_to_the_agent_where_the_workflow_says_so():
    scene = merging(flow=workflow(red="implement"))
    red(scene)
    assert (last(scene).phase, last(scene).visit, last(scene).tree, last(scene).proves) == ("implement", 2, 1, "")
    assert not scene.state.merging
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.compute("A", "n")
    assert last(scene).proves == "n"


def test_when_the_branch_moved_meanwhile_the_new_result_is_proven_too():
    scene = merging()
    scene.start("A")
    scene.end("A")
    scene.compute("A", "n")
    assert (last(scene).attempt, last(scene).proves, last(scene).visit) == (3, "n", 1)


def test_proving_takes_no_slot_and_only_one_is_proven_at_a_time():
    scene = merging("A", "B", "C", "D", concurrency=2)
    assert set(scene.state.live) == {"A", "B", "C"}
    scene.start("B")
    scene.end("B")
    scene.commit("B")
    assert scene.state.merging == "A"
    assert len(scene.of(MergeIntended)) == 1


def test_a_lost_host_has_the_merge_computed_anew():
    scene = merging()
    scene.start("A")
    scene.record([AttemptLost(section="A", attempt=2, why="killed", swept=1, counted=True)], "host gone")
    assert not scene.state.merging
    scene.now += 60
    scene.record([], "time")
    assert scene.of(MergeIntended)[-1] == MergeIntended(section="A", attempt=2, phase="merge", visit=1)
    scene.compute("A", "n")
    assert last(scene).proves == "n"


def test_a_ready_merge_that_waits_for_another_one_keeps_no_slot_from_the_next_section():
    scene = merging("A", "B", "C", concurrency=2)
    scene.start("A")
    scene.record([AttemptLost(section="A", attempt=2, why="killed", swept=1, counted=True)], "host gone")
    scene.start("B")
    scene.end("B")
    scene.commit("B")
    assert scene.state.merging == "B"
    scene.compute("B", "n")
    scene.now += 60
    scene.record([], "time")
    assert scene.statuses() == {"A": "ready", "B": "running", "C": "running"}
    scene.start("B")
    scene.end("B")
    scene.merge("B")
    assert scene.state.merging == "A"


def test_a_run_that_is_stopped_while_it_proves_goes_on_with_the_merge():
    scene = merging()
    scene.start("A")
    scene.when(Stop())
    scene.end("A", "interrupted", "interrupted")
    assert scene.of(RunStopped)
    scene.when(Resume())
    assert scene.of(MergeIntended)[-1] == MergeIntended(section="A", attempt=2, phase="merge", visit=1)


def test_a_paused_run_proves_nothing_until_it_is_resumed():
    scene = Scene(plan("A", workflows=[workflow()]), workflow="local").approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.when(Pause())
    scene.compute("A")
    assert last(scene).phase == "implement"
    scene.when(Resume())
    assert last(scene).proves == "m"


def test_a_run_is_stopped_although_a_result_waits_to_be_proven():
    scene = Scene(plan("A", workflows=[workflow()]), workflow="local").approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.when(Pause())
    scene.compute("A")
    scene.when(Stop())
    assert scene.of(RunStopped)


@pytest.mark.parametrize("command", [Skip(section="A"), Cancel(section="A")])
def test_a_section_that_is_given_up_while_it_is_proven_lets_the_next_one_merge(command):
    scene = merging("A", "B")
    scene.start("A")
    scene.start("B")
    scene.when(command)
    scene.end("A")
    scene.end("B")
    scene.commit("B")
    assert scene.state.merging == "B"
    assert not scene.state.sections["A"].candidate


def test_after_a_retry_all_begins_anew():
    scene = merging()
    red(scene)
    scene.when(Retry(section="A"))
    assert (last(scene).phase, last(scene).proves, last(scene).visit) == ("implement", "", 1)


def test_a_snapshot_while_a_result_is_proven_holds_everything():
    scene = merging()
    scene.start("A")
    assert decode_state(encode_state(scene.state)) == scene.state


RESOLVING = Workflow(
    name="local",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "merge"}),
        "merge": ScriptPhase(do="merge", verify=True, to={"success": "done", "conflict": "resolve"}),
        "resolve": AgentPhase(merge_first=True, retries=0, max_visits=2, to={"success": "merge", "failure": "stuck"}),
        "stuck": TerminalPhase(outcome="attention", message="It does not fit."),
        "done": TerminalPhase(),
    },
)


def in_conflict() -> Scene:
    """A is to be merged, and somebody else changed the same file."""
    scene = Scene(plan("A", workflows=[RESOLVING]), workflow="local").approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.conflict("A")
    return scene


def test_who_resolves_a_conflict_works_where_the_section_did_and_it_is_merged_again():
    scene = in_conflict()
    assert (last(scene).phase, last(scene).tree) == ("resolve", 1)
    assert scene.state.sections["A"].conflict == ("f",)
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.merge("A")
    assert scene.statuses() == {"A": "done"}


def test_a_conflict_that_comes_again_and_again_is_left_to_a_person():
    scene = in_conflict()
    for _ in range(2):
        scene.start("A")
        scene.end("A")
        scene.commit("A")
        scene.conflict("A")
    [told] = scene.of(SectionNeedsAttention)
    assert isinstance(told, SectionNeedsAttention)
    assert told.what == "merging came to 'conflict' again"
    assert "phase 'resolve' was gone through 2 times" in told.detail


def test_markers_that_are_left_fail_the_phase_with_words():
    scene = in_conflict()
    scene.start("A")
    scene.end("A")
    scene.commit("A", flaw="conflict markers are left in f")
    [told] = scene.of(SectionNeedsAttention)
    assert isinstance(told, SectionNeedsAttention)
    assert told.what == "It does not fit."
    assert "conflict markers are left in f" in told.detail


def test_an_agent_that_leaves_markers_is_told_and_tries_again_where_they_are():
    scene = Scene(plan("A", workflows=[workflow()]), workflow="local").approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A", flaw="conflict markers are left in f")
    assert scene.statuses() == {"A": "parked"}
    scene.now += 60
    scene.record([], "time")
    assert (last(scene).phase, last(scene).tree) == ("implement", 1)
    assert scene.state.sections["A"].attempts[0].message == "conflict markers are left in f"


def test_a_section_that_left_nothing_is_not_taken_for_done():
    scene = Scene(plan("A", workflows=[workflow()]), workflow="local").approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A", file_count=0)
    assert not scene.of(MergeIntended)
    [told] = scene.of(SectionNeedsAttention)
    assert isinstance(told, SectionNeedsAttention)
    assert told.what == "left nothing"


def test_a_workflow_can_say_that_leaving_nothing_is_right():
    scene = Scene(plan("A", workflows=[workflow(empty="done")]), workflow="local").approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A", file_count=0)
    assert scene.statuses() == {"A": "done"}


def test_a_section_may_say_that_it_changes_no_file():
    read = plan("A", workflows=[workflow()])
    looks = replace(read.sections[0], hints=Hints(changes_nothing=True))
    scene = Scene(replace(read, sections=(looks,)), workflow="local").approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A", file_count=0)
    assert scene.of(MergeIntended)
    assert not scene.of(SectionNeedsAttention)


def test_what_merges_without_proof_may_leave_nothing():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A", file_count=0)
    assert scene.of(MergeIntended)
