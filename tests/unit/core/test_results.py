"""What a result an agent reported does to its section, and to what is told of it."""

from __future__ import annotations

from scene import Scene, plan

from orch_tui.agents.result import Result
from orch_tui.core.attempt_events import ResultReported
from orch_tui.core.codec import VERSION, decode_event, decode_state, encode_event, encode_state
from orch_tui.core.commands import Retry
from orch_tui.core.state import Status


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


def test_criteria_without_evidence_are_noted_on_the_section_that_is_done():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    reported(scene, unanswered=("It is dry", "It holds"))
    scene.end("A")
    scene.commit("A")
    scene.merge("A")
    section = scene.state.sections["A"]
    assert (section.status, section.detail) == (Status.DONE, "no evidence for: It is dry; It holds")


def test_a_result_survives_journal_and_snapshot():
    scene = Scene(plan("A")).approve()
    scene.start("A")
    event = reported(scene, decisions=("tabs",), interfaces=("f()",))
    assert decode_event("ResultReported", VERSION, encode_event(event)[1]) == event
    again = decode_state(encode_state(scene.state))
    assert again is not None
    assert again.sections["A"].attempts[0].result == event.result
