"""What a result an agent reported does to its section, and to what is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene, plan

from orch_tui.agents.result import Result
from orch_tui.core import flowing
from orch_tui.core.attempt_events import ResultReported
from orch_tui.core.briefing import Template, write_brief
from orch_tui.core.codec import VERSION, decode_event, decode_state, encode_event, encode_state
from orch_tui.core.commands import Decide, Retry, Skip, Undo
from orch_tui.core.deciding import standing
from orch_tui.core.plan_text import PlanText
from orch_tui.core.state import Status
from orch_tui.core.work_events import MergeIntended, WorkUndone
from orch_tui.flow.workflow import MINIMAL, AgentPhase, ApprovalPhase


def reported(scene: Scene, name: str = "A", unanswered: tuple[str, ...] = (), **fields: object) -> ResultReported:
    """The agent of a section reports."""
    result = Result(**{"status": "done", "summary": "x", **fields})  # type: ignore[arg-type]
    number = len(scene.state.sections[name].attempts)
    event = ResultReported(section=name, attempt=number, result=result, unanswered=unanswered)
    scene.record([event], "host gone")
    return event


def test_a_blocked_section_needs_a_person_and_is_not_tried_again_by_itself():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    scene.end("A", "failed", "blocked", message="the licence has to be bought")
    section = scene.state.sections["A"]
    assert (section.status, section.attention) == (Status.ATTENTION, "blocked")
    assert section.detail == "the licence has to be bought"
    assert section.tries == 0
    scene.when(Retry(section="A"))
    assert len(section.attempts) == 2


def unproven(scene: Scene) -> None:
    """The agent of A says that it is done, without evidence for what was to be met; its work is committed."""
    scene.start("A")
    reported(scene, unanswered=("It is dry", "It holds"))
    scene.end("A", named="unproven", message="no evidence for: It is dry; It holds")
    scene.commit("A")


def test_work_without_evidence_for_a_criterion_is_kept_and_is_not_done_before_a_person_says_so():
    scene = Scene(plan("A", "B<-A")).approve()
    unproven(scene)
    section = scene.state.sections["A"]
    assert (section.status, section.attention) == (Status.ATTENTION, "needs review")
    assert section.detail.startswith("no evidence for: It is dry; It holds; skip phase 'implement' to take it")
    assert not scene.of(MergeIntended)
    scene.when(Skip(section="A", phase="implement"))
    scene.merge("A")
    assert (section.status, section.detail) == (Status.DONE, "no evidence for: It is dry; It holds")
    assert len(section.attempts) == 1, "what there was is taken"


def test_work_without_evidence_goes_where_the_workflow_says():
    asks = ApprovalPhase(ask="Well?", to={"success": "merge"})
    phases = {**MINIMAL.phases, "implement": AgentPhase(to={"success": "merge", "unproven": "ask"}), "ask": asks}
    scene = Scene(plan("A", workflows=[replace(MINIMAL, phases=phases)])).approve()
    unproven(scene)
    (ask,) = scene.state.asks.values()
    assert ask.detail.splitlines()[0] == "no evidence for: It is dry; It holds"
    assert ask.detail.count("no evidence") == 1


def test_who_has_to_do_it_again_is_told_what_has_no_evidence():
    again = AgentPhase(max_visits=2, to={"success": "merge", "unproven": "implement"})
    flow = replace(MINIMAL, phases={**MINIMAL.phases, "implement": again})
    scene = Scene(plan("A", workflows=[flow])).approve()
    unproven(scene)
    section = scene.state.sections["A"]
    assert [one.tree for one in section.attempts] == [1, 1], "with the work there is"
    template = Template(text="{{ previous }}", name="t")
    told = write_brief(scene.state, section, PlanText("# A\n"), template, attempt=2, budget=1000)
    assert told == "Attempt 1 (implement): unproven: no evidence for: It is dry; It holds"


def test_a_result_survives_journal_and_snapshot():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    event = reported(scene, decisions=("tabs",), interfaces=("f()",))
    assert decode_event("ResultReported", VERSION, encode_event(event)[1]) == event
    again = decode_state(encode_state(scene.state))
    assert again is not None
    assert again.sections["A"].attempts[0].result == event.result


def register(scene: Scene) -> list[tuple[int, str, str]]:
    """What counts: number, text, and who decided it."""
    return [(one.number, one.text, one.section or one.by) for one in standing(scene.state)]


def test_decisions_of_results_and_of_people_are_kept_in_their_order():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    reported(scene, decisions=("tabs", "slate"))
    scene.when(Decide(text="no  new\nlibraries"), by="kim")
    assert register(scene) == [(1, "tabs", "A"), (2, "slate", "A"), (3, "no new libraries", "kim")]
    assert scene.state.decisions[0].at == scene.now


def test_another_attempt_that_decides_the_same_adds_nothing_and_a_failed_one_decides_nothing():
    scene = Scene(plan("A", "B<-A")).approve()
    scene.start("A")
    reported(scene, decisions=("tabs",))
    reported(scene, decisions=("tabs", "spaces"))
    reported(scene, status="failed", decisions=("neither",))
    assert [text for _, text, _ in register(scene)] == ["tabs", "spaces"]


def test_a_struck_decision_counts_no_more_and_a_pinned_one_comes_first():
    scene = Scene(plan("A", "B<-A")).approve()
    for text in ("one", "two", "three"):
        scene.when(Decide(text=text), by="kim")
    scene.when(Decide(strike=1), by="lee")
    scene.start("A")
    reported(scene, decisions=("one",))
    scene.when(Decide(pin=3), by="lee")
    assert [number for number, _, _ in register(scene)] == [3, 2]
    again = decode_state(encode_state(scene.state))
    assert again is not None
    assert again.decisions == scene.state.decisions


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Decide(), "one thing at a time"),
        (Decide(text="x", pin=1), "one thing at a time"),
        (Decide(text=" \n"), "there is nothing to say in it"),
        (Decide(text="x" * 501), "the decision has more than 500 characters"),
        (Decide(text="known"), "that is decided already"),
        (Decide(strike=9), "there is no decision 9; they are numbered 1 to 2"),
        (Decide(pin=-1), "there is no decision -1"),
        (Decide(pin=2), "decision 2 was struck by me"),
    ],
)
def test_what_makes_no_sense_is_refused(command: Decide, why: str):
    scene = Scene(plan("A", "B<-A")).approve()
    scene.when(Decide(text="known"))
    scene.when(Decide(text="gone"))
    scene.when(Decide(strike=2))
    assert scene.refused(command).startswith(why)


def test_what_a_section_decided_counts_no_more_while_its_work_is_undone():
    scene = Scene(plan("A", "B")).approve()
    scene.start("A")
    reported(scene, decisions=("tabs", "slate"), interfaces=("f()",))
    scene.end("A")
    scene.commit("A")
    scene.merge("A")
    scene.when(Decide(pin=2))
    scene.when(Undo(section="A"))
    scene.record([WorkUndone(section="A", attempt=1, commit="u")], "undo")
    assert register(scene) == [(2, "slate", "A")]
    assert flowing.worked(scene.state.sections["A"]) == []
    scene.start("A")
    reported(scene, decisions=("tabs",))
    assert register(scene) == [(2, "slate", "A"), (1, "tabs", "A")]
