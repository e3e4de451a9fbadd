"""A number for each section under way, the lowest that is free: unique at any time, the same through all its phases.

What runs beside others needs something of its own to tell it by: a port, a database, a display.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from itertools import chain, count

from orch_tui.core.state import SectionState, State


def free(state: State) -> Iterator[int]:
    """Free numbers from 1, the lowest first."""
    return chain(state.free_numbers, count(state.top_number + 1))


def take(state: State, section: SectionState, number: int) -> None:
    """A section is under way with this number; 0 in journals that have none."""
    if not number or number == section.number:
        return
    give_back(state, section)
    section.number = number
    at = bisect_left(state.free_numbers, number)
    if state.free_numbers[at : at + 1] == [number]:
        del state.free_numbers[at]
    for skipped in range(state.top_number + 1, number):
        insort(state.free_numbers, skipped)
    state.top_number = max(state.top_number, number)


def give_back(state: State, section: SectionState) -> None:
    """Nothing of a section is under way any more."""
    if section.number:
        insort(state.free_numbers, section.number)
        section.number = 0
