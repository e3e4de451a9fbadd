"""Noticing that a run under way has lost its runner, and when to start another one."""

from __future__ import annotations

from orch_tui.core import rules
from orch_tui.core.state import OVER, Phase, State

GONE = 3.0
"""Seconds without a runner after which another one is started; doubled after each that does not stay."""
_LONGEST = 60.0


def under_way(state: State) -> bool:
    """Whether something goes on or is timed that only a runner can bring forward."""
    if state.phase in OVER or state.phase in {Phase.NEW, Phase.REVIEW, Phase.STOPPED}:
        return False
    return bool(state.live or state.running) or rules.next_wake(state) is not None or not rules.needs_human(state)


class Reviving:
    """Says when to start a runner. Fed with looks at the run, about one a second; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self.words = ""
        """For the banner while there is no runner, else ""."""
        self._since: float | None = None
        self._started = 0

    @property
    def started(self) -> int:
        """Runners started since one was last seen alive."""
        return self._started

    def look(self, *, wanted: bool, alive: bool, now: float) -> bool:
        """Take in one look; True when a runner has to be started now."""
        if alive or not wanted:
            self._since, self._started, self.words = None, 0, ""
            return False
        if self._since is None:
            self._since = now
        if now - self._since < min(_LONGEST, GONE * 2**self._started):
            return False
        self._since = now
        self._started += 1
        self.words = "the runner is gone; the agents work on, and another runner is being started"
        if self._started > 1:
            self.words = f"no runner stays ({self._started - 1} tried); its last words are in runner.log"
        return True
