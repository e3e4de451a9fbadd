"""Statuses, counters and the list of what may be dispatched, brought up to date after a section changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from orch_tui.core import claiming, slot_numbers
from orch_tui.core.batch import Batch
from orch_tui.core.choosing import chosen_from, count_choices
from orch_tui.core.state import BROKEN, ReadyKey, SectionState, State, Status
from orch_tui.plan.either import members


def release(state: State, section: SectionState) -> None:
    """Take the section out of every index of work under way; an attempt that is still live keeps its slot."""
    for index in (state.unjudged, state.to_commit, state.leaving, state.parked):
        index.pop(section.id, None)
    for ask in [ask for ask in state.asks.values() if ask.phase and ask.section == section.id]:
        del state.asks[ask.request_id]
    if section.id not in state.live:
        state.running.pop(section.id, None)
    leave_queue(state, section)
    section.attention, section.until = "", 0.0


def leave_queue(state: State, section: SectionState) -> None:
    """It is not being merged; what merging it came to is worked out anew next time."""
    if state.merging == section.id:
        state.merging, state.batch = "", Batch()
    section.candidate = ""


def status_of(state: State, section: SectionState) -> Status:
    """The status a section has by the table of `state`."""
    if section.verdict:
        return Status(section.verdict)
    if section.attention:
        return Status.ATTENTION
    if section.id in state.running:
        return Status.PAUSED if section.held and _holds(state, section) else Status.RUNNING
    if section.held:
        return Status.PAUSED
    if section.until:
        return Status.PARKED
    if section.broken:
        return Status.BLOCKED
    return Status.WAITING if section.unmet or section.barred else Status.READY


def _holds(state: State, section: SectionState) -> bool:
    """Whether a section under way stands still when it is paused: commits and merges go on to their end."""
    asks = any(ask.phase and ask.section == section.id for ask in state.asks.values())
    return asks or section.id in state.live or section.id in state.leaving


def ready_key(section: SectionState) -> ReadyKey:
    """Dispatch order: a person's priority, then the longest chain first, then as in the plan."""
    return (-section.priority, -section.height, section.index, section.id)


def settle(state: State, changed: SectionState) -> None:
    """Bring the status of `changed`, the counters and, where they are concerned, its dependants up to date."""
    todo = [changed, *_barred_by(state, changed)]
    while todo:
        section = todo.pop()
        old, new = section.status, status_of(state, section)
        if old is not new:
            section.status = new
            state.counts[old] -= 1
            state.counts[new] += 1
            if old is Status.READY:
                claiming.leave_ready(state, section, ready_key(section))
            if new is Status.READY:
                claiming.join(state, section, ready_key(section))
        met, broke = _frees(section) - section.frees, _breaks(section) - section.breaks
        if met or broke:
            section.frees, section.breaks = _frees(section), _breaks(section)
        if met or broke or (Status.SKIPPED in {old, new} and old is not new):
            for name in section.downstream:
                below = state.sections[name]
                if chosen_from(below, section.id):
                    count_choices(state.sections, below)
                else:
                    below.unmet -= met
                    below.broken += broke
                todo.append(below)


def _frees(section: SectionState) -> bool:
    if section.status is Status.SKIPPED:
        return not section.unmet or section.loose
    return section.status is Status.DONE


def _breaks(section: SectionState) -> bool:
    if section.status is Status.SKIPPED:
        return bool(section.broken) and not section.loose
    return section.status in BROKEN


def _barred_by(state: State, section: SectionState) -> list[SectionState]:
    """Those that may not run beside `section`, when it has just begun or ended."""
    under_way = section.id in state.running
    if under_way == section.occupies:
        return []
    section.occupies = under_way
    if under_way:
        claiming.take(state, section)
    else:
        slot_numbers.give_back(state, section)
        claiming.give_back(state, section)
    others = [state.sections[name] for name in section.exclusive]
    for other in others:
        other.barred += 1 if under_way else -1
    return others


def leave(state: State, section: SectionState) -> None:
    """Drop a section that the plan has no more, once nothing of it is under way."""
    if not section.gone or section.id in state.running or section.id in state.live:
        return
    state.counts[section.status] -= 1
    if section.status is Status.READY:
        claiming.leave_ready(state, section, ready_key(section))
    state.parked.pop(section.id, None)
    del state.sections[section.id]
    state.gone.append(section)


def _count_unmet(sections: Mapping[str, SectionState]) -> None:
    """Who lets those behind it go on, from the verdicts; upstreams first, whatever circles there are."""
    work = [one for one in sections.values() if one.verdict == "done" or (one.verdict == "skipped" and one.loose)]
    work += [one for one in sections.values() if one.verdict == "skipped" and not one.loose and not one.unmet]
    while work:
        above = work.pop()
        if above.frees:
            continue  # more of a choice than it takes
        above.frees = True
        for name in above.downstream:
            below = sections[name]
            if chosen_from(below, above.id):
                count_choices(sections, below)
            else:
                below.unmet -= 1
            if below.verdict == "skipped" and not below.loose and not below.unmet:
                work.append(below)


def count_all(state: State) -> None:
    """Every status, counter and list anew, from what the sections themselves hold; linear in the graph."""
    sections = state.sections
    for section in sections.values():
        section.occupies = section.id in state.running
        if not section.occupies:
            slot_numbers.give_back(state, section)
            claiming.give_back(state, section)
        section.unmet, section.broken = len(section.upstream), 0
        section.frees = section.breaks = False
    for section in [one for one in sections.values() if one.choices]:
        section.unmet -= len(members(section.choices))
        section.open_choices = section.closed_choices = 0
        count_choices(sections, section)
    _count_unmet(sections)
    for section in sections.values():
        section.barred = sum(sections[name].occupies for name in section.exclusive) if section.exclusive else 0
        section.status = status_of(state, section)
    broken = [section for section in sections.values() if _breaks(section)]
    while broken:
        above = broken.pop()
        above.breaks = True
        for name in above.downstream:
            below = sections[name]
            was = _breaks(below)
            if chosen_from(below, above.id):
                count_choices(sections, below)
            else:
                below.broken += 1
            below.status = status_of(state, below)
            if not was and _breaks(below):
                broken.append(below)
    counted = Counter(section.status for section in sections.values())
    state.counts = {status: counted[status] for status in Status}
    state.ready, state.queues = [], {}
    for key, section in sorted((ready_key(one), one.id) for one in sections.values() if one.status is Status.READY):
        claiming.queue_of(state, sections[section]).append(key)
