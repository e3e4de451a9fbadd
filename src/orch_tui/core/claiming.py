"""Counted resources: who holds what, who may begin with what is left, and who waits for whom.

Sections that are ready and claim the same stand in one queue: whether the first may begin decides for all behind it, so
that nobody is looked at who cannot. A section that would be next keeps what it lacks from those behind it: who claims
much is not passed for ever by those who claim little.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Generator, Mapping
from heapq import heapify, heappop, heappush

from orch_tui.core.state import ReadyKey, SectionState, State

_MOST_NAMED = 3


def queue_of(state: State, section: SectionState) -> list[ReadyKey]:
    """The list of ready sections that this one stands in, or would."""
    if not section.claims:
        return state.ready
    return state.queues.setdefault(_alike(section), [])


def join(state: State, section: SectionState, key: ReadyKey) -> None:
    """A section is ready."""
    insort(queue_of(state, section), key)


def leave_ready(state: State, section: SectionState, key: ReadyKey) -> None:
    """It is not ready any more."""
    queue = queue_of(state, section)
    del queue[bisect_left(queue, key)]


def take(state: State, section: SectionState) -> None:
    """A section begins, and holds what it claims until nothing of it is under way."""
    section.holds = dict(section.claims)
    for name, amount in section.holds.items():
        state.taken[name] = state.taken.get(name, 0) + amount


def give_back(state: State, section: SectionState) -> None:
    """Nothing of a section is under way any more."""
    for name, amount in section.holds.items():
        state.taken[name] -= amount
    section.holds = {}


def in_order(state: State) -> Generator[SectionState, bool]:
    """Ready sections that may begin with what is left, in order of dispatch.

    What is sent back says whether the section that was yielded begins, and takes what it claims.
    """
    taken = dict(state.taken)
    kept: set[str] = set()
    heads = [(queue[0], 0, queue) for queue in (state.ready, *state.queues.values()) if queue]
    heapify(heads)
    while heads:
        key, at, queue = heappop(heads)
        section = state.sections[key[-1]]
        if section.claims:
            lacking = _lacking(state, section, taken)
            if lacking or not kept.isdisjoint(section.claims):
                kept.update(lacking)
                continue
        if at + 1 < len(queue):
            heappush(heads, (queue[at + 1], at + 1, queue))
        if (yield section):
            for name, amount in section.claims.items():
                taken[name] = taken.get(name, 0) + amount


def waits_for(state: State, section: SectionState, key: ReadyKey) -> str | None:
    """What of the resources a section claims it waits for, and who has it, in words; None when it waits for none."""
    lacking = _lacking(state, section, state.taken)
    if lacking:
        return "; ".join(f"waits for {name}: {_holders(state, name)}" for name in lacking)
    for queue in state.queues.values():
        if queue and queue[0] < key:
            first = state.sections[queue[0][-1]]
            both = [name for name in _lacking(state, first, state.taken) if name in section.claims]
            if both:
                return f"waits for {both[0]}: {first.id} is next"
    return None


def _lacking(state: State, section: SectionState, taken: Mapping[str, int]) -> list[str]:
    there = state.settings.resources
    return [name for name, amount in section.claims.items() if taken.get(name, 0) + amount > there.get(name, amount)]


def _holders(state: State, resource: str) -> str:
    names = [name for name in state.running if resource in state.sections[name].holds]
    listed = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
    there = state.settings.resources.get(resource, 0)
    has = f"{listed} {'has' if len(names) == 1 else 'have'}" if names else "nobody has"
    return f"{has} {'it' if there == 1 else f'{state.taken.get(resource, 0)} of {there}'}"


def _alike(section: SectionState) -> str:
    return ",".join(f"{name}={amount}" for name, amount in sorted(section.claims.items()))
