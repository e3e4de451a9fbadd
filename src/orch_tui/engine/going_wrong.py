"""What becomes of a step that went wrong: a section that waits for a person, or for room on the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from orch_tui import room
from orch_tui.core import disk
from orch_tui.core.attempt_events import AttemptEnded, NoticeRaised
from orch_tui.core.events import Event
from orch_tui.core.rules import ENDING
from orch_tui.core.state import State
from orch_tui.core.work_events import StepFailed
from orch_tui.errors import OrchError

TRY_EVERY = 2.0
"""Seconds between two tries of a step of git that finds no room."""
Happened = Callable[[list[Event], str], Awaitable[None]]


def words(error: Exception) -> str:
    """What went wrong, in one line."""
    return error.line() if isinstance(error, OrchError) else f"{type(error).__name__}: {error}"


def failed(state: State, name: str, number: int, step: str, error: Exception, *, full: bool) -> Event:
    """What follows from a step that raised: for want of room its attempt ends uncounted, else a person decides.

    `full` says that the disk is, or was then; not every program says that this is what it failed for.
    """
    if (full or room.short(error)) and state.live.get(name) == number:
        return AttemptEnded(
            section=name,
            attempt=number,
            outcome="failed",
            failure=disk.CLASS,
            message=words(error)[:2000],
            summary="",
            cost_usd=None if state.attempt(name, number).step == "working" else 0.0,
            exit_code=None,
        )
    return StepFailed(section=name, attempt=number, step=step, message=words(error))


async def once_there_is_room(
    state: State,
    name: str,
    number: int,
    work: Callable[[str, int], Awaitable[None]],
    happened: Happened,
    full: Callable[[], bool],
) -> None:
    """Do a step of git that is safe to do twice; while the disk has no room for it, again and again.

    `full` looks whether it may be that, where the error does not say so.
    """
    told = False
    while True:
        try:
            await work(name, number)
        except (OrchError, OSError) as error:
            if not (room.short(error) or full()) or state.phase in ENDING:
                raise
            text = f"waits for room on the disk: {words(error)}"[:2000]
            seen = state.attempt(name, number).seen
            said = NoticeRaised(section=name, attempt=number, n=seen, kind="warning", text=text)
            await happened([] if told else [said], "disk")  # raises where it is the journal that has no room
            told = True
            await asyncio.sleep(TRY_EVERY)
        else:
            return
