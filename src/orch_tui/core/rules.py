"""What follows from the state by itself: rows evaluated in order, each with the name that is journalled as the cause.

A rule yields events: intents ("this attempt is about to start"), verdicts ("given up") and transitions. `reactions`
maps an event to the effects that carry it out, so that an effect is always the answer to something durable, and a new
runner can perform it again from the journal alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

from orch_tui.core import breakers, budgets, claiming, disk, flowing, forecast, slot_numbers
from orch_tui.core.attempt_events import (
    AskAnswered,
    AttemptEnded,
    AttemptIntended,
    AttemptLost,
    EndRequested,
    Steered,
)
from orch_tui.core.choosing import MOST_NAMED, blocking, waiting_words, wants
from orch_tui.core.dispatching import asked, chosen
from orch_tui.core.effects import (
    AskSecondReader,
    CommitWork,
    Effect,
    EndAttempt,
    MergeWork,
    SendControl,
    StartAttempt,
    UndoWork,
)
from orch_tui.core.events import Event
from orch_tui.core.next_phase import WORKING, Ids, attempt_at, ending, judged, next_phase, prove, setup_of
from orch_tui.core.releasing import released
from orch_tui.core.run_events import RunFinished, RunPaused, RunStopped
from orch_tui.core.section_events import (
    PhaseEntered,
    SectionDone,
    SectionPaused,
    SectionResumed,
    SectionSkipped,
    SectionUnparked,
)
from orch_tui.core.settling import ready_key
from orch_tui.core.state import OVER, Phase, SectionState, State, Status
from orch_tui.core.validation_events import ValidationIntended
from orch_tui.core.work_events import CommitIntended, MergeIntended, StepFailed, UndoIntended, WorkCommitted
from orch_tui.flow.workflow import ApprovalPhase, TerminalPhase, merges

ENDING = frozenset({Phase.STOPPING, Phase.CANCELLING})


@dataclass(frozen=True, slots=True)
class Rule:
    """`then(state, now, ids)` yields the events that follow; no event means the rule has nothing to say."""

    name: str
    then: Callable[[State, float, Ids], Iterator[Event]]


@dataclass(frozen=True, slots=True)
class Gate:
    """Why a section is not dispatched: words, or None when this gate is open."""

    name: str
    says: Callable[[State, SectionState, float], str | None]


# --- why a section does not run --------------------------------------------------------------------------------------


def _phase_gate(state: State, _section: SectionState, _now: float) -> str | None:
    match state.phase:
        case Phase.RUNNING:
            return None
        case Phase.NEW | Phase.REVIEW:
            return "the plan is not approved yet"
        case Phase.PAUSED if state.halted:
            return f"the run is halted: {state.halted}"
        case _:
            by = f" by {state.phase_by}" if state.phase_by else ""
            reason = f": {state.phase_why}" if state.phase is Phase.PAUSED and state.phase_why else ""
            return f"the run is {state.phase.value}{by}{reason}"


def _verdict_gate(_state: State, section: SectionState, _now: float) -> str | None:
    if not section.verdict:
        return None
    return section.verdict + (f": {section.detail}" if section.detail else "")


def _attention_gate(_state: State, section: SectionState, _now: float) -> str | None:
    return f"needs you: {section.attention}: {section.detail}" if section.attention else None


def _running_gate(state: State, section: SectionState, _now: float) -> str | None:
    number = state.running.get(section.id)
    if number is None:
        return None
    if section.id in state.leaving:
        to = flowing.after(state, section)
        if section.id in state.batch.riders:
            return f"is being merged together with {state.merging}"
        queued = state.merging and merges(flowing.phase(state, section, to))
        first = f"; {state.merging} is being merged first" if queued else ""
        return f"goes on with phase {to!r}{first}"
    if flowing.asking(state, section):
        return f"phase {section.phase!r} waits for your answer"
    return "is being merged" if state.merging == section.id else f"attempt {number} is under way"


def _held_gate(_state: State, section: SectionState, _now: float) -> str | None:
    return f"paused by {section.by}" if section.held else None


def _parked_gate(_state: State, section: SectionState, now: float) -> str | None:
    return f"waits {section.until - now:.0f} s more: {section.detail}" if section.until > now else None


def _broken_gate(state: State, section: SectionState, _now: float) -> str | None:
    if not section.broken:
        return None
    return f"blocked: {', '.join(f'{up.id} {up.status.value}' for up in blocking(state, section))}"


def _unmet_gate(state: State, section: SectionState, _now: float) -> str | None:
    if not section.unmet:
        return None
    said = waiting_words(state, section)
    listed = ", ".join(said[:MOST_NAMED]) + (" …" if len(said) > MOST_NAMED else "")
    return f"waiting for {section.unmet} of {wants(section)}: {listed}"


def _exclusive_gate(state: State, section: SectionState, _now: float) -> str | None:
    names = [name for name in section.exclusive if name in state.running]
    return f"never at the same time as {', '.join(names)}, which {_are(names)} under way" if names else None


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _resources_gate(state: State, section: SectionState, _now: float) -> str | None:
    if not section.claims or section.id in state.running:
        return None
    return claiming.waits_for(state, section, ready_key(section))


def _disk_gate(state: State, _section: SectionState, _now: float) -> str | None:
    return disk.holds(state)


def _slots_gate(state: State, _section: SectionState, _now: float) -> str | None:
    most = state.settings.concurrency
    return f"all {most} slots are taken" if flowing.slots(state) <= 0 else None


def _agent_gate(state: State, section: SectionState, now: float) -> str | None:
    who = asked(state, section) if section.status is Status.READY or section.id in state.leaving else None
    return breakers.holds(state, *who, now) if who else None


def _forecast_gate(state: State, section: SectionState, _now: float) -> str | None:
    if section.status is not Status.READY or not (other := forecast.keeps_off(state, section)):
        return None
    files = forecast.listed(forecast.common(section.hints.files, forecast.changes(state.sections[other])))
    return f"others go first: {other}, which is under way, changes {files} too"


GATES: tuple[Gate, ...] = (
    Gate("verdict", _verdict_gate),
    Gate("attention", _attention_gate),
    Gate("running", _running_gate),
    Gate("paused", _held_gate),
    Gate("blocked", _broken_gate),
    Gate("phase", _phase_gate),
    Gate("parked", _parked_gate),
    Gate("dependencies", _unmet_gate),
    Gate("exclusive", _exclusive_gate),
    Gate("resources", _resources_gate),
    Gate("disk", _disk_gate),
    Gate("agent", _agent_gate),
    Gate("slots", _slots_gate),
    Gate("forecast", _forecast_gate),
)


def why(state: State, section: str, now: float) -> list[tuple[str, str]]:
    """Why is this section not being started? The gates that speak, as (gate, words); [] means it starts next."""
    found = [(gate.name, gate.says(state, state.sections[section], now)) for gate in GATES]
    return [(name, words) for name, words in found if words is not None]


# --- what follows by itself ------------------------------------------------------------------------------------------


def _end_everything(state: State, _now: float, _ids: Ids) -> Iterator[Event]:
    if state.phase in ENDING:
        for section, attempt in state.live.items():
            if section not in state.ending:
                yield EndRequested(section=section, attempt=attempt, why=state.phase.value)


def _end_for_room(state: State, _now: float, _ids: Ids) -> Iterator[Event]:
    yield from disk.ends(state)


def _stopped(state: State, _now: float, _ids: Ids) -> Iterator[Event]:
    if state.phase in ENDING and not state.live and not _git_under_way(state):
        yield RunStopped() if state.phase is Phase.STOPPING else RunFinished(outcome="cancelled")


def _judge(state: State, now: float, _ids: Ids) -> Iterator[Event]:
    for name in state.unjudged:
        if state.undoing and name == state.merging:
            continue  # what follows may be another merge
        section = state.sections[name]
        assert section.last is not None, "an unjudged section has an attempt"
        yield judged(state, section, section.last, now)


def _pause(state: State, _now: float, _ids: Ids) -> Iterator[Event]:
    words = breakers.alike_words(state) if state.phase is Phase.RUNNING else ""
    if words and (state.ready or state.queues or state.parked or state.running):
        yield RunPaused(by="orch-tui", why=words)


def _commit(state: State, _now: float, _ids: Ids) -> Iterator[Event]:
    if state.phase in WORKING:
        for section, attempt in state.to_commit.items():
            yield CommitIntended(section=section, attempt=attempt)


def _unpark(state: State, now: float, _ids: Ids) -> Iterator[Event]:
    if state.phase is Phase.RUNNING:
        for name, until in state.parked.items():
            if until <= now and not disk.keeps_parked(state, name):
                yield SectionUnparked(section=name)


def _dispatch(state: State, now: float, ids: Ids) -> Iterator[Event]:
    if state.phase is not Phase.RUNNING or state.undoing or state.room:
        return
    free, numbers = flowing.slots(state), slot_numbers.free(state)
    for name in chosen(state, free, now):
        section = state.sections[name]
        at = flowing.first(state, section)
        phase, visit = flowing.phase(state, section, at), section.visits.get(at, 1)
        if phase is None or isinstance(phase, TerminalPhase):
            yield ending(state, section, phase)
        elif isinstance(phase, ApprovalPhase):
            yield PhaseEntered(section=name, phase=at, visit=visit)
        elif merges(phase):
            yield MergeIntended(section=name, attempt=len(section.attempts), phase=at, visit=visit)
        elif over := budgets.used_up(state, section, phase):
            yield over
        elif flowing.unprepared(state, section, phase):
            yield setup_of(state, section, phase, ids, numbers)
        else:
            yield attempt_at(state, section, at, phase, visit, ids, numbers)


def _finish(state: State, _now: float, _ids: Ids) -> Iterator[Event]:
    if state.phase not in WORKING or state.running or state.live or state.undoing:
        return
    counts = state.counts
    over = counts[Status.DONE] + counts[Status.SKIPPED] + counts[Status.FAILED] + counts[Status.BLOCKED]
    if over == len(state.sections):
        failed = counts[Status.FAILED] + counts[Status.BLOCKED]
        yield RunFinished(outcome="failed" if failed else "done")


RULES: tuple[Rule, ...] = (
    Rule("end-everything", _end_everything),
    Rule("end-for-room", _end_for_room),
    Rule("nothing-left-running", _stopped),
    Rule("judge-failure", _judge),
    Rule("pause-when-alike", _pause),
    Rule("commit-work", _commit),
    Rule("prove-merge", prove),
    Rule("next-phase", next_phase),
    Rule("unpark", _unpark),
    Rule("dispatch-ready", _dispatch),
    Rule("finish", _finish),
)


def follow_up(state: State, now: float, ids: Ids) -> tuple[str, list[Event]]:
    """The first rule that has something to say at wall time `now`, and its events; ("", []) when none has.

    The caller records the events and asks again, until nothing follows.
    """
    for rule in RULES:
        events = list(rule.then(state, now, ids))
        if events:
            return rule.name, events
    return "", []


def next_wake(state: State) -> float | None:
    """The next wall time at which something follows by itself, or None."""
    if state.phase is not Phase.RUNNING:
        return None
    waits = [until for name, until in state.parked.items() if not disk.keeps_parked(state, name)]
    if (state.ready or state.queues or state.leaving) and (at := breakers.next_try(state)) is not None:
        waits.append(at)
    return min(waits, default=None)


def needs_human(state: State) -> bool:
    """Whether nothing goes on until a person acts: questions, attention, approval, a pause, or a stop."""
    if state.phase in OVER or state.phase in ENDING:
        return False
    if state.phase in {Phase.NEW, Phase.REVIEW, Phase.STOPPED}:
        return True
    asking = {ask.section for ask in state.asks.values()}
    held = {name for name in state.running if state.sections[name].status is Status.PAUSED}
    if any(name not in asking and name not in held and name not in state.leaving for name in state.running):
        return False  # who is between two phases waits for others, for a slot or for a person
    if state.phase is Phase.PAUSED:
        return True
    return not state.undoing and not state.parked and not chosen(state, flowing.slots(state), inf)


def _git_under_way(state: State) -> bool:
    at_it = (flowing.in_git(state, name) for name in state.running if name not in state.live)
    return bool(state.undoing) or any(at_it)


# --- how an event is carried out -------------------------------------------------------------------------------------


def reactions(state: State, event: Event, cause: str) -> list[Effect]:
    """The effects that carry `event` out, given the state after it. Performed once the event is durable."""
    match event:
        case AttemptIntended():
            return [StartAttempt(section=event.section, attempt=event.attempt)]
        case EndRequested():
            return [EndAttempt(section=event.section, attempt=event.attempt, why=event.why)]
        case CommitIntended():
            return [CommitWork(section=event.section, attempt=event.attempt)]
        case MergeIntended():
            return [MergeWork(section=event.section, attempt=event.attempt)]
        case UndoIntended():
            return [UndoWork(section=event.section, attempt=event.attempt)]
        case ValidationIntended():
            return [AskSecondReader(number=event.number)]
        case SectionDone():
            known = state.sections.get(event.section)  # of one the plan has no more, this was the last of it
            return list(released(state, known or state.gone[-1]))
        case SectionSkipped() | AttemptEnded() | AttemptLost() | WorkCommitted() | StepFailed():
            known = state.sections.get(event.section)
            return list(released(state, known)) if known and known.verdict == "skipped" else []
        case RunFinished(outcome="cancelled"):
            return [
                effect for section in (*state.sections.values(), *state.gone) for effect in released(state, section)
            ]
        case Steered() | AskAnswered() | SectionPaused() | SectionResumed():
            return _controls(state, event.section, cause)
        case _:
            return []


def _controls(state: State, section: str, cause: str) -> list[Effect]:
    number = state.live.get(section)
    if number is None:
        return []
    return [
        SendControl(section=section, attempt=number, id=control.id, op=control.op, args=control.args)
        for control in state.attempt(section, number).controls
        if control.id == cause
    ]
