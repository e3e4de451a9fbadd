"""Noticing that a run has lost its runner, and when to start another one."""

from __future__ import annotations

from orch_tui.core import rules
from orch_tui.core.state import OVER, Phase, State

GONE = 3.0
"""Seconds without a runner after which another one is started; doubled after each that does not stay."""
STAYS = 5.0
"""Seconds for which a runner must be seen alive to count as one that stays."""
_LONGEST = 60.0


def under_way(state: State) -> bool:
    """Whether something goes on or is timed that only a runner can bring forward."""
    if state.phase in OVER or state.phase in {Phase.NEW, Phase.REVIEW, Phase.STOPPED}:
        return False
    return bool(state.live or state.running) or rules.next_wake(state) is not None or not rules.needs_human(state)


class Reviving:
    """Says when to start a runner. Fed with looks at the run, one a second or more; `now` is monotonic seconds."""

    def __init__(self, patience: float = GONE) -> None:
        self.words = ""
        """For a banner while there is no runner, else ""."""
        self._patience = patience
        self._gone_since: float | None = None
        self._there_since: float | None = None
        self._started = 0

    @property
    def started(self) -> int:
        """Runners started since one was seen that stayed."""
        return self._started

    def look(self, *, wanted: bool, alive: bool, now: float) -> bool:
        """Take in one look; True when a runner has to be started now."""
        if alive or not wanted:
            self._seen(now, stays=not wanted)
            return False
        self._there_since = None
        if self._gone_since is None:
            self._gone_since = now
        if now - self._gone_since < min(_LONGEST, self._patience * 2**self._started):
            return False
        self._gone_since = now
        self._started += 1
        self.words = "the runner is gone; the agents work on, and another runner is being started"
        if self._started > 1:
            self.words = f"no runner stays ({self._started - 1} tried)"
        return True

    def _seen(self, now: float, *, stays: bool) -> None:
        """A runner that ends right after its start is one more that does not stay."""
        self._gone_since, self.words = None, ""
        if self._there_since is None:
            self._there_since = now
        if stays or now - self._there_since >= STAYS:
            self._started = 0
