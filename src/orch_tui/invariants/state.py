"""What holds of any state, however it came about. Pure; linear in the run.

What is under way is in several indexes at once; they have to agree with each other and with the sections.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from orch_tui.core.hashing import executed_sha
from orch_tui.core.state import AttemptState, Phase, SectionState, State, Status
from orch_tui.invariants.recount import miscounted
from orch_tui.invariants.violation import Violation

_ALIVE = frozenset({"intended", "prepared", "working"})
_CENT = 0.01
_BEFORE = frozenset({Phase.NEW, Phase.REVIEW})


def of_state(state: State) -> list[Violation]:
    """Everything that does not hold of a state."""
    found = list(_indexes(state))
    if found:  # counting goes by these
        return found
    found += miscounted(state)
    for section in state.sections.values():
        found += _section(state, section)
        found += _attempts(state, section)
    return [*found, *_once(state), *_cost(state), *_approved(state), *_decided(state)]


def _indexes(state: State) -> Iterator[Violation]:
    """Every index names sections, and attempts, that there are."""
    for word, index in (("running", state.running), ("live", state.live), ("unjudged", state.unjudged)):
        for name, number in index.items():
            known = state.sections.get(name)
            if known is None:
                yield Violation(invariant="I6", text=f"is {word} and there is no such section", section=name)
            elif number > len(known.attempts) or (number < 1 and word != "running"):
                yield Violation(
                    invariant="I6", text=f"is {word} with attempt {number}, which there is not", section=name
                )
    named = (
        *state.to_commit,
        *state.leaving,
        *state.parked,
        *state.polling,
        *state.ending,
        *filter(None, [state.merging]),
    )
    for name in named:
        if name not in state.sections:
            yield Violation(invariant="I6", text="is under way and there is no such section", section=name)
    for word, names in (
        ("leaves a phase", state.leaving),
        ("waits to be committed", state.to_commit),
        ("lives", state.live),
    ):
        for name in names:
            if name not in state.running:
                yield Violation(invariant="I6", text=f"{word} and is not under way", section=name)
    for word, some in (("polls", state.polling), ("is being ended", state.ending)):
        for name in some:
            if name not in state.live:
                yield Violation(invariant="I6", text=f"{word} and has no attempt that lives", section=name)
    if state.merging and state.merging not in state.running:
        yield Violation(invariant="I6", text="is being merged and is not under way", section=state.merging)
    for ask in state.asks.values():
        if ask.section not in (state.running if ask.phase else state.live):
            yield Violation(
                invariant="I6", text=f"asks {ask.request_id!r} and nobody is there to hear", section=ask.section
            )


def _section(state: State, section: SectionState) -> Iterator[Violation]:
    name = section.id
    if section.verdict:
        for word, index in (
            ("unjudged", state.unjudged),
            ("to be committed", state.to_commit),
            ("parked", state.parked),
        ):
            if name in index:
                yield Violation(invariant="I6", text=f"is {section.verdict} and {word}", section=name)
    if state.parked.get(name, 0.0) != section.until or not math.isfinite(section.until):
        text = f"is parked until {section.until}, and woken at {state.parked.get(name, 'no time')}"
        yield Violation(invariant="I16", text=text, section=name)
    if section.status is Status.PARKED and not section.until > 0:
        yield Violation(invariant="I16", text="is parked without a time", section=name)
    if name in state.running and not _goes_on(state, section):
        yield Violation(invariant="I17", text="is under way and nothing of it goes on", section=name)


def _goes_on(state: State, section: SectionState) -> bool:
    name, last = section.id, section.last
    return (
        any(name in index for index in (state.live, state.unjudged, state.to_commit, state.leaving))
        or state.merging == name
        or (last is not None and last.step in {"committing", "merging"})
        or any(ask.phase and ask.section == name for ask in state.asks.values())
    )


def _attempts(state: State, section: SectionState) -> Iterator[Violation]:
    live = state.live.get(section.id, 0)
    for number, attempt in enumerate(section.attempts, 1):
        if attempt.number != number:
            text = f"attempt {attempt.number} stands in place {number}"
            yield Violation(invariant="I6", text=text, section=section.id)
        if (attempt.step in _ALIVE) != (number == live):
            alive = "lives" if number == live else "is over"
            text = f"attempt {number} {alive} and is {attempt.step}"
            yield Violation(invariant="I4", text=text, section=section.id)
    counted = sum(attempt.counted for attempt in section.attempts)
    if section.tries > counted:
        text = f"counts {section.tries} tries of {counted}"
        yield Violation(invariant="I9", text=text, section=section.id)
    for attempt in section.attempts:
        if attempt.resumes and not _same_session(section, attempt):
            text = f"attempt {attempt.number} goes on with another session than that of attempt {attempt.resumes}"
            yield Violation(invariant="I4", text=text, section=section.id)


def _same_session(section: SectionState, attempt: AttemptState) -> bool:
    """Whether an attempt that resumes an earlier one has its session and its worktree."""
    if not 0 < attempt.resumes < attempt.number:
        return False
    before = section.attempts[attempt.resumes - 1]
    return (before.session_id, before.tree) == (attempt.session_id, attempt.tree)


def _once(state: State) -> Iterator[Violation]:
    """Names that nobody else may have."""
    every = [*state.sections.values(), *state.gone]
    numbers = [section.number for section in every if section.number]
    yield from _doubled("I9", "the number", map(str, numbers))
    yield from _doubled("I4", "the name in paths and branches", (section.slug for section in every))
    attempts = [attempt for section in every for attempt in section.attempts]
    yield from _doubled("I4", "the marker", (attempt.marker for attempt in attempts))
    alive = [attempt.session_id for attempt in attempts if attempt.step in _ALIVE]
    yield from _doubled("I4", "the session", filter(None, alive))


def _doubled(invariant: str, what: str, names: Iterable[str]) -> Iterator[Violation]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Violation(invariant=invariant, text=f"{what} {name!r} is given {times} times")


def _cost(state: State) -> Iterator[Violation]:
    """What a run cost is at least what its attempts did; the second reader's questions come on top."""
    every = [*state.sections.values(), *state.gone]
    known = sum(attempt.cost_usd or 0.0 for section in every for attempt in section.attempts)
    if known > state.cost_usd + _CENT:
        text = f"the run is said to cost ${state.cost_usd:.2f}, and its attempts ${known:.2f}"
        yield Violation(invariant="I9", text=text)
    unknown = sum(attempt.ended_at > 0 and _unknown(attempt) for section in every for attempt in section.attempts)
    if unknown > state.cost_unknown:
        text = f"of {unknown} attempts nobody knows the cost, and {state.cost_unknown} are counted"
        yield Violation(invariant="I9", text=text)


def _unknown(attempt: AttemptState) -> bool:
    return attempt.outcome != "" and attempt.cost_usd is None


def _approved(state: State) -> Iterator[Violation]:
    if state.approval is None:
        if state.running or state.phase not in _BEFORE | {Phase.PAUSED, Phase.CANCELLED, Phase.CANCELLING}:
            yield Violation(invariant="I18", text=f"the run is {state.phase.value} and nobody approved it")
    elif not state.halted and (found := executed_sha(state)) != state.approval.graph_sha:
        text = f"the graph is {found[:12]}…, approved was {state.approval.graph_sha[:12]}…"
        yield Violation(invariant="I18", text=text)


def _decided(state: State) -> Iterator[Violation]:
    for number, decision in enumerate(state.decisions, 1):
        if decision.number != number:
            yield Violation(invariant="I9", text=f"decision {decision.number} stands in place {number}")
