"""A disk without room: what is held back, who is ended, and what waits for it.

What is seen of the disk is journalled as RoomChanged. While little is left no section begins, and those under way go
on; while nearly nothing is left nothing goes on, and agents are ended without that counting against them. What failed
for want of room waits for room, and not for a time.
"""

from __future__ import annotations

from collections.abc import Iterator

from orch_tui.core.attempt_events import EndRequested
from orch_tui.core.run_events import RoomChanged
from orch_tui.core.state import AttemptState, Phase, State

CLASS = "disk"
"""Class of failures that only room on the disk helps against."""
NO_ROOM = "no room on the disk"
"""Why an attempt is ended that is to go on once there is room."""


def holds(state: State) -> str | None:
    """Why no section begins, or None."""
    return state.room_why if state.room else None


def stands_still(state: State) -> bool:
    """Whether nothing goes on to its next phase either."""
    return state.room == "full"


def ends(state: State) -> Iterator[EndRequested]:
    """Those who are to end for now."""
    if stands_still(state) and state.phase in {Phase.RUNNING, Phase.PAUSED}:
        for section, attempt in state.live.items():
            if section not in state.ending:
                yield EndRequested(section=section, attempt=attempt, why=NO_ROOM)


def was_full(state: State, attempt: AttemptState) -> bool:
    """Whether the disk was full at a time when an attempt was under way."""
    return state.room == "full" or state.room_full_at > attempt.intended_at


def keeps_parked(state: State, name: str) -> bool:
    """Whether a parked section waits on for room, whatever the time is."""
    last = state.sections[name].last
    return bool(state.room) and last is not None and last.failure == CLASS


def apply_room(state: State, event: RoomChanged, at: float) -> None:
    """Remember how much room there is; who waited for it waits no more."""
    if "full" in {state.room, event.level}:
        state.room_full_at = at
    state.room, state.room_why = event.level, event.why
    if not event.level:
        for name in state.parked:
            section = state.sections[name]
            if section.last is not None and section.last.failure == CLASS:
                section.until = state.parked[name] = min(section.until, at)
