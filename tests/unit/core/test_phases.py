"""From phase to phase of a section's workflow: what each outcome leads to, in a run without a world."""

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.core import flowing, rules
from orch_tui.core.attempt_events import AttemptIntended, AttemptLost
from orch_tui.core.codec import decode_state, encode_state
from orch_tui.core.commands import Answer, Approve, Cancel, Pause, Resume, Retry, Skip, Steer, Stop
from orch_tui.core.effects import ReleaseWorktree
from orch_tui.core.run_events import RunFinished, RunnerStarted
from orch_tui.core.section_events import SectionDone, SectionFailed, SectionNeedsAttention
from orch_tui.core.work_events import CommitIntended, MergeConflicted, MergeIntended
from orch_tui.flow.workflow import (
    AgentPhase,
    ApprovalPhase,
    ScriptPhase,
    TerminalPhase,
    Workflow,
)

LOCAL = Workflow(
    name="local",
    start="implement",
    phases={
        "implement": AgentPhase(to={"success": "verify"}, max_visits=2),
        "verify": ScriptPhase(do="checks", to={"success": "merge", "failure": "implement", "none": "review"}),
        "review": ApprovalPhase(ask="Well?", to={"success": "merge", "failure": "implement"}),
        "merge": ScriptPhase(do="merge", to={"success": "done"}),
        "done": TerminalPhase(),
    },
)


def flow(**phases: object) -> Workflow:
    """A workflow of these phases, the first one first, which is called local."""
    made = {"done": TerminalPhase(), "gone": TerminalPhase(outcome="failed", message="given up"), **phases}
    return Workflow(name="local", start=next(iter(phases)), phases=made)  # type: ignore[arg-type]


def begun(*sections: str, workflow: Workflow = LOCAL, **settings: object) -> Scene:
    """An approved run of sections with one workflow, the first attempts intended."""
    return Scene(plan(*sections, workflows=[workflow]), workflow="local", **settings).approve()


def way(scene: Scene, name: str = "A") -> list[tuple[str, int]]:
    """The phases that attempts at a section were about, and in whose worktree."""
    return [(attempt.phase, attempt.tree) for attempt in scene.state.sections[name].attempts]


def implement(scene: Scene, name: str = "A") -> None:
    """An attempt at a section succeeds and is committed."""
    scene.start(name)
    scene.end(name)
    scene.commit(name)


def fail_checks(scene: Scene, name: str = "A", code: int = 2) -> None:
    """The checks of a section are red."""
    scene.start(name)
    scene.end(name, "failed", "script", message="2 of 5 fail", exit_code=code)


def test_a_section_goes_from_phase_to_phase_and_is_done_at_the_end():
    scene = begun("A", "B<-A")
    implement(scene)
    assert scene.statuses() == {"A": "running", "B": "waiting"}
    scene.start("A")
    scene.end("A", summary="5 passed")
    assert scene.of(CommitIntended) == [CommitIntended(section="A", attempt=1)], "checks leave no work"
    scene.merge("A")
    assert scene.statuses() == {"A": "done", "B": "running"}
    assert way(scene) == [("implement", 1), ("verify", 1)]
    assert scene.state.sections["A"].summary == "A is done", "the agent's words, not those of the checks"


def test_red_checks_give_the_section_back_to_an_agent_in_the_same_worktree():
    scene = begun("A")
    implement(scene)
    fail_checks(scene)
    assert way(scene) == [("implement", 1), ("verify", 1), ("implement", 1)]
    assert scene.state.sections["A"].attempts[-1].visit == 2


def test_a_phase_is_gone_through_as_often_as_it_says_and_not_more():
    scene = begun("A")
    for _ in range(2):
        implement(scene)
        fail_checks(scene)
    [failed] = scene.of(SectionFailed)
    assert failed == SectionFailed(
        section="A", failure="visits", detail="phase 'implement' was gone through 2 times: 2 of 5 fail"
    )
    assert scene.state.phase.value == "failed"


def test_an_outcome_that_leads_nowhere_fails_the_section():
    scene = begun("A", workflow=flow(build=ScriptPhase(run=("make",), to={"success": "done"})))
    fail_checks(scene)
    [failed] = scene.of(SectionFailed)
    assert isinstance(failed, SectionFailed)
    assert (failed.failure, failed.detail) == ("script", "2 of 5 fail")


