"""Wake-ups when files change: inotify on Linux, a look every 50 ms elsewhere. Callers look again in any case.

One inotify instance serves all watches of an event loop, because closing one makes the kernel wait for a grace period
(12 ms measured), which a runner that watches an attempt directory per section would pay every time. It is closed with
the last watch.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

_POLL = 0.05


class _Hub:
    """The inotify instance of one event loop: which watches each directory wakes."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        import inotify_simple  # pyright: ignore[reportMissingTypeStubs]

        flags = inotify_simple.flags
        self._inotify: Any = inotify_simple.INotify(nonblocking=True)
        self._mask: int = flags.MODIFY | flags.CREATE | flags.MOVED_TO | flags.CLOSE_WRITE
        self._watches: dict[int, set[Watch]] = {}
        self._loop = loop
        self.users = 0
        loop.add_reader(self._inotify.fileno(), self._read)

    def add(self, path: Path, watch: Watch) -> int:
        number: int = self._inotify.add_watch(str(path), self._mask)
        self._watches.setdefault(number, set()).add(watch)
        return number

    def remove(self, number: int, watch: Watch) -> None:
        watches = self._watches.get(number)
        if watches is None:
            return
        watches.discard(watch)
        if not watches:
            del self._watches[number]
            try:
                self._inotify.rm_watch(number)
            except OSError:
                return  # the directory is gone, and the watch with it

    def leave(self) -> None:
        """One user less; the last one closes."""
        self.users -= 1
        if self.users == 0:
            if not self._loop.is_closed():
                self._loop.remove_reader(self._inotify.fileno())
            self._inotify.close()
            _hubs.pop(self._loop, None)

    def _read(self) -> None:
        numbers = {event.wd for event in self._inotify.read(timeout=0)}
        if -1 in numbers:  # too much happened to be told one by one
            numbers = set(self._watches)
        for number in numbers:
            for watch in self._watches.get(number, ()):
                watch.wake()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, _Hub] = WeakKeyDictionary()


class Watch:
    """Wakes one waiter when something in one of the added directories changes, or a file descriptor is readable.

    Made, used and closed within one running event loop. Wake-ups may be spurious and are never a promise: read again.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._numbers: set[int] = set()
        self._fds: set[int] = set()
        self._hub: _Hub | None = None
        if sys.platform == "linux":
            self._hub = _hubs.get(self._loop)
            if self._hub is None:
                with contextlib.suppress(OSError):  # too many instances on this machine: look every 50 ms
                    self._hub = _hubs[self._loop] = _Hub(self._loop)
            if self._hub is not None:
                self._hub.users += 1
        self._polls = self._hub is None

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, path: Path) -> None:
        """Watch a directory (or a file); a missing one is left to the sweeps."""
        if self._hub is None:
            return
        try:
            self._numbers.add(self._hub.add(path, self))
        except FileNotFoundError:
            return
        except OSError:
            self._polls = True  # too many watches on this machine: look every 50 ms

    def add_fd(self, fd: int) -> None:
        """Wake when `fd` becomes readable, once; -1 is left out."""
        if fd >= 0:
            self._fds.add(fd)
            self._loop.add_reader(fd, self._once, fd)

    def wake(self) -> None:
        """Wake the waiter."""
        self._woken.set()

    async def wait(self, timeout: float) -> bool:
        """Sleep until something changed, `timeout` seconds at most; True when woken."""
        if self._polls:
            timeout = min(timeout, _POLL)
        if not self._woken.is_set():
            try:
                async with asyncio.timeout(timeout):
                    await self._woken.wait()
            except TimeoutError:
                return self._polls
        self._woken.clear()
        return True

    def close(self) -> None:
        """Stop watching."""
        if not self._loop.is_closed():
            for fd in self._fds:
                self._loop.remove_reader(fd)
        if self._hub is not None:
            for number in self._numbers:
                self._hub.remove(number, self)
            self._hub.leave()
            self._hub = None
        self._fds.clear()
        self._numbers.clear()

    def _once(self, fd: int) -> None:
        self._loop.remove_reader(fd)
        self._woken.set()
