"""Counters and lists that are kept event by event, beside the same counted anew from what the sections hold."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from orch_tui.core.settling import count_all
from orch_tui.core.state import State
from orch_tui.invariants.violation import Violation

_OF_A_SECTION = (
    "status",
    "unmet",
    "broken",
    "open_choices",
    "closed_choices",
    "frees",
    "breaks",
    "barred",
    "occupies",
    "number",
    "holds",
)


def miscounted(state: State) -> Iterator[Violation]:
    """What differs from a fresh count (I9). The state itself is left alone."""
    if not state.sections:
        return
    again = _counted(state)
    for name, section in state.sections.items():
        anew = again.sections[name]
        for field in _OF_A_SECTION:
            kept, counted = getattr(section, field), getattr(anew, field)
            if kept != counted:
                yield Violation(invariant="I9", text=f"{field} is {kept!r}, counted anew {counted!r}", section=name)
    for field in ("counts", "taken"):
        kept, counted = ({key: value for key, value in getattr(one, field).items() if value} for one in (state, again))
        if kept != counted:
            yield Violation(invariant="I9", text=f"{field} is {kept!r}, counted anew {counted!r}")
    if state.ready != again.ready:
        yield Violation(invariant="I9", text=f"ready is {_ids(state.ready)}, counted anew {_ids(again.ready)}")
    kept, counted = ({key: queue for key, queue in one.queues.items() if queue} for one in (state, again))
    if kept != counted:
        yield Violation(invariant="I9", text=f"the queues are {kept!r}, counted anew {counted!r}")
    if state.free_numbers != again.free_numbers:
        text = f"the free numbers are {state.free_numbers}, counted anew {again.free_numbers}"
        yield Violation(invariant="I9", text=text)


def _counted(state: State) -> State:
    again = copy(state)
    again.sections = {name: copy(section) for name, section in state.sections.items()}
    again.taken, again.free_numbers = dict(state.taken), list(state.free_numbers)
    count_all(again)
    return again


def _ids(ready: list[tuple[int, int, int, str]]) -> list[str]:
    return [key[-1] for key in ready]
