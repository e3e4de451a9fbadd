"""Which of the sections that are ready begin next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

from orch_tui.core import breakers, claiming, counting, flowing, forecast
from orch_tui.core.state import SectionState, State
from orch_tui.flow.workflow import AgentPhase, merges

_MOST_PUT_OFF = 64
"""Sections that are passed over before one of them is taken all the same."""
_MOST_KEPT = 512
"""Sections that are passed over because nothing of their agent begins, before no more are looked at."""


def asked(state: State, section: SectionState) -> tuple[str, str] | None:
    """Agent and model of the session that a section begins with next; None when it begins with none."""
    at = flowing.after(state, section) if section.id in state.leaving else flowing.first(state, section)
    phase = flowing.phase(state, section, at)
    if not isinstance(phase, AgentPhase):
        return None
    return phase.agent or section.agent, counting.model_of(state, section, phase)


def _next(ready: Generator[SectionState, bool], last: SectionState | None, chosen: list[str]) -> SectionState | None:
    try:
        return ready.send(last.id in chosen[-1:]) if last else next(ready)
    except StopIteration:
        return None


def chosen(state: State, free: int, now: float) -> list[str]:
    """The next sections to start at wall time `now`, `free` at most; of two that may not run side by side, the first.

    Those that do not name a file of somebody under way go first. No slot stays empty for that, and who is put off waits
    for those alone that were there before: what names its files is put off behind it.
    """
    begin: list[str] = []
    put_off: list[SectionState] = []
    sessions: Counter[str] = Counter()
    kept = 0
    merging = bool(state.merging)
    ready, section = claiming.in_order(state), None
    while len(begin) < free and (section := _next(ready, section, begin)):
        merge = bool(section.phase) and merges(flowing.phase(state, section, flowing.first(state, section)))
        if set(section.exclusive).intersection(begin) or (merge and merging):
            continue
        who = asked(state, section) if state.breakers else None
        if who and breakers.holds(state, *who, now, sessions[who[0]]):
            kept += 1
            if kept >= _MOST_KEPT:
                break
            continue
        beside = [state.sections[name] for name in begin]
        if not section.claims and forecast.keeps_off(state, section, (*beside, *put_off)):
            put_off.append(section)
            if len(put_off) >= _MOST_PUT_OFF:
                break
            continue
        merging = merging or merge
        if who:
            sessions[who[0]] += 1
        begin.append(section.id)
    for section in put_off[: free - len(begin)]:
        who = asked(state, section) if state.breakers else None
        held = who and breakers.holds(state, *who, now, sessions[who[0]])
        if not held and not set(section.exclusive).intersection(begin):
            begin.append(section.id)
    return begin
