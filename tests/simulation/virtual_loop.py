"""asyncio on a virtual clock, in one thread: waiting takes no time, and what comes from outside comes from an agenda.

Callbacks run in the order in which they were asked for, as asyncio promises; what threads and the world do comes at
times that the seed chooses.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from itertools import count
from random import Random
from typing import Any

_NEVER = 10 * 365 * 86_400.0
_MOST_TURNS = 20_000
"""Turns of a loop in which no time passes: it spins."""


class Spinning(AssertionError):
    """Something goes on and on without waiting."""


class Agenda:
    """What will happen, by virtual seconds since the simulation began; nothing in it is real time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.events = 0
        self._order = count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Have `call` happen so much later."""
        heapq.heappush(self._due, (self.now + seconds, next(self._order), call))

    @property
    def next(self) -> float:
        """When the next thing happens."""
        return self._due[0][0] if self._due else _NEVER

    def run_until(self, time: float) -> None:
        """Let time pass to the next thing that happens, or to `time`."""
        if self.next > time:
            self.now = max(self.now, time)
            return
        self.now = max(self.now, self.next)
        while self._due and self._due[0][0] <= self.now:
            self.events += 1
            heapq.heappop(self._due)[2]()

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass."""
        until = self.now + seconds
        while self.now < until:
            self.run_until(until)


class _Task(asyncio.Task[Any]):
    """Hashed by its number: a set of tasks has the same order in every run of a seed."""

    number = 0

    def __hash__(self) -> int:
        return self.number

    def __eq__(self, other: object) -> bool:
        return self is other


class VirtualLoop(asyncio.BaseEventLoop):
    """The event loop of the runner whose life it is. The world is asked at every turn, and may end it there."""

    def __init__(self, world: Any, life: object) -> None:
        super().__init__()
        self._world = world
        self._life = life
        self._agenda: Agenda = world.agenda
        self._random: Random = world.random
        self._selector = self  # what BaseEventLoop asks for what came from outside
        self._turns = 0
        self._numbers = count(1)
        self.handlers: dict[int, Callable[..., object]] = {}
        self.dead = False
        self.tasks: list[asyncio.Task[Any]] = []
        self.set_task_factory(self._make_task)
        self.set_exception_handler(lambda _loop, _context: None)

    def _make_task(self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **more: Any) -> _Task:
        task = _Task(coro, loop=loop, **more)
        task.number = next(self._numbers)
        self.tasks.append(task)
        return task

    def time(self) -> float:
        return self._agenda.now

    def select(self, timeout: float | None) -> list[object]:
        """Let time pass until something is due."""
        self._world.point("await")
        if timeout is not None and timeout <= 1e-6:
            self._turns += 1
            if self._turns > _MOST_TURNS:
                raise Spinning(f"{_MOST_TURNS} turns of the loop in which no time passed")
            self._agenda.now += max(0.0, timeout)
            return []
        self._turns = 0
        disk = self._world.disk
        disk.owner = None  # it is the rest of the world that acts
        try:
            self._agenda.run_until(self._agenda.now + (_NEVER if timeout is None else timeout))
        finally:
            disk.owner = self._life
        return []

    def _process_events(self, event_list: object) -> None:
        """Everything was done in `select`."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken."""

    def run_in_executor(self, executor: object, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """Threads: the work is done as a whole, some time later."""
        future = self.create_future()

        def work() -> None:
            if self.dead:
                return
            try:
                with self._world.running():
                    result = func(*args)
            except Exception as error:
                if not future.done():
                    future.set_exception(error)
            else:
                if not future.done():
                    future.set_result(result)

        self._agenda.after(self._random.choice((0.0002, 0.003, 0.05)) * (0.5 + self._random.random()), work)
        return future

    def set_default_executor(self, executor: object) -> None:
        """There are no threads here."""

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: Any) -> None:
        self.handlers[sig] = lambda: callback(*args)

    def add_reader(self, fd: int, callback: Callable[..., object], *args: Any) -> None:
        """Nothing is ever readable."""

    def remove_reader(self, fd: int) -> bool:
        return True

    def let_go(self) -> None:
        """What is left is cancelled and tidies up, as `asyncio.run` has it."""
        left = [task for task in self.tasks if not task.done()]
        for task in left:
            task.cancel()
        if left:
            self.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    def kill(self) -> None:
        """The process is gone: nothing of it runs on, not even what `finally` says."""
        self.dead = True
        for task in self.tasks:
            if not task.done():
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                coro = task.get_coro()
                try:
                    coro.close()  # type: ignore[union-attr]
                except BaseException:
                    continue
        self.tasks.clear()
        self._ready.clear()  # type: ignore[attr-defined]
        self._scheduled.clear()  # type: ignore[attr-defined]
        self.close()
