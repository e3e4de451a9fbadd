"""What is looked up beside the state, in threads: plans, streams, briefs, changes, what an undo comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from orch_tui.cockpit import door
from orch_tui.cockpit.door import Following

if TYPE_CHECKING:
    from orch_tui.client.streams import Stream
    from orch_tui.core.plan_text import PlanText

Found = TypeVar("Found")


class Looking:
    """Looks things up for screens. While a thread reads the state, the journal is not taken in (`still`)."""

    def __init__(self, follower: Following) -> None:
        self.follower = follower
        self.still = asyncio.Lock()
        self._plans: dict[str, PlanText] = {}

    async def up(self, find: Callable[[Following], Found], *, still: bool = True) -> Found:
        """What `find` comes to, in a thread, of a state that stands still meanwhile.

        Not so where it takes long and needs little of the state: the run would seem to stand still too.
        """
        async with self.still if still else nullcontext():
            return await asyncio.to_thread(find, self.follower)

    def plan_text(self, sha: str) -> PlanText:
        """A stored version of the plan; the last two that were read are kept."""
        if sha not in self._plans:
            self._plans = {**dict(list(self._plans.items())[-1:]), sha: door.plan_text(self.follower, sha)}
        return self._plans[sha]

    def stream(self, section: str, attempt: int) -> Stream:
        """The transcript of an attempt."""
        slug = self.follower.state.sections[section].slug
        return door.open_stream(self.follower.run.attempt(slug, attempt))
