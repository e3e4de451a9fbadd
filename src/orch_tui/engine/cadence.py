"""How often a derived file is written: soon after a change, not all the time, and never too late."""

from __future__ import annotations

_SHARE = 20
"""How many times as long as a write took lies between the beginnings of two, where the file may be as old as that."""


class Cadence:
    """The writes of one file, in monotonic seconds.

    `every` lies between two at least. What happens just after one was begun is in the file when the next one is done:
    `fresh` seconds later at most, unless a write takes a third of that; then half of the time is left to others.
    """

    def __init__(self, *, every: float, fresh: float) -> None:
        self._every, self._fresh = every, fresh
        self._begun: float | None = None
        self._between = every

    def pause(self, now: float) -> float:
        """Seconds until the next write may begin."""
        return 0.0 if self._begun is None else max(0.0, self._begun + self._between - now)

    def wrote(self, begun: float, done: float) -> None:
        """A write was begun and is done."""
        took = done - begun
        self._begun = begun
        self._between = max(self._every, 2 * took, min(_SHARE * took, self._fresh - 2 * took))
