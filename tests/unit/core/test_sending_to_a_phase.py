"""A person sends a section to a phase, skips one, or tries again from one."""

from dataclasses import replace

import pytest
from scene import Scene, plan
from test_phases import LOCAL, begun, fail_checks, flow, implement, way

from orch_tui.core.attempt_events import AskRaised, AttemptLost
from orch_tui.core.commands import Answer, Cancel, Command, Dispatch, Pause, Resume, Retry, Skip, Stop
from orch_tui.core.effects import EndAttempt
from orch_tui.core.section_events import SectionDone
from orch_tui.core.work_events import CommitIntended, MergeConflicted, MergeIntended
from orch_tui.flow.workflow import AgentPhase, ApprovalPhase, ScriptPhase, Workflow, faults
from orch_tui.worktree_settings import WorktreeSettings


def failed() -> Scene:
    """A has failed: red twice, as often as it may be implemented."""
    scene = begun("A", "B<-A")
    for _ in range(2):
        implement(scene)
        fail_checks(scene)
    assert scene.statuses() == {"A": "failed", "B": "blocked"}
    return scene


def asking() -> Scene:
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.end("A", named="none")
    assert scene.state.asks
    return scene


def test_a_section_that_is_paused_while_its_phase_asks_stands_still_also_when_it_was_answered():
    scene = asking()
    scene.when(Pause(section="A"))
    assert scene.statuses()["A"] == "paused"
    scene.when(Answer(request_id=next(iter(scene.state.asks)), choice="success"))
    assert scene.statuses()["A"] == "paused"
    scene.when(Resume(section="A"))
    assert scene.statuses()["A"] == "running"


def test_a_retry_from_a_phase_goes_on_with_the_work_there_is():
    scene = failed()
    scene.when(Retry(section="A", phase="verify"))
    assert way(scene)[-1] == ("verify", 1)
    scene.start("A")
    scene.end("A")
    scene.merge("A")
    assert scene.statuses() == {"A": "done", "B": "running"}


def test_a_retry_from_a_phase_may_go_round_again_as_often_as_the_workflow_says():
    scene = failed()
    scene.when(Retry(section="A", phase="verify"))
    fail_checks(scene)
    assert way(scene)[-1] == ("implement", 1)
    assert scene.state.sections["A"].visits == {"verify": 1, "implement": 1}


def test_a_retry_from_the_merge_merges():
    scene = failed()
    scene.when(Retry(section="A", phase="merge"))
    assert scene.of(MergeIntended) == [MergeIntended(section="A", attempt=4, visit=1)]
    scene.merge("A")
    assert scene.statuses()["A"] == "done"


def test_after_a_conflict_a_section_can_be_merged_again():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.end("A")
    scene.record([MergeConflicted(section="A", attempt=2, files=("f",))], "merge")
    scene.when(Retry(section="A", phase="merge"))
    scene.merge("A")
    assert scene.statuses() == {"A": "done"}


def test_what_a_failed_agent_left_in_its_worktree_is_gone_on_with():
    build = AgentPhase(retries=0, to={"success": "check"})
    scene = begun("A", workflow=flow(build=build, check=ScriptPhase(do="checks", to={"success": "done"})))
    scene.start("A")
    scene.end("A", "failed", "agent")
    scene.when(Retry(section="A", phase="check"))
    assert way(scene) == [("build", 1), ("check", 1)]


def test_a_retry_from_the_beginning_takes_nothing_over():
    scene = failed()
    scene.when(Retry(section="A", phase="implement"))
    scene.when(Skip(section="A", phase="verify"))
    scene.when(Cancel(section="A"))
    scene.end("A", "interrupted", "interrupted")
    scene.when(Retry(section="A"))
    assert way(scene)[-2:] == [("implement", 1), ("implement", 6)]
    assert scene.state.sections["A"].skips == []


def test_a_phase_that_failed_can_be_skipped_and_then_counts_as_success():
    scene = failed()
    scene.when(Skip(section="A", phase="verify"))
    assert scene.of(MergeIntended)
    scene.merge("A")
    assert scene.statuses() == {"A": "done", "B": "running"}


def test_a_phase_under_way_that_is_skipped_is_ended_and_counts_as_success():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.when(Skip(section="A", phase="verify"))
    assert [effect for effect in scene.effects if isinstance(effect, EndAttempt)]
    scene.end("A", "interrupted", "interrupted")
    assert scene.of(MergeIntended)


