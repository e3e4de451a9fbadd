"""The fold: one event moves the state. Total, deterministic, and O(1) per event plus the section's own edges."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from orch_tui.core import breakers, policy
from orch_tui.core.apply_attempt import apply_attempt, apply_watched, close, control, fail, visit
from orch_tui.core.apply_plan import apply_mend, apply_reading
from orch_tui.core.attempt import Control
from orch_tui.core.attempt_events import (
    AgentStarted,
    AskAnswered,
    AskRaised,
    AskWithdrawn,
    AttemptEvent,
    NoticeRaised,
    TokensCounted,
    UsageReported,
)
from orch_tui.core.batching import go_along
from orch_tui.core.deciding import apply_decision
from orch_tui.core.decision_events import DecisionEvent
from orch_tui.core.disk import apply_room
from orch_tui.core.events import Event
from orch_tui.core.flowing import asked, begin_again, go_on_at, leads, unanswered, waits
from orch_tui.core.mend_events import MendEvent
from orch_tui.core.run_events import (
    ClockJumped,
    CommandAccepted,
    CommandRefused,
    PlanRead,
    Recovered,
    RevisionApproved,
    RevisionDiscarded,
    RevisionRead,
    RoomChanged,
    RunApproved,
    RunCancelRequested,
    RunCreated,
    RunEvent,
    RunFinished,
    RunHalted,
    RunnerStarted,
    RunnerStopped,
    RunPaused,
    RunResumed,
    RunStopped,
    RunStopRequested,
)
from orch_tui.core.section_events import (
    PhaseEntered,
    PhaseFailed,
    PhaseSkipped,
    SectionCancelled,
    SectionDone,
    SectionEvent,
    SectionFailed,
    SectionNeedsAttention,
    SectionParked,
    SectionPaused,
    SectionResumed,
    SectionRetried,
    SectionSent,
    SectionSkipped,
    SectionUnparked,
)
from orch_tui.core.settling import leave, leave_queue, release, settle
from orch_tui.core.state import Approval, Phase, SectionState, State
from orch_tui.core.undoing import apply_undo
from orch_tui.core.validation import apply_validation
from orch_tui.core.validation_events import ValidationEvent
from orch_tui.core.work_events import (
    FLAWED,
    CommitIntended,
    ConflictForeseen,
    MergeComputed,
    MergeConflicted,
    MergeIntended,
    StepFailed,
    UndoFailed,
    UndoIntended,
    WorkCommitted,
    WorkEvent,
    WorkMerged,
    WorkUndone,
)
from orch_tui.flow.workflow import CONFLICT, SUCCESS

_WATCHED = (UsageReported, NoticeRaised, AgentStarted, TokensCounted)
"""Most of a journal, and nothing that a section's status depends on."""
_WAITING = (AskRaised, AskAnswered, AskWithdrawn, SectionPaused, SectionResumed)


def apply(state: State, event: Event, *, seq: int, at: float, cause: str = "") -> None:
    """Move `state` by one event recorded as `seq` at wall time `at`, because of `cause` (command id or rule)."""
    state.seq = seq
    state.updated_at = at
    if isinstance(event, _WATCHED):
        apply_watched(state, state.attempt(event.section, event.attempt), event)
        return
    if isinstance(event, RunEvent):
        _apply_run(state, event, at)
        return
    if isinstance(event, MendEvent):
        apply_mend(state, event, at)
        return
    if isinstance(event, DecisionEvent):
        apply_decision(state, event, at)
        return
    if isinstance(event, ValidationEvent):
        apply_validation(state, event, at)
        return
    section = state.sections[event.section]
    if isinstance(event, SectionEvent):
        _apply_verdict(state, section, event, at, cause)
    elif isinstance(event, AttemptEvent):
        apply_attempt(state, section, event, at, cause)
    else:
        _apply_work(state, section, event, at)
    if isinstance(event, _WAITING):
        _count_waiting(state, section, at)
    settle(state, section)
    leave(state, section)


def _count_waiting(state: State, section: SectionState, at: float) -> None:
    """How long its attempt waits for a person, which no time limit holds against it."""
    attempt = section.last
    if attempt is None:
        return
    if waits(state, section.id):
        attempt.waits_since = attempt.waits_since or at
    elif attempt.waits_since:
        attempt.waited += max(0.0, at - attempt.waits_since)
        attempt.waits_since = 0.0


