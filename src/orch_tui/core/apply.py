"""The fold: one event moves the state. Total, deterministic, and O(1) per event plus the section's own edges."""

from __future__ import annotations

from typing import assert_never

from orch_tui.core import policy
from orch_tui.core.apply_plan import apply_mend, apply_reading
from orch_tui.core.attempt_events import (
    SET_ASIDE,
    AgentStarted,
    AskAnswered,
    AskRaised,
    AskWithdrawn,
    AttemptEnded,
    AttemptEvent,
    AttemptIntended,
    AttemptLost,
    AttemptStarted,
    EndRequested,
    NoticeRaised,
    Steered,
    UsageReported,
    WorktreeReady,
)
from orch_tui.core.events import Event
from orch_tui.core.mend_events import MendEvent
from orch_tui.core.run_events import (
    CommandAccepted,
    CommandRefused,
    PlanRead,
    Recovered,
    RevisionApproved,
    RevisionDiscarded,
    RevisionRead,
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
    SectionCancelled,
    SectionDone,
    SectionEvent,
    SectionFailed,
    SectionNeedsAttention,
    SectionParked,
    SectionPaused,
    SectionResumed,
    SectionRetried,
    SectionSkipped,
    SectionUnparked,
)
from orch_tui.core.settling import leave, release, settle
from orch_tui.core.state import (
    Approval,
    AskState,
    AttemptState,
    Control,
    Phase,
    SectionState,
    State,
)
from orch_tui.core.validation import apply_validation
from orch_tui.core.validation_events import ValidationEvent
from orch_tui.core.work_events import (
    CommitIntended,
    MergeConflicted,
    MergeIntended,
    StepFailed,
    WorkCommitted,
    WorkEvent,
    WorkMerged,
)


def apply(state: State, event: Event, *, seq: int, at: float, cause: str = "") -> None:
    """Move `state` by one event recorded as `seq` at wall time `at`, because of `cause` (command id or rule)."""
    state.seq = seq
    state.updated_at = at
    if isinstance(event, RunEvent):
        _apply_run(state, event, at)
        return
    if isinstance(event, MendEvent):
        apply_mend(state, event, at)
        return
    if isinstance(event, ValidationEvent):
        apply_validation(state, event, at)
        return
    section = state.sections[event.section]
    if isinstance(event, SectionEvent):
        _apply_verdict(state, section, event, cause)
    elif isinstance(event, AttemptEvent):
        _apply_attempt(state, section, event, at, cause)
    else:
        _apply_work(state, section, event, at)
    settle(state, section)
    leave(state, section)


def _apply_run(state: State, event: RunEvent, at: float) -> None:
    match event:
        case RunCreated():
            state.run, state.plan_path, state.asked = event.run, event.plan_path, event.asked
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
            state.phase, state.phase_by = Phase.PAUSED, event.by
        case RunResumed():
            state.phase, state.phase_by, state.halted = Phase.RUNNING, event.by, ""
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
        case RunnerStopped():
            state.runner_pid = 0
        case Recovered():
            state.recovered = _recovery_words(event)
        case CommandAccepted():
            state.commands[event.id] = ""
        case CommandRefused():
            state.commands[event.id] = event.reason
        case _:
            assert_never(event)


def _apply_verdict(state: State, section: SectionState, event: SectionEvent, cause: str) -> None:
    match event:
        case SectionPaused():
            section.held, section.by = True, event.by
            _control(state, section, Control(id=cause, op="pause", args={}))
        case SectionResumed():
            section.held, section.by = False, event.by
            _control(state, section, Control(id=cause, op="resume", args={}))
        case SectionSkipped():
            release(state, section)
            section.verdict, section.detail, section.held = "skipped", f"skipped by {event.by}", False
            _reopen(state)
        case SectionCancelled():
            release(state, section)
            section.verdict, section.detail, section.held = "failed", f"cancelled by {event.by}", False
            section.cancelled = True
        case SectionRetried():
            release(state, section)
            section.verdict, section.detail, section.held = "", f"retry asked for by {event.by}", False
            section.cancelled = section.stale = False
            section.tries = section.transient = 0
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
        case SectionDone():
            release(state, section)
            section.verdict, section.summary, section.held = "done", event.summary, False
            outdated = section.last is not None and section.last.outdated
            section.stale = outdated
            section.detail = "its text changed while it was at work; retry does it again" if outdated else ""
        case _:
            assert_never(event)


