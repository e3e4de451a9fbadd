"""Worktrees that are set up to the same: one is at a time, and the others take over what that made."""

from __future__ import annotations

import asyncio
from pathlib import Path

from orch_tui.core import repositories
from orch_tui.core.state import AttemptState, State
from orch_tui.engine.setting_up import key_of
from orch_tui.flow.workflow import SETUP


class Turns:
    """The attempts that set up a worktree, each with the key of what it makes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._at: dict[tuple[str, int], str] = {}
        self._changed = asyncio.Event()

    async def take(self, section: str, attempt: AttemptState, tree: Path, *, adopted: bool = False) -> None:
        """Wait until nobody else makes the same as `attempt` would; then it does, until `over`.

        Whoever is to be ended meanwhile waits no longer. One that was `adopted` is at it already.
        """
        if attempt.phase != SETUP:
            return
        given = repositories.worktree(self._state, self._state.sections[section])
        key = await asyncio.to_thread(key_of, given, tree)
        key = key and f"{attempt.repository} {key}"  # what one repository keeps is not taken over by another
        while key and key in self._at.values() and not adopted and section not in self._state.ending:
            await self._changed.wait()
        self._at[section, attempt.number] = key

    def over(self, section: str, attempt: int) -> None:
        """`attempt` is at an end, whatever it was about."""
        self._at.pop((section, attempt), None)
        self.look()

    def look(self) -> None:
        """Have those who wait see whether they still have to."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