def test_what_an_agent_did_whose_phase_is_skipped_is_kept():
    scene = begun("A")
    scene.start("A")
    scene.when(Skip(section="A", phase="implement"))
    scene.end("A", "interrupted", "interrupted")
    assert scene.of(CommitIntended) == [CommitIntended(section="A", attempt=1)]
    scene.commit("A")
    assert way(scene)[-1] == ("verify", 1)


def test_a_phase_that_is_skipped_ahead_is_passed_each_time():
    scene = begun("A")
    scene.start("A")
    scene.when(Skip(section="A", phase="Verify"))
    scene.end("A")
    scene.commit("A")
    assert scene.of(MergeIntended)
    assert len(way(scene)) == 1


def test_a_section_that_waits_can_have_a_phase_skipped():
    scene = begun("A", "B<-A")
    scene.when(Skip(section="B", phase="implement"))
    implement(scene)
    scene.start("A")
    scene.end("A")
    scene.merge("A")
    assert way(scene, "B") == [("verify", 1)]


def test_a_section_all_of_whose_work_is_skipped_is_done_with_nothing_merged():
    scene = begun("X", "A<-X")
    for phase in ("implement", "verify"):
        scene.when(Skip(section="A", phase=phase))
    scene.when(Skip(section="X"))
    scene.end("X", "interrupted", "interrupted")
    assert scene.statuses()["A"] == "done"
    assert not scene.of(MergeIntended)


def test_a_question_that_is_skipped_is_asked_no_more_and_counts_as_success():
    scene = asking()
    scene.when(Skip(section="A", phase="review"))
    assert not scene.state.asks
    assert scene.of(MergeIntended)


def test_red_checks_that_are_skipped_while_it_waits_to_go_back_are_passed():
    scene = begun("A", "B", concurrency=1)
    scene.start("A")
    scene.end("A")
    scene.start("B")
    scene.commit("A")
    scene.end("B")
    scene.start("A")
    scene.when(Pause())
    scene.end("A", "failed", "script", message="red", exit_code=2)
    assert scene.state.leaving["A"] == "failure"
    scene.when(Skip(section="A", phase="verify"))
    assert scene.of(MergeIntended)


def test_a_section_under_way_is_sent_to_a_phase_with_what_its_agent_did():
    scene = begun("A")
    scene.start("A")
    scene.when(Dispatch(section="A", phase="merge"))
    scene.end("A", "interrupted", "interrupted")
    scene.commit("A")
    assert scene.of(MergeIntended)
    scene.merge("A")
    assert scene.of(SectionDone)


def test_a_section_that_is_sent_back_begins_that_phase_again():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.when(Dispatch(section="A", phase="implement"))
    scene.end("A", "failed", "script", exit_code=2)
    assert way(scene) == [("implement", 1), ("verify", 1), ("implement", 1)]
    assert scene.state.sections["A"].tries == 0


def test_it_is_sent_where_a_person_says_when_its_host_is_lost_meanwhile():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.when(Dispatch(section="A", phase="review"))
    scene.record([AttemptLost(section="A", attempt=2, why="killed", swept=1, counted=True)], "host gone")
    assert [ask.phase for ask in scene.state.asks.values()] == ["review"]
    assert not scene.state.sections["A"].attempts[1].counted, "a person ended it"


def test_a_section_that_asks_can_be_sent_elsewhere_and_asks_no_more():
    scene = asking()
    scene.when(Dispatch(section="A", phase="verify"))
    assert not scene.state.asks
    assert way(scene)[-1] == ("verify", 1)


def test_an_answer_to_an_earlier_question_is_none_to_the_next():
    scene = asking()
    [first] = scene.state.asks
    scene.when(Answer(request_id=first, choice="failure"))
    implement(scene)
    scene.when(Dispatch(section="A", phase="review"))
    scene.end("A", "interrupted", "interrupted")
    [second] = scene.state.asks
    assert second != first
    assert "answered it already" in scene.refused(Answer(request_id=first, choice="success"))


def test_a_paused_section_that_is_sent_to_a_phase_goes_on():
    scene = begun("A", "B", concurrency=1)
    scene.when(Pause(section="B"))
    scene.when(Dispatch(section="B", phase="verify"))
    scene.when(Pause(section="A"))
    scene.end("A", "failed", "context")
    assert way(scene, "B") == [("verify", 1)]


def test_a_stop_that_comes_before_it_is_there_forgets_nothing():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.when(Dispatch(section="A", phase="merge"))
    scene.when(Stop())
    scene.end("A", "interrupted", "interrupted")
    scene.when(Resume())
    assert scene.of(MergeIntended)


