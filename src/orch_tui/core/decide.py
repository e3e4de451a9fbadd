"""Commands in, events out: what a command leads to in the present state. Refusal is an event with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from orch_tui.core.attempt_events import AskAnswered
from orch_tui.core.commands import (
    Accept,
    Answer,
    Approve,
    Cancel,
    Command,
    CreateRun,
    Decide,
    Discard,
    Dismiss,
    Dispatch,
    MendPlan,
    Pause,
    Remend,
    Resume,
    Retry,
    RevisePlan,
    Skip,
    Steer,
    Stop,
    Undo,
    Unmend,
    Validate,
    op_of,
)
from orch_tui.core.decide_plan import approve, decide_mend, revise
from orch_tui.core.decide_section import TEXT_LIMIT, decide_section
from orch_tui.core.deciding import decide_register
from orch_tui.core.events import Event
from orch_tui.core.mend_events import PlanMended
from orch_tui.core.refusal import Refusal
from orch_tui.core.run_events import (
    CommandAccepted,
    CommandRefused,
    PlanRead,
    RunCreated,
    RunStopRequested,
)
from orch_tui.core.state import OVER, Phase, State
from orch_tui.core.validation import validate


def decide(
    state: State,
    command: Command,
    *,
    command_id: str,
    actor: str,
    read: tuple[RunCreated, PlanRead] | None = None,
    mends: Sequence[PlanMended] = (),
) -> list[Event]:
    """The events `command` leads to: CommandAccepted and what follows, or one CommandRefused.

    `read` is what the rim read for CreateRun and RevisePlan (the plan as events), `mends` what came with the plan. A
    command id that was seen before leads to nothing: delivery is at least once.
    """
    if command_id in state.commands:
        return []
    op, section = op_of(command), getattr(command, "section", "")
    if isinstance(command, Answer) and command.request_id in state.asks:
        section = state.asks[command.request_id].section
    try:
        events = _decide(state, command, actor, read, mends)
    except Refusal as refusal:
        return [CommandRefused(id=command_id, op=op, actor=actor, reason=str(refusal), section=section)]
    accepted = CommandAccepted(id=command_id, op=op, actor=actor, section=section, events=len(events))
    return [accepted, *events]


def refuse(*, command_id: str, op: str, actor: str, reason: str) -> CommandRefused:
    """The refusal of something that is not even a command (bad file, unknown op, plan that cannot be read)."""
    return CommandRefused(id=command_id, op=op, actor=actor, reason=reason)


def foreseen(state: State, command: Command) -> str:
    """Why a command would be refused in this state, "" when it would not."""
    events = decide(state, command, command_id="", actor="")
    return next((event.reason for event in events if isinstance(event, CommandRefused)), "")


def _decide(
    state: State,
    command: Command,
    actor: str,
    read: tuple[RunCreated, PlanRead] | None,
    mends: Sequence[PlanMended],
) -> list[Event]:
    if state.phase is Phase.NEW and not isinstance(command, CreateRun):
        raise Refusal("the run has no plan yet")
    match command:
        case CreateRun():
            if state.phase is not Phase.NEW:
                raise Refusal(f"run {state.run!r} exists already")
            assert read is not None, "the rim reads the plan before it asks"
            return [*read, *mends]
        case RevisePlan():
            return revise(state, read[1] if read else None, actor)
        case MendPlan() | Unmend() | Remend() | Accept() | Dismiss() | Discard():
            return decide_mend(state, command, actor)
        case Validate():
            return validate(state, command, actor)
        case Approve():
            return approve(state, command, actor)
        case Pause() | Resume() | Skip() | Retry() | Dispatch() | Undo() | Cancel() | Steer():
            return decide_section(state, command, actor)
        case Answer():
            return _answer(state, command, actor)
        case Decide():
            return [*decide_register(state, command, actor)]
        case Stop():
            if state.phase in OVER or state.phase in {Phase.STOPPING, Phase.STOPPED, Phase.CANCELLING}:
                raise Refusal(f"the run is {state.phase.value} already")
            if state.phase is Phase.REVIEW:
                raise Refusal("nothing runs before the plan is approved")
            return [RunStopRequested(by=actor)]
        case _:
            assert_never(command)


def _answer(state: State, command: Answer, actor: str) -> list[Event]:
    ask = state.asks.get(command.request_id)
    if ask is None:
        by = state.answered.get(command.request_id)
        if by is not None:
            raise Refusal(f"{by} answered it already")
        raise Refusal(f"no question {command.request_id!r} is open")
    if len(command.text) > TEXT_LIMIT:
        raise Refusal(f"the answer has {len(command.text)} characters, {TEXT_LIMIT} at most")
    if ask.phase and command.choice not in ask.choices:
        raise Refusal(f"phase {ask.phase!r} is answered {', '.join(map(repr, ask.choices))}, not {command.choice!r}")
    if ask.kind == "permission" and command.choice not in ask.choices:
        *others, last = map(repr, ask.choices)
        raise Refusal(f"this permission is answered {', '.join(others)} or {last}, not {command.choice!r}")
    if ask.kind == "question" and not command.choice.strip() and not command.text.strip():
        raise Refusal("an empty answer would be taken for one")
    return [
        AskAnswered(
            section=ask.section,
            attempt=ask.attempt,
            request_id=ask.request_id,
            choice=command.choice,
            text=command.text,
            by=actor,
        )
    ]
