"""The register of decisions: from results and from people, told to every later session unless a person strikes them."""

from __future__ import annotations

from typing import assert_never

from orch_tui.agents.result import LONGEST, Result
from orch_tui.clean import one_line
from orch_tui.core.commands import Decide
from orch_tui.core.decided import DecisionState
from orch_tui.core.decision_events import DecisionAdded, DecisionEvent, DecisionPinned, DecisionStruck
from orch_tui.core.refusal import Refusal
from orch_tui.core.state import State

MOST = 10_000
"""Decisions a run keeps; what is reported beyond that is in its section's result only."""
_LONGEST = LONGEST["decisions"]


def decide_register(state: State, command: Decide, actor: str) -> list[DecisionEvent]:
    """What a person's word about decisions leads to. Raises Refusal."""
    text = one_line(command.text, _LONGEST + 1)
    if sum(map(bool, (command.text, command.strike, command.pin))) != 1:
        raise Refusal("one thing at a time: a decision in words, or the number of one to strike, or to pin")
    if command.text:
        if not text:
            raise Refusal("there is nothing to say in it")
        if len(text) > _LONGEST:
            raise Refusal(f"the decision has more than {_LONGEST} characters; it is told to every session, so be short")
        if len(state.decisions) >= MOST:
            raise Refusal(f"there are {MOST} decisions already")
        if any(one.text == text for one in standing(state)):
            raise Refusal("that is decided already")
        return [DecisionAdded(text=text, by=actor)]
    number = command.strike or command.pin
    if not 0 < number <= len(state.decisions):
        there = f"they are numbered 1 to {len(state.decisions)}" if state.decisions else "there is none yet"
        raise Refusal(f"there is no decision {number}; {there}")
    decision = state.decisions[number - 1]
    if decision.struck:
        raise Refusal(f"decision {number} was struck by {decision.struck}")
    if command.strike:
        return [DecisionStruck(number=number, by=actor)]
    if decision.pinned:
        raise Refusal(f"decision {number} was pinned by {decision.pinned}")
    return [DecisionPinned(number=number, by=actor)]


def apply_decision(state: State, event: DecisionEvent, at: float) -> None:
    """Fold what people do to the register."""
    match event:
        case DecisionAdded():
            _add(state, event.text, at, by=event.by)
        case DecisionStruck():
            state.decisions[event.number - 1].struck = event.by
        case DecisionPinned():
            pinned = state.decisions[event.number - 1]
            pinned.pinned, pinned.withdrawn = event.by, False
        case _:
            assert_never(event)


def take_decisions(state: State, section: str, result: Result, at: float) -> None:
    """What a session decided that did its work. What is known is not added again, nor what a person struck."""
    known = {one.text: one for one in state.decisions}
    for text in result.decisions if result.status == "done" else ():
        if text in known:
            known[text].withdrawn = False
        elif len(state.decisions) < MOST:
            _add(state, text, at, section=section)


def withdraw(state: State, section: str) -> None:
    """The work of a section is taken back: what it decided counts no more, unless a person pinned it."""
    for one in state.decisions:
        if one.section == section and not one.pinned:
            one.withdrawn = True


def standing(state: State) -> list[DecisionState]:
    """The decisions that count, those a person pinned first."""
    counts = [one for one in state.decisions if not one.struck and not one.withdrawn]
    return sorted(counts, key=lambda one: not one.pinned)


def _add(state: State, text: str, at: float, *, section: str = "", by: str = "") -> None:
    number = len(state.decisions) + 1
    state.decisions.append(DecisionState(number=number, text=text, section=section, by=by, at=at))
