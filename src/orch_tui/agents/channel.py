"""The way of events from what runs to the one reader of a session, and teardown that outlives cancellation."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any

from orch_tui.agents.base import Ended, SessionEvent


class Channel:
    """Events in order, with a bound: `put` waits while `limit` events are unread, so a flood costs bounded memory.

    After the first `Ended` everything else is dropped, which makes "ends exactly once" a property of the channel.
    """

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._waiting: deque[SessionEvent] = deque()
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.ended = False

    @property
    def full(self) -> bool:
        """Whether `put` waits now."""
        return not self._room.is_set()

    def post(self, event: SessionEvent) -> None:
        """Append at once, whatever the bound: for rare events such as asks, notices and the end."""
        if self.ended:
            return
        self.ended = isinstance(event, Ended)
        self._waiting.append(event)
        self._filled.set()
        if len(self._waiting) >= self._limit:
            self._room.clear()

    async def put(self, event: SessionEvent) -> None:
        """Append when there is room: for output."""
        await self._room.wait()
        self.post(event)

    async def during(self, work: Coroutine[Any, Any, None]) -> AsyncGenerator[SessionEvent, None]:
        """Every event while `work` runs in a task of the reader's, which is over when `Ended` is given out."""
        last: SessionEvent | None = None
        async with asyncio.TaskGroup() as group, aclosing(self.drain()) as drained:
            task = group.create_task(work)
            async for event in drained:
                if isinstance(event, Ended):
                    last = event
                    break
                try:
                    yield event
                except GeneratorExit:  # the reader left; the group would wrap this into an ExceptionGroup
                    break
            task.cancel()
        if last is not None:
            yield last

    async def drain(self) -> AsyncGenerator[SessionEvent, None]:
        """Every event up to and with `Ended`. For one reader."""
        while True:
            await self._filled.wait()
            event = self._waiting.popleft()
            if not self._waiting:
                self._filled.clear()
            if len(self._waiting) < self._limit:
                self._room.set()
            yield event
            if isinstance(event, Ended):
                return


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await `work` to its end even when the caller is cancelled meanwhile; then pass the cancellation on.

    asyncio.shield alone lets go of the work, and a closing loop would then lose it.
    """
    task = asyncio.get_running_loop().create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()
