"""A host on a full or read-only disk waits: its agent waits with it, since nobody reads what it says meanwhile.

Nothing is lost by that. An agent that finds no room for long is ended, and goes on once there is; how it ended is
written whenever that can be, because a host that says nothing counts as a lost one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from orch_tui import room

LONGEST = 60.0
"""Seconds that an agent waits for room before it is ended. On a read-only disk it waits for as long as that takes."""
_PAUSE = 0.25
_T = TypeVar("_T")


class Patience:
    """Waits while a transcript cannot be written; `asked_to_end` looks whether somebody wants the attempt ended."""

    def __init__(self, asked_to_end: Callable[[], bool], pause: Callable[[float], None] = time.sleep) -> None:
        self._asked_to_end = asked_to_end
        self._pause = pause
        self._waited = 0.0
        self.over = False
        """Set by the signal that ends the attempt."""
        self.endless = False
        """The agent is gone, and all that is left is to say so."""

    def wait(self, error: OSError) -> None:
        """Wait a little before another try. Raises `error` where that is of no use, or was long enough."""
        if not _passes(error):
            raise error
        if not self.endless:
            if self.over or self._asked_to_end() or self._waited >= LONGEST:
                raise error
            self._waited += _PAUSE if room.short(error) else 0.0
        self._pause(_PAUSE)


def once_there_is_room(work: Callable[[], _T], pause: Callable[[float], None] = time.sleep) -> _T:
    """Do `work`, again and again while the disk has no room for it."""
    while True:
        try:
            return work()
        except OSError as error:
            if not _passes(error):
                raise
            pause(_PAUSE)


def no_room(error: BaseException) -> bool:
    """Whether something failed for want of room."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return _passes(error)  # pyright: ignore[reportUnknownArgumentType]


def _passes(error: BaseException) -> bool:
    return room.short(error) or room.read_only(error)
