"""Noticing that the machine slept, or that its clock was set: watched second by second, by clocks that do neither."""

from __future__ import annotations

from orch_tui.clock import Clock
from orch_tui.core.run_events import ClockJumped
from orch_tui.core.state import State

WORTH_TELLING = 10.0
"""Seconds of sleep, or by which the clock is set, that are told. Clocks are kept right by steps smaller than this."""


class ClockWatch:
    """Compares the clock on the wall with the one that counts the seconds awake, and the seconds asleep."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asleep, self._ahead = clock.asleep(), clock.wall() - clock.mono()

    def look(self) -> ClockJumped | None:
        """What happened to the clocks since the last look that told of something, if it is worth telling."""
        asleep, ahead = self._clock.asleep(), self._clock.wall() - self._clock.mono()
        slept = asleep - self._asleep
        step = ahead - self._ahead - slept
        if slept < WORTH_TELLING and abs(step) < WORTH_TELLING:
            return None
        self._asleep, self._ahead = asleep, ahead
        return ClockJumped(
            asleep=round(slept, 3) if slept >= WORTH_TELLING else 0.0,
            step=round(step, 3) if abs(step) >= WORTH_TELLING else 0.0,
        )


def set_back(state: State, now: float) -> ClockJumped | None:
    """That the clock was set back while there was no runner: it is earlier than the last record.

    That it was set forward cannot be told from time that went by.
    """
    step = now - state.updated_at
    return ClockJumped(step=round(step, 3)) if state.seq and step <= -WORTH_TELLING else None
