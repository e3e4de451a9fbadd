"""From one phase of a section's workflow to the next: what its outcome leads to, as events.

Phases are not entered ahead of what they need: a section stays between two of them until a slot, the merge queue or the
run is free, and what is journalled then is the next intent itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orch_tui.core import batching, breakers, budgets, counting, disk, flowing, policy, resuming, slot_numbers
from orch_tui.core.attempt_events import AttemptIntended
from orch_tui.core.events import Event
from orch_tui.core.section_events import (
    PhaseEntered,
    PhaseFailed,
    SectionDone,
    SectionFailed,
    SectionNeedsAttention,
    SectionSkipped,
)
from orch_tui.core.state import AttemptState, Phase, SectionState, State
from orch_tui.core.work_events import MergeIntended
from orch_tui.flow import workflow as flow
from orch_tui.flow.workflow import SUCCESS, AgentPhase, ApprovalPhase, PollPhase, ScriptPhase, TerminalPhase

_OUTPUT = 2000  # characters of what checks printed on a merged result, from its end
WORKING = frozenset({Phase.RUNNING, Phase.PAUSED})


@dataclass(frozen=True, slots=True)
class Ids:
    """Names handed in by the rim: a fresh session id and the run's marker prefix."""

    session_id: Callable[[str, int], str]


def next_phase(state: State, now: float, ids: Ids) -> Iterator[Event]:
    """Sections that left a phase go on, those with the longest chain behind them first."""
    free, numbers = flowing.slots(state), slot_numbers.free(state)
    merging = bool(state.merging or state.undoing)
    for name in batching.in_order(state):
        section = state.sections[name]
        to = flowing.after(state, section)
        phase = flowing.phase(state, section, to)
        if phase is None or isinstance(phase, TerminalPhase):
            yield ending(state, section, phase)
            continue
        if section.held or state.phase not in WORKING:
            continue
        visit = flowing.visiting(section, to)
        if phase.max_visits and visit > phase.max_visits:
            yield _exhausted(state, section, to, phase.max_visits)
        elif flow.merges(phase) and getattr(phase, "verify", False) and flowing.left_nothing(section):
            yield _left_nothing(state, section, to)
        elif disk.stands_still(state):
            continue
        elif flow.merges(phase):
            if not merging:
                merging = True
                riders = batching.riders(state, section)
                yield MergeIntended(section=name, attempt=len(section.attempts), phase=to, riders=riders)
        elif state.phase is not Phase.RUNNING:
            continue
        elif isinstance(phase, ApprovalPhase):
            yield PhaseEntered(section=name, phase=to, visit=visit)
        elif free > 0 or isinstance(phase, PollPhase):
            if over := budgets.used_up(state, section, phase):
                yield over
                continue
            if isinstance(phase, AgentPhase) and _held(state, section, phase, now):
                continue
            free -= not isinstance(phase, PollPhase)
            if flowing.unprepared(state, section, phase):
                yield setup_of(state, section, phase, ids, numbers)
            else:
                yield attempt_at(state, section, to, phase, visit, ids, numbers)


def _held(state: State, section: SectionState, phase: AgentPhase, now: float) -> bool:
    """Whether no session of the phase's agent begins just now."""
    model = counting.model_of(state, section, phase)
    return bool(state.breakers) and breakers.holds(state, phase.agent or section.agent, model, now) is not None


def prove(state: State, _now: float, ids: Ids) -> Iterator[Event]:
    """The section whose merged result waits: its checks run on that, and when they passed the branch is moved."""
    if not state.merging or state.undoing or state.phase not in WORKING:
        return
    section = state.sections[state.merging]
    last = section.last
    if disk.stands_still(state):
        return
    if last is None or not section.candidate or section.held or section.id in state.live or last.step == "merging":
        return
    at, phase = section.phase, flowing.phase(state, section, section.phase)
    if last.proves == section.candidate and last.outcome == "succeeded":
        riders = tuple(name for name in state.batch.riders if batching.rides(state, name))
        visit = section.visits[at]
        yield MergeIntended(section=section.id, attempt=last.number, phase=at, visit=visit, riders=riders)
    elif phase is None:
        gone = f"it has no phase {at!r} any more, in which the section was being merged"
        yield SectionNeedsAttention(section=section.id, what="another workflow", detail=gone)
    elif state.phase is Phase.RUNNING:
        yield attempt_at(
            state, section, at, phase, section.visits[at], ids, slot_numbers.free(state), proves=section.candidate
        )


def ending(state: State, section: SectionState, phase: TerminalPhase | None) -> Event:
    """How a section's workflow ends: in a terminal phase, or where an outcome leads nowhere."""
    outcome = state.leaving.get(section.id, SUCCESS)
    words = section.detail or f"phase {section.phase!r} came to {outcome!r}"
    if phase is None and outcome == flow.UNPROVEN:
        passed = f"{words}; skip phase {section.phase!r} to take it as it is, or have it done again"
        return SectionNeedsAttention(section=section.id, what="needs review", detail=passed)
    if phase is None:
        return SectionFailed(section=section.id, failure=outcome, detail=words)
    match phase.outcome:
        case "done":
            return SectionDone(section=section.id, summary=flowing.summary(section))
        case "failed":
            return SectionFailed(section=section.id, failure=outcome, detail=phase.message or words)
        case "attention":
            what = phase.message or f"phase {section.phase!r} came to {outcome!r}"
            return SectionNeedsAttention(section=section.id, what=what, detail=section.detail)
        case "skipped":
            return SectionSkipped(section=section.id, by="its workflow")