def _apply_run(state: State, event: RunEvent, at: float) -> None:
    match event:
        case RunCreated():
            state.run, state.plan_path, state.asked = event.run, event.plan_path, event.asked
            state.usual_workflow = event.usual_workflow
            state.phase, state.created_at = Phase.REVIEW, at
        case PlanRead() | RevisionRead() | RevisionDiscarded() | RevisionApproved():
            apply_reading(state, event, at)
        case RunApproved():
            state.approval = Approval(
                plan_sha=event.plan_sha, graph_sha=event.graph_sha, by=event.by, at=at, form=event.form
            )
            state.phase = Phase.RUNNING
            state.started_at = state.started_at or at
            if state.edition is not None:
                state.edition.layout = None  # its sections run from now on
        case RunHalted():
            state.halted, state.phase, state.phase_by = event.why, Phase.PAUSED, ""
        case RunPaused():
            state.phase, state.phase_by, state.phase_why = Phase.PAUSED, event.by, event.why
        case RunResumed():
            state.phase, state.phase_by, state.halted = Phase.RUNNING, event.by, ""
            state.alike = []
            breakers.let_try(state, at)
        case RunStopRequested():
            state.phase, state.phase_by = Phase.STOPPING, event.by
        case RunCancelRequested():
            state.phase, state.phase_by = Phase.CANCELLING, event.by
        case RunStopped():
            state.phase = Phase.STOPPED
        case RunFinished():
            state.phase = Phase(event.outcome)
            state.finished_at = at
            _drop_work(state)
        case RunnerStarted():
            state.epoch, state.runner_pid = event.epoch, event.pid
            state.home, state.boot = event.home, event.boot
        case RunnerStopped():
            state.runner_pid = 0
        case Recovered():
            state.recovered, state.recoveries = _recovery_words(event), state.recoveries + 1
            state.rescued += event.rescued
        case ClockJumped():
            _set_clock(state, event.step)
        case RoomChanged():
            apply_room(state, event, at)
        case CommandAccepted():
            state.commands[event.id] = ""
        case CommandRefused():
            state.commands[event.id] = event.reason
        case _:
            assert_never(event)


def _apply_verdict(state: State, section: SectionState, event: SectionEvent, at: float, cause: str) -> None:
    match event:
        case SectionPaused():
            section.held, section.by = True, event.by
            control(state, section, Control(id=cause, op="pause", args={}))
        case SectionResumed():
            section.held, section.by = False, event.by
            control(state, section, Control(id=cause, op="resume", args={}))
        case SectionSkipped():
            breakers.let_try(state, at, section)
            release(state, section)
            section.verdict, section.detail, section.held = "skipped", f"skipped by {event.by}", False
            _reopen(state)
        case SectionCancelled():
            release(state, section)
            section.verdict, section.detail, section.held = "failed", f"cancelled by {event.by}", False
            section.cancelled = True
        case SectionRetried():
            keeps = policy.goes_on(section)
            breakers.let_try(state, at, section)
            release(state, section)
            whence = f" from phase {event.phase!r}" if event.phase else ""
            section.verdict, section.detail, section.held = "", f"retry{whence} asked for by {event.by}", False
            section.cancelled = section.stale = False
            section.tries = 0
            section.pardoned = len(section.attempts)
            if event.phase:
                go_on_at(section, event.phase)
            elif not keeps:
                begin_again(section)
            _reopen(state)
        case SectionParked():
            release(state, section)
            section.until, section.detail = event.until, event.why
            state.parked[section.id] = event.until
        case SectionUnparked():
            section.until, section.detail = 0.0, ""
            state.parked.pop(section.id, None)
        case SectionNeedsAttention():
            release(state, section)
            section.attention, section.detail = event.what, event.detail
        case SectionFailed():
            release(state, section)
            section.verdict, section.detail = "failed", event.detail
            breakers.failed_alike(state, section)
        case PhaseFailed():
            state.unjudged.pop(section.id, None)
            leave_queue(state, section)
            if event.phase != section.phase:
                visit(section, event.phase, section.visits.get(event.phase, 0) + 1)
            state.leaving[section.id], section.detail = event.outcome, event.detail
        case PhaseSkipped():
            section.skips.append(event.phase)
            if section.phase == event.phase:
                _leave_phase(state, section)
        case SectionSent():
            section.held, section.pardoned = False, len(section.attempts)
            section.visits.clear()
            section.sent = event.phase
            section.skips = [name for name in section.skips if name != event.phase]
            _leave_phase(state, section)
        case PhaseEntered():
            state.leaving.pop(section.id, None)
            state.running[section.id] = len(section.attempts)
            visit(section, event.phase, event.visit)
            ask = asked(state, section)
            state.asks[ask.request_id] = replace(ask, at=at)
        case SectionDone():
            release(state, section)
            state.alike = []
            section.verdict, section.summary, section.held = "done", event.summary, False
            section.stale = any(
                one.outdated and one.outcome == "succeeded" for one in section.attempts[section.begun :]
            )
            section.detail = _done_words(section)
        case _:
            assert_never(event)


