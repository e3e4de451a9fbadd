"""Commands in, events out: what a command leads to in the present state. Refusal is an event with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from orch_tui.core import flowing
from orch_tui.core.attempt_events import AskAnswered, EndRequested, Steered
from orch_tui.core.choosing import blocking
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
from orch_tui.core.deciding import decide_register
from orch_tui.core.events import Event
from orch_tui.core.mend_events import PlanMended
from orch_tui.core.refusal import Refusal
from orch_tui.core.run_events import (
    CommandAccepted,
    CommandRefused,
    PlanRead,
    RunCancelRequested,
    RunCreated,
    RunPaused,
    RunResumed,
    RunStopRequested,
)
from orch_tui.core.section_events import SectionCancelled, SectionPaused, SectionResumed, SectionRetried, SectionSkipped
from orch_tui.core.state import OVER, Phase, SectionState, State, Status
from orch_tui.core.undoing import undo
from orch_tui.core.validation import validate

TEXT_LIMIT = 100_000  # characters of a steer text or an answer


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
        case Pause():
            return _pause(state, command, actor)
        case Resume():
            return _resume(state, command, actor)
        case Skip():
            return _skip(state, command, actor)
        case Retry():
            return _retry(state, command, actor)
        case Undo():
            return [undo(state, _section(state, command.section), actor)]
        case Cancel():
            return _cancel(state, command, actor)
        case Steer():
            return _steer(state, command, actor)
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


def _pause(state: State, command: Pause, actor: str) -> list[Event]:
    if not command.section:
        if state.phase is not Phase.RUNNING:
            raise Refusal(f"the run is {state.phase.value}, not running")
        return [RunPaused(by=actor)]
    section = _section(state, command.section)
    if section.held:
        raise Refusal(f"section {section.id!r} is paused already")
    if section.verdict:
        raise Refusal(f"section {section.id!r} is {section.status.value}")
    _no_git_under_way(state, section)
    if section.id in state.live and "pause" in flowing.cannot(state, section):
        raise Refusal(f"agent {flowing.agent(section)!r} cannot be paused while it runs")
    return [SectionPaused(section=section.id, by=actor)]


def _resume(state: State, command: Resume, actor: str) -> list[Event]:
    if not command.section:
        if state.phase not in {Phase.PAUSED, Phase.STOPPED, Phase.STOPPING}:
            raise Refusal(f"the run is {state.phase.value}, not paused or stopped")
        return [RunResumed(by=actor)]
    section = _section(state, command.section)
    if not section.held:
        raise Refusal(f"section {section.id!r} is not paused")
    return [SectionResumed(section=section.id, by=actor)]


def _skip(state: State, command: Skip, actor: str) -> list[Event]:
    section = _section(state, command.section)
    _no_git_under_way(state, section)
    if section.status in {Status.DONE, Status.SKIPPED}:
        raise Refusal(f"section {section.id!r} is {section.status.value} already")
    return [*_end(state, section, "skip"), SectionSkipped(section=section.id, by=actor)]


def _retry(state: State, command: Retry, actor: str) -> list[Event]:
    if state.phase in {Phase.CANCELLED, Phase.CANCELLING}:
        raise Refusal("the run was cancelled for good; start a new one")
    if not command.section:
        failed = [s for s in state.sections.values() if s.status in {Status.FAILED, Status.ATTENTION, Status.PARKED}]
        if not failed:
            raise Refusal("no section failed, waits for attention or is parked")
        return [SectionRetried(section=section.id, by=actor) for section in failed]
    section = _section(state, command.section)
    match section.status:
        case Status.SKIPPED if section.planned:
            raise Refusal(f"section {section.id!r} was left out when the graph was approved; include it with a mend")
        case Status.DONE if section.stale:
            return [SectionRetried(section=section.id, by=actor)]
        case Status.FAILED | Status.ATTENTION | Status.PARKED | Status.SKIPPED:
            return [SectionRetried(section=section.id, by=actor)]
        case Status.BLOCKED:
            above = blocking(state, section)[0]
            raise Refusal(f"section {section.id!r} waits for {above.id!r}, which failed; retry or skip that one")
        case Status.RUNNING | Status.PAUSED:
            raise Refusal(f"section {section.id!r} is {section.status.value}; cancel it first to start it again")
        case Status.WAITING | Status.READY | Status.DONE:
            raise Refusal(f"section {section.id!r} has not failed, it is {section.status.value}")
        case _:
            assert_never(section.status)


def _cancel(state: State, command: Cancel, actor: str) -> list[Event]:
    if not command.section:
        if state.phase in OVER or state.phase is Phase.CANCELLING:
            raise Refusal(f"the run is {state.phase.value} already")
        return [RunCancelRequested(by=actor)]
    section = _section(state, command.section)
    _no_git_under_way(state, section)
    if section.verdict:
        raise Refusal(f"section {section.id!r} is {section.status.value} already")
    return [*_end(state, section, "cancel"), SectionCancelled(section=section.id, by=actor)]


def _steer(state: State, command: Steer, actor: str) -> list[Event]:
    section = _section(state, command.section)
    if not command.text.strip():
        raise Refusal("there is nothing to say in it")
    if len(command.text) > TEXT_LIMIT:
        raise Refusal(
            f"the text has {len(command.text)} characters, {TEXT_LIMIT} at most; put it in a file and name that"
        )
    attempt = state.live.get(section.id)
    if attempt is None or section.id in state.ending:
        raise Refusal(f"section {section.id!r} has no running agent, it is {section.status.value}")
    if "steer" in flowing.cannot(state, section):
        raise Refusal(f"agent {flowing.agent(section)!r} cannot be steered")
    return [Steered(section=section.id, attempt=attempt, text=command.text, by=actor)]


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


def _section(state: State, name: str) -> SectionState:
    section = state.sections.get(name)
    if section is None:
        folded = [s for s in state.sections.values() if name.casefold() in {s.id.casefold(), s.slug.casefold()}]
        if len(folded) != 1:
            some = ", ".join(list(state.sections)[:12])
            raise Refusal(f"no section {name!r}; there are {some}{' …' if len(state.sections) > 12 else ''}")
        section = folded[0]
    if state.phase is Phase.REVIEW:
        raise Refusal("nothing runs before the plan is approved")
    if state.phase in {Phase.CANCELLED, Phase.CANCELLING}:
        raise Refusal("the run was cancelled")
    return section


def _no_git_under_way(state: State, section: SectionState) -> None:
    if flowing.in_git(state, section.id):
        raise Refusal(f"section {section.id!r} is being merged; that takes a moment only")


def _end(state: State, section: SectionState, why: str) -> list[Event]:
    attempt = state.live.get(section.id)
    if attempt is None or section.id in state.ending:
        return []
    return [EndRequested(section=section.id, attempt=attempt, why=why)]
