"""A run told as a story: what happens, and what must follow."""

from __future__ import annotations

from dataclasses import replace

from scene import Scene, plan

from orch_tui.core import flowing, releasing, rules
from orch_tui.core.attempt_events import AskAnswered, AskRaised, AttemptIntended, AttemptLost
from orch_tui.core.commands import (
    Answer,
    Approve,
    Cancel,
    MendPlan,
    Pause,
    Resume,
    Retry,
    Skip,
    Steer,
    Stop,
)
from orch_tui.core.effects import EndAttempt, MergeWork, ReleaseWorktree, SendControl, StartAttempt
from orch_tui.core.run_events import CommandAccepted, PlanRead, RunApproved, RunFinished, RunStopped
from orch_tui.core.section_events import SectionDone, SectionParked
from orch_tui.core.work_events import MergeConflicted, MergeIntended, StepFailed
from orch_tui.plan.edits import Assign
from orch_tui.plan.model import Finding

DIAMOND = ("A", "B<-A", "C<-A", "D<-B,C")


def ask(scene: Scene, section: str, request: str = "r1", kind: str = "permission") -> None:
    scene.record([AskRaised(section=section, attempt=1, n=1, request_id=request, kind=kind, title="May I?")], "agent")


def test_nothing_runs_before_approval():
    scene = Scene(plan(*DIAMOND))
    assert scene.of(AttemptIntended) == []
    assert rules.why(scene.state, "A", 0.0) == [("phase", "the plan is not approved yet")]
    assert scene.refused(Skip(section="A")) == "nothing runs before the plan is approved"


def test_approval_names_exactly_the_plan_and_graph_that_were_read():
    scene = Scene(plan(*DIAMOND))
    assert "read again" in scene.refused(Approve(plan_sha="other", graph_sha=scene.state.graph_sha))
    assert "graph changed" in scene.refused(Approve(plan_sha=scene.state.plan_sha, graph_sha="other"))
    happened = scene.when(Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha), by="kim")
    assert happened[1] == RunApproved(plan_sha="p" * 64, graph_sha=scene.state.graph_sha, by="kim")
    assert "kim approved it already" in scene.refused(Approve(plan_sha="p" * 64, graph_sha=scene.state.graph_sha))


def test_a_plan_with_a_cycle_is_refused_with_the_cycle_named():
    read = plan("A<-B", "B<-A")
    finding = Finding(type="cycle", ids=("A", "B"), line=1, message="cycle: A (line 1) -> B (line 2) -> A")
    scene = Scene(PlanRead(**{name: getattr(read, name) for name in PlanRead.__slots__} | {"findings": (finding,)}))
    assert "A (line 1) -> B (line 2) -> A" in scene.refused(Approve(plan_sha="p" * 64, graph_sha=scene.state.graph_sha))
    assert scene.of(AttemptIntended) == []


def test_a_diamond_runs_in_order_and_side_by_side():
    scene = Scene(plan(*DIAMOND)).approve()
    assert scene.statuses() == {"A": "running", "B": "waiting", "C": "waiting", "D": "waiting"}
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "running", "C": "running", "D": "waiting"}
    scene.finish("B", "C")
    assert scene.statuses()["D"] == "running"
    scene.finish("D")
    assert scene.happened[-1] == RunFinished(outcome="done")
    assert [event.section for event in scene.of(SectionDone)] == ["A", "B", "C", "D"]


def test_every_dispatch_is_journalled_with_the_rule_that_made_it():
    scene = Scene(plan("A")).approve()
    at = next(i for i, event in enumerate(scene.happened) if isinstance(event, AttemptIntended))
    assert scene.causes[at] == "rule:dispatch-ready"


def test_no_more_sections_run_than_there_are_slots():
    scene = Scene(plan("A", "B", "C", "D", "E"), concurrency=2).approve()
    assert len(scene.state.live) == 2
    assert rules.why(scene.state, "E", 0.0) == [("slots", "all 2 slots are taken")]
    scene.finish("A")
    assert len(scene.state.live) == 2


