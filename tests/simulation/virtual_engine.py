"""The parts of a runner that are outside of its event loop: who commits its journal, forks its hosts, and wakes it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virtual_loop import VirtualLoop

from orch_tui.executors.base import Job
from orch_tui.executors.local import LocalExecutor
from orch_tui.store import watch
from orch_tui.store.writer import Writer

if TYPE_CHECKING:
    from virtual_machine import World


class CommittingWriter(Writer):
    """The journal's writer, its thread replaced by the agenda. What it commits is told to the world."""

    world: World

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        assert self.world.life is not None
        self.world.life.writer = self

    def _start(self) -> None:
        self._soon = self._later = False

    def _nudge(self) -> None:
        world = self.world
        if self._wanted > self._durable.seq or self._closing:
            if not self._soon:
                self._soon = True
                world.agenda.after(world.random.choice((0.0001, 0.002, 0.03)), self._commit_soon)
        elif not self._later:
            self._later = True
            world.agenda.after(1.0, self._commit_later)

    def _commit_soon(self) -> None:
        self._soon = False
        self._commit_all()

    def _commit_later(self) -> None:
        self._later = False
        self._commit_all()

    def _commit_all(self) -> None:
        life = self.world.life
        if life is None or life.writer is not self or not self._pending or self.failed is not None:
            return
        with self.world.running():
            if self._committed(list(self._pending)):
                self.world.acknowledged(self)
                if self._pending:
                    self._nudge()

    def _finish(self) -> None:
        while self._pending and self.failed is None:
            if self._committed(list(self._pending)):
                self.world.acknowledged(self)


class Nursery:
    """What the executor has hosts forked by."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def host(self, job: Job) -> int:
        """A host; it is there before the answer is."""
        random = self._world.random
        await asyncio.sleep(random.choice((0.001, 0.02, 0.3)))
        pid = self._world.fork(job.directory)
        await asyncio.sleep(random.choice((0.0005, 0.01)))
        return pid

    async def close(self) -> None:
        """Hosts go on."""


class HostingExecutor(LocalExecutor):
    """The real executor; only the nursery it asks is the world's."""

    def __init__(self, world: World, env: Mapping[str, str]) -> None:
        super().__init__(env, world.clock)
        self._nurseries = Nursery(world)


class Hub:
    """Wake-ups of one event loop; now and then one gets lost, because they are never a promise."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._watches: dict[str, list[watch.Watch]] = {}
        self.users = 0

    def add(self, path: Path, who: watch.Watch) -> str:
        self._watches.setdefault(os.fspath(path), []).append(who)
        return os.fspath(path)

    def remove(self, number: str, who: watch.Watch) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._watches[number].remove(who)

    def leave(self) -> None:
        self.users -= 1

    def changed(self, path: str) -> None:
        if path in self._watches and self._world.random.random() > 0.02:
            self._world.agenda.after(0.0002 + self._world.random.random() * 0.005, lambda: self._wake(path))

    def _wake(self, path: str) -> None:
        for who in self._watches.get(path, ()):
            who.wake()


@dataclass(slots=True, eq=False)
class Life:
    """One runner from its start to its end."""

    pid: int
    loop: VirtualLoop | None = None
    hub: Hub | None = None
    writer: Writer | None = None
