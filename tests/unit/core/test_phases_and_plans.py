"""A plan that changes, or a run that waits, while sections are in some phase of their workflow or between two."""

from dataclasses import replace

import pytest
from scene import Scene, plan
from test_phases import LOCAL, begun, fail_checks, flow, implement, way

from orch_tui.client import views
from orch_tui.client.editions import changed_sections
from orch_tui.core import rules
from orch_tui.core.attempt_events import AskRaised
from orch_tui.core.commands import Answer, Pause, Resume
from orch_tui.core.section_events import SectionFailed
from orch_tui.core.work_events import CommitIntended, MergeConflicted, MergeIntended
from orch_tui.flow.workflow import AgentPhase, PollPhase, ScriptPhase, TerminalPhase, Workflow

OTHER = Workflow(
    name="local",
    start="build",
    phases={
        "build": AgentPhase(to={"success": "land"}),
        "land": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)
REWORDED = {"A": "another text"}


def changed(scene: Scene, *sections: str, workflow: Workflow = LOCAL, texts: dict[str, str] | None = None, **choices):
    """The plan is another one now, and approved as such."""
    scene.revise(plan(*(sections or ("A", "B")), sha="q", workflows=[workflow], texts=texts))
    scene.when(scene.seen(**choices))


def between(*, texts: dict[str, str] | None = None) -> Scene:
    """A is implemented and waits for the only slot to be checked; B has it."""
    scene = begun("A", "B", concurrency=1)
    scene.start("A")
    scene.end("A")
    scene.start("B")
    scene.commit("A")
    assert scene.state.leaving == {"A": "success"}
    return scene


def asking() -> Scene:
    """A person is asked about A."""
    scene = begun("A", "B")
    implement(scene)
    scene.start("A")
    scene.end("A", named="none", message="nothing checks this section")
    assert scene.state.asks
    return scene


def test_between_two_phases_another_workflow_is_begun_with_the_work_there_is():
    scene = between()
    changed(scene, workflow=OTHER)
    scene.end("B")
    scene.commit("B")
    assert way(scene)[:2] == [("implement", 1), ("build", 1)]


def test_a_phase_that_its_workflow_has_no_more_comes_to_its_end():
    scene = begun("A", "B")
    implement(scene)
    scene.start("A")
    changed(scene, workflow=OTHER)
    scene.end("A")
    assert way(scene) == [("implement", 1), ("verify", 1), ("build", 1)]
    assert scene.of(CommitIntended) == [CommitIntended(section="A", attempt=1)], (
        "checks leave no work, whatever follows"
    )


def test_a_phase_that_fails_and_its_workflow_has_no_more_fails_the_section():
    scene = begun("A", "B")
    implement(scene)
    changed(scene, workflow=OTHER)
    fail_checks(scene)
    assert [event.section for event in scene.of(SectionFailed) if isinstance(event, SectionFailed)] == ["A"]


def test_a_conflict_in_a_merge_that_its_workflow_has_no_more_waits_for_a_person():
    scene = begun("A", "B")
    implement(scene)
    scene.start("A")
    scene.end("A")
    changed(scene, workflow=OTHER)
    scene.record([MergeConflicted(section="A", attempt=2, files=("f",))], "merge")
    assert scene.statuses()["A"] == "attention"


def test_a_merge_that_waits_for_its_proof_and_its_workflow_has_no_more_waits_for_a_person():
    proven = ScriptPhase(do="merge", verify=True, to={"success": "done"})
    scene = begun("A", "B", workflow=flow(build=AgentPhase(to={"success": "merge"}), merge=proven))
    implement(scene)
    scene.when(Pause())
    scene.compute("A", "m")
    changed(scene, workflow=OTHER)
    scene.when(Resume())
    assert scene.statuses()["A"] == "attention"
    assert not scene.state.merging


def test_an_answer_to_a_phase_that_its_workflow_has_no_more_begins_the_new_one():
    scene = asking()
    [ask] = scene.state.asks
    changed(scene, workflow=OTHER)
    scene.when(Answer(request_id=ask, choice="success"))
    assert way(scene)[-1] == ("build", 1)


def test_a_phase_of_another_kind_by_now_is_not_tried_again_as_if_it_were_the_same():
    scene = begun(
        "A", workflow=flow(build=AgentPhase(to={"success": "check"}), check=AgentPhase(to={"success": "done"}))
    )
    implement(scene)
    scene.start("A")
    scene.end("A", "failed", "agent")
    assert scene.statuses() == {"A": "parked"}
    changed(scene, "A", workflow=flow(build=AgentPhase(to={"success": "check"}), check=TerminalPhase()))
    scene.now += 60
    scene.record([], "time")
    assert way(scene)[-1] == ("build", 1)


@pytest.mark.parametrize("stage", [between, asking])
@pytest.mark.parametrize(("choice", "status"), [("restart", "ready"), ("stop", "paused")])
def test_a_section_without_an_agent_at_work_can_begin_again_or_be_stopped(stage, choice, status):
    scene = stage()
    assert next(row for row in changed_rows(scene) if row.id == "A").fates == ("leave", "restart", "stop")
    changed(scene, texts=REWORDED, running={"A": choice})
    assert not scene.state.asks
    assert not scene.state.leaving
    assert scene.statuses()["A"] in {status, "running"}
    scene.when(Resume(section="A")) if choice == "stop" else None
    scene.end("B") if "B" in scene.state.live else None
    assert way(scene)[-1] == ("implement", len(way(scene))), "what was made of the old text is not gone on with"


def changed_rows(scene: Scene):
    scene.revise(plan("A", "B", sha="q", workflows=[LOCAL], texts=REWORDED))
    return changed_sections(scene.state)


def test_stopped_between_two_phases_it_goes_on_there_when_its_text_is_the_same():
    scene = between()
    changed(scene, "A", "B", "C", running={"A": "stop"})
    assert scene.statuses()["A"] == "paused"
    scene.when(Resume(section="A"))
    scene.end("B")
    assert way(scene)[-1] == ("verify", 1)


def test_stopped_in_its_checks_it_begins_again_when_its_text_is_another_one():
    scene = begun("A", "B")
    implement(scene)
    scene.start("A")
    changed(scene, texts=REWORDED, running={"A": "stop"})
    scene.end("A", "interrupted", "interrupted")
    scene.when(Resume(section="A"))
    assert way(scene) == [("implement", 1), ("verify", 1), ("implement", 3)]


@pytest.mark.parametrize("stage", [between, asking])
def test_a_section_that_is_gone_and_stopped_is_gone_at_once(stage):
    scene = stage()
    changed(scene, "B", running={"A": "stop"})
    assert list(scene.state.sections) == ["B"]
    assert not scene.state.asks
    assert [section.id for section in scene.state.gone] == ["A"]


def test_a_section_that_is_gone_and_left_goes_through_its_phases():
    scene = between()
    changed(scene, "B")
    scene.end("B")
    scene.start("A")
    scene.end("A")
    scene.merge("A")
    assert [(section.id, section.verdict) for section in scene.state.gone] == [("A", "done")]


def test_while_it_is_merged_nothing_is_chosen_for_it():
    scene = begun("A", "B")
    implement(scene)
    scene.start("A")
    scene.end("A")
    assert scene.of(MergeIntended)
    scene.revise(plan("A", "B", sha="q", workflows=[LOCAL], texts=REWORDED))
    assert "being merged" in scene.refused(scene.seen(running={"A": "restart"}))


def test_it_is_told_that_an_earlier_phase_worked_on_another_text():
    scene = begun("A", "B")
    scene.start("A")
    changed(scene, texts=REWORDED)
    scene.end("A")
    scene.commit("A")
    scene.start("A")
    scene.end("A")
    scene.merge("A")
    assert scene.state.sections["A"].stale


def test_a_person_is_needed_where_those_between_two_phases_wait_for_one_that_asks():
    scene = between()
    assert not rules.needs_human(scene.state)
    ask = AskRaised(section="B", attempt=1, n=1, request_id="r", kind="question", title="?", detail="", options=())
    scene.record([ask], "agent")
    assert rules.needs_human(scene.state), "B has the only slot and asks; A waits for it"


def test_a_person_is_needed_in_a_paused_run_in_which_a_section_is_between_two_phases():
    scene = between()
    scene.when(Pause())
    assert not rules.needs_human(scene.state)
    scene.end("B")
    scene.commit("B")
    assert scene.state.leaving.keys() == {"A", "B"}
    assert rules.needs_human(scene.state)


def test_nobody_is_needed_while_a_poll_looks():
    poll = PollPhase(run=("look",), to={"success": "done"})
    scene = begun("A", workflow=flow(build=AgentPhase(to={"success": "wait"}), wait=poll))
    implement(scene)
    scene.start("A")
    assert not rules.needs_human(scene.state)


def test_why_says_that_a_person_is_asked_and_whose_merge_is_waited_for():
    assert ("running", "phase 'review' waits for your answer") in rules.why(asking().state, "A", 0.0)
    scene = begun("A", "B", concurrency=1)
    implement(scene)
    scene.start("B")
    scene.end("B")
    scene.start("A")
    scene.end("A")
    assert ("running", "is being merged") in rules.why(scene.state, "A", 0.0)


def test_who_is_asked_is_told_what_there_is_to_look_at():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.end("A", named="none", message="nothing checks this section", summary="")
    [ask] = scene.state.asks.values()
    assert ask.detail.splitlines() == [
        "nothing checks this section",
        "A is done",
        "on branch b/A/1: 1 changed (+1 -0): f",
    ]


def test_the_tries_that_are_told_are_those_of_the_phase():
    scene = begun("A")
    implement(scene)
    fail_checks(scene)
    scene.start("A")
    told = {field.label: field.value for field in views.details(scene.state, "A", scene.now)}
    assert told["attempt"].startswith("3 · 0s"), "two attempts at other phases are no tries at this one"
    scene.end("A", "failed", "agent")
    scene.now += 60
    scene.record([], "time")
    told = {field.label: field.value for field in views.details(scene.state, "A", scene.now)}
    assert told["attempt"].startswith("4 · try 2 of at most 3")
    own = replace(LOCAL, phases={**LOCAL.phases, "implement": AgentPhase(retries=1, to={"success": "verify"})})
    scene = begun("A", workflow=own)
    scene.start("A")
    scene.end("A", "failed", "agent")
    scene.now += 60
    scene.record([], "time")
    told = {field.label: field.value for field in views.details(scene.state, "A", scene.now)}
    assert "try 2 of at most 2" in told["attempt"]