def test_the_longest_chain_goes_first():
    scene = Scene(plan("A", "B", "C<-B", "D<-C"), concurrency=1).approve()
    assert scene.statuses()["B"] == "running"


def test_only_one_merge_at_a_time_and_the_next_follows():
    scene = Scene(plan("A", "B")).approve()
    for name in ("A", "B"):
        scene.start(name)
        scene.end(name)
        scene.commit(name)
    assert [event.section for event in scene.of(MergeIntended)] == ["A"]
    scene.merge("A")
    assert [event.section for event in scene.of(MergeIntended)] == ["A", "B"]
    assert MergeWork(section="B", attempt=1) in scene.effects
    assert ReleaseWorktree(section="A", attempt=1, slug="A", path="/A") in scene.effects


def test_once_a_section_is_merged_the_worktrees_of_its_earlier_attempts_go_too():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.record([MergeConflicted(section="A", attempt=1, files=("app.py",))], "merge")
    assert list(releasing.released(scene.state, scene.state.sections["A"])) == [], "a person looks at it"
    scene.when(Retry(section="A"))
    scene.finish("A")
    gone = [effect.attempt for effect in scene.effects if isinstance(effect, ReleaseWorktree)]
    assert gone == [1, 2]


def test_with_one_branch_for_the_plan_those_of_a_section_that_is_done_go_with_their_worktrees():
    scene = Scene(plan("A", "B<-A"), branches="plan").approve()
    scene.start("A")
    scene.end("A", "failed", "crash")
    scene.now += 10
    scene.record([], "time")
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    assert not [effect for effect in scene.effects if isinstance(effect, ReleaseWorktree)]
    scene.merge("A")
    assert [one.branch for one in scene.effects if isinstance(one, ReleaseWorktree)] == ["b/A/1", "b/A/2"]
    assert flowing.branch(scene.state, scene.state.sections["A"]) == "orch/run"
    scene.start("B")
    assert flowing.branch(scene.state, scene.state.sections["B"]) == "b/B/1"


def test_the_worktree_of_an_attempt_after_the_merge_stays():
    scene = Scene(plan("A")).approve()
    scene.finish("A")
    (merged,) = scene.state.sections["A"].attempts
    again = replace(merged, number=2, step="conflict")
    scene.state.sections["A"].attempts.append(again)
    assert [effect.attempt for effect in releasing.released(scene.state, scene.state.sections["A"])] == [1]


def gone(scene: Scene) -> list[tuple[str, int]]:
    return [(one.section, one.attempt) for one in scene.effects if isinstance(one, ReleaseWorktree)]


def test_the_worktree_of_a_section_that_is_skipped_goes_once_its_agent_has_ended():
    scene = Scene(plan("A", "B")).approve()
    scene.start("A", "B")
    scene.when(Skip(section="A"))
    assert gone(scene) == []
    scene.end("A", "interrupted", "interrupted")
    assert gone(scene) == [("A", 1)]


def test_the_worktree_of_a_section_that_failed_stays_until_it_is_skipped():
    scene = Scene(plan("A", "B")).approve()
    scene.start("A", "B")
    scene.end("A", "failed", "role")
    scene.end("B")
    assert (scene.statuses()["A"], gone(scene)) == ("failed", [])
    scene.when(Skip(section="A"))
    assert gone(scene) == [("A", 1)]


def test_no_worktree_is_left_of_a_run_that_was_cancelled():
    scene = Scene(plan("A", "B")).approve()
    scene.start("A", "B")
    scene.end("A", "failed", "role")
    scene.when(Cancel())
    assert gone(scene) == []
    scene.end("B", "interrupted", "interrupted")
    assert gone(scene) == [("A", 1), ("B", 1)]


def test_in_place_there_is_nothing_to_commit_or_merge():
    scene = Scene(plan("A"), isolation="none").approve()
    scene.start("A")
    scene.end("A")
    assert scene.statuses() == {"A": "done"}
    assert scene.of(MergeIntended) == []