def test_sent_while_it_is_stopped_it_goes_there_when_the_run_goes_on():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.when(Stop())
    scene.end("A", "interrupted", "interrupted")
    scene.when(Dispatch(section="A", phase="implement"))
    scene.when(Resume())
    assert way(scene)[-1] == ("implement", 1)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (Retry(section="A", phase="verfy"), "has no phase 'verfy'; did you mean 'verify'?"),
        (Dispatch(section="A", phase="zzz"), "there are implement, verify, review, merge, done"),
        (Skip(section="A", phase="done"), "phase 'done' is an end, not work"),
        (Skip(section="A", phase="review"), "halt in phase 'verify'; skip that phase"),
        (Retry(phase="verify"), "which section"),
        (Retry(section="B", phase="verify"), "waits for 'A', which failed"),
        (Dispatch(section="C", phase="verify"), "section 'C' is done"),
        (Skip(section="C", phase="verify"), "done already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(command: Command, words: str):
    scene = Scene(plan("A", "B<-A", "C", done="C", workflows=[LOCAL]), workflow="local").approve()
    for _ in range(2):
        implement(scene)
        fail_checks(scene)
    assert words in scene.refused(command)


def test_a_section_under_way_is_not_tried_again_from_a_phase():
    scene = begun("A", "B<-A")
    assert "under way; dispatch" in scene.refused(Retry(section="A", phase="verify"))
    assert "waits for A running" in scene.refused(Dispatch(section="B", phase="verify"))


def test_nothing_is_merged_that_is_not_there():
    scene = begun("A", "B", concurrency=1)
    assert "no work to merge" in scene.refused(Dispatch(section="B", phase="merge"))


def test_a_section_that_is_being_merged_is_sent_nowhere():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.end("A")
    for command in (Dispatch(section="A", phase="verify"), Skip(section="A", phase="merge")):
        assert "being merged" in scene.refused(command)


def test_a_phase_is_skipped_once():
    scene = begun("A")
    scene.when(Skip(section="A", phase="verify"))
    assert "counts as success already" in scene.refused(Skip(section="A", phase="verify"))


def asked_first() -> Workflow:
    begin = ApprovalPhase(ask="Begin?", to={"success": "implement", "failure": "gone"})
    return replace(
        flow(
            begin=begin,
            implement=AgentPhase(to={"success": "merge"}),
            merge=ScriptPhase(do="merge", to={"success": "done"}),
        ),
        name="local",
    )


def test_a_workflow_can_begin_with_a_question():
    assert not list(faults(asked_first()))
    scene = begun("A", "B<-A", workflow=asked_first())
    assert [(ask.section, ask.title) for ask in scene.state.asks.values()] == [("A", "Begin?")]
    assert way(scene) == []
    assert scene.statuses() == {"A": "running", "B": "waiting"}
    [ask] = scene.state.asks
    scene.when(Answer(request_id=ask, choice="success", text="with care"))
    assert way(scene) == [("implement", 1)]
    assert scene.state.sections["A"].told == "with care"
    implement(scene)
    scene.merge("A")
    assert scene.statuses()["A"] == "done"


def test_a_worktree_is_set_up_after_the_question_and_before_the_work():
    scene = begun("A", workflow=asked_first(), worktree=WorktreeSettings(setup=("make deps",)))
    [ask] = scene.state.asks
    scene.when(Answer(request_id=ask, choice="success"))
    scene.start("A")
    scene.end("A")
    assert way(scene) == [("worktree setup", 1), ("implement", 1)]
    assert not scene.state.asks, "nobody is asked twice"


def test_who_says_no_at_the_beginning_ends_the_section():
    scene = begun("A", workflow=asked_first())
    [ask] = scene.state.asks
    scene.when(Answer(request_id=ask, choice="failure"))
    assert scene.statuses() == {"A": "failed"}


def test_a_question_at_the_beginning_survives_a_stop():
    scene = begun("A", workflow=asked_first())
    scene.when(Stop())
    assert scene.state.phase.value == "stopped"
    scene.when(Resume())
    assert scene.state.asks


def test_a_section_that_has_had_no_attempt_can_be_given_up_while_it_asks():
    scene = begun("A", workflow=asked_first())
    scene.when(Skip(section="A"))
    assert scene.statuses() == {"A": "skipped"}
    assert not scene.state.asks
    scene.when(Retry(section="A"))
    assert scene.state.asks


def test_an_agent_that_asks_is_ended_when_its_phase_is_skipped():
    scene = begun("A")
    scene.start("A")
    ask = AskRaised(section="A", attempt=1, n=1, request_id="r", kind="question", title="?", detail="", options=())
    scene.record([ask], "agent")
    scene.when(Skip(section="A", phase="implement"))
    scene.end("A", "interrupted", "interrupted")
    assert not scene.state.asks
