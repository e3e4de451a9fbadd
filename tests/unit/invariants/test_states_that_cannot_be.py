"""States that no journal leads to are found, whatever is wrong with them; those that one leads to are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from orch_tui.core.state import Phase, State, Status
from orch_tui.invariants import of_state
from orch_tui.testing.stage import Stage

PLAN = """# Tea

## Section A: Boil
Dependencies: none

## Section B: Warm the pot
Dependencies: none

## Section C: Pour
Dependencies: Section A, Section B
"""


@pytest.fixture
def state(tmp_path) -> State:
    """A is at work, B failed, C is blocked by it."""
    stage = Stage(root=tmp_path, text=PLAN)
    stage.approve()
    stage.start("A")
    stage.start("B")
    stage.fail("B")
    assert of_state(stage.state) == []
    return stage.state


def _second_intent(state: State) -> None:
    section = state.sections["A"]
    section.attempts.append(replace(section.attempts[0], number=2, marker="other"))


FORGED: dict[str, tuple[str, Callable[[State], object]]] = {
    "a counter of statuses": ("I9", lambda state: state.counts.update({Status.DONE: 1})),
    "what a section waits for": ("I9", lambda state: setattr(state.sections["C"], "unmet", 1)),
    "what blocks a section": ("I9", lambda state: setattr(state.sections["C"], "broken", 2)),
    "a status": ("I9", lambda state: setattr(state.sections["C"], "status", Status.READY)),
    "the list of what is ready": ("I9", lambda state: state.ready.append((0, 0, 2, "C"))),
    "more tries than attempts": ("I9", lambda state: setattr(state.sections["A"], "tries", 5)),
    "a cost": ("I9", lambda state: setattr(state.sections["A"].attempts[0], "cost_usd", 99.0)),
    "two attempts that live": ("I4", _second_intent),
    "an attempt that is over and lives": (
        "I4",
        lambda state: setattr(state.sections["A"].attempts[0], "step", "ended"),
    ),
    "one session twice": ("I4", lambda state: (_second_intent(state), state.live.clear())),
    "work under way of a section there is not": ("I6", lambda state: state.live.update({"X": 1})),
    "an attempt there is not": ("I6", lambda state: state.live.update({"A": 7})),
    "an end that nobody reaches": ("I6", lambda state: state.ending.update({"C": "stop"})),
    "a merge of what is not under way": ("I6", lambda state: setattr(state, "merging", "C")),
    "under way with no next step": (
        "I17",
        lambda state: (state.live.clear(), setattr(state.sections["A"].attempts[0], "step", "ended")),
    ),
    "parked without end": ("I16", lambda state: state.parked.update({"C": 5.0})),
    "parked and never woken": ("I16", lambda state: setattr(state.sections["C"], "until", float("inf"))),
    "another graph": ("I18", lambda state: setattr(state.sections["C"], "title", "Freeze")),
    "nobody's approval": ("I18", lambda state: setattr(state, "approval", None)),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_cannot_be_is_found(state: State, what: str):
    invariant, forge = FORGED[what]
    forge(state)
    assert invariant in {found.invariant for found in of_state(state)}


def test_looking_changes_nothing(state: State):
    before = repr(state)
    of_state(state)
    assert repr(state) == before


def test_a_run_in_review_and_one_that_is_nothing_yet_hold(tmp_path):
    assert of_state(State()) == []
    stage = Stage(root=tmp_path, text=PLAN)
    assert stage.state.phase is Phase.REVIEW
    assert of_state(stage.state) == []