def test_a_conflict_waits_for_a_person_and_retry_starts_on_top_of_the_integration_branch():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.record([MergeConflicted(section="A", attempt=1, files=("app.py",))], "merge")
    assert scene.statuses() == {"A": "attention", "B": "waiting"}
    assert rules.needs_human(scene.state)
    assert scene.state.sections["A"].detail == "conflicts in app.py between b/A/1 and orch/run"
    scene.when(Retry(section="A"))
    assert scene.effects[-1] == StartAttempt(section="A", attempt=2)


def test_a_failed_script_is_not_repeated_and_blocks_what_depends_on_it():
    scene = Scene(plan("A", "B<-A", "C")).approve()
    scene.start("A")
    scene.end("A", "failed", "script", message="block 1 ended with code 3")
    assert scene.statuses() == {"A": "failed", "B": "blocked", "C": "running"}
    assert rules.why(scene.state, "B", 0.0) == [
        ("blocked", "blocked: A failed"),
        ("dependencies", "waiting for 1 of 1: A failed"),
    ]
    scene.finish("C")
    assert scene.happened[-1] == RunFinished(outcome="failed")
    assert rules.why(scene.state, "B", 0.0)[0] == ("blocked", "blocked: A failed"), "and not that the run is failed"
    scene.when(Retry(section="A"))
    assert scene.statuses() == {"A": "running", "B": "waiting", "C": "done"}


def test_of_a_blocked_section_that_a_person_paused_it_is_said_first_that_it_is_paused():
    scene = Scene(plan("A", "B<-A", "C")).approve()
    scene.start("A")
    scene.end("A", "failed", "script", message="block 1 ended with code 3")
    scene.when(Pause(section="B"))
    assert scene.statuses()["B"] == "paused"
    assert [gate for gate, _ in rules.why(scene.state, "B", 0.0)] == ["paused", "blocked", "dependencies"]


def test_skipping_a_failed_section_lets_its_dependants_go_on():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    scene.end("A", "failed", "script")
    scene.when(Skip(section="A"))
    assert scene.statuses() == {"A": "skipped", "B": "running"}


def test_a_lost_attempt_is_tried_again_and_given_up_after_the_limit():
    scene = Scene(plan("A"), max_attempts=2).approve()
    scene.start("A")
    scene.record([AttemptLost(section="A", attempt=1, why="killed", swept=3, counted=True)], "host gone")
    assert scene.statuses() == {"A": "parked"}
    parked = scene.of(SectionParked)[0]
    scene.now = parked.until
    scene.record([], "time")
    assert scene.statuses() == {"A": "running"}
    scene.record([AttemptLost(section="A", attempt=2, why="killed", swept=0, counted=True)], "host gone")
    assert scene.statuses() == {"A": "failed"}


def test_an_attempt_that_never_began_does_not_count():
    scene = Scene(plan("A"), max_attempts=1).approve()
    scene.record([AttemptLost(section="A", attempt=1, why="runner died", swept=0, counted=False)], "recovery")
    assert scene.statuses() == {"A": "running"}
    assert scene.state.sections["A"].tries == 0
    assert scene.state.cost_unknown == 0


def test_a_missing_login_waits_for_a_person():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.end("A", "failed", "auth", message="run `claude` and log in")
    assert scene.statuses() == {"A": "attention"}
    assert rules.needs_human(scene.state)


def test_a_step_that_fails_waits_for_a_person_with_the_words():
    scene = Scene(plan("A")).approve()
    scene.record([StepFailed(section="A", attempt=1, step="start", message="no space left on device")], "start failed")
    assert scene.statuses() == {"A": "attention"}
    assert scene.state.live == {}
    assert scene.state.sections["A"].detail == "no space left on device"