def _apply_attempt(state: State, section: SectionState, event: AttemptEvent, at: float, cause: str) -> None:
    if isinstance(event, AttemptIntended):
        section.attempts.append(
            AttemptState(
                number=event.attempt,
                agent=event.agent,
                session_id=event.session_id,
                marker=event.marker,
                intended_at=at,
            )
        )
        section.detail = ""
        state.running[section.id] = state.live[section.id] = event.attempt
        return
    attempt = section.attempts[event.attempt - 1]
    match event:
        case WorktreeReady():
            attempt.path, attempt.branch, attempt.base, attempt.step = event.path, event.branch, event.base, "prepared"
        case AttemptStarted():
            attempt.pid, attempt.brief_sha, attempt.step, attempt.started_at = event.pid, event.brief_sha, "working", at
        case AgentStarted():
            attempt.agent_session_id, attempt.model, attempt.seen = event.session_id, event.model, event.n
        case AskRaised():
            attempt.seen = event.n
            state.asks[event.request_id] = AskState(
                request_id=event.request_id,
                section=event.section,
                attempt=event.attempt,
                kind=event.kind,
                title=event.title,
                detail=event.detail,
                options=event.options,
                at=at,
            )
        case AskAnswered():
            state.asks.pop(event.request_id, None)
            state.answered[event.request_id] = event.by
            args = {"request_id": event.request_id, "choice": event.choice, "text": event.text, "by": event.by}
            _control(state, section, Control(id=cause, op="answer", args=args))
        case AskWithdrawn():
            attempt.seen = event.n
            state.asks.pop(event.request_id, None)
        case Steered():
            _control(state, section, Control(id=cause, op="steer", args={"text": event.text, "by": event.by}))
        case UsageReported():
            attempt.seen, attempt.input_tokens, attempt.output_tokens = event.n, event.input_tokens, event.output_tokens
            _charge(state, attempt, event.cost_usd)
        case NoticeRaised():
            attempt.seen, attempt.notice = event.n, event.text
        case EndRequested():
            state.ending[section.id] = attempt.end_why = event.why
        case AttemptEnded():
            _end(state, section, attempt, event, at)
        case AttemptLost():
            _lose(state, section, attempt, event, at)
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
                state.to_merge[section.id] = attempt.number
        case MergeIntended():
            state.to_merge.pop(section.id, None)
            attempt.step, state.merging = "merging", section.id
        case WorkMerged():
            attempt.step, attempt.merge_commit, state.merging = "merged", event.commit, ""
            if not section.verdict:
                state.to_complete[section.id] = attempt.number
        case MergeConflicted():
            attempt.step = "conflict"
            release(state, section)
            section.attention = "merge conflict"
            files = f"{', '.join(event.files[:5])}{' …' if len(event.files) > 5 else ''}"
            section.detail = f"conflicts in {files} between {attempt.branch} and orch/{state.run}"
        case StepFailed():
            attempt.step, attempt.message = "lost", event.message
            _close(state, section.id, attempt, at)
            release(state, section)
            section.attention, section.detail = f"{event.step} failed", event.message
        case _:
            assert_never(event)


def _control(state: State, section: SectionState, control: Control) -> None:
    """Remember what was sent to a live attempt."""
    number = state.live.get(section.id)
    if number is not None:
        section.attempts[number - 1].controls.append(control)


def _reopen(state: State) -> None:
    """A finished run has something to do again."""
    if state.phase in {Phase.DONE, Phase.FAILED}:
        state.phase, state.finished_at = Phase.RUNNING, 0.0


def _drop_work(state: State) -> None:
    """Whatever a cancelled run had not committed or merged is never going to be."""
    for section in [state.sections[name] for name in state.running]:
        release(state, section)
        settle(state, section)


def _charge(state: State, attempt: AttemptState, cost: float | None) -> None:
    if cost is not None:
        state.cost_usd += cost - (attempt.cost_usd or 0.0)
        attempt.cost_usd = cost


def _close(state: State, section: str, attempt: AttemptState, at: float) -> None:
    attempt.ended_at, attempt.controls = at, []
    state.live.pop(section, None)
    state.ending.pop(section, None)
    for ask in [ask for ask in state.asks.values() if ask.section == section]:
        del state.asks[ask.request_id]


def _end(state: State, section: SectionState, attempt: AttemptState, event: AttemptEnded, at: float) -> None:
    _close(state, section.id, attempt, at)
    attempt.step, attempt.outcome, attempt.failure = "ended", event.outcome, event.failure
    attempt.message, attempt.summary, attempt.exit_code = event.message, event.summary, event.exit_code
    attempt.until = event.until
    _charge(state, attempt, event.cost_usd)
    if attempt.cost_usd is None:
        state.cost_unknown += 1
    ended_by_us = attempt.end_why and (event.outcome != "succeeded" or attempt.end_why == SET_ASIDE)
    if section.verdict or ended_by_us:
        state.running.pop(section.id, None)
    elif event.outcome == "succeeded":
        (state.to_commit if attempt.branch else state.to_complete)[section.id] = attempt.number
    else:
        _fail(state, section, attempt, counted=policy.counts(event.failure))


def _lose(state: State, section: SectionState, attempt: AttemptState, event: AttemptLost, at: float) -> None:
    began = attempt.step == "working"  # else no agent was up that could have cost anything
    _close(state, section.id, attempt, at)
    attempt.step, attempt.failure, attempt.message = "lost", "lost", event.why
    if began and attempt.cost_usd is None:
        state.cost_unknown += 1
    if section.verdict or attempt.end_why:
        state.running.pop(section.id, None)
    else:
        _fail(state, section, attempt, counted=event.counted)


def _fail(state: State, section: SectionState, attempt: AttemptState, *, counted: bool) -> None:
    attempt.counted = counted
    section.tries += counted
    section.transient += not counted
    state.unjudged[section.id] = attempt.number


def _recovery_words(event: Recovered) -> str:
    parts = [
        f"{word}: {', '.join(names)}"
        for word, names in (("adopted", event.adopted), ("ended meanwhile", event.ended), ("lost", event.lost))
        if names
    ]
    return "; ".join(parts)
