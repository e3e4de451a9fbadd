"""What must hold before an event is written down: looked at for every event, in production too.

Better stop than go on wrong: an event that would break one of these is not recorded, and the run halts. Each look costs
the same however large the run is. What a person may do by a command (skip, retry, revise) is settled in `decide`; here
it is what rules and effects say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, get_args

from orch_tui.core import budgets, flowing
from orch_tui.core.attempt_events import (
    AgentStarted,
    AskRaised,
    AskWithdrawn,
    AttemptEnded,
    AttemptEvent,
    AttemptIntended,
    AttemptLost,
    AttemptStarted,
    EndRequested,
    ResultReported,
    SectionProposed,
    Steered,
    TokensCounted,
    UsageReported,
    WorktreeReady,
)
from orch_tui.core.events import Event
from orch_tui.core.run_events import (
    GRAPH_FORM,
    CommandAccepted,
    CommandRefused,
    RevisionApproved,
    RunApproved,
    RunFinished,
    RunnerStarted,
)
from orch_tui.core.section_events import SectionDone, SectionEvent, SectionFailed, SectionParked
from orch_tui.core.state import Phase, SectionState, State
from orch_tui.core.work_events import (
    CommitIntended,
    MergeComputed,
    MergeConflicted,
    MergeIntended,
    WorkCommitted,
    WorkEvent,
)
from orch_tui.flow.workflow import SETUP
from orch_tui.invariants.violation import Violation


def broken(state: State, events: Sequence[Event]) -> Violation | None:
    """The first invariant that recording `events`, which belong together, would break; None when all hold."""
    ended: set[tuple[str, int]] = set()
    replanned = False
    for event in events:
        kind = type(event)
        if kind in _ABOUT_SECTIONS and not replanned and (found := _unknown(state, event)) is not None:
            return found
        look = _LOOKS.get(kind)
        if look is not None and (found := look(state, event)) is not None:
            return found
        if isinstance(event, (AttemptEnded, AttemptLost)):
            if (event.section, event.attempt) in ended:
                return _wrong("I6", f"attempt {event.attempt} ends twice", event)
            ended.add((event.section, event.attempt))
        replanned = replanned or kind is RevisionApproved
    return None


def _wrong(invariant: str, text: str, event: Any) -> Violation:
    what = type(event).__name__
    return Violation(invariant=invariant, text=f"{text} ({what})", section=getattr(event, "section", ""))


def _unknown(state: State, event: Any) -> Violation | None:
    """An event about a section, or an attempt, that there is not."""
    section = state.sections.get(event.section)
    if section is None:
        return _wrong("I6", "there is no such section", event)
    number: int = getattr(event, "attempt", 0)
    most = len(section.attempts) + (type(event) is AttemptIntended)
    return None if 0 <= number <= most else _wrong("I6", f"there is no attempt {number}", event)


# --- what begins -----------------------------------------------------------------------------------------------------


def _intended(state: State, event: AttemptIntended) -> Violation | None:
    section = state.sections[event.section]
    if section.id in state.live:
        return _wrong("I4", f"attempt {state.live[section.id]} of it is alive", event)
    if event.attempt != len(section.attempts) + 1:
        return _wrong("I6", f"attempt {event.attempt} would follow attempt {len(section.attempts)}", event)
    if any(state.attempt(*other).session_id == event.session_id for other in state.live.items()):
        return _wrong("I4", f"the session {event.session_id!r} is at work", event)
    if (why := _closed(state)) or (why := _not_open(section)):
        return _wrong("I18" if state.approval is None else "I7", why, event)
    if section.id not in state.running and (why := _waits(section)):
        return _wrong("I7", why, event)
    phase = None if event.phase == SETUP or event.proves else flowing.phase(state, section, event.phase)
    if budgets.used_up(state, section, phase) is not None:
        return _wrong("I10", "its budget is spent", event)
    return None


def _closed(state: State) -> str:
    if state.approval is None:
        return "nothing is approved"
    if state.halted:
        return "the run is halted"
    if state.undoing:
        return "work is being taken back"
    return "" if state.phase is Phase.RUNNING else f"the run is {state.phase.value}"


def _not_open(section: SectionState) -> str:
    if section.verdict:
        return f"it is {section.verdict}"
    if section.attention:
        return f"it needs a person: {section.attention}"
    return "it is held" if section.held else ""


def _waits(section: SectionState) -> str:
    if section.unmet or section.broken:
        return f"{section.unmet} of what it waits for is not done, {section.broken} never will be"
    if section.barred:
        return f"{section.barred} that it never runs beside are under way"
    return f"it is parked until {section.until}" if section.until else ""


def _merging(state: State, event: MergeIntended) -> Violation | None:
    if state.approval is None:
        return _wrong("I18", "nothing is approved", event)
    if state.merging not in {"", event.section}:
        return _wrong("I7", f"{state.merging!r} is being merged", event)
    if event.section in state.live or state.undoing:
        return _wrong("I7", "it is at work" if event.section in state.live else "work is being taken back", event)
    return _verdict(state, event)


def _committing(state: State, event: CommitIntended) -> Violation | None:
    waits = state.to_commit.get(event.section)
    return None if waits == event.attempt else _wrong("I6", f"attempt {event.attempt} left nothing to commit", event)


# --- what goes on, and ends ------------------------------------------------------------------------------------------


def _alive(state: State, event: Any) -> Violation | None:
    live = state.live.get(event.section)
    if live == event.attempt:
        return None
    other = f"attempt {live} is" if live else "none is"
    return _wrong("I22", f"attempt {event.attempt} is not under way, {other}", event)


def _started(state: State, event: AttemptStarted) -> Violation | None:
    if (found := _alive(state, event)) is not None:
        return found
    step = state.attempt(event.section, event.attempt).step
    return None if step != "working" else _wrong("I6", f"attempt {event.attempt} is started twice", event)


def _computed(state: State, event: MergeComputed | MergeConflicted) -> Violation | None:
    step = state.attempt(event.section, event.attempt).step
    return None if step == "merging" else _wrong("I6", f"attempt {event.attempt} is {step}", event)


def _committed(state: State, event: WorkCommitted) -> Violation | None:
    step = state.attempt(event.section, event.attempt).step
    return None if step == "committing" else _wrong("I6", f"attempt {event.attempt} is {step}", event)


def _verdict(state: State, event: SectionDone | SectionFailed | MergeIntended) -> Violation | None:
    section = state.sections[event.section]
    if section.verdict:
        return _wrong("I6", f"it is {section.verdict} already", event)
    return _wrong("I6", "an attempt of it is alive", event) if section.id in state.live else None


def _parked(_state: State, event: SectionParked) -> Violation | None:
    return None if math.isfinite(event.until) else _wrong("I16", f"it would be parked until {event.until}", event)


# --- the run ---------------------------------------------------------------------------------------------------------


def _once(state: State, event: CommandAccepted | CommandRefused) -> Violation | None:
    return _wrong("I11", f"command {event.id!r} was answered before", event) if event.id in state.commands else None


def _runner(state: State, event: RunnerStarted) -> Violation | None:
    falls = event.epoch <= state.epoch
    return _wrong("I2", f"runner {event.epoch} would follow runner {state.epoch}", event) if falls else None


def _approved(state: State, event: RunApproved | RevisionApproved) -> Violation | None:
    edition = state.candidate if isinstance(event, RevisionApproved) else state.edition
    if edition is None:
        return _wrong("I18", "there is nothing to approve", event)
    other = event.form == GRAPH_FORM and edition.graph_sha != event.graph_sha
    if other or edition.read.plan_sha != event.plan_sha:
        return _wrong("I18", "what is approved is not what was read", event)
    return None


def _finished(state: State, event: RunFinished) -> Violation | None:
    return _wrong("I6", f"{', '.join(state.live)} at work", event) if state.live else None


_ABOUT_SECTIONS: frozenset[type] = frozenset((*get_args(SectionEvent), *get_args(AttemptEvent), *get_args(WorkEvent)))
_LOOKS: dict[type, Callable[[State, Any], Violation | None]] = {
    AttemptIntended: _intended,
    AttemptStarted: _started,
    WorktreeReady: _alive,
    AgentStarted: _alive,
    AskRaised: _alive,
    AskWithdrawn: _alive,
    Steered: _alive,
    UsageReported: _alive,
    EndRequested: _alive,
    ResultReported: _alive,
    SectionProposed: _alive,
    TokensCounted: _alive,
    AttemptEnded: _alive,
    AttemptLost: _alive,
    CommitIntended: _committing,
    WorkCommitted: _committed,
    MergeIntended: _merging,
    MergeComputed: _computed,
    MergeConflicted: _computed,
    SectionDone: _verdict,
    SectionFailed: _verdict,
    SectionParked: _parked,
    CommandAccepted: _once,
    CommandRefused: _once,
    RunnerStarted: _runner,
    RunApproved: _approved,
    RevisionApproved: _approved,
    RunFinished: _finished,
}
"""What is about a person's dialog with the run, and notices (which may come after an attempt), is not looked at."""
