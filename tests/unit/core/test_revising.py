"""The plan changes while it runs: another edition is read, looked at, and approved or given up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.core import rules
from orch_tui.core.apply import apply
from orch_tui.core.attempt_events import AttemptIntended, EndRequested
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.commands import Approve, Cancel, Discard, MendPlan, Resume, Retry, Skip
from orch_tui.core.hashing import graph_sha, row
from orch_tui.core.run_events import PlanRead, RevisionApproved, RunFinished, RunHalted
from orch_tui.core.state import Phase, State
from orch_tui.core.work_events import CommitIntended, MergeConflicted
from orch_tui.plan.edits import AddEdge, Assign, Exclude, MarkDone

CHAIN = ("A", "B<-A", "C<-B")


def begun(scene: Scene) -> list[str]:
    return [event.section for event in scene.of(AttemptIntended) if isinstance(event, AttemptIntended)]


def under_way(*sections: str, concurrency: int = 4, **more: object) -> Scene:
    return Scene(plan(*sections, **more), concurrency=concurrency).approve()  # type: ignore[arg-type]


def consistent(scene: Scene) -> None:
    """The graph that is dispatched is the approved one, and the journal gives the same state again."""
    state = scene.state
    assert state.approval is not None
    open_ones = [row(section) for section in state.sections.values() if not section.gone]
    assert graph_sha(open_ones, state, state.dependencies) == state.approval.graph_sha == state.graph_sha
    assert decode_state(encode_state(state)) == state
    again = State()
    for number, (event, cause) in enumerate(zip(scene.happened, scene.causes, strict=True), 1):
        apply(again, event, seq=number, at=1000.0, cause=cause)
    assert again == state


# --- reading and giving up ---


def test_a_candidate_changes_nothing_until_it_is_approved():
    scene = under_way(*CHAIN)
    scene.revise(plan("A", "B<-A", "Z", sha="q"))
    assert list(scene.state.sections) == ["A", "B", "C"]
    assert scene.state.plan_sha == "p" * 64
    scene.finish("A")
    assert begun(scene) == ["A", "B"]
    scene.when(Discard())
    assert scene.state.candidate is None
    assert scene.refused(Discard()) == "there is no other edition of the plan to give up"
    consistent(scene)


def test_what_is_approved_is_named_by_its_hashes():
    scene = under_way(*CHAIN)
    assert "me approved it already" in scene.refused(scene.seen())
    scene.revise(plan(*CHAIN, "D<-C", sha="q"))
    old = Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha)
    assert "the plan was read again since you looked" in scene.refused(old)
    wrong = replace(scene.seen(), graph_sha="0" * 64)
    assert "the graph changed since you looked" in scene.refused(wrong)
    events = scene.when(scene.seen(), by="kim")
    assert isinstance(events[1], RevisionApproved)
    approval = scene.state.approval
    assert approval is not None
    assert (approval.by, approval.plan_sha) == ("kim", "q" * 64)
    consistent(scene)


def test_the_same_again_is_not_approved_twice():
    scene = under_way(*CHAIN)
    scene.revise(plan(*CHAIN))
    assert scene.refused(scene.seen()) == "nothing changed: me approved exactly this"


def test_a_candidate_with_a_circle_is_refused():
    scene = under_way("A", "B<-A")
    scene.revise(plan("A", "B<-A,C", "C<-B", sha="q"))
    assert "B (line 2) -> C (line 3) -> B" in scene.refused(scene.seen())


def test_a_candidate_can_be_mended():
    scene = under_way(*CHAIN)
    scene.revise(plan(*CHAIN, "D<-C", sha="q"))
    scene.when(MendPlan(edits=(Exclude(section="D"),)))
    scene.when(scene.seen())
    assert scene.statuses()["D"] == "skipped"
    consistent(scene)


def test_isolation_does_not_change_in_the_middle_of_a_run():
    scene = under_way(*CHAIN)
    scene.revise(plan(*CHAIN, "D", sha="q"))
    candidate = scene.state.candidate
    assert candidate is not None
    candidate.read = replace(candidate.read, settings=replace(candidate.read.settings, isolation="none"))
    assert "cannot become 'none' in the middle of a run" in scene.refused(scene.seen())


# --- what ran ---


def test_finished_sections_stay_finished_and_keep_what_they_cost():
    scene = under_way(*CHAIN)
    scene.finish("A")
    cost = scene.state.cost_usd
    scene.revise(plan("A", "N<-A", "B<-N", "C<-B", sha="q", texts={"A": "reworded"}))
    assert "under way" in scene.refused(scene.seen(running={"N": "stop"}))
    scene.when(scene.seen())
    assert scene.statuses() == {"A": "done", "N": "running", "B": "running", "C": "waiting"}
    assert scene.state.sections["A"].detail == "its text changed since it was done; retry does it again"
    assert (scene.state.cost_usd, len(scene.state.sections["A"].attempts)) == (cost, 1)
    consistent(scene)


def test_a_finished_section_whose_text_changed_is_done_again_by_a_retry_and_others_are_not():
    scene = under_way("A", "B<-A", "C<-B")
    scene.finish("A", "B")
    scene.revise(plan("A", "B<-A", "C<-B", sha="q", texts={"A": "reworded"}))
    scene.when(scene.seen())
    assert scene.refused(Retry(section="B")) == "section 'B' has not failed, it is done"
    scene.when(Retry(section="A"))
    assert scene.statuses() == {"A": "running", "B": "done", "C": "running"}
    scene.finish("A", "C")
    assert (scene.statuses()["A"], scene.state.sections["A"].detail) == ("done", "")
    assert scene.refused(Retry(section="A")) == "section 'A' has not failed, it is done"
    consistent(scene)


def test_what_was_at_work_on_an_earlier_text_is_done_again_by_a_retry():
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(plan("A", "B", sha="q", texts={"A": "reworded"}))
    scene.when(scene.seen())
    scene.end("A")
    scene.commit("A")
    scene.merge("A")
    scene.when(Retry(section="A"))
    assert scene.statuses()["A"] == "running"
    scene.finish("A")
    assert scene.refused(Retry(section="A")) == "section 'A' has not failed, it is done"
    consistent(scene)


def test_what_the_plan_itself_says_is_done_is_not_done_again_by_a_retry():
    scene = under_way("A", "B")
    scene.finish("A")
    for sha, done, text in (("q", "", "reworded"), ("r", "A", "reworded"), ("s", "A", "again")):
        scene.revise(plan("A", "B", sha=sha, done=done, texts={"A": text}))
        scene.when(scene.seen())
    assert scene.refused(Retry(section="A")) == "section 'A' has not failed, it is done"
    consistent(scene)


def test_a_finished_section_is_done_again_when_a_person_says_so():
    scene = under_way(*CHAIN)
    scene.finish("A")
    scene.start("B")
    scene.revise(plan(*CHAIN, sha="q", texts={"A": "reworded"}))
    assert "section 'C' is not finished" in scene.refused(scene.seen(redo=("C",)))
    assert "no section 'Q'" in scene.refused(scene.seen(redo=("Q",)))
    scene.when(scene.seen(redo=("A",)))
    assert begun(scene) == ["A", "B", "A"]
    assert [attempt.number for attempt in scene.state.sections["A"].attempts] == [1, 2]
    scene.end("B")
    scene.commit("B")
    scene.merge("B")
    assert scene.statuses() == {"A": "running", "B": "done", "C": "running"}
    consistent(scene)


def test_new_sections_of_a_finished_run_are_carried_out_and_nothing_else():
    scene = under_way("A", "B<-A")
    scene.finish("A", "B")
    assert scene.state.phase is Phase.DONE
    scene.revise(plan("A", "B<-A", "C<-B", sha="q"))
    assert scene.state.phase is Phase.DONE
    scene.when(scene.seen())
    assert scene.state.phase is Phase.RUNNING
    scene.finish("C")
    assert begun(scene) == ["A", "B", "C"]
    assert len(scene.of(RunFinished)) == 2
    consistent(scene)


def test_rewording_alone_of_a_finished_run_leaves_it_finished():
    scene = under_way("A", "B<-A")
    scene.finish("A", "B")
    scene.revise(plan("A", "B<-A", sha="q", texts={"A": "other"}))
    scene.when(scene.seen())
    assert scene.state.phase is Phase.DONE
    assert begun(scene) == ["A", "B"]


def test_an_inserted_step_renumbers_and_nothing_is_done_twice_or_left_out():
    titles = {"1": "Ground", "2": "Walls", "3": "Roof"}
    scene = under_way("1", "2<-1", "3<-2", titles=titles, texts=titles)
    scene.finish("1", "2")
    scene.start("3")
    scene.when(Cancel(section="3"))
    scene.end("3", "interrupted")
    scene.when(Retry(section="3"))
    new = {"1": "Ground", "2": "Cellar", "3": "Walls", "4": "Roof"}
    scene.revise(plan("1", "2<-1", "3<-2", "4<-3", sha="q", titles=new, texts=new))
    words = scene.refused(scene.seen())
    assert words == (
        "section '3' is under way and is called '4' now; wait until it is through, or cancel it first (`cancel 3`)"
    )
    scene.start("3")
    scene.when(Cancel(section="3"))
    scene.end("3", "interrupted")
    scene.when(scene.seen())
    state = scene.state
    assert scene.statuses() == {"1": "done", "2": "running", "3": "done", "4": "failed"}
    assert [state.sections[name].slug for name in "1234"] == ["1", "2-2", "2", "3"]
    assert len(state.sections["4"].attempts) == 2
    scene.when(Retry(section="4"))
    consistent(scene)


def test_a_section_that_failed_is_tried_again_when_its_text_changed():
    scene = under_way("A", "B", "C<-A,B")
    for name in "AB":
        scene.start(name)
        scene.end(name, "failed", "script")
    assert scene.statuses() == {"A": "failed", "B": "failed", "C": "blocked"}
    scene.revise(plan("A", "B", "C<-A,B", sha="q", texts={"A": "better"}))
    scene.when(scene.seen())
    assert scene.statuses() == {"A": "running", "B": "failed", "C": "blocked"}
    consistent(scene)


def test_what_a_person_cancelled_waits_for_their_retry():
    scene = under_way("A", "B")
    scene.when(Cancel(section="A"))
    scene.end("A", "interrupted")
    scene.revise(plan("A", "B", sha="q", texts={"A": "better"}))
    scene.when(scene.seen())
    assert scene.statuses()["A"] == "failed"
    scene.when(Retry(section="A"))
    assert scene.statuses()["A"] == "running"


def test_a_conflict_is_given_up_when_the_text_changed():
    scene = under_way("A")
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.record([MergeConflicted(section="A", attempt=1, files=("f",))], "merge")
    assert scene.statuses() == {"A": "attention"}
    scene.revise(plan("A", sha="q", texts={"A": "better"}))
    scene.when(scene.seen())
    assert scene.statuses() == {"A": "running"}
    consistent(scene)


def test_what_a_person_skipped_stays_skipped():
    scene = under_way("A", "B<-A")
    scene.when(Skip(section="A"))
    scene.end("A", "interrupted")
    scene.revise(plan("A", "B<-A", "C", sha="q", texts={"A": "better"}))
    scene.when(scene.seen())
    assert scene.statuses()["A"] == "skipped"


def test_marks_of_the_plan_come_and_go_with_the_plan():
    scene = under_way("A", "B", "C", done="AB")
    scene.finish("C")
    scene.revise(plan("A", "B", "C", "D", sha="q", done="AD"))
    scene.when(scene.seen())
    assert scene.statuses() == {"A": "done", "B": "running", "C": "done", "D": "done"}
    consistent(scene)


# --- what is gone ---


def test_what_is_gone_and_not_under_way_is_dropped_and_its_merged_work_is_remembered():
    scene = under_way(*CHAIN)
    scene.finish("A")
    scene.start("B")
    scene.revise(plan("B", sha="q"))
    scene.when(scene.seen())
    assert scene.statuses() == {"B": "running"}
    assert [(one.id, one.detail) for one in scene.state.gone] == [("A", "gone from the plan; its work stays merged")]
    consistent(scene)
    scene.end("B")
    scene.commit("B")
    scene.merge("B")
    assert scene.state.phase is Phase.DONE
    consistent(scene)


def test_what_is_gone_and_under_way_comes_to_its_end_and_then_leaves():
    scene = under_way(*CHAIN, "D")
    scene.start("A")
    scene.revise(plan("B", "C<-B", "D", sha="q"))
    assert "cannot begin again; leave it or stop it" in scene.refused(scene.seen(running={"A": "restart"}))
    scene.when(scene.seen())
    assert scene.statuses() == {"B": "running", "C": "waiting", "D": "running", "A": "running"}
    consistent(scene)
    scene.end("A")
    scene.commit("A")
    scene.merge("A")
    assert "A" not in scene.state.sections
    assert [(one.id, one.verdict) for one in scene.state.gone] == [("A", "done")]
    consistent(scene)


@pytest.mark.parametrize("failure", ["script", "overload", "crash"])
def test_what_is_gone_and_fails_is_not_tried_again(failure: str):
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(plan("B", sha="q"))
    scene.when(scene.seen())
    scene.end("A", "failed", failure)
    assert list(scene.state.sections) == ["B"]
    scene.now += 10_000
    scene.record([], "time")
    assert begun(scene) == ["A", "B"]
    assert sum(scene.state.counts.values()) == 1
    consistent(scene)


def test_what_is_gone_is_stopped_by_choice():
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(plan("B", sha="q"))
    events = scene.when(scene.seen(running={"A": "stop"}))
    assert events[2:] == [EndRequested(section="A", attempt=1, why="set aside")]
    scene.end("A", "interrupted")
    assert list(scene.state.sections) == ["B"]
    consistent(scene)


def test_an_id_that_is_used_again_while_its_old_section_runs_is_refused():
    scene = under_way("1", "2", titles={"1": "Ground", "2": "Walls"})
    scene.start("1")
    scene.revise(plan("1", sha="q", titles={"1": "Walls"}))
    assert "section '1' is under way and gone from the plan, where another one has its id" in scene.refused(
        scene.seen()
    )


def test_a_section_that_comes_back_under_an_old_id_gets_directories_of_its_own():
    scene = under_way("A", "B")
    scene.finish("A")
    scene.revise(plan("B", sha="q"))
    scene.when(scene.seen())
    scene.revise(plan("B", "A", sha="r"))
    scene.when(scene.seen())
    assert scene.state.sections["A"].slug == "A-2"
    assert begun(scene) == ["A", "B", "A"]
    consistent(scene)


# --- what is under way ---


def test_running_sections_are_left_to_go_on_unless_a_person_says_otherwise():
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(plan("A", "B", sha="q", texts={"A": "other"}))
    events = scene.when(scene.seen())
    assert len(events) == 2
    assert scene.statuses() == {"A": "running", "B": "running"}
    scene.end("A")
    scene.commit("A")
    scene.merge("A")
    assert scene.statuses()["A"] == "done"
    assert scene.state.sections["A"].detail == "its text changed while it was at work; retry does it again"
    scene.finish("B")
    assert scene.state.sections["B"].detail == ""
    scene.when(MendPlan(edits=(Assign(section="A", what="priority", value="1"),)))
    scene.when(scene.seen(redo=("A",)))
    scene.finish("A")
    assert (scene.statuses()["A"], scene.state.sections["A"].detail) == ("done", "")
    consistent(scene)


def test_a_running_section_is_begun_again_by_choice():
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(plan("A", "B", sha="q", texts={"A": "other"}))
    events = scene.when(scene.seen(running={"A": "restart"}))
    assert events[2:] == [EndRequested(section="A", attempt=1, why="set aside")]
    scene.end("A", "interrupted")
    assert begun(scene) == ["A", "B", "A"]
    assert scene.state.sections["A"].tries == 0
    consistent(scene)


def test_what_succeeds_in_the_moment_it_was_to_begin_again_is_not_merged():
    scene = under_way("A", "B<-A")
    scene.start("A")
    scene.revise(plan("A", "B<-A", sha="q", texts={"A": "other"}))
    scene.when(scene.seen(running={"A": "restart"}))
    scene.end("A")
    assert scene.of(CommitIntended) == []
    assert begun(scene) == ["A", "A"]
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "running"}
    assert [attempt.merge_commit == "" for attempt in scene.state.sections["A"].attempts] == [True, False]
    consistent(scene)


@pytest.mark.parametrize(
    ("revised", "merged"),
    [
        (plan("A", "B", sha="q"), True),
        (plan("A", "B", sha="q", texts={"A": "other"}), False),
        (plan("B", sha="q"), False),
    ],
)
def test_what_succeeds_in_the_moment_it_is_stopped_is_merged_if_it_is_what_the_new_text_asks_for(
    revised: PlanRead, merged: bool
):
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(revised)
    scene.when(scene.seen(running={"A": "stop"}))
    scene.end("A")
    assert bool(scene.of(CommitIntended)) is merged
    consistent(scene)


def test_what_was_stopped_for_one_revision_can_begin_again_for_the_next():
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(plan("A", "B", sha="q"))
    scene.when(scene.seen(running={"A": "stop"}))
    scene.revise(plan("A", "B", sha="r", texts={"A": "other"}))
    scene.when(scene.seen(running={"A": "restart"}))
    scene.end("A")
    assert scene.of(CommitIntended) == []
    assert begun(scene) == ["A", "B", "A"]
    consistent(scene)


def test_what_was_cancelled_and_is_not_over_yet_begins_again_by_choice():
    scene = under_way("A", "B")
    scene.start("A")
    scene.when(Cancel(section="A"))
    scene.revise(plan("A", "B", sha="q", texts={"A": "other"}))
    scene.when(scene.seen(running={"A": "restart"}))
    scene.end("A", "interrupted")
    assert begun(scene) == ["A", "B", "A"]
    consistent(scene)


def test_a_running_section_is_stopped_by_choice_and_goes_on_when_it_is_resumed():
    scene = under_way("A", "B")
    scene.start("A")
    scene.revise(plan("A", "B", sha="q", texts={"A": "other"}))
    scene.when(scene.seen(running={"A": "stop"}), by="kim")
    scene.end("A", "interrupted")
    assert scene.statuses()["A"] == "paused"
    assert rules.why(scene.state, "A", scene.now) == [("paused", "paused by kim")]
    scene.when(Resume(section="A"))
    assert begun(scene) == ["A", "B", "A"]
    consistent(scene)


@pytest.mark.parametrize(("mark", "status"), [(MarkDone(section="A"), "done"), (Exclude(section="A"), "skipped")])
def test_a_running_section_that_is_to_run_no_more_has_to_be_stopped(mark: MarkDone | Exclude, status: str):
    scene = under_way("A", "B<-A")
    scene.start("A")
    scene.when(MendPlan(edits=(mark,)))
    assert "say that it is stopped, or wait" in scene.refused(scene.seen())
    scene.when(scene.seen(running={"A": "stop"}))
    scene.end("A", "interrupted")
    assert scene.statuses() == {"A": status, "B": "running"}
    consistent(scene)


def test_a_choice_about_what_does_not_run_is_refused():
    scene = under_way(*CHAIN)
    scene.revise(plan(*CHAIN, sha="q"))
    assert scene.refused(scene.seen(running={"C": "stop"})) == (
        "section 'C' is not under way, so there is nothing to stop"
    )
    scene.start("A")
    scene.end("A")
    assert "is being merged" in scene.refused(scene.seen(running={"A": "restart"}))


def test_nothing_is_redone_or_restarted_before_anything_ran():
    scene = Scene(plan(*CHAIN))
    assert "nothing ran yet" in scene.refused(scene.seen(redo=("A",)))


# --- mends and another text ---


def test_mends_follow_their_sections_to_their_new_ids_and_stale_ones_are_told():
    scene = Scene(plan("1", "2", "3", titles={"1": "Ground", "2": "Walls", "3": "Roof"}))
    scene.when(MendPlan(edits=(Assign(section="3", what="priority", value="5"),)))
    scene.when(MendPlan(edits=(Exclude(section="1"),)))
    scene.approve()
    scene.revise(plan("1", "2", sha="q", titles={"1": "Walls", "2": "Roof"}))
    candidate = scene.state.candidate
    assert candidate is not None
    assert [finding.type for finding in candidate.findings] == ["mend-not-applied"]
    assert "'1 (gone)' left out (by me): no section '1 (gone)'" in candidate.findings[0].message
    for name in list(scene.state.live):
        scene.start(name)
        scene.end(name, "failed", "auth")
    scene.when(scene.seen())
    assert scene.state.sections["2"].priority == 5
    assert scene.state.sections["1"].planned == ""


def test_an_edge_a_person_made_that_the_new_text_contradicts_is_told():
    scene = Scene(plan("A", "B"))
    scene.when(MendPlan(edits=(AddEdge(upstream="A", downstream="B"),)))
    scene.revise(plan("A<-B", "B", sha="q"))
    assert [finding.type for finding in scene.state.findings] == ["mend-not-applied"]
    assert "closes a circle" in scene.state.findings[0].message
    scene.approve()
    assert begun(scene) == ["B"]


# --- not what was approved ---


def test_a_halted_run_starts_nothing_until_a_person_goes_on_or_approves_anew():
    scene = under_way(*CHAIN)
    scene.record([RunHalted(why="the stored plan was changed")], "check")
    scene.finish("A")
    assert begun(scene) == ["A"]
    assert ("phase", "the run is halted: the stored plan was changed") in rules.why(scene.state, "B", scene.now)
    assert rules.needs_human(scene.state)
    scene.revise(plan(*CHAIN, sha="q"))
    scene.when(scene.seen())
    assert begun(scene) == ["A", "B"]
    assert scene.state.halted == ""