def test_the_first_answer_counts_and_the_second_person_is_told():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    ask(scene, "A")
    assert rules.needs_human(scene.state)
    scene.when(Answer(request_id="r1", choice="allow"), by="ann", command_id="c-ann")
    assert "ann answered it already" in scene.refused(Answer(request_id="r1", choice="deny"), by="bob")
    assert [event.by for event in scene.of(AskAnswered)] == ["ann"]
    sent = [effect for effect in scene.effects if isinstance(effect, SendControl)]
    args = {"request_id": "r1", "choice": "allow", "text": "", "by": "ann"}
    assert sent == [SendControl(section="A", attempt=1, id="c-ann", op="answer", args=args)]


def test_a_permission_takes_only_allow_or_deny_and_a_question_no_empty_answer():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    ask(scene, "A")
    ask(scene, "A", "r2", "question")
    assert "'allow' or 'deny'" in scene.refused(Answer(request_id="r1", choice="maybe"))
    assert "empty" in scene.refused(Answer(request_id="r2", choice=" "))


def test_a_permission_is_answered_only_as_its_agent_offers():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    ask(scene, "A")
    always = Answer(request_id="r1", choice="always")
    assert scene.refused(always) == "this permission is answered 'allow' or 'deny', not 'always'"
    offered = ("allow", "always", "deny")
    scene.record(
        [AskRaised(section="A", attempt=1, n=2, request_id="r2", kind="permission", title="?", options=offered)],
        "agent",
    )
    assert "'allow', 'always' or 'deny', not 'never'" in scene.refused(Answer(request_id="r2", choice="never"))
    scene.when(Answer(request_id="r2", choice="always"))
    assert list(scene.state.asks) == ["r1"]


def test_asks_end_with_their_attempt():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    ask(scene, "A")
    scene.end("A")
    assert scene.state.asks == {}


def test_a_command_delivered_twice_is_carried_out_once():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    assert len(scene.when(Steer(section="A", text="go left"), command_id="same")) == 2
    assert scene.when(Steer(section="A", text="go left"), command_id="same") == []


def test_steering_reaches_the_running_attempt_only():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    scene.when(Steer(section="A", text="go left"), command_id="s1", by="me")
    args = {"text": "go left", "by": "me"}
    assert scene.effects[-1] == SendControl(section="A", attempt=1, id="s1", op="steer", args=args)
    assert "no running agent" in scene.refused(Steer(section="B", text="hello"))
    assert "nothing to say" in scene.refused(Steer(section="A", text="  "))


def test_pausing_a_running_section_holds_its_agent_and_keeps_its_slot():
    scene = Scene(plan("A", "B"), concurrency=1).approve()
    scene.start("A")
    scene.when(Pause(section="A"), command_id="p1")
    assert scene.statuses() == {"A": "paused", "B": "ready"}
    assert scene.effects[-1] == SendControl(section="A", attempt=1, id="p1", op="pause", args={})
    scene.when(Resume(section="A"), command_id="p2")
    assert scene.statuses()["A"] == "running"
    assert scene.effects[-1] == SendControl(section="A", attempt=1, id="p2", op="resume", args={})


def test_pausing_a_waiting_section_keeps_it_from_being_dispatched():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.when(Pause(section="B"))
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "paused"}
    assert rules.needs_human(scene.state)
    scene.when(Resume(section="B"))
    assert scene.statuses()["B"] == "running"


def test_a_paused_run_finishes_what_runs_and_starts_nothing():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.when(Pause())
    scene.finish("A")
    assert scene.statuses() == {"A": "done", "B": "ready"}
    scene.when(Resume())
    assert scene.statuses()["B"] == "running"


def test_stopping_ends_every_process_and_resuming_starts_again_without_counting():
    scene = Scene(plan("A", "B")).approve()
    scene.start("A", "B")
    scene.when(Stop())
    assert [effect.section for effect in scene.effects if isinstance(effect, EndAttempt)] == ["A", "B"]
    scene.end("A", "interrupted", "interrupted")
    assert scene.of(RunStopped) == []
    scene.record([AttemptLost(section="B", attempt=1, why="killed", swept=1, counted=True)], "host gone")
    assert len(scene.of(RunStopped)) == 1
    assert scene.statuses() == {"A": "ready", "B": "ready"}
    scene.when(Resume())
    assert scene.statuses() == {"A": "running", "B": "running"}
    assert [section.tries for section in scene.state.sections.values()] == [0, 0]


