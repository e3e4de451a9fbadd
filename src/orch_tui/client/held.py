"""Why nothing new is started in a run that goes on, or was paused by itself, in words for people."""

from __future__ import annotations

from collections.abc import Iterator

from orch_tui.clean import one_line
from orch_tui.clock import moment
from orch_tui.core import breakers
from orch_tui.core.state import State


def paused_words(state: State) -> str:
    """Who paused the run, and why where it was nobody."""
    why = f": {one_line(state.phase_why, 400)}" if state.phase_why else ""
    return f"paused by {one_line(state.phase_by)}{why}"


def held_words(state: State) -> Iterator[str]:
    """What keeps sections, or sessions of an agent, from being started, a line each."""
    if state.room:
        what = "everything waits for room" if state.room == "full" else "nothing new starts"
        yield f"{what}: {one_line(state.room_why, 300)}"
    for one in breakers.open_ones(state):
        whose = one_line(f"{one.agent} ({one.model})" if one.model else one.agent)
        why = one_line(one.why, 300)
        if one.person:
            yield f"{whose} needs you: {why}; then retry one of its sections, or pause and resume the run"
        elif one.near:
            yield f"{whose} begins one at a time until one ends well, or {moment(one.until)}: {why}"
        elif one.until > state.updated_at:
            yield f"{whose} begins nothing new until {moment(one.until)}: {why}"
        else:
            yield f"{whose} begins {one.allowed} at a time, to see whether it is over: {why}"
