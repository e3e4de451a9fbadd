"""What must not be written down is named before it is; what rules and effects really say is never held up.

Every `Scene` of the tests of the core looks at the same: what happens there breaks no invariant either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from orch_tui.core.attempt_events import (
    AttemptEnded,
    AttemptIntended,
    AttemptLost,
    AttemptStarted,
    EndRequested,
    NoticeRaised,
    UsageReported,
)
from orch_tui.core.events import Event
from orch_tui.core.run_events import CommandAccepted, RunApproved, RunFinished, RunnerStarted
from orch_tui.core.section_events import SectionDone, SectionFailed, SectionParked
from orch_tui.core.state import State
from orch_tui.core.work_events import CommitIntended, MergeComputed, MergeIntended, WorkCommitted
from orch_tui.invariants.guard import broken
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil
Dependencies: none

## Section B: Warm the pot
Dependencies: none

## Section C: Pour
Dependencies: Section A
"""
ENDED = AttemptEnded(
    section="A", attempt=1, outcome="succeeded", failure="", message="", summary="", cost_usd=None, exit_code=0
)
LOST = AttemptLost(section="A", attempt=1, why="gone", swept=0, counted=True)
INTENDED = AttemptIntended(section="B", attempt=1, agent="simulated", session_id="s", marker="m")


@pytest.fixture
def state(tmp_path) -> State:
    """A is at work, nothing else began; two commands and one runner came so far."""
    stage = Stage(root=tmp_path, text=PLAN)
    stage.happens(RunnerStarted(pid=1, epoch=1, version="1", host="here"))
    stage.happens(CommandAccepted(id="c1", op="approve", actor="me"))
    stage.approve()
    stage.start("A")
    return stage.state


WRONG: dict[str, tuple[str, Sequence[Event]]] = {
    "a second attempt of what is alive": ("I4", [replace(INTENDED, section="A", attempt=2)]),
    "a session that is at work": ("I4", [replace(INTENDED, session_id="5e55-A-1")]),
    "an attempt out of order": ("I6", [replace(INTENDED, attempt=3)]),
    "a section that waits for another": ("I7", [replace(INTENDED, section="C")]),
    "a section there is not": ("I6", [replace(INTENDED, section="X")]),
    "a start without an intent": ("I6", [AttemptStarted(section="B", attempt=1, pid=1, brief_sha="")]),
    "a second start": ("I6", [AttemptStarted(section="A", attempt=1, pid=1, brief_sha="")]),
    "words of what is not under way": (
        "I6",
        [UsageReported(section="C", attempt=1, n=1, cost_usd=1.0, input_tokens=1, output_tokens=1)],
    ),
    "an end of what is not under way": ("I22", [replace(LOST, section="B", attempt=0)]),
    "an end of what is not there": ("I6", [EndRequested(section="B", attempt=2, why="stop")]),
    "two ends at once": ("I6", [ENDED, LOST]),
    "a commit of what is at work": ("I6", [CommitIntended(section="A", attempt=1)]),
    "a commit nobody meant": (
        "I6",
        [WorkCommitted(section="A", attempt=1, commit="c", files=(), file_count=0, insertions=0, deletions=0)],
    ),
    "a merge of what is at work": ("I7", [MergeIntended(section="A", attempt=1)]),
    "a merge nobody meant": ("I6", [MergeComputed(section="A", attempt=1, commit="c", onto="o")]),
    "done while it is at work": ("I6", [SectionDone(section="A")]),
    "failed while it is at work": ("I6", [SectionFailed(section="A", failure="crash", detail="")]),
    "parked for ever": ("I16", [SectionParked(section="B", until=float("inf"), why="")]),
    "a command answered twice": ("I11", [CommandAccepted(id="c1", op="approve", actor="me")]),
    "an epoch that does not rise": ("I2", [RunnerStarted(pid=1, epoch=1, version="1", host="here")]),
    "an approval of something else": ("I18", [RunApproved(plan_sha="0" * 64, graph_sha="0" * 64, by="me")]),
    "the end of a run that goes on": ("I6", [RunFinished(outcome="done")]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_must_not_happen_is_named(state: State, what: str):
    invariant, events = WRONG[what]
    found = broken(state, events)
    assert found is not None
    assert found.invariant == invariant, found.line()


def test_what_may_happen_is_let_through(state: State):
    notice = NoticeRaised(section="B", attempt=0, n=0, kind="warning", text="its worktree was removed")
    for events in ([INTENDED], [ENDED], [LOST], [notice], [RunnerStarted(pid=1, epoch=2, version="1", host="here")]):
        assert broken(state, events) is None


def test_nothing_begins_in_a_run_that_is_halted_paused_or_taking_back(state: State):
    for forge in ({"halted": "look"}, {"undoing": ("A",)}):
        other = replace(state, **forge)
        found = broken(other, [INTENDED])
        assert found is not None
        assert found.invariant == "I7"


def test_nothing_begins_beside_what_it_never_runs_beside(state: State):
    state.sections["B"].barred = 1
    found = broken(state, [INTENDED])
    assert found is not None
    assert "never runs beside" in found.text


def test_nothing_begins_before_an_approval(state: State):
    found = broken(replace(state, approval=None), [INTENDED])
    assert found is not None
    assert found.invariant == "I18"


def test_no_agent_begins_where_the_budget_is_spent(state: State):
    section = state.sections["B"]
    section.budget_usd = 1.0
    section.attempts.append(
        replace(state.sections["A"].attempts[0], number=1, step="ended", cost_usd=2.0, session_id="x")
    )
    found = broken(state, [replace(INTENDED, attempt=2)])
    assert found is not None
    assert found.invariant == "I10"