def _apply_work(state: State, section: SectionState, event: WorkEvent, at: float) -> None:
    attempt = section.attempts[event.attempt - 1]
    match event:
        case CommitIntended():
            state.to_commit.pop(section.id, None)
            attempt.step = "committing"
        case WorkCommitted():
            attempt.step, attempt.commit, attempt.files = "committed", event.commit, event.files
            attempt.file_count = event.file_count
            attempt.insertions, attempt.deletions = event.insertions, event.deletions
            if not section.verdict:
                section.tree = attempt.tree
                if nothing := policy.did_nothing(section, attempt, event.file_count):
                    attempt.outcome, attempt.failure, attempt.message = "failed", policy.NO_WORK, nothing
                    fail(state, section, attempt, counted=True)
                elif event.flaw:
                    attempt.outcome, attempt.failure, attempt.message = "failed", FLAWED, event.flaw
                    fail(state, section, attempt, counted=True)
                else:
                    state.leaving[section.id] = attempt.named or SUCCESS
        case MergeIntended():
            state.leaving.pop(section.id, None)
            visit(section, event.phase, event.visit or section.visits.get(event.phase, 0) + 1)
            attempt.step, state.merging = "merging", section.id
            go_along(state, section, event)
            state.running[section.id] = event.attempt
        case MergeComputed():
            attempt.step, section.candidate, section.conflict = "ended", event.commit, ()
            state.batch = replace(state.batch, riders=event.riders, commits=event.commits, onto=event.onto)
        case ConflictForeseen():
            section.foreseen, section.foreseen_in = event.others, event.files
        case WorkMerged():
            state.merged.append(section.id)
            section.foreseen = section.foreseen_in = ()
            attempt.step, attempt.merge_commit = "merged", event.commit
            if event.phase:
                visit(section, event.phase, section.visits.get(event.phase, 0) + 1)
            left = tuple(name for name in state.batch.suspects if name != section.id)
            leave_queue(state, section)
            state.batch = replace(state.batch, suspects=left)
            if not section.verdict:
                state.leaving[section.id] = SUCCESS
        case MergeConflicted():
            attempt.step, section.conflict = "conflict", event.files
            section.foreseen = section.foreseen_in = ()
            files = f"{', '.join(event.files[:5])}{' …' if len(event.files) > 5 else ''}"
            words = f"conflicts in {files} between {attempt.branch} and orch/{state.run}"
            if leads(state, section, CONFLICT):
                leave_queue(state, section)
                state.leaving[section.id], section.detail = CONFLICT, words
            else:
                release(state, section)
                section.attention, section.detail = "merge conflict", words
        case UndoIntended() | WorkUndone() | UndoFailed():
            apply_undo(state, section, event)
        case StepFailed():
            attempt.step, attempt.message = "lost", event.message
            close(state, section.id, attempt, at)
            release(state, section)
            section.attention, section.detail = f"{event.step} failed", event.message
        case _:
            assert_never(event)


def _leave_phase(state: State, section: SectionState) -> None:
    """A section under way goes on from its phase as after success, unless it still has an attempt to end, or work."""
    if section.id in state.running and section.id not in state.live and section.id not in state.to_commit:
        release(state, section)
        state.running[section.id] = len(section.attempts)
        state.leaving[section.id] = SUCCESS


def _reopen(state: State) -> None:
    """A finished run has something to do again."""
    if state.phase in {Phase.DONE, Phase.FAILED}:
        state.phase, state.finished_at = Phase.RUNNING, 0.0


def _drop_work(state: State) -> None:
    """Whatever a cancelled run had not committed or merged is never going to be."""
    for section in [state.sections[name] for name in state.running]:
        release(state, section)
        settle(state, section)


def _done_words(section: SectionState) -> str:
    """What a person should know of a section that is done."""
    if section.stale:
        return "its text changed while it was at work; retry does it again"
    missing = unanswered(section)
    if not missing:
        return ""
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return f"no evidence for: {'; '.join(missing[:3])}{more}"


def _set_clock(state: State, step: float) -> None:
    """Who waits for a while and not for a stated moment waits no longer, or shorter, because the clock was set."""
    for name in state.parked:
        section = state.sections[name]
        if section.last is None or not section.last.until:
            section.until = state.parked[name] = section.until + step
    breakers.set_clock(state, step)


def _recovery_words(event: Recovered) -> str:
    parts = [
        f"{word}: {', '.join(names)}"
        for word, names in (
            ("adopted", event.adopted),
            ("ended meanwhile", event.ended),
            ("lost", event.lost),
            ("kept aside", event.rescued),
        )
        if names
    ]
    return "; ".join((*(("the machine was started anew",) if event.restarted else ()), *parts)) or "nobody was at work"
