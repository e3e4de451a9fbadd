"""Listening to a session in a test: what it said so far, and waiting for what it says next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from orch_tui.agents.base import Ended, Session, SessionEvent, Text, ToolResult

E = TypeVar("E", bound=SessionEvent)
PATIENCE = 30.0
"""Seconds any single thing may take; a test that waits longer has failed."""


class Log:
    """What a session said so far, and waiting for what it says next."""

    def __init__(self) -> None:
        self.events: list[SessionEvent] = []
        self._more = asyncio.Event()

    async def read(self, session: Session) -> None:
        """Read to the end."""
        async for event in session.events():
            self.events.append(event)
            self._more.set()

    async def until(self, kind: type[E], where: Callable[[E], bool] = lambda _: True) -> E:
        """The first event of `kind` for which `where` holds, waited for if need be."""
        at = 0
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for event in self.events[at:]:
                        at += 1
                        if isinstance(event, kind) and where(event):
                            return event
                    self._more.clear()
                    if at == len(self.events):
                        await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__} within {PATIENCE:g} s; seen: {self.events[-20:]!r}") from None

    async def quiet(self, seconds: float) -> None:
        """Return once no text has come for `seconds`."""
        async with asyncio.timeout(PATIENCE):
            count = -1
            while count != self.words:
                count = self.words
                await asyncio.sleep(seconds)

    @property
    def words(self) -> int:
        """How many pieces of text have come."""
        return sum(isinstance(event, Text) for event in self.events)

    @property
    def shown(self) -> str:
        """All text and tool results, joined."""
        return "".join(event.text for event in self.events if isinstance(event, Text | ToolResult))


@asynccontextmanager
async def following(session: Session) -> AsyncGenerator[Log, None]:
    """Read the session's events beside the body; both must be over at the end."""
    log = Log()
    async with asyncio.TaskGroup() as group:
        group.create_task(log.read(session))
        async with asyncio.timeout(PATIENCE * 2):
            yield log
            await log.until(Ended)
