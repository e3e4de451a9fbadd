"""Looks at the user's own checkout, shared by those who want one at once: each costs as much as `git status`."""

from __future__ import annotations

import threading
from collections.abc import Callable

LATELY = 1.0  # seconds that a look stays good enough for who only wants to know how it was


class Looking:
    """One look at a time, from any thread. `look` does it; `now` tells monotonic seconds."""

    def __init__(self, look: Callable[[], str], now: Callable[[], float]) -> None:
        self._look = look
        self._now = now
        self._turn = threading.Condition()
        self._begun = self._ended = 0
        self._busy = False
        self._seen = ""
        self._at = float("-inf")
        """When the last look began."""

    def before(self) -> str:
        """How it was within the last second: what changed since then counts as later."""
        with self._turn:
            if self._seen and self._now() - self._at < LATELY:
                return self._seen
        return self.after()

    def after(self) -> str:
        """How it is now: by a look that began after the question."""
        with self._turn:
            wanted = self._begun + 1
            while self._ended < wanted:
                if self._busy:
                    self._turn.wait()
                    continue
                self._busy, self._begun, at = True, self._begun + 1, self._now()
                seen = ""
                self._turn.release()
                try:
                    seen = self._look()
                finally:
                    self._turn.acquire()
                    self._busy, self._ended, self._seen, self._at = False, self._begun, seen, at
                    self._turn.notify_all()
            return self._seen
