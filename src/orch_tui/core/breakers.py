"""When nothing new is started: of an agent whose service fails or is at its limit, or of the whole run.

A breaker opens with a third outage within ten minutes, or with one limit, refused login or unpaid bill; of an agent and
model where the service is overloaded, of the agent where it is about the account. Once its time has come one session
tries, then two, then four, then all. Outages of one section alone only park that section. All of it is folded from what
attempts came to, so it is the same after a crash.
"""

from __future__ import annotations

from orch_tui.clean import one_line
from orch_tui.core import policy
from orch_tui.core.breaker import Alike, Breaker
from orch_tui.core.state import AttemptState, SectionState, State

WINDOW, MOST_FAILURES = 600.0, 3
STEPS = 4
"""After as many sessions at once went well there is no limit any more."""
MOST_ALIKE = 3
"""Sections that fail one after the other in the same way before the run is paused."""


def take(state: State, attempt: AttemptState, at: float) -> None:
    """Fold how an attempt ended, at wall time `at`."""
    if not attempt.session:
        return
    failure = attempt.failure
    if failure in policy.SERVICE:
        _trouble(state, attempt, at)
    elif attempt.outcome == "succeeded":
        for breaker in _of(state, attempt.agent, attempt.wanted):
            _went_well(state, breaker, at)


def close_to_limit(state: State, attempt: AttemptState, words: str, until: float) -> None:
    """Fold that a limit is close: until its reset, or until a session ends well, none begins beside another."""
    breaker = state.breakers.setdefault(attempt.agent, Breaker(agent=attempt.agent))
    if not breaker.why or breaker.near:
        breaker.why, breaker.until, breaker.near, breaker.stated = words, until, True, True


def let_try(state: State, at: float, section: SectionState | None = None) -> None:
    """Fold that a person wants a section gone on with, or the run: what its agent, or any, waited for may be over."""
    agent = "" if section is None else section.last.agent if section.last is not None else section.agent
    for breaker in [one for one in state.breakers.values() if one.why and agent in {"", one.agent}]:
        breaker.person, breaker.until, breaker.allowed = False, min(breaker.until, at) if breaker.until else at, 1


def set_clock(state: State, step: float) -> None:
    """Fold that the clock was set by so many seconds: what waits for a while waits no longer for that."""
    for breaker in state.breakers.values():
        breaker.failures = [one + step for one in breaker.failures]
        if not breaker.stated:
            breaker.until += step


def failed_alike(state: State, section: SectionState) -> None:
    """Fold that a section failed for good."""
    found = policy.fingerprint(section.last) if section.last is not None else ""
    if not found or any(one.fingerprint != found for one in state.alike):
        state.alike = []
    if found and all(one.section != section.id for one in state.alike):
        state.alike.append(Alike(section=section.id, fingerprint=found))


def alike_words(state: State) -> str:
    """Why the run is paused, once so many sections failed alike; "" before."""
    if len(state.alike) < MOST_ALIKE:
        return ""
    named = ", ".join(one.section for one in state.alike)
    return f"{named} failed alike, one after the other: {one_line(state.alike[-1].fingerprint, 300)}"


def holds(state: State, agent: str, model: str, now: float, chosen: int = 0) -> str | None:
    """Why no session of an agent and model begins at wall time `now`, `chosen` others being about to; None: one may."""
    for breaker in _of(state, agent, model):
        whose = f"{breaker.agent} ({breaker.model})" if breaker.model else breaker.agent
        if breaker.person:
            return f"{whose}: {breaker.why}; once that is settled, retry one of its sections, or pause and resume"
        if breaker.near:
            if now < breaker.until and under_way(state, breaker) + chosen:
                return f"{whose}: one at a time until one ends well: {breaker.why}"
        elif now < breaker.until:
            return f"{whose} waits {breaker.until - now:.0f} s more: {breaker.why}"
        elif under_way(state, breaker) + chosen >= breaker.allowed:
            return f"{whose}: {breaker.allowed} at a time, to see whether it is over: {breaker.why}"
    return None


def under_way(state: State, breaker: Breaker) -> int:
    """How many sessions it counts are under way."""
    lasts = (state.sections[name].last for name in state.live)
    return sum(
        one is not None and one.session and one.agent == breaker.agent and breaker.model in {"", one.wanted}
        for one in lasts
    )


def open_ones(state: State) -> list[Breaker]:
    """Those that hold sessions back, as of the last event."""
    return [one for one in state.breakers.values() if one.why and not (one.near and state.updated_at >= one.until)]


def next_try(state: State) -> float | None:
    """The next wall time at which a breaker lets a session try; None when none waits for a time."""
    waits = (one.until for one in state.breakers.values() if one.why and not one.person)
    return min(waits, default=None)


def _of(state: State, agent: str, model: str) -> list[Breaker]:
    keys = dict.fromkeys((agent, _key(agent, model)))
    return [state.breakers[key] for key in keys if key in state.breakers and state.breakers[key].why]


def _key(agent: str, model: str) -> str:
    return f"{agent} {model}".rstrip()


def _trouble(state: State, attempt: AttemptState, at: float) -> None:
    outage = attempt.failure in policy.OUTAGES
    key = _key(attempt.agent, attempt.wanted if outage else "")
    model = attempt.wanted if outage else ""
    breaker = state.breakers.setdefault(key, Breaker(agent=attempt.agent, model=model))
    if breaker.near:
        breaker.why, breaker.until, breaker.near = "", 0.0, False
    words = one_line(attempt.message or attempt.failure, 300)
    if attempt.failure in policy.PERSONS:
        breaker.why, breaker.person = words, True
        return
    if breaker.why and (breaker.person or at < breaker.until):
        return  # one that was under way when it opened
    breaker.failures = [*(one for one in breaker.failures if one > at - WINDOW), at][-MOST_FAILURES:]
    if outage and not breaker.why and attempt.failure != "rate-limit" and len(breaker.failures) < MOST_FAILURES:
        return
    breaker.opened += 1
    breaker.why, breaker.allowed = words, 1
    if outage:
        breaker.until, breaker.stated = at + policy.outage_wait(attempt, breaker.opened), False
        return
    until = policy.limited_until(attempt, at, breaker.late, at)
    breaker.late += attempt.until <= at
    breaker.stated = attempt.until > at
    breaker.person, breaker.until = until is None, until or 0.0


def _went_well(state: State, breaker: Breaker, at: float) -> None:
    if breaker.near:
        del state.breakers[_key(breaker.agent, breaker.model)]
    elif not breaker.person and at >= breaker.until:
        breaker.opened = breaker.late = 0
        if breaker.allowed >= STEPS:
            del state.breakers[_key(breaker.agent, breaker.model)]
        else:
            breaker.allowed *= 2