def test_work_that_ended_well_while_stopping_is_kept_for_later():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.when(Stop())
    scene.end("A", "succeeded")
    assert len(scene.of(RunStopped)) == 1
    scene.when(Resume())
    scene.commit("A")
    scene.merge("A")
    assert scene.statuses() == {"A": "done"}


def test_cancelling_the_run_is_final():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    scene.when(Cancel())
    scene.end("A", "interrupted", "interrupted")
    assert scene.happened[-1] == RunFinished(outcome="cancelled")
    assert "cancelled" in scene.refused(Retry(section="A"))


def test_cancelling_a_section_fails_it_and_retry_waits_for_its_processes_to_be_gone():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    scene.when(Cancel(section="A"))
    assert scene.statuses() == {"A": "failed"}
    assert scene.of(RunFinished) == []
    scene.when(Retry(section="A"))
    assert len(scene.of(AttemptIntended)) == 1
    scene.end("A", "interrupted", "interrupted")
    assert len(scene.of(AttemptIntended)) == 2


def test_skipping_a_running_section_drops_what_it_brings_back():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    scene.when(Skip(section="A"))
    assert scene.statuses() == {"A": "skipped", "B": "running"}
    scene.end("A", "succeeded")
    assert scene.of(MergeIntended) == []


def test_sections_done_in_the_plan_are_not_run_again():
    scene = Scene(plan("A", "B<-A", done=["A"])).approve()
    assert scene.statuses() == {"A": "done", "B": "running"}


def test_refusals_name_what_there_is():
    scene = Scene(plan("A", "B<-A")).approve()
    assert "there are A, B" in scene.refused(Pause(section="Z"))
    assert scene.refused(Resume()) == "the run is running, not paused or stopped"
    assert "has not failed" in scene.refused(Retry(section="B"))
    assert scene.when(Pause(section="b"))[0] == CommandAccepted(id="c5", op="pause", actor="me", section="b", events=1)


def test_a_run_cancelled_before_its_approval_cannot_be_approved_any_more():
    scene = Scene(plan("A"))
    scene.when(Cancel())
    assert scene.state.phase.value == "cancelled"
    assert "cancelled" in scene.refused(Approve(plan_sha=scene.state.plan_sha, graph_sha=scene.state.graph_sha))
    assert not scene.of(AttemptIntended)


def test_work_that_ended_well_while_the_run_was_cancelled_is_under_way_no_more():
    scene = Scene(plan("A", "B"), concurrency=2).approve()
    scene.start("A", "B")
    scene.end("B")
    scene.when(Cancel())
    scene.end("A")
    scene.commit("B")
    assert scene.state.phase.value == "cancelled"
    assert not scene.state.running
    assert not scene.state.to_commit
    assert not scene.state.leaving
    assert "running" not in scene.statuses().values()


def test_an_agent_that_cannot_be_steered_is_not_offered_a_steer():
    read = plan("A")
    entry = replace(read.sections[0], agent="script")
    scene = Scene(replace(read, sections=(entry,), agents={"script": ("steer",)})).approve()
    scene.start("A")
    assert scene.refused(Steer(section="A", text="left")) == "agent 'script' cannot be steered"


def test_what_is_said_of_a_section_comes_before_what_is_said_of_the_run():
    scene = Scene(plan("A", "B"), merge_strategy="rebase").approve()
    squash = MendPlan(edits=(Assign(section="B", what="merge", value="squash"),))
    scene.when(squash)
    scene.when(scene.seen())
    assert [flowing.merge_strategy(scene.state, scene.state.sections[name]) for name in "AB"] == ["rebase", "squash"]