def test_the_exit_code_of_a_program_names_the_outcome():
    build = ScriptPhase(run=("make",), codes={7: "flaky"}, to={"success": "done", "flaky": "again", "failure": "gone"})
    again = AgentPhase(to={"success": "done"})
    scene = begun("A", workflow=flow(build=build, again=again))
    fail_checks(scene, code=7)
    assert way(scene) == [("build", 1), ("again", 2)], "nothing was left that it could go on with"
    other = begun("A", workflow=flow(build=build, again=again))
    fail_checks(other, code=8)
    assert other.of(SectionFailed) == [SectionFailed(section="A", failure="failure", detail="given up")]


def test_a_program_is_run_again_as_often_as_its_phase_says():
    scene = begun("A", workflow=flow(build=ScriptPhase(run=("make",), retries=1, backoff=5, to={"success": "done"})))
    fail_checks(scene)
    assert scene.statuses() == {"A": "parked"}
    scene.now += 5
    scene.record([], "time")
    fail_checks(scene)
    assert scene.statuses() == {"A": "failed"}
    assert [attempt.visit for attempt in scene.state.sections["A"].attempts] == [1, 1]


def test_a_code_that_is_an_outcome_is_not_tried_again():
    build = ScriptPhase(run=("make",), retries=5, codes={7: "flaky"}, to={"success": "done", "flaky": "gone"})
    scene = begun("A", workflow=flow(build=build))
    fail_checks(scene, code=7)
    assert scene.statuses() == {"A": "failed"}


def test_an_agent_is_tried_as_often_as_its_phase_says_before_the_phase_fails():
    build = AgentPhase(retries=0, to={"success": "done", "failure": "repair"})
    repair = AgentPhase(agent="script", to={"success": "done"})
    scene = begun("A", workflow=flow(build=build, repair=repair))
    scene.start("A")
    scene.end("A", "failed", "agent", message="I cannot")
    last = scene.state.sections["A"].attempts[-1]
    assert (last.phase, last.agent) == ("repair", "script"), "a phase has an agent of its own before the section has"


def test_each_phase_has_its_tries_to_itself():
    build = AgentPhase(retries=1, to={"success": "polish"})
    scene = begun("A", workflow=flow(build=build, polish=replace(build, to={"success": "done"})))
    for _ in range(2):
        scene.start("A")
        scene.end("A", "failed", "agent")
        scene.now += 60
        scene.record([], "time")
        implement(scene)
    assert way(scene) == [("build", 1), ("build", 2), ("polish", 2), ("polish", 2)]
    assert scene.statuses() == {"A": "done"}


def test_without_checks_a_person_is_asked_and_the_answer_is_the_outcome():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.end("A", named="none")
    [ask] = scene.state.asks.values()
    assert (ask.title, ask.choices, ask.phase) == ("Well?", ("success", "failure"), "review")
    assert rules.needs_human(scene.state)
    assert "'success', 'failure'" in scene.refused(Answer(request_id=ask.request_id, choice="perhaps"))
    scene.when(Answer(request_id=ask.request_id, choice="success"))
    assert scene.of(MergeIntended) == [MergeIntended(section="A", attempt=2)]
    assert "answered it already" in scene.refused(Answer(request_id=ask.request_id, choice="failure"))


def test_who_gives_work_back_can_say_why():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.end("A", named="none")
    [ask] = scene.state.asks.values()
    scene.when(Answer(request_id=ask.request_id, choice="failure", text="no tests"))
    assert way(scene)[-1] == ("implement", 1)
    assert scene.state.sections["A"].told == "no tests"


@pytest.mark.parametrize("command", [Skip(section="A"), Cancel(section="A")])
def test_a_section_that_is_given_up_asks_no_more(command):
    scene = begun("A", "B")
    implement(scene)
    scene.start("A")
    scene.end("A", named="none")
    scene.when(command)
    assert not scene.state.asks
    assert "A" not in scene.state.running


def between_phases() -> Scene:
    """A is committed and waits for the only slot, which B has; C has not begun."""
    scene = begun("A", "B", "C", concurrency=1)
    scene.start("A")
    scene.end("A")
    scene.start("B")
    scene.commit("A")
    return scene


