"""The fold of an attempt, from its intent to its end, and of what it cost."""

from __future__ import annotations

from typing import assert_never

from orch_tui.core import breakers, policy, resuming, slot_numbers
from orch_tui.core.asking import AskState
from orch_tui.core.attempt import Control
from orch_tui.core.attempt_events import (
    NEAR_LIMIT,
    SENT_ON,
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
    ResultReported,
    SectionProposed,
    Steered,
    TokensCounted,
    UsageReported,
    Watched,
    WorktreeReady,
)
from orch_tui.core.counting import model_of, take_count
from orch_tui.core.deciding import take_decisions
from orch_tui.core.disk import CLASS, NO_ROOM
from orch_tui.core.flowing import after, leaves_work, phase
from orch_tui.core.proposing import propose
from orch_tui.core.settling import leave_queue
from orch_tui.core.state import AttemptState, SectionState, State
from orch_tui.flow.workflow import SETUP, SUCCESS, UNPROVEN, AgentPhase, PollPhase


def apply_attempt(state: State, section: SectionState, event: AttemptEvent, at: float, cause: str) -> None:
    """Move an attempt, and the section's place among what is under way."""
    if isinstance(event, AttemptIntended):
        section.attempts.append(
            AttemptState(
                number=event.attempt,
                agent=event.agent,
                session_id=event.session_id,
                marker=event.marker,
                intended_at=at,
                phase=event.phase,
                visit=event.visit,
                tree=event.tree or event.attempt,
                slot=event.slot,
                proves=event.proves,
                merged_before=len(state.merged),
                leaves_work=leaves_work(state, section, event.phase),
                resumes=event.resumes,
            )
        )
        here = phase(state, section, event.phase)
        if isinstance(here, AgentPhase):
            begun = section.attempts[-1]
            begun.session, begun.wanted = True, model_of(state, section, here)
            begun.told = resuming.mark(section, event.agent, begun.wanted)
        section.detail = ""
        if section.attempts[-1].leaves_work:
            section.foreseen = section.foreseen_in = ()
        slot_numbers.take(state, section, event.slot)
        if event.phase != SETUP:
            visit(section, event.phase, event.visit)
        elif section.id in state.leaving:
            section.sent = after(state, section)  # where it goes once its new worktree is set up
        state.leaving.pop(section.id, None)
        section.prepared = 0
        if isinstance(here, PollPhase):
            state.polling.add(section.id)
        state.running[section.id] = state.live[section.id] = event.attempt
        return
    if isinstance(event, AskAnswered) and (ask := state.asks.get(event.request_id)) is not None and ask.phase:
        state.asks.pop(event.request_id)
        state.answered[event.request_id] = event.by
        state.leaving[section.id], section.told = event.choice, event.text
        return
    attempt = section.attempts[event.attempt - 1]
    match event:
        case WorktreeReady():
            attempt.path, attempt.branch, attempt.base, attempt.step = event.path, event.branch, event.base, "prepared"
            attempt.head, attempt.checkout, attempt.repository = event.head, event.checkout, event.repository
            section.bare = attempt.tree if event.bare else section.bare
        case AttemptStarted():
            attempt.pid, attempt.brief_sha, attempt.step, attempt.started_at = event.pid, event.brief_sha, "working", at
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
            control(state, section, Control(id=cause, op="answer", args=args))
        case AskWithdrawn():
            attempt.seen = event.n
            state.asks.pop(event.request_id, None)
        case Steered():
            control(state, section, Control(id=cause, op="steer", args={"text": event.text, "by": event.by}))
        case EndRequested():
            state.ending[section.id] = attempt.end_why = event.why
        case ResultReported():
            attempt.result, attempt.unanswered = event.result, event.unanswered
            take_decisions(state, section.id, event.result, at)
        case SectionProposed():
            attempt.seen, attempt.notice = event.n, f"proposes a section: {event.title}"
            propose(state, section, event)
        case UsageReported() | NoticeRaised() | AgentStarted() | TokensCounted():
            apply_watched(state, attempt, event)
        case AttemptEnded():
            _end(state, section, attempt, event, at)
        case AttemptLost():
            _lose(state, section, attempt, event, at)
        case _:
            assert_never(event)


def apply_watched(state: State, attempt: AttemptState, event: Watched) -> None:
    """Take in what is seen of an attempt at work."""
    attempt.seen = event.n
    match event:
        case UsageReported():
            attempt.input_tokens, attempt.output_tokens = event.input_tokens, event.output_tokens
            _charge(state, attempt, event.cost_usd)
        case NoticeRaised():
            attempt.notice = event.text
            if event.kind == NEAR_LIMIT:
                breakers.close_to_limit(state, attempt, event.text, event.until)
        case AgentStarted():
            attempt.agent_session_id, attempt.model, attempt.resumable = event.session_id, event.model, event.resumable
        case TokensCounted():
            take_count(state, attempt, event)
        case _:
            assert_never(event)


