"""Whether somebody looks, and what happened since somebody last did.

A key, a click, and a terminal that gets the focus are signs of a person. After a while without one, and when the run is
opened again, what happened meanwhile is said, until the next key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

from orch_tui.clock import Clock
from orch_tui.cockpit.typeahead import TypeAhead

if TYPE_CHECKING:
    from orch_tui.client.away import Looked, Memory
    from orch_tui.core.state import State

_IDLE = 300.0  # seconds without a sign after which a person was away
_READ = 3.0  # seconds for which words stand at least
_SETTLING = 15.0  # seconds in which a runner that begins when they come back is through
_KEEP = 30.0  # seconds between two times that are kept, in case this one comes to a sudden end


class Presence:
    """What the person of one cockpit has seen of a run."""

    def __init__(self, memory: Memory, state: State, clock: Clock) -> None:
        self._memory, self._clock = memory, clock
        self._words = ""
        self._tell(memory.recall())
        self._see(state)
        self.keep()

    def words(self, state: State) -> str:
        """What happened while they were away, or "". What a runner finds that begins now belongs to it."""
        if self._before is not None and self._clock.mono() - self._told_at < _SETTLING:
            from orch_tui.client import away

            self._words = away.since(self._before, state, self._told_wall)
        return self._words

    def sign(self, state: State) -> None:
        """They are there."""
        now = self._clock.mono()
        if now - self._seen_at > _IDLE:
            self._tell(self._seen)
        elif now - self._told_at >= _READ:
            self._before, self._words = None, ""
        self._see(state)
        if now - self._kept_at >= _KEEP:
            self.keep()

    def keep(self) -> None:
        """For the next time."""
        self._kept_at = self._clock.mono()
        self._memory.keep(self._seen)

    def _tell(self, before: Looked | None) -> None:
        self._before, self._told_at, self._told_wall = before, self._clock.mono(), self._clock.wall()

    def _see(self, state: State) -> None:
        from orch_tui.client import away

        self._seen, self._seen_at = away.looked(state, self._clock.wall()), self._clock.mono()


class Attended(TypeAhead):
    """An application that notices people."""

    def __init__(self) -> None:
        super().__init__()
        self.blurred = False
        """Nobody looks at the terminal: once a second is enough."""
        self.on_sign: Callable[[], None] = lambda: None
        """Called at each sign of a person, before it does anything else."""

    async def on_event(self, event: events.Event) -> None:
        """See Textual."""
        if isinstance(event, events.Key | events.MouseDown | events.AppFocus) and not event.is_forwarded:
            self.on_sign()
        await super().on_event(event)

    def on_app_blur(self) -> None:
        """Nobody looks."""
        self.blurred = True

    def on_app_focus(self) -> None:
        """Somebody looks."""
        self.blurred = False