def _left_nothing(state: State, section: SectionState, to: str) -> Event:
    """There is nothing to merge: where that leads, or a person says whether it is right so."""
    detail = "it changed no file, and there is nothing to merge"
    if flowing.workflow(state, section).next(to, flow.EMPTY):
        return PhaseFailed(section=section.id, phase=to, outcome=flow.EMPTY, detail=detail)
    return SectionNeedsAttention(section=section.id, what="left nothing", detail=detail)


def _exhausted(state: State, section: SectionState, phase: str, most: int) -> Event:
    times = "once" if most == 1 else f"{most} times"
    detail = f"phase {phase!r} was gone through {times}{': ' if section.detail else ''}{section.detail}"
    if flow.merges(flowing.phase(state, section, section.phase)):
        what = f"merging came to {state.leaving[section.id]!r} again"
        return SectionNeedsAttention(section=section.id, what=what, detail=detail)
    return SectionFailed(section=section.id, failure="visits", detail=detail)


def setup_of(state: State, section: SectionState, phase: flow.Phase, ids: Ids, numbers: Iterator[int]) -> Event:
    """The intent to set up the worktree that `phase` will have: a new one, or its own that was made again."""
    tree, visit = flowing.tree_for(state, section, phase), section.visits.get(flow.SETUP, 1)
    return attempt_at(state, section, flow.SETUP, flow.PREPARING, visit, ids, numbers, tree=tree)


def attempt_at(
    state: State,
    section: SectionState,
    name: str,
    phase: flow.Phase,
    visit: int,
    ids: Ids,
    numbers: Iterator[int],
    *,
    proves: str = "",
    tree: int | None = None,
) -> AttemptIntended:
    """The intent to go through phase `name` of a section for the `visit`th time.

    What `proves` a merged result works in a checkout of that, else in the worktree of the attempt `tree`, by default
    where the section's work so far is.
    """
    number = len(section.attempts) + 1
    chosen = phase.agent if isinstance(phase, AgentPhase) else "script"
    resumes = _resumes(state, section, name, phase, visit)
    before = section.attempts[resumes - 1].session_id if resumes else ""
    return AttemptIntended(
        section=section.id,
        attempt=number,
        agent=chosen or section.agent,
        session_id=before or ids.session_id(section.id, number),
        marker=f"{state.run}/{section.slug}/{number}",
        phase=name,
        visit=visit,
        tree=0 if proves else flowing.tree_for(state, section, phase) if tree is None else tree,
        proves=proves,
        slot=section.number or next(numbers),
        resumes=resumes,
    )


def _resumes(state: State, section: SectionState, name: str, phase: flow.Phase, visit: int) -> int:
    """The attempt whose session the next one at a phase goes on with; 0: none."""
    if not isinstance(phase, AgentPhase) or section.id in state.leaving:
        return 0
    if (name, visit) != (section.phase, section.visits.get(name)):
        return 0
    return resuming.session_of(section, flowing.task_of(state, section, phase))


def judged(state: State, section: SectionState, attempt: AttemptState, now: float) -> Event:
    """What follows from a failed attempt: another one, a verdict, or the phase that its workflow names for that."""
    verdict = _verdict(state, section, attempt, now)
    if attempt.phase == flow.SETUP:
        if not isinstance(verdict, SectionFailed):
            return verdict
        printed = f": {attempt.summary}" if attempt.summary else ""
        return SectionNeedsAttention(section=section.id, what="worktree setup failed", detail=verdict.detail + printed)
    outcome = flowing.failed_as(state, section, attempt)
    if not isinstance(verdict, SectionFailed):
        return verdict
    if attempt.proves and state.batch.riders:
        return batching.halved(state, section, attempt)
    words = f"{verdict.detail}: {attempt.summary[-_OUTPUT:]}" if attempt.proves and attempt.summary else verdict.detail
    if flowing.leads(state, section, outcome):
        return PhaseFailed(section=section.id, phase=section.phase, outcome=outcome, detail=words)
    if attempt.proves:
        return SectionNeedsAttention(section=section.id, what=f"merged with orch/{state.run} it is red", detail=words)
    return verdict


def _verdict(state: State, section: SectionState, attempt: AttemptState, now: float) -> policy.Verdict:
    most = flowing.most_tries(state, section, attempt.phase)
    match flowing.phase(state, section, attempt.phase):
        case AgentPhase() as phase:
            return policy.judge(section, attempt, now, most=most, backoff=phase.backoff)
        case ScriptPhase() as phase:
            named = attempt.exit_code in phase.codes  # an outcome of its own, which does not get better by itself
            scripts = 1 if named else phase.retries + 1
            return policy.judge(section, attempt, now, most=most, scripts=scripts, backoff=phase.backoff)
        case _:
            return policy.judge(section, attempt, now, most=most)