def visit(section: SectionState, phase: str, visit: int) -> None:
    """The section is in a phase; another visit has its attempts to itself."""
    if (section.phase, section.visits.get(phase)) != (phase, visit):
        section.tries = 0
    section.phase, section.sent = phase, ""
    section.visits[phase] = visit


def control(state: State, section: SectionState, control: Control) -> None:
    """Remember what was sent to a live attempt."""
    number = state.live.get(section.id)
    if number is not None:
        section.attempts[number - 1].controls.append(control)


def _charge(state: State, attempt: AttemptState, cost: float | None) -> None:
    if cost is not None:
        state.cost_usd += cost - (attempt.cost_usd or 0.0)
        attempt.cost_usd = cost


def close(state: State, section: str, attempt: AttemptState, at: float) -> None:
    """Nothing of an attempt is alive any more."""
    attempt.ended_at, attempt.controls = at, []
    state.live.pop(section, None)
    state.polling.discard(section)
    state.ending.pop(section, None)
    for ask in [ask for ask in state.asks.values() if ask.section == section]:
        del state.asks[ask.request_id]


def _end(state: State, section: SectionState, attempt: AttemptState, event: AttemptEnded, at: float) -> None:
    close(state, section.id, attempt, at)
    attempt.step, attempt.outcome, attempt.failure = "ended", event.outcome, event.failure
    attempt.message, attempt.summary, attempt.exit_code = event.message, event.summary, event.exit_code
    attempt.until, attempt.left, attempt.did, attempt.tools = event.until, event.left, event.did, event.tools
    _for_want_of_room(attempt)
    if not (attempt.end_why or section.verdict):  # nobody could have what it met tried again
        breakers.take(state, attempt, at)
    _charge(state, attempt, event.cost_usd)
    if attempt.cost_usd is None:
        state.cost_unknown += 1
    ended_by_us = attempt.end_why not in {"", NO_ROOM} and (
        event.outcome != "succeeded" or attempt.end_why == SET_ASIDE
    )
    if attempt.end_why == SENT_ON and not section.verdict:
        _send_on(state, section, attempt)
    elif section.verdict or ended_by_us:
        attempt.counted = False
        state.running.pop(section.id, None)
        leave_queue(state, section)
    elif event.outcome == "succeeded" and attempt.proves:
        attempt.named = event.named
    elif event.outcome == "succeeded":
        attempt.named = event.named
        if event.named == UNPROVEN:
            section.detail = event.message
        section.prepared = attempt.tree if attempt.phase == SETUP else 0
        section.bare = 0 if section.bare == section.prepared else section.bare
        if attempt.branch and attempt.leaves_work:
            state.to_commit[section.id] = attempt.number
        else:
            state.leaving[section.id] = attempt.named or SUCCESS
    else:
        fail(state, section, attempt, counted=policy.counts(attempt.failure))


def _for_want_of_room(attempt: AttemptState) -> None:
    """It was ended because the disk was full: that is why it failed, whatever it says itself."""
    if attempt.end_why == NO_ROOM and attempt.outcome != "succeeded":
        attempt.failure, attempt.message = CLASS, "ended until there is room again"


def _send_on(state: State, section: SectionState, attempt: AttemptState) -> None:
    """A person ended the phase, which then counts as success; what it left is gone on with."""
    attempt.counted = False
    leave_queue(state, section)
    if attempt.branch and attempt.leaves_work:
        state.to_commit[section.id] = attempt.number
    else:
        state.leaving[section.id] = SUCCESS


def _lose(state: State, section: SectionState, attempt: AttemptState, event: AttemptLost, at: float) -> None:
    began = attempt.step == "working"  # else no agent was up that could have cost anything
    close(state, section.id, attempt, at)
    attempt.step, attempt.failure, attempt.message = "lost", "lost", event.why
    attempt.left, attempt.begin = event.left, event.begin
    _for_want_of_room(attempt)
    if began and attempt.cost_usd is None:
        state.cost_unknown += 1
    if attempt.end_why == SENT_ON and not section.verdict:
        _send_on(state, section, attempt)
    elif section.verdict or attempt.end_why not in {"", NO_ROOM}:
        attempt.counted = False
        state.running.pop(section.id, None)
        leave_queue(state, section)
    else:
        fail(state, section, attempt, counted=event.counted and policy.counts(attempt.failure))


def fail(state: State, section: SectionState, attempt: AttemptState, *, counted: bool) -> None:
    """An attempt came to nothing, and is to be judged."""
    attempt.counted = counted
    section.tries += counted
    state.unjudged[section.id] = attempt.number