def test_a_section_that_goes_on_comes_before_one_that_begins():
    scene = between_phases()
    scene.end("B")
    assert list(scene.state.live) == ["A"]
    assert way(scene)[-1] == ("verify", 1)


def test_it_waits_between_two_phases_for_a_slot_and_says_so():
    scene = begun("A", "B", concurrency=1)
    scene.start("A")
    scene.end("A")
    assert list(scene.state.live) == ["B"], "the slot is free while A is committed"
    scene.commit("A")
    assert rules.why(scene.state, "A", scene.now) == [
        ("running", "goes on with phase 'verify'"),
        ("slots", "all 1 slots are taken"),
    ]
    scene.start("B")
    scene.end("B")
    assert way(scene)[-1] == ("verify", 1)


@pytest.mark.parametrize("whose", ["", "A"])
def test_a_paused_section_and_a_paused_run_enter_no_phase(whose):
    scene = between_phases()
    scene.when(Pause(section=whose))
    scene.end("B")
    assert way(scene) == [("implement", 1)]
    assert whose == "" or scene.statuses()["A"] == "paused"
    scene.when(Resume(section=whose))
    scene.commit("B")
    if whose:
        scene.start("C")
        scene.end("C")
    assert way(scene) == [("implement", 1), ("verify", 1)]


def test_after_a_stop_a_section_goes_on_in_the_phase_it_was_in():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.when(Stop())
    scene.end("A", "interrupted", "interrupted")
    scene.when(Resume())
    assert way(scene) == [("implement", 1), ("verify", 1), ("verify", 1)]
    assert scene.state.sections["A"].attempts[-1].visit == 1


def test_a_lost_host_costs_a_phase_and_not_the_phases_before_it():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.record([AttemptLost(section="A", attempt=2, why="killed", swept=1, counted=True)], "host gone")
    scene.now += 60
    scene.record([], "time")
    assert way(scene) == [("implement", 1), ("verify", 1), ("verify", 1)]


def test_a_retry_begins_at_the_beginning_with_a_worktree_of_its_own():
    scene = begun("A")
    for _ in range(2):
        implement(scene)
        fail_checks(scene)
    scene.when(Retry(section="A"))
    assert way(scene)[-1] == ("implement", 5)
    assert scene.state.sections["A"].visits == {"implement": 1}


def test_a_conflict_goes_where_the_workflow_says_and_else_to_a_person():
    merging = ScriptPhase(do="merge", to={"success": "done", "conflict": "resolve"})
    resolve = AgentPhase(to={"success": "merge"}, max_visits=1)
    scene = begun("A", workflow=flow(build=AgentPhase(to={"success": "merge"}), merge=merging, resolve=resolve))
    implement(scene)
    scene.record([MergeConflicted(section="A", attempt=1, files=("f",))], "merge")
    assert way(scene) == [("build", 1), ("resolve", 1)]
    implement(scene)
    scene.merge("A")
    assert scene.statuses() == {"A": "done"}
    plain = begun("A")
    implement(plain)
    plain.start("A")
    plain.end("A")
    plain.record([MergeConflicted(section="A", attempt=2, files=("f",))], "merge")
    assert plain.statuses() == {"A": "attention"}


@pytest.mark.parametrize(
    ("ending", "status"),
    [("done", "done"), ("failed", "failed"), ("attention", "attention"), ("skipped", "skipped")],
)
def test_a_terminal_phase_says_what_becomes_of_the_section(ending, status):
    end = TerminalPhase(outcome=ending, message="so it is")
    scene = begun("A", workflow=flow(build=AgentPhase(to={"success": "end"}), end=end))
    implement(scene)
    assert scene.statuses() == {"A": status}


def test_in_place_nothing_is_committed_or_merged():
    scene = begun("A", isolation="none", concurrency=1)
    scene.start("A")
    scene.end("A")
    scene.start("A")
    scene.end("A")
    assert scene.of(SectionDone)
    assert not scene.of(MergeIntended)
    assert not scene.of(CommitIntended)


def test_the_worktree_is_let_go_when_the_section_is_done():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    scene.end("A")
    assert not [effect for effect in scene.effects if isinstance(effect, ReleaseWorktree)]
    scene.merge("A")
    released = [(effect.attempt, effect.path) for effect in scene.effects if isinstance(effect, ReleaseWorktree)]
    assert released == [(1, "/A"), (2, "")], "one worktree, removed once; each attempt has its own scratch"


