"""Commands about a section: what each leads to in the present state, as events. Refusals are raised."""

from __future__ import annotations

import difflib
from typing import assert_never

from orch_tui.core import flowing
from orch_tui.core.attempt_events import SENT_ON, EndRequested, Steered
from orch_tui.core.choosing import blocking, waiting_words
from orch_tui.core.commands import Cancel, Dispatch, Pause, Resume, Retry, Skip, Steer, Undo
from orch_tui.core.events import Event
from orch_tui.core.refusal import Refusal
from orch_tui.core.run_events import RunCancelRequested, RunPaused, RunResumed
from orch_tui.core.section_events import (
    PhaseSkipped,
    SectionCancelled,
    SectionPaused,
    SectionResumed,
    SectionRetried,
    SectionSent,
    SectionSkipped,
)
from orch_tui.core.state import OVER, Phase, SectionState, State, Status
from orch_tui.core.undoing import undo
from orch_tui.flow.workflow import TerminalPhase, merges

TEXT_LIMIT = 100_000  # characters of a steer text or an answer

SectionCommand = Pause | Resume | Skip | Retry | Dispatch | Undo | Cancel | Steer


def decide_section(state: State, command: SectionCommand, actor: str) -> list[Event]:
    """The events a command about one section, or about all, leads to. Raises Refusal."""
    match command:
        case Pause():
            return _pause(state, command, actor)
        case Resume():
            return _resume(state, command, actor)
        case Skip(phase=""):
            return _skip(state, command, actor)
        case Skip():
            return _skip_phase(state, command, actor)
        case Retry(phase=""):
            return _retry(state, command, actor)
        case Retry():
            return _retry_from(state, command, actor)
        case Dispatch():
            return _dispatch(state, command, actor)
        case Undo():
            return [undo(state, _section(state, command.section), actor)]
        case Cancel():
            return _cancel(state, command, actor)
        case Steer():
            return _steer(state, command, actor)
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
    _may_try_again(state, section)
    return [SectionRetried(section=section.id, by=actor)]


def _may_try_again(state: State, section: SectionState) -> None:
    match section.status:
        case Status.SKIPPED if section.planned:
            raise Refusal(f"section {section.id!r} was left out when the graph was approved; include it with a mend")
        case Status.DONE if section.stale:
            pass
        case Status.FAILED | Status.ATTENTION | Status.PARKED | Status.SKIPPED:
            pass
        case Status.BLOCKED:
            above = blocking(state, section)[0]
            raise Refusal(f"section {section.id!r} waits for {above.id!r}, which failed; retry or skip that one")
        case Status.RUNNING | Status.PAUSED:
            raise Refusal(f"section {section.id!r} is {section.status.value}; cancel it first to start it again")
        case Status.WAITING | Status.READY | Status.DONE:
            raise Refusal(f"section {section.id!r} has not failed, it is {section.status.value}")
        case _:
            assert_never(section.status)


def _retry_from(state: State, command: Retry, actor: str) -> list[Event]:
    if not command.section:
        raise Refusal(f"which section is to be tried again from phase {command.phase!r}?")
    section = _section(state, command.section)
    if section.id in state.running:
        raise Refusal(f"section {section.id!r} is under way; dispatch sends it to another phase")
    return _go_to(state, section, command.phase, actor)


def _dispatch(state: State, command: Dispatch, actor: str) -> list[Event]:
    section = _section(state, command.section)
    if section.id not in state.running:
        return _go_to(state, section, command.phase, actor)
    name = _phase(state, section, command.phase)
    _no_git_under_way(state, section)
    if flowing.asking(state, section) and name == section.phase:
        raise Refusal(f"section {section.id!r} is in phase {name!r} already and waits for your answer")
    if state.ending.get(section.id, SENT_ON) != SENT_ON:
        raise Refusal(f"section {section.id!r} is being ended; that takes a moment only")
    return [SectionSent(section=section.id, phase=name, by=actor), *_end(state, section, SENT_ON)]


def _go_to(state: State, section: SectionState, wanted: str, actor: str) -> list[Event]:
    """Send a section that is not under way to a phase."""
    name = _phase(state, section, wanted)
    if section.status is Status.DONE:
        again = "; retry does it again from the beginning" if section.stale else ""
        raise Refusal(f"section {section.id!r} is done{again}")
    if section.status is Status.WAITING:
        words = ", ".join(waiting_words(state, section)) or f"{', '.join(section.exclusive)}, never beside it"
        raise Refusal(f"section {section.id!r} waits for {words}")
    if section.status not in {Status.READY, Status.PAUSED}:
        _may_try_again(state, section)
    if merges(flowing.phase(state, section, name)) and not flowing.worktree(section):
        raise Refusal(f"section {section.id!r} has no work to merge yet")
    return [SectionRetried(section=section.id, by=actor, phase=name)]


def _skip_phase(state: State, command: Skip, actor: str) -> list[Event]:
    section = _section(state, command.section)
    name = _phase(state, section, command.phase)
    if section.status in {Status.DONE, Status.SKIPPED}:
        raise Refusal(f"section {section.id!r} is {section.status.value} already")
    if name in section.skips:
        raise Refusal(f"phase {name!r} of section {section.id!r} counts as success already")
    skipped = PhaseSkipped(section=section.id, phase=name, by=actor)
    if section.status in {Status.FAILED, Status.ATTENTION} and section.phase != name:
        at = f" in phase {section.phase!r}" if section.phase else ""
        raise Refusal(f"section {section.id!r} came to a halt{at}; skip that phase, or retry the section from another")
    if section.phase != name:
        return [skipped]
    _no_git_under_way(state, section)
    if section.id in state.running:
        return [skipped, *_end(state, section, SENT_ON)]
    return [SectionRetried(section=section.id, by=actor, phase=name), skipped]


def _phase(state: State, section: SectionState, wanted: str) -> str:
    """The phase of the section's workflow that is meant, one in which it can be."""
    flow = flowing.workflow(state, section)
    name = next((name for name in flow.phases if name.casefold() == wanted.casefold()), None)
    if name is None:
        close = difflib.get_close_matches(wanted, flow.phases, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(flow.phases)}"
        raise Refusal(f"workflow {flow.name!r} of section {section.id!r} has no phase {wanted!r}; {hint}")
    if isinstance(flow.phases[name], TerminalPhase):
        raise Refusal(f"phase {name!r} is an end, not work; skip or cancel the section instead")
    return name


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
