"""Engines that are wrong on purpose, each by one function replaced: the simulation has to find every one of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

from virtual_machine import World

from orch_tui import process
from orch_tui.core.effects import Effect, SendControl
from orch_tui.core.events import Event
from orch_tui.engine import intake, loop
from orch_tui.executors.base import Job, Ref
from orch_tui.executors.local import LocalExecutor
from orch_tui.store import inbox, system
from orch_tui.store.layout import AttemptDir
from orch_tui.store.lock import held
from orch_tui.store.writer import Writer

Broken = Callable[[World], AbstractContextManager[object]]


@contextmanager
def both(first: AbstractContextManager[object], second: AbstractContextManager[object]) -> Iterator[None]:
    """Two functions replaced."""
    with first, second:
        yield


def spawn_before_intent(_world: World) -> AbstractContextManager[object]:
    """Effects begin before the event they answer is on disk."""

    async def at_once(self: loop.Loop, effects: list[Effect], seq: int) -> None:
        for effect in effects:
            if isinstance(effect, SendControl):
                await self._performer.perform(effect)
            else:
                self._own(self._group.create_task(self._performer.perform(effect)))

    happened = loop.Loop.happened

    async def told(self: loop.Loop, events: list[Event], cause: str) -> None:
        if cause == "start":
            self.mentioned(events, cause)
        else:
            await happened(self, events, cause)

    return both(patch.object(loop.Loop, "_carry_out", at_once), patch.object(loop.Loop, "happened", told))


def no_orphan_sweep(_world: World) -> AbstractContextManager[object]:
    """Nobody looks for what a host left behind."""

    async def nothing(marker: str, **_: object) -> int:
        return 0

    return patch.object(process, "end_marked", nothing)


def ack_before_sync(_world: World) -> AbstractContextManager[object]:
    """What was written passes for safe."""
    commit = Writer._commit

    def unsynced(self: Writer, batch: list[tuple[int, bytes, int]]) -> None:
        with patch.object(type(system.calls), "fdatasync", lambda _calls, _file: None):
            commit(self, batch)

    return patch.object(Writer, "_commit", unsynced)


def retry_of_a_failed_sync(_world: World) -> AbstractContextManager[object]:
    """A failed fsync is tried again, and believed when it does not fail a second time."""
    sync = system.Calls.fdatasync

    @contextmanager
    def twice() -> Iterator[None]:
        layer = type(system.calls)
        once = layer.fdatasync

        def again(self: Any, file: int) -> None:
            for _ in range(5):
                with contextlib.suppress(OSError):
                    once(self, file)
                    return
            once(self, file)

        with patch.object(layer, "fdatasync", again):
            yield

    assert sync is not None
    return twice()


def a_void_attempt_is_begun(_world: World) -> AbstractContextManager[object]:
    """A new runner that finds nobody home leaves no word for a host that comes late."""

    async def adopt(self: LocalExecutor, job: Job) -> Ref | None:
        attempt = AttemptDir(job.directory)
        return Ref(job=job, pid=0) if held(attempt.lock) else None

    return patch.object(LocalExecutor, "adopt", adopt)


def unlinked_before_the_answer(_world: World) -> AbstractContextManager[object]:
    """A command's file goes before what it led to is durable."""

    async def take_in(engine: loop.Loop, run: Any) -> int:
        waiting = inbox.take(run.inbox)
        for incoming in waiting:
            inbox.done(incoming)
            events = await intake._events(engine.state, run, incoming)
            if events:
                await engine.happened(events, incoming.id)
        return len(waiting)

    from orch_tui.engine import runner

    return patch.object(runner, "take_in", take_in)


BROKEN: dict[Broken, tuple[tuple[str, str], ...]] = {
    spawn_before_intent: (),
    no_orphan_sweep: (),
    ack_before_sync: (),
    retry_of_a_failed_sync: (("failing", "fsync"), ("failing", "write .orch/runs/sim/journal"), ("power", "")),
    a_void_attempt_is_begun: (("kill", "fork"),),
    unlinked_before_the_answer: (("kill", "unlink"), ("kill", "fsync"), ("power", "unlink")),
}
"""With what is made likely, so that few seeds are needed; () leaves that to chance."""