def test_the_worktree_is_let_go_when_its_workflow_merges_nothing():
    scene = begun("A", workflow=flow(build=AgentPhase(to={"success": "done"})))
    implement(scene)
    assert [effect.path for effect in scene.effects if isinstance(effect, ReleaseWorktree)] == ["/A"]


def test_a_section_has_the_workflow_it_names_and_else_that_of_the_run():
    own = Workflow(
        name="own",
        start="look",
        phases={"look": AgentPhase(role="read-only", to={"success": "done"}), "done": TerminalPhase()},
    )
    read = plan("A", "B", workflows=[LOCAL, own])
    first, second = read.sections
    sections = (replace(first, hints=replace(first.hints, workflow="own")), second)
    scene = Scene(replace(read, sections=sections), workflow="local").approve()
    assert [event.phase for event in scene.of(AttemptIntended) if isinstance(event, AttemptIntended)] == [
        "look",
        "implement",
    ]
    scene.start("A")
    scene.end("A")
    assert scene.statuses()["A"] == "done", "a reader leaves nothing to commit or merge"


def test_what_was_approved_includes_the_phases():
    one = begun("A").state.graph_sha
    other = replace(LOCAL, phases={**LOCAL.phases, "implement": AgentPhase(model="x", to={"success": "verify"})})
    assert begun("A", workflow=other).state.graph_sha != one


def test_whoever_is_at_work_says_what_it_can_be_told():
    scene = begun("A")
    implement(scene)
    scene.start("A")
    assert "'script' cannot be steered" in scene.refused(Steer(section="A", text="hurry"))


def test_a_snapshot_between_two_phases_holds_everything():
    scene = begun("A", "B", concurrency=1)
    scene.start("A")
    scene.end("A")
    scene.commit("A")
    scene.record([RunnerStarted(pid=1, epoch=2, version="", host="")], "start")
    assert scene.state.leaving == {"A": "success"}
    assert decode_state(encode_state(scene.state)) == scene.state


def test_a_run_is_over_when_the_last_phase_is():
    scene = begun("A")
    implement(scene)
    assert not scene.of(RunFinished)
    fail_checks(scene)
    implement(scene)
    scene.start("A")
    scene.end("A")
    scene.merge("A")
    assert scene.of(RunFinished) == [RunFinished(outcome="done")]


def test_attention_at_the_end_of_a_workflow_is_tried_again_by_a_person():
    end = TerminalPhase(outcome="attention", message="Look.")
    scene = begun("A", workflow=flow(build=AgentPhase(to={"success": "end"}), end=end))
    implement(scene)
    assert scene.of(SectionNeedsAttention) == [SectionNeedsAttention(section="A", what="Look.", detail="")]
    scene.when(Retry(section="A"))
    assert way(scene) == [("build", 1), ("build", 2)]


def test_approving_again_keeps_where_sections_are():
    scene = begun("A", "B<-A")
    implement(scene)
    scene.revise(plan("A", "B<-A", "C", sha="q", workflows=[LOCAL]))
    seen = scene.seen()
    assert isinstance(seen, Approve)
    scene.when(seen)
    assert way(scene) == [("implement", 1), ("verify", 1)]
    scene.start("A")
    scene.end("A")
    scene.merge("A")
    assert scene.statuses()["A"] == "done"


@pytest.mark.parametrize(
    ("own", "settings", "found"),
    [(("make a",), ("make b",), ("make a",)), ((), ("make b",), ("make b",)), ((), (), ())],
)
def test_a_sections_own_checks_come_before_those_of_the_settings(own, settings, found):
    read = plan("A", workflows=[LOCAL])
    [section] = read.sections
    read = replace(read, sections=(replace(section, hints=replace(section.hints, verify=own)),))
    scene = Scene(read, workflow="local", checks=settings)
    assert flowing.checked_by(scene.state, scene.state.sections["A"]) == found


def test_a_workflow_without_checks_says_that_nothing_is_checked():
    scene = Scene(plan("A"), checks=("make",))
    assert flowing.checked_by(scene.state, scene.state.sections["A"]) is None
